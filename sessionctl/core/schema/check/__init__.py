"""Checks: whether a value meets a schema, and every keyword that it does not meet."""
