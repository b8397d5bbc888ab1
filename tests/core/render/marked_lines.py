"""Lines of pieces with roles as one text: ``{added:six}`` is "six" in the colour of what is new."""

from __future__ import annotations


def marked(lines):
    """Return the lines as text, each piece that has a role in braces behind its name."""
    return "".join(
        "".join(f"{{{role}:{text}}}" if role else text for text, role in line) + "\n"
        for line in lines
    )
