"""Policies: what settles a conflict when it was asked for."""
