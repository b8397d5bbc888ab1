"""Digest file: digests that are remembered in one file of the user's cache.

What cannot be read, or might be somebody else's, holds nothing; what cannot be written is not
remembered. Neither fails.
"""

from __future__ import annotations

# pathlib costs start-up: plain os calls here.
# ruff: noqa: PTH105, PTH108, PTH118
import os
import stat

from sessionctl.system.files.private_directories import make_private, write_private_bytes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

SIZE = 32
"""The bytes of one digest."""
MOST_BYTES = SIZE << 16
"""What the file may hold: beyond it, the older half is dropped."""
_FEW = 4
"""So many are looked for in the bytes themselves, before a set is made of them."""


class DigestFile:
    """The digests in one file, for the user alone; any process may add to it at any time."""

    def __init__(self, directory: str, name: str) -> None:
        """Read the file ``name`` in ``directory``, which need not be there."""
        self._directory = directory
        self._path = os.path.join(directory, name)
        self._data = self._read()
        self._set: set[bytes] | None = None
        self._lookups = 0

    def __contains__(self, digest: bytes) -> bool:
        self._lookups += 1
        if self._set is None:
            if self._lookups <= _FEW:
                return self._is_in_bytes(digest)
            data = self._data
            self._set = {data[at : at + SIZE] for at in range(0, len(data), SIZE)}
        return digest in self._set

    def add(self, digests: Iterable[bytes]) -> None:
        """Remember ``digests``, each of ``SIZE`` bytes, as far as that is possible."""
        data = b"".join(digests)
        try:
            make_private(self._directory)
            if _is_own_directory(self._directory):
                self._append(data)
        except OSError:
            return

    def _is_in_bytes(self, digest: bytes) -> bool:
        at = self._data.find(digest)
        while at >= 0 and at % SIZE:
            at = self._data.find(digest, at + 1)
        return at >= 0

    def _read(self) -> bytes:
        try:
            if not _is_own_directory(self._directory):
                return b""
            with os.fdopen(_opened(self._path, os.O_RDONLY), "rb") as stream:
                return stream.read(MOST_BYTES)
        except OSError:
            return b""

    def _append(self, data: bytes) -> None:
        descriptor = _opened(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        with os.fdopen(descriptor, "wb", buffering=0) as stream:
            size = os.fstat(descriptor).st_size
            # Else a disk was full in the middle of a digest, or this is enough.
            if size % SIZE == 0 and size + len(data) <= MOST_BYTES:
                stream.write(data)  # at once, so that those of two processes do not mix
                return
        self._replace(data)

    def _replace(self, data: bytes) -> None:
        """Write the newer half of what was there, and ``data``."""
        old = self._read()
        whole = len(old) // SIZE * SIZE
        data = old[max(0, whole - MOST_BYTES // 2) : whole] + data
        new = f"{self._path}.{os.urandom(6).hex()}.tmp"
        try:
            write_private_bytes(new, data[-(MOST_BYTES // SIZE * SIZE) :])
            os.replace(new, self._path)
        except OSError:
            _remove(new)


def _opened(path: str, flags: int) -> int:
    """Return the descriptor of a file; raises ``OSError`` where it may be somebody else's."""
    descriptor = os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, 0o600)
    if not _is_own_file(os.fstat(descriptor)):
        os.close(descriptor)
        raise PermissionError(path)
    return descriptor


def _is_own_directory(directory: str) -> bool:
    """Return whether nobody else could have made the files in ``directory``."""
    status = os.lstat(directory)
    is_own = status.st_uid == os.geteuid() and not status.st_mode & 0o022
    return stat.S_ISDIR(status.st_mode) and is_own


def _is_own_file(status: os.stat_result) -> bool:
    """Return whether a file is like those that are made here: git makes none of such a mode."""
    is_own = status.st_uid == os.geteuid() and not status.st_mode & 0o077
    return stat.S_ISREG(status.st_mode) and is_own and status.st_nlink == 1


def _remove(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:
        return
