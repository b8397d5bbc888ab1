"""Schemas compiled to predicates: the quick way to "certainly valid" under any schema."""
