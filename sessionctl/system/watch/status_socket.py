"""Answering: a private socket that says one thing to whoever of the same user connects."""

from __future__ import annotations

import os
import socket
import stat
from contextlib import contextmanager

from sessionctl.errors import FileError
from sessionctl.system.files.temporary import remove_quietly
from sessionctl.system.os_errors import reason_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_TIMEOUT_S = 2.0
_CHUNK = 1 << 16
_MOST = 1 << 24


def open_listener(path: str) -> socket.socket:
    """Return a socket that listens at ``path``, for this user alone (mode 0600).

    What a process left there that is gone is replaced; its directory must be there.

    Raises:
      FileError: it cannot be made.
    """
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
    try:
        remove_quietly(path)
        with _short(path) as name:
            before = os.umask(0o177)
            try:
                listener.bind(name)
            finally:
                os.umask(before)
        listener.listen(8)
        listener.settimeout(0)
    except OSError as error:
        listener.close()
        raise FileError(f"{path}: cannot listen: {reason_of(error)}") from error
    return listener


def say(listener: socket.socket, data: bytes) -> None:
    """Give ``data`` to who connected to ``listener``; one who does not take it is left."""
    try:
        connection, _ = listener.accept()
    except OSError:
        return
    with connection:
        try:
            connection.settimeout(_TIMEOUT_S)
            connection.sendall(data)
        except OSError:
            return


def hear(path: str) -> bytes | None:
    """Return what is said at the socket at ``path``; None where nobody listens."""
    try:
        if not stat.S_ISSOCK(os.lstat(path).st_mode):
            return None
        with (
            socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC) as connection,
            _short(path) as name,
        ):
            connection.settimeout(_TIMEOUT_S)
            connection.connect(name)
            return _read(connection)
    except OSError:
        return None


def _read(connection: socket.socket) -> bytes:
    chunks = []
    size = 0
    while size < _MOST:
        chunk = connection.recv(_CHUNK)
        if not chunk:
            break
        chunks.append(chunk)
        size += len(chunk)
    return b"".join(chunks)


@contextmanager
def _short(path: str) -> Iterator[str]:
    """Give a name for ``path`` that is short enough for a socket (some 100 bytes)."""
    folder, name = os.path.split(path)
    if len(os.fsencode(path)) < 100 or not os.path.isdir("/proc/self/fd"):  # noqa: PTH112
        yield path
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{descriptor}/{name}"
    finally:
        os.close(descriptor)
