"""A file, a live side and the machine between them, in a world that a test makes up."""

from __future__ import annotations

from sessionctl.core.sync.actions import (
    ApplyLive,
    KeepBase,
    KeepConflicts,
    KeepPending,
    LookAtSides,
    Report,
    SaveFile,
)
from sessionctl.core.sync.events import (
    ActionOutcome,
    ApplyResult,
    Begin,
    FileKind,
    FileNoticed,
    FileSeen,
    LiveNoticed,
    SidesSeen,
    Tick,
    WriteResult,
)
from sessionctl.core.sync.reconciliation import SyncRules
from sessionctl.core.sync.state import SyncState
from sessionctl.core.sync.transition import step
from sessionctl.core.toml.document import Document
from sessionctl.errors import ParseError


class World:
    """What is really there; the machine learns of it by looking only.

    ``meddle`` is called once, right before the next write or apply, as others do.
    """

    def __init__(self, file=None, live=None, base=None, rules=None):
        self.rules = rules or SyncRules()
        self.now_ms = 0
        self.file = file
        self.live = live
        self.git = ""
        self.is_open = False
        self.failure = ""
        self.refusal = ""
        self.meddle = None
        self.base = base
        self.pending = None
        self.conflicts = ()
        self.told = []
        self.writes = []
        self.applied = []
        self.looks = 0
        self.state = SyncState(base=base)

    # -- what happens ----------------------------------------------------------------

    def save(self, text):
        """Let somebody write the file, and the watcher notice."""
        self.file = text
        self.notice()

    def notice(self):
        self.send(FileNoticed(self.now_ms))

    def change(self, text):
        """Let the live side change, and say so."""
        self.live = text
        self.send(LiveNoticed(self.now_ms))

    def wait(self, duration_ms):
        """Let time go by, with a tick whenever the machine wants one."""
        end = self.now_ms + duration_ms
        while True:
            at = self.state.wake_at_ms(self.rules.timing)
            if at is None or at > end:
                break
            self.now_ms = max(self.now_ms, at)
            self.send(Tick(self.now_ms))
        self.now_ms = end

    def send(self, event):
        queue = [event]
        while queue:
            self.state, actions = step(self.state, queue.pop(0), self.rules)
            for action in actions:
                answer = self.carry_out(action)
                if answer is not None:
                    queue.append(answer)

    def restart(self, live):
        """Let the process end and a new one begin, with what was kept and ``live``."""
        self.live = live
        self.state = SyncState(base=self.base, pending=self.pending)
        self.send(Begin(self.now_ms))

    # -- what the machine does -------------------------------------------------------

    def carry_out(self, action):
        match action:
            case LookAtSides():
                self.looks += 1
                return SidesSeen(self.now_ms, self.seen(), self.live, self.git, self.is_open)
            case SaveFile(text, expected):
                self._meddle()
                return self.write(text, expected)
            case ApplyLive(text, expected):
                self._meddle()
                return self.apply(text, expected)
            case KeepBase(text):
                self.base, self.pending = text, None
            case KeepPending(text):
                self.pending = text
            case KeepConflicts(conflicts):
                self.conflicts = conflicts
            case Report():
                self.told.append(action)
        return None

    def write(self, text, expected):
        if self.failure:
            return WriteResult(self.now_ms, ActionOutcome.FAILED, self.failure)
        if self.file != expected:
            return WriteResult(self.now_ms, ActionOutcome.CHANGED)
        self.writes.append(text)
        self.file = text
        self._learn(FileNoticed(self.now_ms))  # the watcher sees our own writes like any other
        return WriteResult(self.now_ms)

    def apply(self, text, expected):
        if self.refusal:
            return ApplyResult(self.now_ms, ActionOutcome.FAILED, self.refusal)
        if self.live != expected:
            return ApplyResult(self.now_ms, ActionOutcome.CHANGED)
        self.applied.append(text)
        self.live = text
        return ApplyResult(self.now_ms)

    def seen(self):
        if self.file is None:
            return FileSeen(FileKind.MISSING)
        if "<<<<<<<" in self.file:
            return FileSeen(FileKind.MARKED, self.file)
        try:
            Document.parse(self.file)
        except ParseError as error:
            return FileSeen(FileKind.INVALID, self.file, error.message)
        return FileSeen(FileKind.TEXT, self.file)

    def _meddle(self):
        meddle, self.meddle = self.meddle, None
        if meddle is not None:
            meddle()
            self._learn(FileNoticed(self.now_ms))
            self._learn(LiveNoticed(self.now_ms))

    def _learn(self, event):
        """Let the machine know of ``event`` while it waits for an answer."""
        self.state, actions = step(self.state, event, self.rules)
        assert not actions

    @property
    def whats(self):
        """Return what was told, in order."""
        return [told.what.value for told in self.told]
