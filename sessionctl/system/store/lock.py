"""Lock: one process at a time works on a document, told apart by a lock file of its own."""

from __future__ import annotations

# pathlib costs more start-up than a single edit may spend: plain os calls here.
# ruff: noqa: PTH116
import errno
import os
import sys

from sessionctl.errors import FileError
from sessionctl.system.files.stable_read import sleep

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType

_FIRST_PAUSE_S = 0.001
_LONGEST_PAUSE_S = 0.02
_NO_LOCKS = frozenset({errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EINVAL})


class Lock:
    """The lock on one lock file, held from ``with`` to its end, by this process alone.

    It is the lock that the library filelock takes (``flock``), without the 30 ms that its
    import costs; where the system has no ``flock``, filelock itself is used. Where the file
    system has no locks, nothing is locked: a save is safe without (the exchange finds what
    slipped in), it only has more to merge.

    Entering raises ``FileError`` when another process holds the lock for ``timeout_s``, and
    ``OSError`` when the lock file cannot be made.
    """

    def __init__(self, path: str, name: str, *, timeout_s: float = 30.0) -> None:
        """Name the lock file, and the document to speak of."""
        self._path = path
        self._name = name
        self._timeout_s = timeout_s
        self._held: _Flock | _Filelock | None = None

    def __enter__(self) -> Lock:
        held: _Flock | _Filelock = (
            _Filelock(self._path) if _needs_filelock() else _Flock(self._path)
        )
        if not held.take(self._timeout_s):
            raise FileError(
                f"{self._name}: another sessionctl is writing it, "
                f"waited {self._timeout_s:g} seconds",
                hints=["wait for it, or look for one that hangs: ps -C sessionctl"],
            )
        self._held = held
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._held is not None:
            self._held.release()
            self._held = None


def _needs_filelock() -> bool:
    return sys.platform == "win32"


class _Flock:
    """``flock`` on a file that may be removed while it is waited for."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._descriptor = -1

    def take(self, timeout_s: float) -> bool:
        pause_s, waited_s = _FIRST_PAUSE_S, 0.0
        while not self._try():
            if waited_s >= timeout_s:
                return False
            sleep(pause_s)
            waited_s += pause_s
            pause_s = min(pause_s * 1.5, _LONGEST_PAUSE_S)
        return True

    def _try(self) -> bool:
        import fcntl

        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | getattr(os, "O_NOFOLLOW", 0)
        descriptor = os.open(self._path, flags, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in _NO_LOCKS:
                os.close(descriptor)
                if error.errno in (errno.EWOULDBLOCK, errno.EACCES, errno.EINTR):
                    return False
                raise
        if not self._is_there(descriptor):
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        return True

    def _is_there(self, descriptor: int) -> bool:
        """Return whether the locked file still has its name: a cleaning may have removed it."""
        try:
            return os.path.samestat(os.fstat(descriptor), os.stat(self._path))
        except FileNotFoundError:
            return False

    def release(self) -> None:
        os.close(self._descriptor)


class _Filelock:
    """The library's lock, where there is no ``flock``."""

    def __init__(self, path: str) -> None:
        import filelock

        self._lock = filelock.FileLock(path, mode=0o600)

    def take(self, timeout_s: float) -> bool:
        import filelock

        try:
            self._lock.acquire(timeout=timeout_s)
        except filelock.Timeout:
            return False
        return True

    def release(self) -> None:
        self._lock.release()
