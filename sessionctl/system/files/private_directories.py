"""Directories for the user alone: made, written to, flushed to the disk, removed."""

from __future__ import annotations

# pathlib costs more start-up than a single edit may spend: plain os calls here.
# ruff: noqa: PTH102, PTH106, PTH108, PTH110, PTH112, PTH114, PTH116, PTH118, PTH120, PTH208
import errno
import os

from sessionctl.core.text.shellwords import path_word


def make_private(directory: str, *, is_durable: bool = True) -> None:
    """Make ``directory`` and those above it, for the user alone; raises ``OSError``.

    Without ``is_durable``, a power cut may take the last of them away again.
    """
    try:
        os.mkdir(directory, 0o700)
    except FileExistsError:
        return
    except FileNotFoundError:
        above = os.path.dirname(directory)
        if above == directory:
            raise
        make_private(above)
        try:
            os.mkdir(directory, 0o700)  # not tried again: above may be a symlink to nowhere
        except FileExistsError:
            return  # another process made it at the same time
    if is_durable:
        sync_names(os.path.dirname(directory))


def refuse_foreign(directory: str) -> None:
    """Raise ``PermissionError`` where others own ``directory``, or may put files into it.

    Where it is a symlink, that must be the user's too: else it leads where others like.
    """
    status = os.stat(directory)
    owners = {status.st_uid, os.lstat(directory).st_uid}
    if owners != {os.geteuid()} or status.st_mode & 0o022:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM), directory)


def fix_for(directory: str) -> str:
    """Return what lets this user write to ``directory``, "" where its owner is not the reason.

    What is said is about the first part of the path, from below, that is there.
    """
    here = directory
    while here != os.path.dirname(here) and not os.path.lexists(here):
        here = os.path.dirname(here)
    if os.path.islink(here) and not os.path.exists(here):
        return f"it is a symlink that leads nowhere: ls -l {path_word(here)}"
    try:
        status = os.stat(here)  # where it is a symlink, its own mode says nothing
    except OSError:
        return ""
    for user in (os.lstat(here).st_uid, status.st_uid):
        if user != os.geteuid():
            owner, me = _name_of(user), _name_of(os.geteuid())
            return f"it belongs to {owner}: sudo chown -R {me} {path_word(here)}"
    if status.st_mode & 0o022 and os.path.isdir(here):
        return f"others may write to it: chmod go-w {path_word(here)}"
    return ""


def _name_of(user: int) -> str:
    import pwd

    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return str(user)


def write_private_bytes(path: str, data: bytes) -> None:
    """Make a new file for the user alone, without waiting for the disk; raises ``OSError``."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(data)


def sync_names(directory: str) -> None:
    """Wait until the names in ``directory`` are on the disk; raises ``OSError``."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove_tree(path: str, last: str = "") -> None:
    """Remove a file, or a directory with all in it, the name ``last`` at the end.

    Raises:
      OSError: something cannot be removed.
    """
    if os.path.islink(path) or not os.path.isdir(path):
        os.unlink(path)
        return
    for name in sorted(os.listdir(path), key=lambda name: name == last):
        remove_tree(os.path.join(path, name))
    os.rmdir(path)


def is_older(path: str, seconds: float) -> bool | None:
    """Return whether a file was last written so long ago; None where it is not there."""
    import time

    try:
        return time.time() - os.stat(path).st_mtime > seconds
    except FileNotFoundError:
        return None
