"""State: what is known of one document that is kept in step."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.core.conflict.conflict import Conflict
from sessionctl.core.light_enum import Enum
from sessionctl.core.sync.events import FileKind, FileSeen, Recreate, Settle
from sessionctl.core.sync.reconciliation import Reconciliation
from sessionctl.core.sync.timing import Due, Timing


class Phase(Enum):
    """How a document stands."""

    CLEAN = "clean"
    LIVE_DIRTY = "live-dirty"
    FILE_DIRTY = "file-dirty"
    BOTH_DIRTY = "both-dirty"
    CONFLICT = "conflict"
    INVALID = "invalid"
    GIT_BUSY = "git-busy"
    MISSING = "missing"
    DEGRADED = "degraded"


class OngoingChange(NamedTuple):
    """A plan that is being carried out, and what file and live were before."""

    plan: Reconciliation
    file_before: str | None
    live_before: str | None


class SyncState(NamedTuple):
    """What is known of one document; a new one knows its last base, or None.

    ``file`` and ``live`` are what the last look showed (None: not looked yet, nothing
    live). ``blocked`` is what was told to be in the way of the file: invalid, marked or
    unreadable content. ``pending`` is the live text that was put aside last. ``wait``
    names what is waited for in growing steps, ``tries`` counts them. ``wish`` is what
    the user asked for.
    """

    base: str | None = None
    file: FileSeen | None = None
    live: str | None = None
    file_due: Due | None = None
    live_due: Due | None = None
    retry_at_ms: int | None = None
    is_looking: bool = False
    running: OngoingChange | None = None
    conflicts: tuple[Conflict, ...] = ()
    settled: tuple[str, str] | None = None
    """File and live as the last plan left them."""

    wait: str = ""
    tries: int = 0
    open: tuple[str, int] | None = None
    """The text of the file that another program holds open for writing, and since when."""
    gone_since_ms: int | None = None
    is_missing: bool = False
    blocked: FileSeen | None = None
    git: str = ""
    is_git_told: bool = False
    failure: str = ""
    watch_lost: str = ""
    pending: str | None = None
    wish: Settle | Recreate | None = None

    @property
    def phase(self) -> Phase:
        """How the document stands; what needs a person comes first."""
        for phase, holds in (
            (Phase.GIT_BUSY, self.git or self.is_marked),
            (Phase.MISSING, self.is_missing),
            (Phase.INVALID, self.blocked),
            (Phase.CONFLICT, self.conflicts),
            (Phase.BOTH_DIRTY, self.is_file_dirty and self.is_live_dirty),
            (Phase.FILE_DIRTY, self.is_file_dirty),
            (Phase.LIVE_DIRTY, self.is_live_dirty),
            (Phase.DEGRADED, self.watch_lost),
        ):
            if holds:
                return phase
        return Phase.CLEAN

    @property
    def is_marked(self) -> bool:
        """Whether the file has conflict markers in it."""
        return self.blocked is not None and self.blocked.kind is FileKind.MARKED

    @property
    def is_file_dirty(self) -> bool:
        """Whether the file holds what the live side does not have yet."""
        file = self.file
        return file is not None and file.kind is FileKind.TEXT and file.text != self.base

    @property
    def is_live_dirty(self) -> bool:
        """Whether the live side has, or may have, what the file does not hold yet."""
        return self.live_due is not None or (self.live is not None and self.live != self.base)

    def wake_at_ms(self, timing: Timing) -> int | None:
        """Return when the next ``Tick`` is wanted, None when only events matter."""
        if self.is_looking or self.running is not None:
            return None
        if self.file_due is not None:
            return self.file_at_ms(timing)
        found = [self.retry_at_ms, self.live_at_ms(timing)]
        return min((at for at in found if at is not None), default=None)

    def file_at_ms(self, timing: Timing) -> int | None:
        """Return when the file is to be looked at because something happened to it."""
        due = self.file_due
        return None if due is None else due.at(timing.file_quiet_ms, timing.file_longest_ms)

    def live_at_ms(self, timing: Timing) -> int | None:
        """Return when the live side is to be saved."""
        due = self.live_due
        return None if due is None else due.at(timing.live_quiet_ms, timing.live_longest_ms)
