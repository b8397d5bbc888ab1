"""Abandoned writes: the temporary files of processes that were killed while they wrote.

One of ours is locked while its writer lives. The files of saves that the store keeps track of
have other names: they may hold an edit, and the next save of the document looks into them.
"""

from __future__ import annotations

# pathlib costs start-up: plain os calls here.
# ruff: noqa: PTH118, PTH208
import os
import stat
import time

from sessionctl.system.files.temporary import hold, remove_quietly

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_BEGIN, _DIGITS, _END = ".sessionctl-", 12, ".tmp"
_YOUNG_S = 3600
"""Younger files are left alone: they are not locked in their first moment, nor where the file
system has no locks, and another version of sessionctl locks none."""


def find_abandoned(directory: str) -> Iterator[str]:
    """Yield the files in ``directory`` that a killed process of this user left, sorted."""
    try:
        names = sorted(filter(_is_temporary, os.listdir(directory or ".")))
    except OSError:
        return
    for name in names:
        path = os.path.join(directory, name)
        if _is_abandoned(path):
            yield path


def remove_abandoned(directory: str) -> None:
    """Remove the files in ``directory`` that a killed process of this user left."""
    for path in find_abandoned(directory):
        remove_quietly(path)


def _is_temporary(name: str) -> bool:
    digits = name.removeprefix(_BEGIN).removesuffix(_END)
    is_whole = len(digits) == _DIGITS and name == f"{_BEGIN}{digits}{_END}"
    return is_whole and not digits.strip("0123456789abcdef")


def _is_abandoned(path: str) -> bool:
    try:
        status = os.lstat(path)
        is_ours = stat.S_ISREG(status.st_mode) and status.st_uid == os.geteuid()
        if not is_ours or time.time() - status.st_mtime < _YOUNG_S:
            return False
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return False
    try:
        return os.path.samestat(os.fstat(descriptor), status) and hold(descriptor)
    finally:
        os.close(descriptor)
