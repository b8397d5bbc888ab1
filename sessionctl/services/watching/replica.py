"""Replica: one file and its live side, and the machine between them at work."""

from __future__ import annotations

import os
from functools import partial
from typing import NamedTuple

from sessionctl.core.filename import is_sidecar_name
from sessionctl.core.sync.actions import (
    ApplyLive,
    KeepBase,
    KeepConflicts,
    KeepPending,
    LookAtSides,
    Report,
    SaveFile,
    Topic,
)
from sessionctl.core.sync.events import (
    ActionOutcome,
    ApplyResult,
    Begin,
    FileKind,
    FileNoticed,
    LiveNoticed,
    SidesSeen,
    WriteResult,
)
from sessionctl.core.sync.reconciliation import SyncRules
from sessionctl.core.sync.state import SyncState
from sessionctl.core.sync.timing import Timing
from sessionctl.core.sync.transition import step
from sessionctl.core.text.shellwords import path_word
from sessionctl.errors import ChangedError, SessionctlError
from sessionctl.services.watching.file_reading import ContentCheck, FileReader
from sessionctl.services.watching.stop_switch import UNSTOPPED, StopSwitch
from sessionctl.services.watching.sync_memory import SyncMemory
from sessionctl.services.watching.watch_event import event_of
from sessionctl.system.files.snapshot import GIT_LOCK, git_operation, glance_at
from sessionctl.system.watch.wakeup import Clock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from sessionctl.core.sync.actions import Action
    from sessionctl.core.sync.events import Event, FileSeen
    from sessionctl.services.documents.checked_file import CheckedFile
    from sessionctl.services.machine import Machine
    from sessionctl.services.watching.file_set import MirrorSide
    from sessionctl.services.watching.live_side import LiveSide
    from sessionctl.services.watching.sync_memory import AgreedState
    from sessionctl.services.watching.watch_event import WatchEvent
    from sessionctl.system.files.snapshot import Snapshot
    from sessionctl.system.store.store import Store

_WHY = "watch"


class ReplicaContext(NamedTuple):
    """What every replica works with: the store, the machine, the time, who listens.

    ``glance`` reads files, without waiting; ``check`` is shared by all files of a watch, and so
    is ``switch``, which ends it.
    ``is_own_work`` tells that it is this program's own git that holds the lock for a file.
    ``is_compared`` tells that events say what changed. ``kept`` is called with a file whose text
    was kept without waiting for the disk, which is to be done later; without it, it is waited for.
    """

    store: Store
    machine: Machine
    tell: Callable[[WatchEvent], None]
    check: ContentCheck
    clock: Clock = Clock()
    timing: Timing = Timing()
    glance: Callable[[str], Snapshot] = glance_at
    is_own_work: Callable[[str], bool] = lambda _file: False
    is_compared: bool = True
    kept: Callable[[str], None] | None = None
    switch: StopSwitch = UNSTOPPED

    def git_work(self, file: str) -> str:
        """Return what others let git do where ``file`` lies, "" for nothing.

        A commit of our own leaves files alone, and may wait long for a hook.
        """
        found = git_operation(file, self.machine.environ)
        return "" if found == GIT_LOCK and self.is_own_work(file) else found


class Replica:
    """One file that is kept in step with a live side; used by one thread."""

    def __init__(
        self,
        file: str,
        live: LiveSide,
        around: ReplicaContext,
        remembered: AgreedState | Callable[[], AgreedState],
        live_name: str = "",
        side: MirrorSide | None = None,
    ) -> None:
        """Take the file, its live side, and what was remembered of it, or what looks it up.

        Of a mirror's ``side``, directories below it are made where a new file needs them; one
        that is closed is only written in.
        """
        self._below = "" if side is None else side.directory
        self._root = self._below if side is not None and side.is_closed else ""
        self.file = file
        self.marks: tuple[int, ...] = ()
        self.checked: CheckedFile | None = None
        self._live = live
        self._live_name = live_name
        self._around = around
        self._reader = FileReader(file, around.check, around.glance)
        self._memory = SyncMemory(around.store, file)
        self.moved: Callable[[Replica], None] = lambda _replica: None
        """Called whenever ``wake_at_ms`` may have changed."""
        self.state = SyncState()
        self._recall: Callable[[], AgreedState] | None = None
        if callable(remembered):
            self._recall = remembered
        else:
            self._know(remembered)
        self._rules = SyncRules(timing=around.timing)
        self._live_failure = ""

    # -- what happens ----------------------------------------------------------------

    def _know(self, remembered: AgreedState) -> None:
        self.state = self.state._replace(base=remembered.base, pending=remembered.pending)

    @property
    def has_begun(self) -> bool:
        """Whether what was remembered is known, and both sides were looked at or are next."""
        return self._recall is None

    def begin(self) -> None:
        """Look at both sides for the first time."""
        if self._recall is not None:
            self._know(self._recall())
            self._recall = None
        self.take(Begin(self._now()))

    def notice(self, event: Callable[[int], Event]) -> None:
        """Take an event that happens now: ``FileNoticed``, ``LiveNoticed``, ``Tick``..."""
        taken = event(self._now())
        # Both sides will be looked at anyway. A look before that, without the base of what was
        # remembered, would take edits of both sides for clashes.
        if self.has_begun or not isinstance(taken, FileNoticed | LiveNoticed):
            self.take(taken)

    def wake_at_ms(self) -> int | None:
        """Return when a ``Tick`` is wanted."""
        return self.state.wake_at_ms(self._around.timing)

    def take(self, event: Event) -> None:
        """Take an event, and do all that follows from it."""
        events = [event]
        while events:
            self.state, actions = step(self.state, events.pop(0), self._rules)
            for action in actions:
                answer = self._carry_out(action)
                if answer is not None:
                    events.append(answer)
        self.moved(self)

    # -- what follows ----------------------------------------------------------------

    def _carry_out(self, action: Action) -> Event | None:
        match action:
            case LookAtSides():
                return self._look()
            case SaveFile():
                with self._around.switch.finishing():
                    return self._write(action)
            case ApplyLive():
                with self._around.switch.finishing():
                    return self._apply(action)
            case KeepBase(text):
                kept = self._around.kept
                self._keep(partial(self._memory.keep_base, text, is_durable=kept is None))
                if kept is not None:
                    kept(self.file)
            case KeepPending(text):
                self._keep(partial(self._memory.keep_pending, text))
            case KeepConflicts():
                pass  # base, file and pending text make them again at any time
            case Report():
                self._tell(action)
        return None

    def _look(self) -> SidesSeen:
        reading = self._reader.read(self.state.base)
        self.marks, self.checked = reading.marks, reading.checked
        if reading.checked is not None and reading.checked.is_valid:
            self._rules = SyncRules(reading.checked.model, self._around.timing)
        # Git last: what it began to change while the file was read is not trusted.
        git = self._around.git_work(self.file)
        live = self._live_text(reading.seen)
        return SidesSeen(self._now(), reading.seen, live, git, reading.is_open)

    def _live_text(self, seen: FileSeen) -> str | None:
        """Return what the live side has; as it was, where that cannot be told now."""
        before = self.state.base
        if before is None and seen.kind is FileKind.TEXT:
            # Not as the file is by now: what others change meanwhile is no edit of this side.
            before = seen.text
        try:
            return self._live.get(before)
        except Exception as error:  # noqa: BLE001 - an application's code must not end the watch
            note = f"the live side cannot be read: {_reason(error)}"
            if note != self._live_failure:
                self._tell(Report(Topic.FAILED, note=note))
            self._live_failure = note
            return self.state.live

    def _write(self, action: SaveFile) -> WriteResult:
        if self._around.git_work(self.file):
            return WriteResult(self._now(), ActionOutcome.CHANGED)
        obstacle = self._way_out() or self._without_vault() or self._obstacle(action.text)
        if obstacle:
            return WriteResult(self._now(), ActionOutcome.FAILED, obstacle)
        store = self._around.store
        try:
            if action.expected is None:
                data, root = action.text.encode(), self._root
                store.make_directory_of(self.file, below=self._below)
                store.restore(self.file, data, expected=None, why=_WHY, within=root)
                return WriteResult(self._now())
            # What somebody else wrote at the same time is merged into it, and seen as an edit of
            # the file that came after this one.
            store.save(
                self.file, action.text, expected=action.expected, why=_WHY, within=self._root
            )
        except ChangedError:
            return WriteResult(self._now(), ActionOutcome.CHANGED)
        except SessionctlError as error:
            return WriteResult(self._now(), ActionOutcome.FAILED, error.message)
        return WriteResult(self._now())

    def _way_out(self) -> str:
        """Return why the file is not one of its directory any more, "" when it is."""
        if not self._root:
            return ""
        from sessionctl.services.watching.file_set import leads_out

        if leads_out(self.file, self._root):
            return f"not written, a symlink leads out of {self._root}"
        return ""

    def _without_vault(self) -> str:
        """Return why the file must not be a copy here: what opens it is not here; "" else."""
        if not (self._live_name and is_sidecar_name(os.path.basename(self.file))):  # noqa: PTH119
            return ""
        from sessionctl.services.secrets.access.secret_place import find_place

        here, there = find_place(self.file), find_place(self._live_name)
        if not there.has_vault:
            return ""
        if here.has_vault:
            from sessionctl.services.secrets.vault_reach import is_same_vault

            where = f"the vault in {there.where}, and another one is in {here.where}"
            same = is_same_vault(here, there)
            return "" if same else f"not written, its secrets are sealed for {where}"
        sources = [path.resolve() for path in (there.recipients, there.vault.parent)]
        words = " ".join(path_word(str(path)) for path in sources if path.exists())
        target = path_word(str(here.root.resolve()))
        step = f"mkdir -p {target} && cp -R {words} {target}"
        return f"not written: it cannot be decrypted without the vault; copy that first: {step}"

    def _obstacle(self, text: str) -> str:
        """Return why ``text`` must not be written, "" when it may."""
        checked = self._around.check(self.file, text.encode())
        if checked.is_valid:
            return ""
        if checked.failure is not None:
            return checked.failure.message
        problem = checked.errors[0]
        from sessionctl.core.render.problem_line import keyed_message

        return f"not written, it would not be valid: {keyed_message(problem)}"

    def _apply(self, action: ApplyLive) -> ApplyResult:
        try:
            is_done = self._live.apply(action.text, action.expected)
        except Exception as error:  # noqa: BLE001 - an application's code must not end the watch
            note = f"the live side did not take an edit over: {_reason(error)}"
            return ApplyResult(self._now(), ActionOutcome.FAILED, note)
        return ApplyResult(self._now(), ActionOutcome.DONE if is_done else ActionOutcome.CHANGED)

    def _keep(self, keep: Callable[[], None]) -> None:
        try:
            with self._around.switch.finishing():
                keep()
        except SessionctlError as error:
            self._tell(Report(Topic.FAILED, note=error.message))

    def _tell(self, report: Report) -> None:
        time_s = self._around.clock.time_s()
        about = (time_s, self.checked, self._live_name)
        read = self._around.check.document if self._around.is_compared else None
        event = event_of(report, self.file, *about, read=read)
        with self._around.switch.finishing():
            self._around.tell(event)

    def _now(self) -> int:
        return self._around.clock.now_ms()


def _reason(error: Exception) -> str:
    """Return why; the words of a foreign error may quote a value, so its kind alone."""
    return error.message if isinstance(error, SessionctlError) else type(error).__name__
