"""Autosave: live sessions saved by themselves, soon after each change."""
