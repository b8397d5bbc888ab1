"""Keeper process: the one that holds the connections of a session open, and how it is reached.

There is one for each session. It listens at a socket in the user's runtime directory, and holds
a lock beside it: who is killed leaves the socket, but not the lock.
"""

from __future__ import annotations

# A handful of names: plain os calls here.
# ruff: noqa: PTH118
import json
import os
import signal
import time
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple

from sessionctl.errors import FileError
from sessionctl.system.files.private_directories import make_private, refuse_foreign
from sessionctl.system.files.temporary import remove_quietly
from sessionctl.system.store.archive_entry import key_of
from sessionctl.system.store.lock import Lock
from sessionctl.system.watch.status_socket import hear, open_listener

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator, Sequence

    from sessionctl.services.machine import Machine

FOLDER = "keepers"
WAKE_SIGNAL = signal.SIGUSR1
"""What makes a keeper try at once what waits."""

_END_S = 2.0
_KILL_S = 2.0
_LOOK_S = 0.02


class KeeperAnswer(NamedTuple):
    """What a keeper says of itself: its process, what it was started for, its connections.

    ``digest`` is that of what it was allowed to open; each of ``connections`` is plain data.
    """

    pid: int
    digest: str
    connections: tuple[dict[str, Any], ...]


class KeeperPlace:
    """Where the keeper of one session file is reached."""

    def __init__(self, machine: Machine, file: str) -> None:
        self._machine = machine
        self._file = file
        self._name = key_of(os.path.realpath(file))

    def answer(self) -> KeeperAnswer | None:
        """Return what the keeper says; None where there is none."""
        for folder in self._folders():
            said = hear(os.path.join(folder, f"{self._name}.sock"))
            try:
                data = json.loads(said) if said else None
                if data:
                    connections = tuple(data["connections"])
                    return KeeperAnswer(int(data["pid"]), str(data["digest"]), connections)
            except (ValueError, TypeError, KeyError):
                continue
        return None

    def await_answer(self, seconds: float) -> KeeperAnswer | None:
        """Return what the keeper says once it is there, within ``seconds``."""
        end = time.monotonic() + seconds
        while (found := self.answer()) is None and time.monotonic() < end:
            time.sleep(_LOOK_S)
        return found

    def wake(self) -> None:
        """Have the keeper try at once what waits, if there is one."""
        found = self.answer()
        if found is not None:
            with suppress(ProcessLookupError):
                os.kill(found.pid, WAKE_SIGNAL)

    def stop(self) -> bool:
        """End the keeper, if there is one, and wait until it has; return whether there was one."""
        found = self.answer()
        if found is None:
            return False
        for number, seconds in ((signal.SIGTERM, _END_S), (signal.SIGKILL, _KILL_S)):
            try:
                os.kill(found.pid, number)
            except ProcessLookupError:
                return True
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                if self.answer() is None and not _is_alive(found.pid):
                    return True
                time.sleep(_LOOK_S)
        return True

    @contextmanager
    def listening(self) -> Iterator[socket.socket]:
        """Be the keeper for a while; gives the socket on which others ask.

        Raises:
          FileError: there is one already, or there is no place for it.
        """
        folder = self._usable()
        path = os.path.join(folder, f"{self._name}.sock")
        with Lock(os.path.join(folder, f"{self._name}.lock"), self._file, timeout_s=0):
            listener = open_listener(path)
            try:
                yield listener
            finally:
                listener.close()
                remove_quietly(path)

    def _folders(self) -> Sequence[str]:
        return [os.path.join(place, FOLDER) for place in self._machine.runtime_places]

    def _usable(self) -> str:
        for folder in self._folders():
            try:
                make_private(folder)
                refuse_foreign(folder)
            except OSError:
                continue
            return folder
        places = ", ".join(self._folders())
        raise FileError(f"there is no directory for the socket of a keeper: {places}")


def _is_alive(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as stream:  # noqa: PTH123
            return stream.read().rpartition(")")[2].split()[0] != "Z"
    except (OSError, IndexError):
        return not os.path.isdir("/proc/self") and _answers(pid)  # noqa: PTH112


def _answers(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True
