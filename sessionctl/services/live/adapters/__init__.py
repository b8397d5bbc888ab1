"""Workspace adapters: what every one of them does, where they are found, what is made of them."""
