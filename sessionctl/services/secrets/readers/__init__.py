"""Readers: who may read the secrets of a directory, and the vault written for them."""
