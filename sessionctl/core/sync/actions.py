"""Actions: what the state machine wants done, and what it has to report."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.core.conflict.conflict import Conflict
from sessionctl.core.light_enum import Enum
from sessionctl.core.sync.events import FileKind
from sessionctl.core.sync.reconciliation import Cause

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias


class LookAtSides(NamedTuple):
    """Read the file and the live side, and answer with ``Looked``."""


class SaveFile(NamedTuple):
    """Write the file if it holds ``expected`` (None: is not there); answer ``Written``."""

    text: str
    expected: str | None


class ApplyLive(NamedTuple):
    """Give ``text`` to the live side if it still is ``expected``; answer ``Applied``."""

    text: str
    expected: str | None


class KeepBase(NamedTuple):
    """Remember ``text`` as what both sides last agreed on; there is nothing pending now."""

    text: str


class KeepPending(NamedTuple):
    """Remember ``text``: the live side, which cannot be written to the file now."""

    text: str


class KeepConflicts(NamedTuple):
    """Remember these conflicts in the place of the former ones; none: they are settled."""

    conflicts: tuple[Conflict, ...]


class Topic(Enum):
    """What is reported of a document."""

    APPLIED = "applied"
    """An edit of the file reached the live side."""
    SAVED = "saved"
    """A change of the live side reached the file."""
    MERGED = "merged"
    CONFLICT = "conflict"
    SETTLED = "settled"
    INVALID = "invalid"
    MENDED = "mended"
    """The file is valid again, and as it was."""
    UNREADABLE = "unreadable"
    MARKED = "marked"
    MISSING = "missing"
    BACK = "back"
    GIT_BUSY = "git-busy"
    GIT_DONE = "git-done"
    FAILED = "failed"
    DEGRADED = "degraded"
    RECOVERED = "recovered"


OBSTACLES = {
    FileKind.INVALID: Topic.INVALID,
    FileKind.MARKED: Topic.MARKED,
    FileKind.UNREADABLE: Topic.UNREADABLE,
}
"""What is reported of a file that cannot be used as it is."""
DONE = {
    Cause.FILE: Topic.APPLIED,
    Cause.LIVE: Topic.SAVED,
    Cause.BOTH: Topic.MERGED,
    Cause.SETTLED: Topic.SETTLED,
}
"""What is reported of a plan that was carried out, by what it came from."""


class Report(NamedTuple):
    """Something that happened; ``before`` and ``after`` are texts of the side that changed.

    ``note`` is why, in words.
    """

    what: Topic
    before: str | None = None
    after: str | None = None
    note: str = ""
    conflicts: tuple[Conflict, ...] = ()


if TYPE_CHECKING:
    Action: TypeAlias = (
        LookAtSides | SaveFile | ApplyLive | KeepBase | KeepPending | KeepConflicts | Report
    )
