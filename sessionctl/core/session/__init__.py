"""The session: its typed view, the layout of its windows, its volatile values."""
