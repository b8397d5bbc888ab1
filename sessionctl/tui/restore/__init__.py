"""Bringing a session back and saving one: the plan first, then what becomes of it."""
