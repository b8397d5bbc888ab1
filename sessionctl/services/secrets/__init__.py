"""Secrets: use cases around the sealed sidecar of a session and the vault key."""
