"""Sync: what would be committed, fetched, merged and pushed, and doing it."""
