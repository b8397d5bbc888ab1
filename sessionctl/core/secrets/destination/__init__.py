"""Destination: where a session sends the values it refers to, and what that binds."""
