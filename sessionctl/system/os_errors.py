"""What the system's refusals mean: errors told plainly, each with the next step."""

from __future__ import annotations

import errno

from sessionctl.errors import FileError

_PERMISSION = ["look at its owner and mode: ls -l"]
_ROOM = ["make room and run the command again; the file is as it was"]
_HINTS = {
    errno.ELOOP: ["look where it leads: ls -l"],
    errno.EACCES: _PERMISSION,
    errno.EPERM: _PERMISSION,
    errno.ENOSPC: _ROOM,
    errno.EDQUOT: _ROOM,
    errno.EROFS: ["mount it writable, or work on a copy: cp FILE ELSEWHERE"],
    errno.EIO: ["the disk may be failing: look at the system's log, copy what matters"],
}
_REASONS = {
    errno.ENOENT: "no such file",
    errno.EISDIR: "a directory, not a file",
    errno.ENOTDIR: "no such file, a part of its path is not a directory",
    errno.ELOOP: "a symlink that leads back to itself",
    errno.EROFS: "the file system is mounted read-only",
    errno.EDQUOT: "your quota of the disk is used up",
}


def cannot(verb: str, name: str, error: OSError) -> FileError:
    """Return the error that tells plainly why the file could not be read or written."""
    code = error.errno or 0
    reason = reason_of(error)
    if code == errno.ENOENT and verb == "write":
        reason = "no such directory"
    return FileError(f"{name}: cannot {verb}: {reason}", hints=_HINTS.get(code, []))


def reason_of(error: OSError) -> str:
    """Return in a few words why the system said no."""
    said = (error.strerror or type(error).__name__).lower()
    return _REASONS.get(error.errno or 0) or said
