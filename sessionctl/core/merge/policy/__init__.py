"""Policies: what resolves a conflict when it was asked for."""
