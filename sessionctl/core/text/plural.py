"""Plurals: numbers with their nouns, as messages have them."""

from __future__ import annotations


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: "1 file", "2 files"; key becomes keys."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def counted_subject(number: int, noun: str) -> str:
    """Return a number with its noun and verb: "1 file is", "2 files are"."""
    return f"{counted(number, noun)} {'is' if number == 1 else 'are'}"
