"""Watch event: one thing that happened to a watched file, as data."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.core.sync.actions import Report, Topic
from sessionctl.errors import SessionctlError
from sessionctl.services.documents.checked_file import SESSION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from sessionctl.core.conflict.conflict import Conflict
    from sessionctl.core.toml.document import Document
    from sessionctl.services.documents.checked_file import CheckedFile
    from sessionctl.services.documents.document_comparison import Comparison

VALID = "valid"
"""A valid file was looked at for the first time."""
COMMITTED = "committed"
UNCOMMITTED = "uncommitted"
EXTRACTED = "extracted"
NOT_EXTRACTED = "not-extracted"
STRAY = "stray"
"""A file carrier left a copy that lost."""


class AutoCommit(NamedTuple):
    """A commit that was made: its hash and its subject."""

    commit: str
    subject: str


class AutoFailure(NamedTuple):
    """Why a commit, or an extraction, was not made; None where a file is not fit for it."""

    error: SessionctlError | None


class MovedSecrets(NamedTuple):
    """The names of the secrets that were moved to the sidecar."""

    names: tuple[str, ...]


class StrayCopy(NamedTuple):
    """A copy that lost; ``winner`` is the file it was a version of."""

    winner: str


if TYPE_CHECKING:
    ReadDocument: TypeAlias = Callable[[str, str], Document]
    Detail: TypeAlias = Report | AutoCommit | AutoFailure | MovedSecrets | StrayCopy


class WatchEvent(NamedTuple):
    """One thing that happened to a file; ``time_s`` is in seconds since 1970.

    ``what`` is a stable word: a topic of the state machine, or one of this module;
    ``detail`` says more of it. ``checked`` holds what validation found, ``comparison`` what
    changed. ``other`` is the copy that the file is kept in step with, "" for none.
    """

    time_s: float
    file: str
    what: str
    detail: Detail
    checked: CheckedFile | None = None
    comparison: Comparison | None = None
    other: str = ""
    more: int = 0
    """How many other files it happened to for the same reason, at the same time."""

    def __repr__(self) -> str:
        # The texts of a report may hold a secret.
        about = f"what={self.what!r}, other={self.other!r}"
        return f"WatchEvent(time_s={self.time_s!r}, file={self.file!r}, {about})"

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        """What clashes with the other copy."""
        return self.detail.conflicts if isinstance(self.detail, Report) else ()

    @property
    def note(self) -> str:
        """Why, where the state machine says so."""
        return self.detail.note if isinstance(self.detail, Report) else ""

    @property
    def is_bad(self) -> bool:
        """Whether a person should do something about it."""
        return self.what in _BAD


_BAD = frozenset(
    what.value
    for what in (
        Topic.CONFLICT,
        Topic.INVALID,
        Topic.UNREADABLE,
        Topic.MARKED,
        Topic.MISSING,
        Topic.FAILED,
        Topic.DEGRADED,
    )
) | {UNCOMMITTED, NOT_EXTRACTED, STRAY}
_COMPARED = (Topic.APPLIED, Topic.SAVED, Topic.MERGED, Topic.SETTLED)
_CHECKED = (Topic.INVALID, Topic.MARKED, Topic.UNREADABLE)


def _read(file: str, text: str) -> Document:
    from sessionctl.core.toml.document import Document

    return Document.parse(text, file)


def event_of(
    report: Report,
    file: str,
    time_s: float,
    checked: CheckedFile | None = None,
    other: str = "",
    *,
    read: ReadDocument | None = _read,
) -> WatchEvent:
    """Return what ``report`` of the state machine means for ``file``.

    ``checked`` is what the last look at the file found. ``read`` makes documents of a file's
    texts, to find out what changed; without it that is not asked.
    """
    is_first = report.what is Topic.APPLIED and report.before is None
    return WatchEvent(
        time_s,
        file,
        VALID if is_first else report.what.value,
        report,
        checked if report.what in _CHECKED else None,
        None if read is None else _comparison(file, report, checked, read),
        other,
    )


def _comparison(
    file: str, report: Report, checked: CheckedFile | None, read: ReadDocument
) -> Comparison | None:
    if report.what not in _COMPARED or report.before is None or report.after is None:
        return None
    from sessionctl.core.filename import is_session_name
    from sessionctl.services.documents.document_comparison import compare_documents

    # The schema that all files of a watch were held to knows more and more by heart.
    schema = checked.model if checked is not None and checked.schema == SESSION else None
    is_session = is_session_name(file)
    try:
        # The text of now first: it is the one that was checked last.
        after = read(file, report.after)
        before = read(file, report.before)
        return compare_documents(before, after, is_session=is_session, session_schema=schema)
    except SessionctlError:
        return None
