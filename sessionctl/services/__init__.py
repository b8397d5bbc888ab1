"""Use cases: what a command does, as functions that take values and return values."""
