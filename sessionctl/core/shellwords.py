"""Words quoted for a shell, for the commands that messages tell to type."""

from __future__ import annotations

import re

_PLAIN = re.compile(r"[\w@%+=:,./~^-]+")


def quoted(word: str) -> str:
    """Return ``word`` as one types it in a POSIX shell: in quotes where it needs them."""
    if _PLAIN.fullmatch(word):
        return word
    return "'" + word.replace("'", "'\"'\"'") + "'"
