"""Undo: take back one change of a file by a three-way merge, so that later edits stay."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from sessionctl.core.filename import is_session_name
from sessionctl.core.merge import Labels, MergeResult
from sessionctl.core.problem import errors_of, problem_of
from sessionctl.core.text.shellwords import path_word, quoted
from sessionctl.core.toml.document import Document
from sessionctl.errors import EditError, GitError, ParseError, RefusedError
from sessionctl.services.documents.document_comparison import Comparison, DocumentVersion, compare
from sessionctl.services.git.file_place import FilePlace, place_of
from sessionctl.services.history.backup_undo import REDO, ArchivedChange, step_back
from sessionctl.services.history.commit_history import ADDED, CUT_OFF, REMOVED, kind_of, read_steps
from sessionctl.services.history.undo_memory import (
    ForgetUndo,
    RememberUndo,
    UndoMemory,
    UndoRecord,
)
from sessionctl.services.merging.three_way import MergeOptions, merge_texts
from sessionctl.services.plan.document_steps import SaveText
from sessionctl.system.files.text import decode_text, read_text
from sessionctl.system.git.file_commits import (
    Blob,
    Commit,
    FileStep,
    blob_at,
    find_commit,
    read_blob,
)
from sessionctl.system.git.work_state import is_left_out

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from sessionctl.core.problem import Problem
    from sessionctl.services.plan.plan import Plan
    from sessionctl.system.store.store import Store

COMMIT = "commit"
UNCOMMITTED = "uncommitted"


class Undo(NamedTuple):
    """A planned undo; nothing is written yet.

    ``kind`` says what is taken back: a commit's change, what was not committed, or (REDO)
    the last undo itself. ``before`` is the text of the file, None where it is not there.
    ``problems`` are the reasons why the result, though clean, is not fit to be written;
    ``newest`` is the newest commit that changed the file. Without git, ``memory`` is None and
    ``archived`` the change of the backups that is taken back; its kinds are others.
    """

    file: str
    kind: str
    commit: Commit | None
    before: str | None
    result: MergeResult
    labels: Labels
    problems: tuple[Problem, ...]
    memory: UndoMemory | None
    newest: str = ""
    archived: ArchivedChange | None = None

    @property
    def is_change(self) -> bool:
        """Whether the file changes at all."""
        return self.before != self.result.text

    @property
    def is_fit(self) -> bool:
        """Whether the result has no conflict and no problem."""
        return not self.result.conflicts and not self.problems

    def comparison(self) -> Comparison:
        """Return what the undo changes; raises ``ParseError`` where a text is not TOML."""
        before, after = (
            DocumentVersion(self.file, self.before or ""),
            DocumentVersion(self.file, self.result.text),
        )
        return compare(before, after)

    def plan(self) -> Plan[Store]:
        """Return the steps that write the result, and remember what was there; or none."""
        if not self.is_change:
            return ()
        is_redo = self.kind == REDO
        word = REDO if is_redo else "undo"
        why = self.archived.undo_word if self.archived is not None else word
        path = os.path.realpath(self.file)
        save = SaveText(path, self.before, self.result.text, why)
        if self.memory is None:
            return (save,)
        if is_redo:
            return (save, ForgetUndo(self.memory))
        commit = self.commit.hash if self.commit is not None else None
        record = UndoRecord(self.before, self.result.text, commit, self.newest)
        # First, so that there is no moment in which the text is nowhere.
        return (RememberUndo(self.memory, record), save)


class _Subject(NamedTuple):
    """The file: its name on the command line, its real path, its place in git, its text."""

    file: str
    path: Path
    place: FilePlace
    text: str | None


def plan_undo(
    file: str,
    environ: Mapping[str, str],
    store: Store,
    *,
    revision: str | None = None,
    redo: bool = False,
) -> Undo:
    """Return the undo of the last change of ``file``.

    That is what was not committed; else the last commit's change; right after an undo,
    the commit before the one that was taken back. With ``revision`` it is the change of
    that commit, with ``redo`` the last undo. A file that git does not have is taken back
    change by change by its backups.

    Raises:
      EditError: there is nothing to take back, or ``revision`` did not change the file.
      RefusedError: git is merging the file.
      FileError, ParseError: the file cannot be read.
      GitError: it is in no repository, and there are no backups of it.
    """
    path = Path(os.path.realpath(file))
    text = read_text(path) if path.exists() else None
    try:
        place = place_of(file, environ)
        steps = read_steps(place, file)
    except (EditError, GitError) as error:
        undo = None if revision is not None else _of_backups(file, text, store, redo=redo)
        if undo is None:
            raise error from None
        return undo
    if text is None and is_left_out(place.git, place.path):
        folder = os.path.dirname(place.path)  # noqa: PTH120
        raise EditError(
            f"{file}: left out of this work tree (sparse checkout)",
            hints=[f"git sparse-checkout add {path_word(folder or place.path)}"],
        )
    subject = _Subject(file, path, place, text)
    if place.git.tracked(f":(top,literal){place.path}") and _is_unmerged(place):
        raise RefusedError(
            f"{file}: git is merging it",
            hints=[
                f"settle the conflict: sessionctl resolve {path_word(file)}",
                "or give the merge up: git merge --abort",
            ],
        )
    memory = UndoMemory(place)
    if redo:
        return _redo(subject, memory)
    newest = steps[0].commit.hash
    committed = _committed(place)
    undone = memory.commit_undone_in(text, newest)
    if revision is not None:
        undo = _of_commit(subject, memory, _find(subject, steps, revision))
    elif undone is not None:
        hashes = [step.commit.hash for step in steps]
        undo = _newest(subject, memory, steps[hashes.index(undone) + 1 :])
    elif text == committed:
        undo = _newest(subject, memory, steps)
    else:
        undo = _uncommitted(subject, memory, committed)
    return undo._replace(newest=newest)


def _newest(subject: _Subject, memory: UndoMemory, steps: list[FileStep]) -> Undo:
    """Return the undo of the first of ``steps`` whose change is still in the file."""
    for step in steps:
        undo = _of_commit(subject, memory, step)
        if undo.is_change:
            return undo
    raise EditError(
        f"{subject.file}: no older change to take back",
        hints=[f"see what there was: sessionctl log {path_word(subject.file)}"],
    )


def _of_commit(subject: _Subject, memory: UndoMemory, step: FileStep) -> Undo:
    kind, short = kind_of(step), step.commit.short
    if kind == CUT_OFF:
        raise EditError(
            f"{subject.file}: what was before {short} is not in this clone",
            hints=["have it fetched: git fetch --unshallow"],
        )
    if kind == ADDED:
        raise EditError(
            f"{subject.file}: {short} began the file, there is nothing before it",
            hints=[f"take the file away: git rm {path_word(subject.file)}"],
        )
    if kind == REMOVED and subject.text is not None:
        raise EditError(
            f"{subject.file}: {short} removed the file, and now it is there again",
            hints=[f"see what was in it: git show {short}^:{quoted(subject.place.path)}"],
        )
    git = subject.place.git
    texts = [
        _text(subject, read_blob(git, blob, as_checked_out=True) if blob else b"", revision)
        for blob, revision in ((step.after, short), (step.before, f"{short}^"))
    ]
    labels = Labels(f"{subject.file} now", short, f"before {short}")
    return _merged(subject, memory, (COMMIT, step.commit), (texts[0], texts[1]), labels)


def _uncommitted(subject: _Subject, memory: UndoMemory, committed: str | None) -> Undo:
    if committed is None:
        raise EditError(
            f"{subject.file}: the last commit does not have it, there is nothing to go back to",
            hints=[f"commit it: git add {path_word(subject.file)} && git commit"],
        )
    texts = (subject.text or "", committed)
    return _merged(subject, memory, (UNCOMMITTED, None), texts, Labels(theirs="HEAD"))


def _redo(subject: _Subject, memory: UndoMemory) -> Undo:
    if not memory.undone:
        raise EditError(
            f"{subject.file}: no undo to take back", hints=["see 'sessionctl undo --help'"]
        )
    last = memory.undone[-1]
    if last.before is None:
        raise EditError(
            f"{subject.file}: before the last undo there was no file",
            hints=[f"take it away again: rm {path_word(subject.file)}"],
        )
    labels = Labels(f"{subject.file} now", "after the undo", "before the undo")
    return _merged(subject, memory, (REDO, None), (last.after, last.before), labels)


def _of_backups(file: str, text: str | None, store: Store, *, redo: bool) -> Undo | None:
    """Return the undo by the backups of a file that git does not have, None without any."""
    if store.directory is None or not store.archive(file).entries():
        return None
    step = step_back(store.archive(file), file, text, redo=redo)
    labels = Labels(f"{file} now", "after the change", "before the change")
    how = MergeOptions(labels).for_file(file)
    result = merge_texts((step.after, text or "", step.before), how)
    problems = () if result.conflicts else _new_problems(file, text or "", result.text)
    return Undo(file, step.kind, None, text, result, labels, problems, None, archived=step)


def _merged(
    subject: _Subject,
    memory: UndoMemory,
    what: tuple[str, Commit | None],
    texts: tuple[str, str],
    labels: Labels,
) -> Undo:
    """Return the undo that takes the way from ``texts[0]`` to ``texts[1]`` in the file."""
    now = subject.text or ""
    how = MergeOptions(labels).for_file(subject.path.name)
    result = merge_texts((texts[0], now, texts[1]), how)
    problems = () if result.conflicts else _new_problems(subject.file, now, result.text)
    return Undo(subject.file, *what, subject.text, result, labels, problems, memory)


def _new_problems(file: str, before: str, after: str) -> tuple[Problem, ...]:
    """Return what is wrong with the result, if nothing is wrong with the file now."""
    return () if _problems(file, before) else tuple(_problems(file, after))


def _problems(file: str, text: str) -> list[Problem]:
    from sessionctl.core.schema.verdict import validate

    try:
        document = Document.parse(text, file)
    except ParseError as error:
        return [problem_of(error)]
    if not is_session_name(os.path.basename(os.path.realpath(file))):  # noqa: PTH119
        return []
    return errors_of(validate(document))


def _find(subject: _Subject, steps: list[FileStep], revision: str) -> FileStep:
    wanted = find_commit(subject.place.git, revision)
    for step in steps:
        if step.commit.hash == wanted:
            return step
    what = "no such commit" if wanted is None else f"it did not change {subject.file}"
    raise EditError(
        f"{revision}: {what}",
        hints=[f"see which did: sessionctl log --stat {path_word(subject.file)}"],
    )


def _committed(place: FilePlace) -> str | None:
    """Return the text that the last commit has, as git checks it out, or None."""
    blob: Blob | None = blob_at(place.git, "HEAD", place.path)
    if blob is None:
        return None
    return decode_text(read_blob(place.git, blob, as_checked_out=True), f"HEAD:{place.path}")


def _text(subject: _Subject, data: bytes, revision: str) -> str:
    return decode_text(data, f"{revision}:{subject.place.path}")


def _is_unmerged(place: FilePlace) -> bool:
    return bool(place.git.text("ls-files", "-u", "--", f":(top,literal){place.path}"))
