"""Settling: read a file once nobody is in the middle of writing it."""

from __future__ import annotations

# pathlib costs more start-up than a single edit may spend: plain os calls here.
# ruff: noqa: PTH116
import os
import sys

from sessionctl.core.named_tuple import NamedTuple
from sessionctl.system.files.text import LIMIT_BYTES, read_open

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import BinaryIO

PAUSES_S = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4)
"""How long to wait between looks at a file that someone is writing; under a second in all."""


class FileReadout(NamedTuple):
    """What a file held, and the marks by which a later look recognises it."""

    data: bytes
    marks: tuple[int, ...]


def look_at(path: str, name: str, *, limit_bytes: int = LIMIT_BYTES) -> FileReadout | None:
    """Return what the file at ``path`` holds, None where there is nothing.

    An editor that writes in place empties the file first: while anyone has it open for
    writing it is waited for, up to a second. ``name`` is for messages.

    Raises:
      FileError: it is a directory, a device or a named pipe, or too large.
      OSError: it cannot be read.
    """
    for pause_s in (*PAUSES_S, 0.0):
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except FileNotFoundError:
            if os.path.lexists(path):
                raise
            return None
        with _stream_of(descriptor) as stream:
            if pause_s and is_being_written(descriptor):
                sleep(pause_s)
                continue
            before = marks_of(os.fstat(descriptor))
            data = read_open(stream, name, limit_bytes)
            if not pause_s or marks_of(os.fstat(descriptor)) == before:
                return FileReadout(data, before)
    raise AssertionError("the last look returns")  # pragma: no cover


def _stream_of(descriptor: int) -> BinaryIO:
    """Return a stream that closes the descriptor; closed at once where it has no text."""
    try:
        return open(descriptor, "rb", buffering=0)
    except OSError:  # a directory
        os.close(descriptor)
        raise


def is_same(path: str, look: FileReadout) -> bool:
    """Return whether the file at ``path`` is still the one of ``look``, unwritten since."""
    try:
        return marks_of(os.stat(path)) == look.marks
    except FileNotFoundError:
        return False


def is_being_written(descriptor: int) -> bool:
    """Return whether anyone has the file open for writing; False where that cannot be told.

    Linux grants a read lease only on a file that nobody has open for writing.
    """
    if sys.platform != "linux":
        return False
    import fcntl
    from _signal import SIGURG  # type: ignore[import-not-found]  # the module signal is slow to load

    try:
        # Were the lease broken in the instant it is held: SIGURG is ignored, SIGIO kills.
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, SIGURG)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except BlockingIOError:
        return True
    except OSError:
        return False  # another user's file, or a file system without leases
    fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    return False


def marks_of(status: os.stat_result) -> tuple[int, ...]:
    """Return what changes when a file is replaced or written."""
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


def sleep(seconds: float) -> None:
    """Wait."""
    import time

    time.sleep(seconds)
