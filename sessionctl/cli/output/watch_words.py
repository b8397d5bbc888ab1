"""What happened to a watched file, in words, with the next step."""

from __future__ import annotations

from pathlib import Path
from typing import assert_never

from sessionctl.core.filename import is_session_name
from sessionctl.core.render.change_summary import change_summary, some_names
from sessionctl.core.render.value_line import short_value
from sessionctl.core.scan.masked_values import masked
from sessionctl.core.sync.actions import Report, Topic
from sessionctl.core.text.plural import counted
from sessionctl.core.text.shellwords import last_words, path_word
from sessionctl.core.toml.document import Document
from sessionctl.core.values import same_value
from sessionctl.errors import SessionctlError
from sessionctl.services.git.operation import lock_state
from sessionctl.services.watching.watch_event import (
    UNCOMMITTED,
    AutoCommit,
    AutoFailure,
    MovedSecrets,
    StrayCopy,
)
from sessionctl.system.files.snapshot import GIT_LOCK
from sessionctl.system.git.directory import find_git_dir
from sessionctl.system.git.typed_git import typed_git, typed_git_for

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.services.documents.checked_file import CheckedFile
    from sessionctl.services.watching.watch_event import WatchEvent

_PLAIN = {
    Topic.SETTLED: "the conflict is resolved",
    Topic.MENDED: "valid again, as it was before",
    Topic.BACK: "is back",
    Topic.GIT_DONE: "git is done",
    Topic.RECOVERED: "is watched again",
}
_LIMITS = "see the limits: sysctl fs.inotify"


def event_words(event: WatchEvent) -> tuple[str, str]:
    """Return what happened, and the next step or ""."""
    match event.detail:
        case Report():
            return _report_words(event, event.detail)
        case AutoCommit(commit, subject):
            return f"committed as {commit[:8]}: {subject}", ""
        case MovedSecrets(names):
            enter = typed_git_for(event.file, {}).enter
            hint = f"see whether git holds them: {enter}sessionctl secret scan --history"
            return f"secrets moved to the sidecar: {', '.join(names)}", hint
        case StrayCopy(winner):
            hint = f"see what differs: sessionctl diff {path_word(winner)} {path_word(event.file)}"
            return "a copy that lost: your file carrier did not merge it", hint
        case AutoFailure(error):
            return _refusal_words(event, error)
        case never:
            assert_never(never)


def _refusal_words(event: WatchEvent, error: SessionctlError | None) -> tuple[str, str]:
    word = path_word(event.file)
    if event.what == UNCOMMITTED:
        if error is None:
            reason = "it has errors, or contains a plain-text secret"
            return f"not committed: {reason}", f"see what is wrong: sessionctl validate {word}"
        return f"not committed: {error.message}", error.hints[0] if error.hints else ""
    reason = error.message if error is not None else ""
    hint = error.hints[0] if error is not None and error.hints else ""
    message = f"the secrets in it stay where they are: {reason}"
    return message, hint or f"sessionctl secret extract {word}"


def _report_words(event: WatchEvent, report: Report) -> tuple[str, str]:
    plain = _PLAIN.get(report.what)
    if plain is not None:
        return f"{plain}{_and_more(event)}", ""
    if report.what in (Topic.APPLIED, Topic.SAVED, Topic.MERGED, Topic.CONFLICT):
        return _sync_words(event, report)
    return _file_words(event, report)


def _sync_words(event: WatchEvent, report: Report) -> tuple[str, str]:
    other = event.other
    comparison = event.comparison
    changed = "the whole text" if comparison is None else change_summary(comparison.shown)
    if report.what is Topic.APPLIED:
        if report.before is None:
            return "valid", ""
        return f"changed: {changed}" + (f"; given to {other}" if other else ""), ""
    if report.what is Topic.SAVED:
        origin = f", from {other}" if other else ""
        return f"made{origin}" if report.before is None else f"written{origin}: {changed}", ""
    if report.what is Topic.MERGED:
        return f"merged with {other or 'other changes'}: {changed}", ""
    keys = some_names(str(found.path) or "lines" for found in report.conflicts)
    return f"conflict with {other or 'the live side'}: {keys}", _agreement(event.file, report)


def _agreement(file: str, report: Report) -> str:
    """Return the command that gives the file what the other side has, if it can be shown."""
    conflict = report.conflicts[0]
    key, value = str(conflict.path), "VALUE"
    try:
        document = Document.parse(conflict.theirs or "")
        found = document.get(conflict.path[-1:])
        shown = masked(found, in_session=is_session_name(file), path=conflict.path)
        if isinstance(found, str | int | float) and same_value(shown, found):
            value = short_value(found)
    except SessionctlError:
        key = key or "KEY"
    command = f"sessionctl set {path_word(file)} {last_words(key, value)}"
    return f"give both the same value: {command}"


def _file_words(event: WatchEvent, report: Report) -> tuple[str, str]:
    word = path_word(event.file)
    note = report.note.removeprefix(f"{event.file}: ")
    match report.what:
        case Topic.INVALID:
            hint = "fix it and save; it is ignored until then"
            return _invalid(event.checked, report.note), hint
        case Topic.UNREADABLE:
            return note, f"ls -l {word}"
        case Topic.MARKED:
            return "has conflict markers, ignored", f"sessionctl resolve {word}"
        case Topic.MISSING:
            hint = f"restore it: sessionctl recover {word}"
            return "was deleted; it is not restored automatically", hint
        case Topic.GIT_BUSY if report.note == GIT_LOCK:
            return _lock_words(event.file)
        case Topic.GIT_BUSY:
            git = typed_git(Path(event.file).resolve().parent, {}).command
            step = f"{git} {report.note}"
            return (
                f"a {report.note} is in progress in git, nothing is written",
                f"finish it: {step} --continue, or abort it: {step} --abort",
            )
        case Topic.DEGRADED:
            what = f"cannot be watched{_and_more(event)}: {report.note}"
            return f"{what}; it is checked twice a second", _LIMITS
        case _:
            return note, "it is tried again automatically"


def _and_more(event: WatchEvent) -> str:
    return f" (and {counted(event.more, 'other file')})" if event.more else ""


def _lock_words(file: str) -> tuple[str, str]:
    """Return who holds the lock of git where ``file`` lies."""
    git_dir = find_git_dir(str(Path(file).resolve().parent), {})
    advice = None if git_dir is None else lock_state(git_dir)
    if advice is None:
        return "git is running, nothing is written", ""
    return f"{advice.reason}: nothing is written", advice.hint


def _invalid(checked: CheckedFile | None, note: str) -> str:
    if checked is None or not checked.problems:
        return f"invalid: {note}" if note else "invalid"
    return f"invalid, {counted(len(checked.errors), 'error')}"
