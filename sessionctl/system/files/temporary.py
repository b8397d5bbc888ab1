"""Temporary: a new file beside the one it will replace, alike in mode and owner."""

from __future__ import annotations

# pathlib costs more start-up than git's merge driver may spend: plain os calls here.
# ruff: noqa: PTH108, PTH116, PTH118, PTH120, PTH123
import errno
import os
import stat


class HeldFile:
    """Keeps the new file at ``new`` locked, as far as that goes, until it has its place.

    Whoever finds it unlocked, and old, knows that its writer was killed. A class, since
    contextlib costs start-up.
    """

    __slots__ = ("_descriptor", "_new")

    def __init__(self, new: str) -> None:
        self._new = new
        self._descriptor: int | None = None

    def __enter__(self) -> None:
        """Lock the file, where that goes."""
        try:
            self._descriptor = os.open(self._new, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return
        hold(self._descriptor)

    def __exit__(self, *_: object) -> None:
        """Let go of it."""
        if self._descriptor is not None:
            os.close(self._descriptor)


def hold(descriptor: int) -> bool:
    """Lock an open file for as long as it is open; return whether that went."""
    try:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (ImportError, OSError):
        return False
    return True


def write_temporary(
    path: str, data: bytes, *, name: str | None = None, is_durable: bool = True
) -> str:
    """Write ``data`` to a new file in the directory of ``path`` and return its path.

    Where a file is at ``path``, the new one gets its mode, owner and extended
    attributes; else the user's usual mode. Nothing is left behind on failure. ``name`` is
    that of the new file, where it shall be known beforehand.

    Raises:
      OSError: the system said no.
    """
    before = _status(path)
    name = name or f".sessionctl-{os.urandom(6).hex()}.tmp"
    new = os.path.join(os.path.dirname(path), name)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    descriptor = os.open(new, flags, 0o600 if before else 0o666)
    try:
        with open(descriptor, "wb") as stream:
            if before is not None:
                os.fchmod(descriptor, _take_owner(descriptor, before))
                _copy_attributes(path, new)
            stream.write(data)
            stream.flush()
            if is_durable:
                os.fsync(descriptor)
    except BaseException:
        remove_quietly(new)
        raise
    return new


def sync_directory(path: str) -> None:
    """Wait until the entry of ``path`` in its directory is on the disk, where that goes.

    Raises:
      OSError: the disk is full or failing.
    """
    try:
        descriptor = os.open(os.path.dirname(path) or ".", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return  # may be written but not read: the rename stands all the same
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno in (errno.EIO, errno.ENOSPC, errno.EDQUOT):
            raise
        return  # some network file systems cannot
    finally:
        os.close(descriptor)


def remove_quietly(path: str) -> bool:
    """Remove ``path`` if it is there and may be removed; return whether it is gone."""
    try:
        os.unlink(path)
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True


def _status(path: str) -> os.stat_result | None:
    try:
        return os.stat(path)
    except FileNotFoundError:
        return None


def _take_owner(descriptor: int, before: os.stat_result) -> int:
    """Give the file the owner of ``before``; return the mode it may have with its group."""
    mode = stat.S_IMODE(before.st_mode)
    now = os.fstat(descriptor)
    if (now.st_uid, now.st_gid) != (before.st_uid, before.st_gid):
        try:
            os.fchown(descriptor, before.st_uid, before.st_gid)
        except OSError:
            # Another group must not get to read what the old one could.
            mode &= ~0o070 | mode << 3
    return mode


def _copy_attributes(source: str, target: str) -> None:
    """Copy extended attributes (ACLs, labels) as far as the system allows."""
    if not hasattr(os, "listxattr"):
        return
    try:
        for attribute in os.listxattr(source):
            os.setxattr(target, attribute, os.getxattr(source, attribute))
    except OSError:
        return
