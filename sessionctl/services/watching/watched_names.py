"""Watched names: which files of a directory are watched, and which only look like it."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

from sessionctl.core.filename import SESSION_SUFFIX, SIDECAR_SUFFIX

SUFFIXES = (SESSION_SUFFIX, SIDECAR_SUFFIX)

_PASSED_OVER = (
    ".merge_file_*",
    "4913",
    "*~",
    ".*.sw?",
    ".#*",
    "#*#",
    "*.orig",
    "*.rej",
    ".sessionctl-*.tmp",
)
# What programs that carry files from machine to machine call the copy that lost.
_LOSER = re.compile(
    r"\.sync-conflict-\d{8}-\d{6}(?:-\w+)?\.| \([^()]*conflicted copy[^()]*\)", re.IGNORECASE
)


def is_watched_name(name: str) -> bool:
    """Tell whether a file of this name, found in a directory, is kept an eye on."""
    if any(fnmatchcase(name, pattern) for pattern in _PASSED_OVER):
        return False
    return name.endswith(SUFFIXES) and not is_losing_copy(name)


def is_losing_copy(name: str) -> bool:
    """Tell whether a file of this name is what a file carrier left of a clash."""
    return _LOSER.search(name) is not None and name.endswith(".toml")


def winner_of(name: str) -> str:
    """Return the name of the file that a losing copy was a version of."""
    return _LOSER.sub(lambda found: "." if found[0].startswith(".") else "", name)
