"""Rehearsal: what a watch would do at first, with all that it would write left undone."""

from __future__ import annotations

import os
from typing import NamedTuple

from sessionctl.services.watching.watch_run import Watch
from sessionctl.system.files.snapshot import Snapshot, glance_at
from sessionctl.system.store.store import SaveResult, Store
from sessionctl.system.watch.wakeup import Clock
from sessionctl.system.watch.watcher import ArmResult

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sessionctl.services.watching.file_set import FileSet
    from sessionctl.services.watching.replica import ReplicaContext
    from sessionctl.services.watching.watch_event import WatchEvent
    from sessionctl.system.store.store import Note, PathText

_TURNS = 100


class RehearsalReport(NamedTuple):
    """What a watch would do: the files, how each stands, and what would happen to them."""

    files: tuple[tuple[str, str], ...]
    events: tuple[WatchEvent, ...]


def rehearse(files: FileSet, around: ReplicaContext) -> RehearsalReport:
    """Return what a watch of ``files`` would do at first; nothing is written.

    Raises:
      FileError: a directory cannot be read.
    """
    events: list[WatchEvent] = []
    clock = _SteppedClock(around.clock.time_s())
    store = _RecordingStore(around.store.directory)
    around = around._replace(store=store, tell=events.append, clock=clock, glance=store.glance)
    watch = Watch(files, around, _IdleWatcher)
    watch.loop.start()
    try:
        for _ in range(_TURNS):
            wakes = [r.wake_at_ms() for r in watch.replicas]
            at = min((wake for wake in wakes if wake is not None), default=clock.now_ms())
            clock.leap(at)
            watch.loop.turn()
            if watch.loop.is_idle:
                break
    finally:
        watch.loop.close()
    files_found = tuple((r.file, r.state.phase.value) for r in watch.replicas)
    return RehearsalReport(files_found, tuple(events))


class _SteppedClock(Clock):
    """A clock that goes forward only when it is told to."""

    def __init__(self, time_s: float) -> None:
        self._time_s = time_s
        self._now_ms = 0

    def now_ms(self) -> int:
        return self._now_ms

    def time_s(self) -> float:
        return self._time_s + self._now_ms / 1000

    def leap(self, at_ms: int) -> None:
        self._now_ms = max(self._now_ms, at_ms)


class _RecordingStore(Store):
    """A store that only remembers what it would have written."""

    def __init__(self, directory: str | None) -> None:
        super().__init__(directory)
        self._written: dict[str, bytes] = {}

    def glance(self, path: str) -> Snapshot:
        """Return what the file would hold."""
        data = self._written.get(os.path.realpath(path))
        return glance_at(path) if data is None else Snapshot(data)

    def save(
        self,
        path: PathText,
        text: str,
        *,
        expected: str | None = None,
        why: str = "save",
        within: str = "",
    ) -> SaveResult:
        self._written[os.path.realpath(path)] = text.encode()
        return SaveResult(is_changed=True, text=text)

    def restore(
        self,
        path: PathText,
        data: bytes,
        *,
        expected: bytes | None,
        why: str = "restore",
        within: str = "",
    ) -> tuple[Note, ...]:
        self._written[os.path.realpath(path)] = data
        return ()

    def make_directory_of(self, path: PathText, *, below: str) -> None:
        return

    def keep(self, path: PathText, text: str, *, why: str, is_durable: bool = True) -> str:
        return ""


class _IdleWatcher:
    """A watcher that sees nothing: a rehearsal is over before anything happens."""

    def __init__(self, _notice: Callable[[str], None], _lost: Callable[[], None]) -> None:
        self.beats = 0

    def arm(self, directories: Iterable[str]) -> ArmResult:
        return ArmResult(frozenset(), {})

    def beat(self) -> None:
        self.beats += 1

    def close(self) -> None:
        return
