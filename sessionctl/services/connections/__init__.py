"""Connections of a session: what its file says, what is remembered, and opening them."""
