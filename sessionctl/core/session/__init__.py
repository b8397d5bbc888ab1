"""The session: its typed view and its volatile values."""
