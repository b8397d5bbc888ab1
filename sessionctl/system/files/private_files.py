"""Private files: what only their owner may read, and a process that leaves no core dump."""

from __future__ import annotations

import os
import stat
import sys

from sessionctl.core.secrets.secret import Secret
from sessionctl.errors import FileError, RefusedError
from sessionctl.system.files.text import read_bytes
from sessionctl.system.os_errors import cannot

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from sessionctl.system.store.lock import Lock

_LIMIT_BYTES = 1 << 20
_PR_SET_DUMPABLE = 4
_LOCK_TIMEOUT_S = 10


def read_private(path: Path, *, limit_bytes: int = _LIMIT_BYTES) -> Secret:
    """Return what is in a file that only its owner may read.

    Raises:
      FileError: it cannot be read.
      RefusedError: others may read or write it.
    """
    others = readable_by_others(path)
    if others is not None:
        from sessionctl.core.text.shellwords import path_word

        raise RefusedError(f"{path}: {others}", hints=[f"chmod 600 {path_word(str(path))}"])
    return Secret(read_bytes(path, limit_bytes=limit_bytes))


def readable_by_others(path: Path) -> str | None:
    """Return what is wrong with the mode or owner of ``path``, or None; gone is not wrong."""
    try:
        status = path.stat()
    except OSError:
        return None
    mode = stat.S_IMODE(status.st_mode)
    if stat.S_ISREG(status.st_mode) and mode & 0o077:
        return f"others may read or write it, its mode is {mode:04o}"
    if hasattr(os, "geteuid") and status.st_uid not in (0, os.geteuid()):
        return "it belongs to another user"
    return None


def write_private(path: Path, content: Secret | str, *, replaces: bool) -> None:
    """Write a file that only its owner may read, wholly or not at all; mode 0600.

    Missing directories are made with mode 0700. Without ``replaces`` a file that is there
    stays as it is.

    Raises:
      FileError: it cannot be written, or exists already.
    """
    from sessionctl.system.files.temporary import hold, remove_quietly, sync_directory

    data = content.reveal() if isinstance(content, Secret) else content.encode()
    new = path.with_name(f".sessionctl-{os.urandom(6).hex()}.tmp")
    try:
        _make_private_directory(path.parent)
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with open(descriptor, "wb") as stream:  # noqa: PTH123 - a descriptor, not a path
            hold(descriptor)
            stream.write(data)
            stream.flush()
            os.fsync(descriptor)
            if replaces:
                new.replace(path.resolve())
            else:
                os.link(new, path)
        sync_directory(str(path))
    except FileExistsError as error:
        raise FileError(f"{path}: there is already a file") from error
    except OSError as error:
        raise cannot("write", str(path), error) from error
    finally:
        remove_quietly(str(new))
    from sessionctl.system.files.abandoned_write import remove_abandoned

    remove_abandoned(str(path.parent))  # a private key may be in one


def _make_private_directory(path: Path) -> None:
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    for folder in reversed(missing):
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
        except FileExistsError:
            os.listdir(folder)  # noqa: PTH208 - says what it is: a link to nowhere, a file


class PrivateLock:
    """The lock of a private file while it is entered; other processes that want it wait."""

    def __init__(self, path: Path) -> None:
        """Take the file; nothing is locked yet."""
        self._path = path
        self._held: Lock | None = None

    def __enter__(self) -> None:
        """Lock it; raises ``FileError`` where that cannot be, or another process keeps it."""
        from sessionctl.system.store.lock import Lock  # the import of filelock takes too long

        lock = self._path.with_name(f"{self._path.name}.lock")
        held = Lock(str(lock), str(self._path), timeout_s=_LOCK_TIMEOUT_S)
        try:
            _make_private_directory(self._path.parent)
            held.__enter__()
        except FileError as error:
            raise FileError(f"{lock}: another process holds it", hints=["try it again"]) from error
        except OSError as error:
            reason = (error.strerror or type(error).__name__).lower()
            raise FileError(f"{lock}: cannot lock: {reason}") from error
        self._held = held

    def __exit__(self, *_: object) -> None:
        """Give the lock back."""
        if self._held is not None:
            self._held.__exit__(None, None, None)


def protect_process() -> None:
    """Let this process leave no core dump, and no other process of the user look into it.

    What the system does not offer is passed over.
    """
    try:
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_CORE)
        resource.setrlimit(resource.RLIMIT_CORE, (0, hard))
    except (ImportError, OSError, ValueError):
        pass
    if not sys.platform.startswith("linux"):
        return
    try:
        # What ctypes is made of: to load all of that takes 2 ms.
        from _ctypes import call_function, dlopen, dlsym

        own: Any = None  # the libraries of this process
        call_function(dlsym(dlopen(own, 0), "prctl"), (_PR_SET_DUMPABLE, 0, 0, 0, 0))
    except (ImportError, OSError, AttributeError):
        return
