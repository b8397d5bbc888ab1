"""Loop: one thread that waits for events and time, and lets the replicas work."""

from __future__ import annotations

from collections import deque
from functools import partial
from typing import NamedTuple

from sessionctl.core.sync.events import FileNoticed, LiveNoticed, Tick, WatchLost
from sessionctl.services.watching.loop.agenda import Agenda
from sessionctl.services.watching.loop.watch_keeper import EventsLost, FileHappened, WatchKeeper
from sessionctl.services.watching.stop_switch import StopSwitch, WatchInterrupt
from sessionctl.system.files.snapshot import marks_at
from sessionctl.system.watch.wakeup import Clock, WakeUp

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterable

    from sessionctl.services.watching.loop.watch_keeper import OpenWatcher
    from sessionctl.services.watching.replica import Replica

TURN_MS = 500
"""How often watches are checked, and files looked at that cannot be watched."""
RESCAN_MS = 30_000
"""How often everything is looked at at least, whatever events say; of thousands of files more
rarely, for it may take a thousandth of the time."""
_RARELY_MS = 120_000
_GAP_MS = 5000
_LOOK_MS = 50
_SHARE = 50
_RESCAN_SHARE = 1000
_FIND_REST = 5


class LiveHappened(NamedTuple):
    """The live side of a replica changed."""

    replica: Replica


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
    ``found`` is called with paths at which something happened that no replica is for;
    ``looked`` with how many of how many files were looked at for the first time; ``rested``
    while there is nothing else to do, as long as it answers that it has more.
    """

    def __init__(
        self,
        open_watcher: OpenWatcher | None,
        clock: Clock | None = None,
        switch: StopSwitch | None = None,
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
        self.looked: Callable[[int, int], None] = lambda _done, _total: None
        self.rested: Callable[[], bool] = lambda: False
        self._clock = clock or Clock()
        self._switch = switch or StopSwitch()
        self._watches = WatchKeeper(open_watcher, self.wakeup.send)
        self._agenda = Agenda()
        self._fresh: deque[Replica] = deque()
        self._unnamed: list[Replica] = []
        self._drift_ms = 0
        self._has_more = False
        self.is_running = False
        self._is_stopping = False
        self._next_turn_ms = 0
        self._next_rescan_ms = 0
        self._next_find_ms: int | None = None
        self._find_rest_ms = 0

    # -- from any thread -------------------------------------------------------------

    def stop(self) -> None:
        """Let the loop end soon, after what it was given before; at a signal, at once.

        A handler runs in the thread of the loop. It does not wait for what only reads; what
        is being written is finished.
        """
        self.wakeup.send(StopLoop())
        if self._switch.is_here:
            self._switch.stop()

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
        replica.moved = self._agenda.note
        if self.is_running:
            self._unnamed.append(replica)
            self._fresh.append(replica)

    def find_soon(self) -> None:
        """Let ``rescanned`` be called soon, once for many files that appear."""
        if self._next_find_ms is None:
            self._next_find_ms = self._clock.now_ms() + self._find_rest_ms

    @property
    def is_idle(self) -> bool:
        """Whether nothing is to be done until something happens."""
        is_looking = bool(self._fresh) or self._next_find_ms is not None
        return self._agenda.is_empty and not (is_looking or self.wakeup.has_messages)

    def run(
        self,
        begun: Callable[[], None] = lambda: None,
        watching: Callable[[], None] = lambda: None,
    ) -> None:
        """Keep everything in step until ``stop`` is called.

        ``watching`` is called when all is watched, ``begun`` when every file was looked at
        once as well.
        """
        self._switch.arm()
        try:
            self._watch_all()
            watching()
            while self._fresh and not self._is_stopping:
                self.turn()
            if not self._is_stopping:
                begun()
            while not self._is_stopping:
                self.turn()
        except WatchInterrupt:
            self._is_stopping = True
        finally:
            self._switch.disarm()
            self.close()

    def start(self) -> None:
        """Begin to watch, and look at every file for the first time."""
        self._watch_all()
        while self._fresh:
            self._fresh.popleft().begin()

    def _watch_all(self) -> None:
        self.is_running = True
        self._clock.attend(self)
        self._watches.renew()
        self._watches.name_all(self.replicas)
        self._arm()
        self._fresh.extend(self.replicas)
        now = self._clock.now_ms()
        self._drift_ms = self._drift(now)
        self._next_turn_ms, self._next_rescan_ms = now + TURN_MS, now + RESCAN_MS

    def close(self) -> None:
        """End watching."""
        self.is_running = False
        self.ended()
        self._watches.close()
        self.wakeup.close()

    def next_ms(self) -> int:
        """Return when there is something to do, whatever happens; from any thread."""
        wakes = [at for replica in self.replicas if (at := replica.wake_at_ms()) is not None]
        return min([*wakes, self._next_turn_ms, *filter(None, [self._next_find_ms])])

    def turn(self) -> None:
        """Wait for what comes next, and do what follows."""
        messages, listeners = self.wakeup.wait(self._wait_ms())
        if listeners:
            import socket

            with self._switch.finishing():
                for listener in listeners:
                    if isinstance(listener, socket.socket):
                        self.answer(listener)
        self._take(messages)
        now = self._clock.now_ms()
        if self._next_find_ms is not None and now >= self._next_find_ms:
            self._find()
        self._watch_new()
        self._look_at_due(now)
        self._look_at_fresh()
        now = self._clock.now_ms()
        if now >= self._next_turn_ms:
            self._check(now)
        self._has_more = self.is_idle and self.rested()

    def _wait_ms(self) -> int:
        if self._fresh or self._unnamed or self._has_more:
            return 0
        ats = (self._agenda.next_ms(), self._next_turn_ms, self._next_find_ms)
        return min(at for at in ats if at is not None) - self._clock.now_ms()

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
            known = self._watches.replicas_at(path)
            if known is None:
                self.found(path)
            for replica in known or ():
                replica.notice(FileNoticed)

    def _watch_new(self) -> None:
        """Watch the directories of files that came in, before they are read."""
        if self._unnamed:
            self._watches.name(self._unnamed)
            self._unnamed.clear()
            self._arm()

    def _look_at_due(self, now: int) -> None:
        """Look at files whose time has come, for a while: of thousands, events come in between."""
        while (replica := self._agenda.take(now)) is not None and not self._is_stopping:
            replica.notice(Tick)
            if self._clock.now_ms() >= now + _LOOK_MS:
                break

    def _look_at_fresh(self) -> None:
        """Look at some files for the first time; events and signals come in between."""
        if not self._fresh:
            return
        end = self._clock.now_ms() + _LOOK_MS
        while self._fresh and not self._is_stopping:
            self._fresh.popleft().begin()
            if self._clock.now_ms() >= end:
                break
        self.looked(len(self.replicas) - len(self._fresh), len(self.replicas))

    # -- now and then ----------------------------------------------------------------

    def _check(self, now: int) -> None:
        """See to the watches; look at what cannot be watched, and at everything at times."""
        drift_ms = self._drift(now)
        has_slept = abs(drift_ms - self._drift_ms) > _GAP_MS
        self._drift_ms = drift_ms
        self._next_turn_ms = now + TURN_MS
        self._watches.check(now)
        if self._watches.is_due(now):
            self._arm()
        if has_slept or now >= self._next_rescan_ms:
            self._next_rescan_ms = now + RESCAN_MS
            self._rescan(now)
            took_ms = self._clock.now_ms() - now
            # Added, since a rescan that is wanted at once meanwhile stays wanted.
            rest_ms = min(_RARELY_MS, max(RESCAN_MS, took_ms * _RESCAN_SHARE))
            self._next_rescan_ms += rest_ms - RESCAN_MS
        elif self._watches.blind:
            self._notice_touched(self._watches.blind)
            # Of thousands of files a look takes long: it may take a fiftieth of the time.
            took_ms = self._clock.now_ms() - now
            self._next_turn_ms = now + max(TURN_MS, took_ms * _SHARE)
        self.turned(now)

    def _drift(self, now: int) -> int:
        """Return how far the time of day is ahead: it goes on while the machine sleeps."""
        return int(self._clock.time_s() * 1000) - now

    def _find(self) -> None:
        """Take in what is new; a rest of some times as long as that takes follows."""
        self._next_find_ms = None
        began = self._clock.now_ms()
        self.rescanned()
        self._find_rest_ms = (self._clock.now_ms() - began) * _FIND_REST

    def _rescan(self, now: int) -> None:
        self._find()
        self._watches.name_all(self.replicas)
        self._unnamed.clear()
        self._arm()
        self._notice_touched(self.replicas)
        self._watches.ask(now)

    def _arm(self) -> None:
        """See to it that all directories are watched; tell of those that cannot be."""
        renewed, is_other = self._watches.arm(self.folders, self._clock.now_ms())
        if renewed:
            self._notice_touched(self._watches.touched(renewed))
        if not renewed.isdisjoint(self.folders):
            self.find_soon()
        if is_other:
            for replica in self.replicas:
                replica.notice(partial(WatchLost, reason=self._watches.reason(replica)))

    def _notice_touched(self, replicas: Iterable[Replica]) -> None:
        for replica in list(replicas):
            if replica.has_begun and replica.marks != marks_at(replica.file):
                replica.notice(FileNoticed)
