"""Directories for the user alone: made, written to, flushed to the disk, removed."""

from __future__ import annotations

# pathlib costs more start-up than a single edit may spend: plain os calls here.
# ruff: noqa: PTH102, PTH106, PTH108, PTH112, PTH114, PTH116, PTH118, PTH120, PTH208
import os


def make_private(directory: str) -> None:
    """Make ``directory`` and those above it, for the user alone; raises ``OSError``."""
    try:
        os.mkdir(directory, 0o700)
    except FileExistsError:
        return
    except FileNotFoundError:
        above = os.path.dirname(directory)
        if above == directory:
            raise
        make_private(above)
        make_private(directory)
        return
    sync_names(os.path.dirname(directory))


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
    """Tell whether a file was last written so long ago; None where it is not there."""
    import time

    try:
        return time.time() - os.stat(path).st_mtime > seconds
    except FileNotFoundError:
        return None
