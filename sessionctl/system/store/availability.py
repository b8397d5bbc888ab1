"""Availability: what a save does where its state directory cannot be used."""

from __future__ import annotations

import errno

from sessionctl.system.files.private_directories import fix_for
from sessionctl.system.os_errors import cannot, reason_of

UNAVAILABLE = frozenset({
    errno.EACCES, errno.EDQUOT, errno.EEXIST, errno.ELOOP, errno.ENAMETOOLONG, errno.ENOENT,
    errno.ENOSPC, errno.ENOTDIR, errno.EPERM, errno.EROFS,
})  # fmt: skip
"""A state directory that cannot be had, is full, or is another user's: an edit goes on without."""

NO_ROOM = frozenset({errno.EDQUOT, errno.ENOSPC})

_STEP = "make room there: sessionctl gc"
_ELSEWHERE = "name a directory for backups: XDG_STATE_HOME"


def no_backup_note(name: str, directory: str, error: OSError | None = None) -> tuple[str, str]:
    """Return the note that no backup of the document ``name`` is kept, and what helps."""
    if error is None:
        return f"{name}: no backup is kept: there is no state directory", _ELSEWHERE
    reason = f"{name}: no backup is kept: {directory}: {reason_of(error)}"
    if error.errno in NO_ROOM:
        return reason, _STEP
    return reason, fix_for(directory) or _ELSEWHERE


def archive_hints(directory: str, error: OSError) -> list[str]:
    """Return what helps where the archive in ``directory`` cannot be read or written."""
    if error.errno == errno.ENOENT:
        return []
    if error.errno == errno.EROFS:
        return [_ELSEWHERE]
    has_room = error.errno not in NO_ROOM
    first = cannot("use", directory, error).hints if has_room else [_STEP]
    return [*first, "or name another place: XDG_STATE_HOME"] if first else [_ELSEWHERE]
