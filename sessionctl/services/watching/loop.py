"""Loop: one thread that waits for events and time, and lets the replicas work."""

from __future__ import annotations

import os
from functools import partial
from threading import get_ident
from typing import NamedTuple

from sessionctl.core.sync.events import FileNoticed, LiveNoticed, Tick, WatchLost
from sessionctl.services.watching.file_reading import CheckInterrupt, ContentCheck
from sessionctl.system.files.session_files import is_directory
from sessionctl.system.files.snapshot import marks_at
from sessionctl.system.watch.wakeup import Clock, WakeUp
from sessionctl.system.watch.watcher import watched_names

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterable

    from sessionctl.services.watching.replica import Replica
    from sessionctl.system.watch.watcher import Watcher

    OpenWatcher = Callable[[Callable[[str], None], Callable[[], None]], Watcher]

TURN_MS = 500
"""How often watches are checked, and files looked at that cannot be watched."""
RESCAN_MS = 30_000
_BEAT_MS = 2000
_GAP_MS = 5000


class FileHappened(NamedTuple):
    """Something happened at a path."""

    path: str


class LiveHappened(NamedTuple):
    """The live side of a replica changed."""

    replica: Replica


class EventsLost(NamedTuple):
    """Events were lost: anything may have happened."""


class StopLoop(NamedTuple):
    """The loop is to end."""


class LoopCall(NamedTuple):
    """Something to do in the thread of the loop."""

    work: Callable[[], None]


class Loop:
    """Keeps replicas in step until it is stopped.

    ``open_watcher`` makes a watcher that calls back with a path, or without one when it
    lost events; where it raises ``OSError``, and with None, files are looked at twice a
    second instead.
    ``found`` is called with paths at which something happened that no replica is for.
    """

    def __init__(
        self,
        open_watcher: OpenWatcher | None,
        clock: Clock | None = None,
        check: ContentCheck | None = None,
    ) -> None:
        self.wakeup = WakeUp()
        self.replicas: list[Replica] = []
        self.folders: set[str] = set()
        """Directories in which new files may appear, besides those of the replicas."""
        self.found: Callable[[str], None] = lambda _path: None
        self.rescanned: Callable[[], None] = lambda: None
        self.answer: Callable[[socket.socket], None] = lambda _listener: None
        self.turned: Callable[[int], None] = lambda _now: None
        self.ended: Callable[[], None] = lambda: None
        self._open_watcher = open_watcher
        self._clock = clock or Clock()
        self._content_check = check or ContentCheck()
        self._thread = 0
        self._watcher: Watcher | None = None
        self._names: dict[str, list[Replica]] = {}
        self._folders_of: dict[Replica, frozenset[str]] = {}
        self._unwatched: dict[str, str] = {}
        self._reason = ""
        self._asked_ms: int | None = None
        self._beats = 0
        self._drift_ms = 0
        self.is_running = False
        self._is_stopping = False
        self._next_turn_ms = 0
        self._next_rescan_ms = 0

    # -- from any thread -------------------------------------------------------------

    def stop(self) -> None:
        """Let the loop end soon, after what it was given before; at a signal, at once.

        A handler runs in the thread of the loop. It does not wait for a check, which only
        reads; what is being written is finished.
        """
        self.wakeup.send(StopLoop())
        if self._thread == get_ident():
            self._content_check.stop()

    def live_changed(self, replica: Replica) -> None:
        """Say that the live side of ``replica`` changed."""
        self.wakeup.send(LiveHappened(replica))

    def call(self, work: Callable[[], None]) -> None:
        """Let ``work`` be done in the thread of the loop."""
        self.wakeup.send(LoopCall(work))

    # -- in its own thread -----------------------------------------------------------

    def add(self, replica: Replica) -> None:
        """Keep ``replica`` in step too."""
        self.replicas.append(replica)
        if self.is_running:
            self._name_all()
            self._arm()
            replica.begin()

    @property
    def is_idle(self) -> bool:
        """Whether nothing is to be done until something happens."""
        is_waiting = any(replica.wake_at_ms() is not None for replica in self.replicas)
        return not (is_waiting or self.wakeup.has_messages)

    def run(self, begun: Callable[[], None] = lambda: None) -> None:
        """Keep everything in step until ``stop`` is called.

        ``begun`` is called when all is watched, and every file was looked at once.
        """
        self._thread = get_ident()
        try:
            self.start()
            begun()
            while not self._is_stopping:
                self.turn()
        except CheckInterrupt:
            self._is_stopping = True
        finally:
            self.close()

    def start(self) -> None:
        """Begin to watch, and look at every file for the first time."""
        self.is_running = True
        self._clock.attend(self)
        self._renew_watcher()
        self._name_all()
        self._arm()
        for replica in list(self.replicas):
            replica.begin()
        now = self._clock.now_ms()
        self._drift_ms = self._drift(now)
        self._next_turn_ms, self._next_rescan_ms = now + TURN_MS, now + RESCAN_MS

    def close(self) -> None:
        """End watching."""
        self.is_running = False
        self.ended()
        if self._watcher is not None:
            self._watcher.close()
            self._watcher = None
        self.wakeup.close()

    def next_ms(self) -> int:
        """Return when there is something to do, whatever happens until then."""
        wakes = [at for replica in self.replicas if (at := replica.wake_at_ms()) is not None]
        return min([*wakes, self._next_turn_ms])

    def turn(self) -> None:
        """Wait for what comes next, and do what follows."""
        messages, listeners = self.wakeup.wait(self.next_ms() - self._clock.now_ms())
        if listeners:
            import socket

            for listener in listeners:
                if isinstance(listener, socket.socket):
                    self.answer(listener)
        self._take(messages)
        now = self._clock.now_ms()
        for replica in list(self.replicas):
            at = replica.wake_at_ms()
            if at is not None and at <= now:
                replica.notice(Tick)
        if now >= self._next_turn_ms:
            self._check(now)

    def _take(self, messages: Iterable[object]) -> None:
        paths: dict[str, None] = {}
        for message in messages:
            match message:
                case FileHappened(path):
                    paths[path] = None
                case LiveHappened(replica):
                    replica.notice(LiveNoticed)
                case EventsLost():
                    self._next_rescan_ms = 0
                    self._next_turn_ms = 0
                case LoopCall(work):
                    work()
                case StopLoop():
                    self._is_stopping = True
                case _:
                    raise AssertionError(message)
        for path in paths:
            known = self._names.get(path)
            if known is None:
                self.found(path)
            for replica in known or ():
                replica.notice(FileNoticed)

    # -- now and then ----------------------------------------------------------------

    def _check(self, now: int) -> None:
        """See to the watches; look at what cannot be watched, and at everything at times."""
        drift_ms = self._drift(now)
        has_slept = abs(drift_ms - self._drift_ms) > _GAP_MS
        self._drift_ms = drift_ms
        self._next_turn_ms = now + TURN_MS
        self._check_beat(now)
        self._arm()
        if has_slept or now >= self._next_rescan_ms:
            self._next_rescan_ms = now + RESCAN_MS
            self._rescan(now)
        elif self._unwatched:
            self._notice_touched(r for r in self.replicas if self._reasons(r))
        self.turned(now)

    def _drift(self, now: int) -> int:
        """Return how far the time of day is ahead: it goes on while the machine sleeps."""
        return int(self._clock.time_s() * 1000) - now

    def _rescan(self, now: int) -> None:
        self.rescanned()
        self._name_all()
        self._arm()
        self._notice_touched(self.replicas)
        if self._watcher is not None:
            self._asked_ms, self._beats = now, self._watcher.beats
            self._watcher.beat()

    def _check_beat(self, now: int) -> None:
        """Begin with a new watcher when this one does not notice what it must."""
        if self._asked_ms is None or self._watcher is None:
            return
        if self._watcher.beats > self._beats:
            self._asked_ms = None
        elif now - self._asked_ms >= _BEAT_MS:
            self._asked_ms = None
            self._renew_watcher()

    def _renew_watcher(self) -> None:
        if self._watcher is not None:
            self._watcher.close()
            self._watcher = None
        if self._open_watcher is None:
            return
        try:
            self._watcher = self._open_watcher(
                lambda path: self.wakeup.send(FileHappened(path)),
                lambda: self.wakeup.send(EventsLost()),
            )
        except OSError as error:
            self._reason = (error.strerror or type(error).__name__).lower()

    def _name_all(self) -> None:
        """Find out anew at which paths something may happen to the files."""
        self._names = {}
        self._folders_of = {}
        for replica in self.replicas:
            names = watched_names(replica.file)
            self._folders_of[replica] = frozenset(map(os.path.dirname, names))
            for name in names:
                self._names.setdefault(name, []).append(replica)

    def _arm(self) -> None:
        """See to it that all directories are watched; tell of those that cannot be."""
        wanted = self.folders.union(*self._folders_of.values())
        if self._watcher is None:
            renewed: frozenset[str] = frozenset()
            failed = dict.fromkeys(wanted, self._reason)
        else:
            renewed, failed = self._watcher.arm(wanted)
        if renewed:
            self._notice_touched(r for r in self.replicas if renewed & self._folders_of[r])
        if not renewed.isdisjoint(self.folders):
            self.rescanned()
        if failed != self._unwatched:
            self._unwatched = failed
            for replica in self.replicas:
                # A directory that is not there is no limit of the system: it is waited for.
                reasons = {f: why for f, why in self._reasons(replica).items() if is_directory(f)}
                reason = next(iter(reasons.values()), "")
                replica.notice(partial(WatchLost, reason=reason))

    def _reasons(self, replica: Replica) -> dict[str, str]:
        """Return why directories of a replica cannot be watched, by directory."""
        return {f: self._unwatched[f] for f in self._folders_of[replica] if f in self._unwatched}

    def _notice_touched(self, replicas: Iterable[Replica]) -> None:
        for replica in list(replicas):
            if replica.marks != marks_at(replica.file):
                replica.notice(FileNoticed)
