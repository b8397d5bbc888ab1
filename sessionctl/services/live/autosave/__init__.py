"""Autosave: live sessions saved automatically, soon after each change."""
