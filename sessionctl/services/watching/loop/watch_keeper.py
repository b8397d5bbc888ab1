"""Watch keeper: which directories are watched for which files, and what cannot be watched."""

from __future__ import annotations

import os
from typing import NamedTuple

from sessionctl.system.files.real_names import RealNames
from sessionctl.system.files.session_files import is_directory
from sessionctl.system.watch.watcher import watched_names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sessionctl.services.watching.replica import Replica
    from sessionctl.system.watch.watcher import Watcher

    OpenWatcher = Callable[[Callable[[str], None], Callable[[], None]], Watcher]

_BEAT_MS = 2000
_ARM_MS = 2000
"""How often every directory is looked at; what events tell of its end, and failures, at once."""


class FileHappened(NamedTuple):
    """Something happened at a path."""

    path: str


class EventsLost(NamedTuple):
    """Events were lost: anything may have happened."""


class WatchKeeper:
    """The watcher, and what it has to watch.

    ``open_watcher`` makes a watcher that calls back with a path, or without one when it lost
    events; where it raises ``OSError``, and with None, nothing can be watched. ``send`` is
    given what happened, from any thread.
    """

    def __init__(self, open_watcher: OpenWatcher | None, send: Callable[[object], None]) -> None:
        self._open_watcher = open_watcher
        self._send = send
        self._watcher: Watcher | None = None
        self._names: dict[str, list[Replica]] = {}
        self._folders_of: dict[Replica, frozenset[str]] = {}
        self._wanted: frozenset[str] = frozenset()
        self._theirs: frozenset[str] | None = None
        self._unwatched: dict[str, str] = {}
        self._blind: list[Replica] = []
        self._reason = ""
        self._asked_ms: int | None = None
        self._beats = 0
        self._arm_ms: int | None = 0

    # -- files -------------------------------------------------------------------------

    def replicas_at(self, path: str) -> list[Replica] | None:
        """Return the replicas for which it matters that something happened at ``path``."""
        if path in self._wanted:
            self._arm_ms = 0  # a directory itself: moved away, or removed
        return self._names.get(path)

    def name(self, replicas: Iterable[Replica]) -> None:
        """Find out at which paths something may happen to these files."""
        real = RealNames()
        self._theirs = None
        for replica in replicas:
            names = watched_names(replica.file, real)
            self._folders_of[replica] = frozenset(map(os.path.dirname, names))
            for name in names:
                self._names.setdefault(name, []).append(replica)
        self._arm_ms = 0

    def name_all(self, replicas: Iterable[Replica]) -> None:
        """Find out anew at which paths something may happen to the files."""
        self._names = {}
        self._folders_of = {}
        self.name(replicas)

    @property
    def blind(self) -> list[Replica]:
        """The replicas of which a directory cannot be watched."""
        return self._blind

    def reason(self, replica: Replica) -> str:
        """Return why the file of ``replica`` cannot be watched, "" where it can.

        A directory that is not there is no limit of the system: it is waited for.
        """
        folders = [f for f in self._folders_of.get(replica, ()) if f in self._unwatched]
        return next((self._unwatched[f] for f in folders if is_directory(f)), "")

    # -- directories -------------------------------------------------------------------

    def is_due(self, now: int) -> bool:
        """Return whether the directories are to be looked at."""
        return self._arm_ms is None or now >= self._arm_ms or bool(self._unwatched)

    def arm(self, folders: Iterable[str], now: int) -> tuple[frozenset[str], bool]:
        """See to it that all directories are watched, ``folders`` and those of the files.

        Returns those that are watched only since now, and whether another set cannot be.
        """
        self._arm_ms = now + _ARM_MS
        if self._theirs is None:
            self._theirs = frozenset().union(*self._folders_of.values())
        self._wanted = self._theirs.union(folders)
        if self._watcher is None:
            renewed: frozenset[str] = frozenset()
            failed = dict.fromkeys(self._wanted, self._reason)
        else:
            renewed, failed = self._watcher.arm(self._wanted)
        is_other = failed != self._unwatched
        if is_other:
            self._unwatched = failed
        self._blind = (
            [
                replica
                for replica, theirs in self._folders_of.items()
                if not theirs.isdisjoint(failed)
            ]
            if failed
            else []
        )
        return renewed, is_other

    def touched(self, renewed: frozenset[str]) -> list[Replica]:
        """Return the replicas of directories in which something may have gone unnoticed."""
        return [r for r, theirs in self._folders_of.items() if not theirs.isdisjoint(renewed)]

    # -- the watcher -------------------------------------------------------------------

    def renew(self) -> None:
        """Begin with a new watcher."""
        self.close()
        self._arm_ms = 0
        if self._open_watcher is None:
            return
        try:
            self._watcher = self._open_watcher(
                lambda path: self._send(FileHappened(path)), lambda: self._send(EventsLost())
            )
        except OSError as error:
            self._reason = (error.strerror or type(error).__name__).lower()

    def ask(self, now: int) -> None:
        """Let something happen that the watcher has to notice; see ``check``."""
        if self._watcher is not None:
            self._asked_ms, self._beats = now, self._watcher.beats
            self._watcher.beat()

    def check(self, now: int) -> None:
        """Begin with a new watcher when this one did not notice what it must."""
        if self._asked_ms is None or self._watcher is None:
            return
        if self._watcher.beats > self._beats:
            self._asked_ms = None
        elif now - self._asked_ms >= _BEAT_MS:
            self._asked_ms = None
            self.renew()

    def close(self) -> None:
        """End watching."""
        if self._watcher is not None:
            self._watcher.close()
            self._watcher = None
