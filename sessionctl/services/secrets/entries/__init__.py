"""Entries: store, list, use, rotate, accept and remove single secrets."""
