"""Edits of a document: what each means, where it goes, and the guard behind it."""
