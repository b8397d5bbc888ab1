"""Watcher registry: the watchers that run, what each watches, and how to ask it.

Each has a file that it holds locked, in a directory for this user alone: who is killed
leaves the file, but not the lock.
"""

from __future__ import annotations

import json
import os
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from time import monotonic, sleep
from typing import NamedTuple

from sessionctl.errors import FileError, SessionctlError
from sessionctl.system.files.private_directories import (
    fix_for,
    make_private,
    refuse_foreign,
    write_private_bytes,
)
from sessionctl.system.files.temporary import remove_quietly
from sessionctl.system.files.text import read_text
from sessionctl.system.os_errors import cannot
from sessionctl.system.store.lock import Lock
from sessionctl.system.watch.status_socket import hear, open_listener

# A handful of names: plain os calls here.
# ruff: noqa: PTH118, PTH208

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator, Sequence
    from typing import Any

    from sessionctl.services.machine import Machine

_KEY_LENGTH = 16
# How long a lock may be held by one who only looks whether a watcher runs.
_LOOKED_AT_S = 0.5
_PAUSE_S = 0.01


class RunningWatcher(NamedTuple):
    """A watcher that runs: its process, and the real paths of what it was told to watch."""

    pid: int
    roots: tuple[str, ...]
    socket: str


class UnlistedError(FileError):
    """A watcher cannot be listed anywhere; it may watch all the same."""


class Registry:
    """The watchers of one user."""

    def __init__(self, directory: str, *others: str) -> None:
        """Name the directory, which need not be there, and others for where it cannot be used."""
        self.directory = directory
        self._others = others

    def running(self) -> list[RunningWatcher]:
        """Return the watchers that run, in no order; what dead ones left is removed."""
        found = [one for other in self._others for one in Registry(other).running()]
        try:
            refuse_foreign(self.directory)
            names = os.listdir(self.directory)
        except OSError:
            return found
        for name in names:
            if name.endswith(".lock"):
                running = self._read(name.removeprefix("watch-").removesuffix(".lock"))
                if running is not None:
                    found.append(running)
        return found

    def ask(self, running: RunningWatcher) -> dict[str, Any] | None:
        """Return what a watcher says of itself, None when it does not answer."""
        said = hear(running.socket)
        try:
            answer = json.loads(said) if said else None
        except ValueError:
            return None
        return answer if isinstance(answer, dict) else None

    def statuses(self, paths: Sequence[str] = ()) -> list[dict[str, Any]]:
        """Return what each watcher says of itself, of those that watch one of ``paths``.

        One that does not answer is told with its process and what it was to watch alone.
        """
        wanted = [os.path.realpath(path) for path in paths]
        found = []
        for running in self.running():
            if wanted and not _overlap(wanted, running.roots):
                continue
            data = self.ask(running) or {"since": None, "files": []}
            found.append({**data, "pid": running.pid, "roots": list(running.roots)})
        return sorted(found, key=lambda data: data["roots"])

    def cookie(self) -> str | None:
        """Return a file of this process' own that can be opened, None where there is none."""
        path = self._path(f"{os.getpid()}", "cookie")
        try:
            remove_quietly(path)
            write_private_bytes(path, b"")
        except OSError:
            return None
        return path

    @contextmanager
    def entered(self, roots: Sequence[str]) -> Iterator[socket.socket | None]:
        """Be listed as the one that watches ``roots``; gives the socket to answer at.

        Where no socket can be made, there is none.

        Raises:
          FileError: another process watches one of them, or one in or above it.
          UnlistedError: none of the directories can be used.
        """
        key = sha256("\0".join(sorted(roots)).encode("utf-8", "surrogateescape"))
        name = key.hexdigest()[:_KEY_LENGTH]
        with ExitStack() as stack:
            try:
                self._choose()
                lock = self._path(name, "lock")
                stack.enter_context(Lock(lock, "the watcher", timeout_s=_LOOKED_AT_S))
            except UnlistedError:
                raise
            except FileError as error:
                raise self._refusal(self._read(name), roots) from error
            except OSError as error:
                raise _unlisted(self.directory, error) from error
            stack.callback(remove_quietly, self._path(name, "lock"))
            about = {"pid": os.getpid(), "roots": list(roots)}
            # Made anew: a link that somebody put there is not followed.
            remove_quietly(self._path(name, "json"))
            write_private_bytes(self._path(name, "json"), json.dumps(about).encode())
            stack.callback(remove_quietly, self._path(name, "json"))
            stack.callback(remove_quietly, self._path(f"{os.getpid()}", "cookie"))
            for other in self.running():
                if other.pid != os.getpid() and _overlap(roots, other.roots):
                    raise self._refusal(other, roots)
            try:
                listener = stack.enter_context(open_listener(self._path(name, "sock")))
            except FileError:
                yield None
                return
            stack.callback(remove_quietly, self._path(name, "sock"))
            yield listener

    def _choose(self) -> None:
        """Make the first of the directories that can be used the one of this watcher.

        Raises:
          UnlistedError: none can; it says what is wrong with the first one.
        """
        failure: UnlistedError | None = None
        places = (self.directory, *self._others)
        for directory in places:
            try:
                make_private(directory)
                refuse_foreign(directory)
                os.listdir(directory)
            except OSError as error:
                failure = failure or _unlisted(directory, error)
                continue
            self.directory = directory
            self._others = tuple(place for place in places if place != directory)
            return
        assert failure is not None
        raise failure

    def _refusal(self, other: RunningWatcher | None, roots: Sequence[str]) -> SessionctlError:
        pid = f" (process {other.pid})" if other is not None else ""
        shared = next((r for r in roots if other and _overlap([r], other.roots)), roots[0])
        return FileError(
            f"{shared}: another sessionctl watches it{pid}",
            hints=["see what runs: sessionctl watch --status"],
        )

    def _read(self, name: str) -> RunningWatcher | None:
        """Return the watcher of that name; None, and its files removed, when it is gone.

        A lock without a description is held by a watcher that starts, or for a moment by one
        who looks as well.
        """
        end_s = monotonic() + _LOOKED_AT_S
        while True:
            try:
                with Lock(self._path(name, "lock"), "the watcher", timeout_s=0):
                    for end in ("json", "sock", "lock"):
                        remove_quietly(self._path(name, end))
                    return None
            except FileError:
                pass  # held: it runs
            except OSError:
                return None
            try:
                about = json.loads(read_text(self._path(name, "json")))
                return RunningWatcher(about["pid"], tuple(about["roots"]), self._path(name, "sock"))
            except (SessionctlError, ValueError, KeyError, TypeError):
                if monotonic() >= end_s:
                    return RunningWatcher(0, (), self._path(name, "sock"))
            sleep(_PAUSE_S)

    def _path(self, name: str, end: str) -> str:
        return os.path.join(self.directory, f"watch-{name}.{end}")


def user_registry(machine: Machine) -> Registry:
    """Return the watchers of the user of ``machine``."""
    return Registry(*machine.runtime_places)


def _unlisted(directory: str, error: OSError) -> UnlistedError:
    refusal = cannot("write", directory, error)
    hint = fix_for(directory)
    return UnlistedError(refusal.message, hints=[hint] if hint else refusal.hints)


def _overlap(roots: Sequence[str], others: Sequence[str]) -> bool:
    """Return whether a path of one is one of the other, or lies below one of it."""
    return any(
        one == other or one.startswith(f"{other}{os.sep}") or other.startswith(f"{one}{os.sep}")
        for one in roots
        for other in others
    )
