"""Generations: the texts a file had, newest first, and bringing one back, which can be undone."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.core.render.diff_text import render_diff, summarize
from sessionctl.core.render.problem_line import keyed_message
from sessionctl.core.text.amount import size
from sessionctl.errors import DocumentError, EditError, SessionctlError
from sessionctl.services.documents.document_comparison import DocumentVersion, compare
from sessionctl.services.history.backups import (
    NEVER_IN_FILE,
    SLIPPED,
    bytes_now,
    list_backups,
    plan_restore,
)
from sessionctl.services.history.moment_text import moment
from sessionctl.services.history.recovery import RecoveryCandidate, candidates
from sessionctl.services.history.undo_plan import plan_undo
from sessionctl.services.plan.runner import run
from sessionctl.system.files.text import decode_text
from sessionctl.system.store.archive_entry import NOTHING, address_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sessionctl.core.render.drawing import Line
    from sessionctl.services.plan.plan import Plan
    from sessionctl.system.store.store import Note, Store

_RESTORE = "restore"
_MOST_BYTES = 8 << 20


class Generation(NamedTuple):
    """A text that the file had: what it is called, when, what wrote it, and its bytes.

    ``source`` is "backup" or "git"; ``is_now`` says that the file holds just this.
    """

    candidate: RecoveryCandidate

    @property
    def key(self) -> str:
        """What stands for it in a list."""
        return f"{self.candidate.source}:{self.candidate.id}"

    @property
    def when(self) -> str:
        """The local time, to the second."""
        return moment(self.candidate.time_s)

    @property
    def size(self) -> str:
        """Its size, in few digits."""
        return size(len(self.candidate.data))


class FileChange(NamedTuple):
    """A change of the file that was prepared: what it does, in lines, and the steps of it.

    ``title`` says what is done, ``what`` is said once it was.
    """

    title: str
    lines: tuple[Line, ...]
    plan: Plan[Store]
    what: str


def list_generations(store: Store, file: str, environ: Mapping[str, str]) -> list[Generation]:
    """Return the texts that the file had, by backups and commits, the newest first.

    Raises:
      FileError: the file, or what is kept of it, cannot be read.
    """
    found = sorted(candidates(store, file, environ), key=lambda one: one.time_s, reverse=True)
    return [Generation(one) for one in found]


def changes_of(generations: Sequence[Generation], file: str) -> dict[str, str]:
    """Return in a few words what each generation changed since the older one of its kind.

    Of very much text nothing is said.
    """
    if sum(len(one.candidate.data) for one in generations) > _MOST_BYTES:
        return {}
    told: dict[str, str] = {}
    newer: dict[str, Generation] = {}
    for one in generations:
        source = one.candidate.source
        if source in newer:
            told[newer[source].key] = _summary(file, one, newer[source])
        newer[source] = one
    for one in newer.values():
        told[one.key] = "the first that is known"
    return told


def plan_generation(file: str, generation: Generation) -> FileChange:
    """Return what brings the file back to a generation; no steps where it holds just that.

    Raises:
      FileError: the file cannot be read.
    """
    found = generation.candidate
    return _restoration(file, found.id, found.data)


def plan_step_back(file: str, store: Store, environ: Mapping[str, str]) -> FileChange:
    """Return what undoes the last change: a restore as a whole, else as ``undo`` does.

    Raises:
      EditError: there is nothing to undo.
      SessionctlError: as ``plan_undo``.
    """
    restored = _text_before_restore(store, file)
    if restored is not None:
        name, data = restored
        return _restoration(file, name, data)._replace(what="undid the restore")
    return _undo(file, store, environ, redo=False)


def plan_redo(file: str, store: Store, environ: Mapping[str, str]) -> FileChange:
    """Return what takes the last undo back; raises as ``plan_step_back``."""
    return _undo(file, store, environ, redo=True)


def carry_out(change: FileChange, store: Store) -> tuple[Note, ...]:
    """Do what was prepared; what the file holds now is kept first.

    Raises:
      ChangedError: the file was changed meanwhile.
      FileError: it cannot be written.
    """
    return run(change.plan, store).check().notes


def preview_lines(before: DocumentVersion, after: DocumentVersion) -> tuple[Line, ...]:
    """Return what changes, key by key, secrets masked; or why that cannot be said."""
    try:
        found = compare(before, after)
    except DocumentError as error:
        return ([(f"the changes are not shown key by key: {error.message}", "warning")],)
    if found.shown:
        return tuple(render_diff(found.shown))
    is_same = before.text == after.text
    return ([("nothing changes" if is_same else "only the layout, or a secret, changes", "dim")],)


def _restoration(file: str, name: str, data: bytes) -> FileChange:
    now = bytes_now(file)
    lines: tuple[Line, ...]
    if now is None:
        lines = ([(f"{file} does not exist now, all of it is restored", "warning")],)
    else:
        try:
            before = DocumentVersion(file, decode_text(now, file))
            after = DocumentVersion(f"{file}@{name}", decode_text(data, name))
            lines = preview_lines(before, after)
        except DocumentError as error:
            lines = ([(error.message, "warning")],)
    return FileChange(
        f"Bring {file} back to {name}?",
        lines,
        plan_restore(file, name, data),
        f"brought back to {name}",
    )


def _undo(file: str, store: Store, environ: Mapping[str, str], *, redo: bool) -> FileChange:
    undo = plan_undo(file, environ, store, redo=redo)
    what = "reverted the last undo" if redo else "undid the last change"
    if undo.result.conflicts:
        raise EditError(
            f"{file}: not undone, later edits conflict with it",
            hints=["bring an earlier text back as a whole: choose it, and press r"],
        )
    before = DocumentVersion(file, undo.before or "")
    lines = preview_lines(before, DocumentVersion(file, undo.result.text))
    # As after a resolve: what was there before has its markers.
    faults = tuple([(f"not valid then: {keyed_message(one)}", "warning")] for one in undo.problems)
    lines = (*lines, *faults)
    title = "Revert the last undo?" if redo else "Undo the last change?"
    return FileChange(title, lines, undo.plan(), what)


def _text_before_restore(store: Store, file: str) -> tuple[str, bytes] | None:
    """Return what the last restore replaced, where the file still holds what it wrote."""
    if store.directory is None:
        return None
    archive = store.archive(file)
    now = bytes_now(file)
    aside = {SLIPPED, *NEVER_IN_FILE}
    entries = (entry for entry in reversed(archive.entries()) if entry.why not in aside)
    last = next(entries, None)
    if last is None or last.why != _RESTORE or last.before == NOTHING or now is None:
        return None
    if last.after != address_of(now):
        return None
    names = {one.address: one.id for one in list_backups(store, file)}
    return names.get(last.before, "the text before"), archive.read(last.before)


def _summary(file: str, before: Generation, after: Generation) -> str:
    versions = [
        DocumentVersion(file, one.candidate.data.decode(errors="replace"))
        for one in (before, after)
    ]
    try:
        found = compare(*versions)
    except SessionctlError:
        return "not TOML"
    if found.diff:
        return summarize(found.shown)
    return "layout only" if found.diff.has_text_changes else "nothing"
