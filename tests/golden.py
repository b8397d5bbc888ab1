"""Whole answers kept beside a test: a text of parts, each below a line ``## title``."""

from __future__ import annotations


def parts_of(path):
    """Return the parts of a file by their titles; what stands above the first is a comment.

    A blank line in front of a title belongs to no part.
    """
    found = {}
    for part in path.read_text("utf-8").split("\n\n## ")[1:]:
        title, _, text = part.partition("\n")
        found[title] = f"{text.removesuffix(chr(10))}\n" if text else ""
    return found
