"""Scanning files, git's index and its history for secrets that are written out."""
