"""Resolutions of conflicts that are marked in a text: by a policy, or with both sides."""
