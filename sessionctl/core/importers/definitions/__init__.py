"""Definitions: connections that other programs know, brought in by reference.

No password, token or key is ever taken: where a definition has one, the session gets the name of
a secret in its place, and the value stays where it is.
"""
