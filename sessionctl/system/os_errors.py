"""What the system's refusals mean: errors told plainly, each with the next step."""

from __future__ import annotations

import errno
import os

from sessionctl.errors import FileError

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
_HINTS = {
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
        return _no_directory(name)
    if code == errno.EEXIST and verb == "write" and not os.path.lexists(name):
        # A directory above it was to be made where a file is.
        reason = _REASONS[errno.ENOTDIR]
    missing = name if code == errno.ENOENT and verb == "read" else ""
    if missing and os.path.islink(name):  # noqa: PTH114
        from sessionctl.core.text.source import visible

        missing, code = "", errno.ELOOP
        reason = f"a link that leads nowhere: {visible(os.readlink(name))}"  # noqa: PTH115
    hints = _hints_for(code, name if code in _NO_ROOM else _place_of(error, name))
    return FileError(f"{name}: cannot {verb}: {reason}", hints=hints, missing=missing)


def _place_of(error: OSError, name: str) -> str:
    """Return the path that the system refused, where it is not that of the file or beside it.

    What is kept about a file is kept elsewhere. A path below a descriptor says nothing to people.
    """
    refused = error.filename
    is_shown = isinstance(refused, str) and os.path.isabs(refused)  # noqa: PTH117
    if not is_shown or refused.startswith("/proc/"):
        return name
    is_beside = os.path.dirname(refused) == os.path.dirname(os.path.abspath(name))  # noqa: PTH100, PTH120
    return name if is_beside else refused


def unwritable(path: str) -> OSError:
    """Return why ``path``, which may not be written, may not: its mode, or its file system."""
    code = errno.EROFS if os.statvfs(path).f_flag & os.ST_RDONLY else errno.EACCES
    return OSError(code, os.strerror(code))


def _no_directory(name: str) -> FileError:
    """Return the error that the directory is not there in which ``name`` was to be written."""
    from sessionctl.core.text.shellwords import path_word

    folder = os.path.dirname(name)  # noqa: PTH120
    is_missing = bool(folder) and not os.path.lexists(folder)
    hints = [f"create it first: mkdir -p {path_word(folder)}"] if is_missing else []
    return FileError(f"{name}: cannot write: no such directory", hints=hints)


def listing_hint(missing: str) -> str:
    """Return the hint that lists what is where the file ``missing`` is not."""
    from sessionctl.core.filename import is_session_name
    from sessionctl.core.text.shellwords import path_word

    folder = os.path.dirname(missing)  # noqa: PTH120
    while folder and not os.path.isdir(folder):  # noqa: PTH112
        folder = os.path.dirname(folder)  # noqa: PTH120
    place = path_word(folder or ".")
    if is_session_name(missing):
        return f"see which sessions there are: sessionctl list {place}"
    return f"see what is there: ls {place}"


def _hints_for(code: int, name: str) -> list[str]:
    if code in _NO_ROOM:
        left = "the file is as it was" if os.path.lexists(name) else "no file was made"
        return [f"make room and run the command again; {left}"]
    if code == errno.EISDIR:
        from sessionctl.core.text.shellwords import path_word

        return [f"see what is in it: ls {path_word(name)}"]
    if code not in (errno.ELOOP, errno.EACCES, errno.EPERM, errno.ENOTDIR):
        return _HINTS.get(code, [])
    from sessionctl.core.text.shellwords import path_word

    place = name
    while place and not os.path.lexists(place):  # what can be looked at is above it
        place = os.path.dirname(place)  # noqa: PTH120
    word = path_word(place or ".")
    if code == errno.ELOOP:
        return [f"see where it leads: ls -ld {word}"]
    if code == errno.ENOTDIR:
        return [f"see what is in its way: ls -ld {word}"]
    return [f"look at its owner and mode: ls -ld {word}"]


def reason_of(error: OSError) -> str:
    """Return in a few words why the system said no."""
    said = (error.strerror or type(error).__name__).lower()
    return _REASONS.get(error.errno or 0) or said
