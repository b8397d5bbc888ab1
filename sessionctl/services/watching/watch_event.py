"""Happenings: what the machine tells of a document, in words, with the next step."""

from __future__ import annotations

from dataclasses import dataclass

from sessionctl.core.filename import is_session_name
from sessionctl.core.render.value_line import short_value
from sessionctl.core.scan.masked_values import masked
from sessionctl.core.sync.actions import Topic
from sessionctl.core.text.shellwords import path_word, quoted
from sessionctl.core.toml.document import Document
from sessionctl.core.values import same_value
from sessionctl.errors import SessionctlError
from sessionctl.services.documents.version_diff import DocumentVersion, compare
from sessionctl.system.files.snapshot import GIT_LOCK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from sessionctl.core.conflict.conflict import Conflict
    from sessionctl.core.diff.change import Change
    from sessionctl.core.sync.actions import Report
    from sessionctl.services.documents.checked_file import CheckedFile
    from sessionctl.services.documents.version_diff import Comparison

VALID = "valid"
"""What is told of a valid file that is looked at for the first time."""

_NAMED = 3


@dataclass(frozen=True, slots=True)
class WatchEvent:
    """One thing that happened to a file; ``time_s`` is in seconds since 1970.

    ``what`` is a stable word, ``message`` says it for people, ``hint`` is the next step,
    "" where there is none. ``checked`` holds what validation found, ``comparison`` what
    changed, ``conflicts`` what clashes. ``other`` is the copy that the file is kept in step
    with, "" for none.
    """

    time_s: float
    file: str
    what: str
    message: str
    hint: str = ""
    checked: CheckedFile | None = None
    comparison: Comparison | None = None
    conflicts: tuple[Conflict, ...] = ()
    other: str = ""

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
) | {"uncommitted", "not-extracted", "stray"}


@dataclass(frozen=True, slots=True)
class WatchWording:
    """Of which file is told, and how its live side is called (``""`` for none of its own)."""

    file: str
    live_name: str = ""


def describe(
    telling: WatchWording, told: Report, time_s: float, checked: CheckedFile | None = None
) -> WatchEvent:
    """Return ``told`` in words; ``checked`` is what the last look at the file found."""
    comparison = _comparison(telling.file, told)
    message, hint = _words(telling, told, comparison, checked)
    shown = checked if told.what in (Topic.INVALID, Topic.MARKED, Topic.UNREADABLE) else None
    is_first = told.what is Topic.APPLIED and told.before is None
    return WatchEvent(
        time_s,
        telling.file,
        VALID if is_first else told.what.value,
        message,
        hint,
        shown,
        comparison,
        told.conflicts,
        telling.live_name,
    )


def _comparison(file: str, told: Report) -> Comparison | None:
    if told.what not in (Topic.APPLIED, Topic.SAVED, Topic.MERGED, Topic.SETTLED):
        return None
    if told.before is None or told.after is None:
        return None
    try:
        return compare(DocumentVersion(file, told.before), DocumentVersion(file, told.after))
    except SessionctlError:
        return None


def _words(
    telling: WatchWording, told: Report, comparison: Comparison | None, checked: CheckedFile | None
) -> tuple[str, str]:
    """Return what happened, and the next step."""
    plain = _PLAIN.get(told.what)
    if plain is not None:
        return plain, ""
    if told.what in (Topic.APPLIED, Topic.SAVED, Topic.MERGED, Topic.CONFLICT):
        return _words_of_sync(telling, told, _changes(comparison))
    return _words_of_file(telling, told, checked)


def _words_of_sync(telling: WatchWording, told: Report, changed: str) -> tuple[str, str]:
    other = telling.live_name
    if told.what is Topic.APPLIED:
        if told.before is None:
            return "valid", ""
        return f"changed: {changed}" + (f"; given to {other}" if other else ""), ""
    if told.what is Topic.SAVED:
        origin = f", from {other}" if other else ""
        return f"made{origin}" if told.before is None else f"written{origin}: {changed}", ""
    if told.what is Topic.MERGED:
        return f"merged with {other or 'other changes'}: {changed}", ""
    keys = _names(str(found.path) or "lines" for found in told.conflicts)
    return f"conflict with {other or 'the live side'}: {keys}", _take_over(telling, told)


def _take_over(telling: WatchWording, told: Report) -> str:
    """Return the command that gives the file what the other side has, if it can be shown."""
    conflict = told.conflicts[0]
    key, value = str(conflict.path), "VALUE"
    try:
        document = Document.parse(conflict.theirs or "")
        found = document.get(conflict.path[-1:])
        shown = masked(found, in_session=is_session_name(telling.file), path=conflict.path)
        if isinstance(found, str | int | float) and same_value(shown, found):
            value = short_value(found)
    except SessionctlError:
        key = key or "KEY"
    command = f"sessionctl set {path_word(telling.file)} {quoted(key)} {quoted(value)}"
    return f"give both the same value: {command}"


def _words_of_file(
    telling: WatchWording, told: Report, checked: CheckedFile | None
) -> tuple[str, str]:
    word = path_word(telling.file)
    match told.what:
        case Topic.INVALID:
            return _invalid(checked, told.note), "mend it and save; it is left alone till then"
        case Topic.UNREADABLE:
            return told.note.removeprefix(f"{telling.file}: "), f"ls -l {word}"
        case Topic.MARKED:
            return "has conflict markers, it is left alone", f"sessionctl resolve {word}"
        case Topic.MISSING:
            hint = f"put it back: sessionctl recover {word}"
            return "is gone; it is not made again by itself", hint
        case Topic.GIT_BUSY if told.note == GIT_LOCK:
            return "git is at work, nothing is written", "if it is not: rm .git/index.lock"
        case Topic.GIT_BUSY:
            return (
                f"git is in the middle of a {told.note}, nothing is written",
                f"end it: git {told.note} --continue, or give it up: git {told.note} --abort",
            )
        case Topic.DEGRADED:
            return f"cannot be watched: {told.note}; it is looked at twice a second", _LIMITS
        case _:
            return told.note.removeprefix(f"{telling.file}: "), "it is tried again by itself"


_PLAIN = {
    Topic.SETTLED: "the conflict is settled",
    Topic.MENDED: "valid again, as it was before",
    Topic.BACK: "is back",
    Topic.GIT_DONE: "git is done",
    Topic.RECOVERED: "is watched again",
}
_LIMITS = "see the limits: sysctl fs.inotify"


def _invalid(checked: CheckedFile | None, note: str) -> str:
    if checked is None or not checked.problems:
        return f"invalid: {note}" if note else "invalid"
    errors = checked.errors
    count = f"{len(errors)} errors" if len(errors) != 1 else "1 error"
    return f"invalid, {count}"


def _changes(comparison: Comparison | None) -> str:
    """Return what changed in a few words; values are masked where they are secret."""
    if comparison is None:
        return "the whole text"
    changes = [change for change in comparison.shown.changes if not _is_comment(change)]
    if not changes:
        return "comments" if comparison.shown.changes else "layout"
    if len(changes) == 1:
        return _one(changes[0])
    return _names(str(change.path) for change in changes)


def _is_comment(change: Change) -> bool:
    from sessionctl.core.diff.change import CommentChanged

    return isinstance(change, CommentChanged)


def _one(change: Change) -> str:
    from sessionctl.core.diff.change import Added, Modified, Moved, Removed, Renamed

    path = str(change.path)
    match change:
        case Added():
            return f"{path} added: {short_value(change.after)}"
        case Removed():
            return f"{path} removed"
        case Modified():
            return f"{path}: {short_value(change.before)} -> {short_value(change.after)}"
        case Moved():
            return f"{path} moved"
        case Renamed():
            return f"{path} renamed to {change.key}"
        case _:
            return path


def _names(found: Iterable[str]) -> str:
    names = list(dict.fromkeys(found))
    shown = ", ".join(names[:_NAMED])
    return f"{shown} and {len(names) - _NAMED} more" if len(names) > _NAMED else shown
