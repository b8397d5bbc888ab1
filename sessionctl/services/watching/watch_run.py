"""Watch run: the file set put together with the loop, mirrors, commits and extractions."""

from __future__ import annotations

import os
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial

from sessionctl.core.leftover import is_losing_copy, winner_of
from sessionctl.core.sync.actions import Report, Topic
from sessionctl.errors import FileError, SessionctlError
from sessionctl.services.watching.file_set import without_known
from sessionctl.services.watching.live_side import LastGood, SharedCopies
from sessionctl.services.watching.loop.loop import Loop
from sessionctl.services.watching.replica import Replica
from sessionctl.services.watching.sync_memory import SyncMemory
from sessionctl.services.watching.watch_event import STRAY, StrayCopy, WatchEvent, event_of
from sessionctl.system.files.session_files import is_directory
from sessionctl.system.free_memory import give_back

# ruff: noqa: PTH110, PTH118, PTH119, PTH120

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.services.watching.auto_commit import Committer
    from sessionctl.services.watching.auto_extraction import Extractor
    from sessionctl.services.watching.file_set import FileSet
    from sessionctl.services.watching.live_side import Copy
    from sessionctl.services.watching.loop.watch_keeper import OpenWatcher
    from sessionctl.services.watching.replica import ReplicaContext
    from sessionctl.services.watching.sync_memory import AgreedState

_MANY = 100
"""After so many reports the memory that they took is given back."""
_OF_THE_SYSTEM = frozenset({Topic.DEGRADED.value, Topic.RECOVERED.value})


class Watch:
    """Watches a file set until it is stopped.

    ``around.tell`` hears of all that happens; ``open_watcher`` is the loop's.
    """

    def __init__(
        self,
        files: FileSet,
        around: ReplicaContext,
        open_watcher: OpenWatcher | None,
        committer: Committer | None = None,
        extractor: Extractor | None = None,
    ) -> None:
        """Find the files; nothing is watched or changed yet.

        Raises:
          FileError: a directory cannot be read.
        """
        self._files = files
        self._hear = around.tell
        holds_lock = around.is_own_work if committer is None else committer.holds_lock
        self._unsynced: dict[str, None] = {}
        self._around = around._replace(
            tell=self._tell, is_own_work=holds_lock, kept=self._note_unsynced
        )
        self._committer = committer
        self._extractor = extractor
        self._unextracted: dict[str, None] = {}
        self._gathered: list[WatchEvent] = []
        self._strays: set[str] = set()
        self._reported = 0
        self.since = datetime.fromtimestamp(around.clock.time_s(), UTC).isoformat(
            timespec="seconds"
        )
        self.loop = Loop(open_watcher, around.clock, around.switch)
        self.loop.found = self._appeared
        self.loop.rescanned = self._find
        self.loop.turned = self._turned
        self.loop.rested = self._rest
        if committer is not None:
            self.loop.ended = committer.stop
        found = files.find()
        self.loop.folders = set(found.folders)
        for group in found.groups:
            self._add(group)
        self.loop.call(self._tell_escaping)

    @property
    def replicas(self) -> list[Replica]:
        """The files that are watched."""
        return self.loop.replicas

    def _add(self, group: tuple[str, ...]) -> None:
        """Keep a file, or the copies of one, in step; what was kept of them is read later."""
        if len(group) == 1:
            live = LastGood(None)
            recall = partial(_recall_file, SyncMemory(self._around.store, group[0]), live)
            self.loop.add(Replica(group[0], live, self._around, recall))
            return
        shared = SharedCopies(None)
        memory = _GroupMemory([SyncMemory(self._around.store, file) for file in group], shared)
        timing = self._around.timing._replace(live_quiet_ms=0, live_longest_ms=0)
        # Of copies, the base must outlive what is written to them.
        around = self._around._replace(timing=timing, kept=None)
        copies: list[Copy] = []
        replicas = []
        for index, file in enumerate(group):
            copy = shared.copy(lambda: None)
            copies.append(copy)
            other = group[1 - index]
            side = self._files.side_of(file)
            recall = partial(memory.recall, index)
            replicas.append(Replica(file, copy, around, recall, other, side))
        for copy, replica in zip(copies, replicas, strict=True):
            copy.changed = partial(self.loop.live_changed, replica)
            self.loop.add(replica)

    def _appeared(self, path: str) -> None:
        """Take in a file that came into one of the directories."""
        name = os.path.basename(path)
        if is_losing_copy(name):
            self._tell_stray(path)
        elif os.path.dirname(path) in self.loop.folders and (
            self._files.takes(path) or is_directory(path)
        ):
            self.loop.find_soon()

    def _find(self) -> None:
        """Take in all files that are new."""
        with suppress(FileError):  # a directory that is gone for the moment
            found = self._files.find()
            self.loop.folders |= found.folders
            for group in without_known(found.groups, [one.file for one in self.replicas]):
                self._add(group)
        self._tell_escaping()

    def _tell_escaping(self) -> None:
        for file in sorted(self._files.escaping - self._strays):
            self._strays.add(file)
            note = "a symlink leads out of the repository: it is not part of the mirror"
            report = Report(Topic.FAILED, note=note)
            self._tell(event_of(report, file, self._around.clock.time_s(), None, ""))

    def _tell_stray(self, path: str) -> None:
        if path in self._strays or not os.path.exists(path):
            return
        self._strays.add(path)
        winner = os.path.join(os.path.dirname(path), winner_of(os.path.basename(path)))
        time_s = self._around.clock.time_s()
        self._tell(WatchEvent(time_s, path, STRAY, StrayCopy(winner)))

    def _tell(self, event: WatchEvent) -> None:
        """Report an event; what the limits of the system do to many files is said once."""
        if event.what not in _OF_THE_SYSTEM:
            self._report(event)
            return
        if not self._gathered:
            self.loop.call(self._report_gathered)
        self._gathered.append(event)

    def _report_gathered(self) -> None:
        gathered, self._gathered = self._gathered, []
        counts = Counter((one.what, one.note) for one in gathered)
        for event in gathered:
            count = counts.pop((event.what, event.note), 0)
            if count:
                self._report(event._replace(more=count - 1))

    def _report(self, event: WatchEvent) -> None:
        self._reported += 1
        if self._committer is not None:
            self._committer.note(event, self._around.clock.now_ms())
        self._hear(event)
        if self._extractor is not None and self._extractor.wants(event):
            self.loop.call(partial(self._extract, event.file))

    def _extract(self, file: str) -> None:
        assert self._extractor is not None
        if self._around.git_work(file):
            self._unextracted[file] = None
            return
        with self._around.switch.finishing():
            event = self._extractor.extract(file, self._around.clock.time_s())
            if event is not None:
                self._tell(event)

    def _turned(self, now_ms: int) -> None:
        """Do what waited for rest, or for git."""
        self._sync_some()  # where there is never rest
        waiting, self._unextracted = self._unextracted, {}
        for file in waiting:
            self._extract(file)
        if self._committer is None or self._committer.is_busy:
            return
        groups = self._committer.due(now_ms)
        if groups:
            time_s = self._around.clock.time_s()
            self._committer.start(groups, time_s, self._tell_later)

    def _note_unsynced(self, file: str) -> None:
        self._unsynced[file] = None

    def give_back(self) -> None:
        """Give back the memory that only looks at many files took."""
        self._reported = 0
        give_back()

    def _rest(self) -> bool:
        """Do what waits until nothing else is to be done; return whether more is left."""
        has_more = self._sync_some()
        if not has_more and self._reported >= _MANY:
            self.give_back()
        return has_more

    def _sync_some(self) -> bool:
        """Wait until what was kept of one more file is on the disk; return whether more is left.

        Of thousands of files that change at once, each is reported first: a disk takes longer
        than all the rest.
        """
        if not self._unsynced:
            return False
        file, _ = self._unsynced.popitem()
        try:
            SyncMemory(self._around.store, file).sync_base()
        except SessionctlError as error:
            report = Report(Topic.FAILED, note=error.message)
            self._tell(event_of(report, file, self._around.clock.time_s()))
        return bool(self._unsynced)

    def _tell_later(self, event: WatchEvent) -> None:
        """Report from another thread."""
        self.loop.call(partial(self._tell, event))


def _recall_file(memory: SyncMemory, live: LastGood) -> AgreedState:
    remembered = memory.recall()
    live.apply(remembered.base, None)
    return remembered


class _GroupMemory:
    """What is remembered of the copies of one file, read when the first of them is looked at."""

    def __init__(self, memories: list[SyncMemory], shared: SharedCopies) -> None:
        self._memories = memories
        self._shared = shared
        self._remembered: list[AgreedState] = []

    def recall(self, index: int) -> AgreedState:
        """Return what is remembered of one copy; all hold what the newest of them was."""
        if not self._remembered:
            self._remembered = [memory.recall() for memory in self._memories]
            newest = max(self._remembered, key=lambda remembered: remembered.time_ns)
            self._shared.text = newest.live
        return self._remembered[index]
