"""Undo plan: which change of a file is taken back, by git, by the last undos or by backups."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from sessionctl.core.merge import Labels
from sessionctl.core.text.shellwords import path_word, quoted
from sessionctl.errors import EditError, GitError, NoRepositoryError, RefusedError
from sessionctl.services.git.file_place import FilePlace, place_of
from sessionctl.services.history.backup_undo import REDO, step_back
from sessionctl.services.history.commit_history import (
    ADDED,
    CUT_OFF,
    REMOVED,
    commit_command,
    kind_of,
    read_steps,
)
from sessionctl.services.history.undo import COMMIT, UNCOMMITTED, Undo, merge_back
from sessionctl.services.history.undo_memory import UndoMemory
from sessionctl.system.files.text import decode_text, read_text
from sessionctl.system.git.file_commits import (
    Blob,
    Commit,
    FileStep,
    blob_at,
    find_commit,
    read_blob,
)
from sessionctl.system.git.typed_git import TypedGit, typed_git
from sessionctl.system.git.work_state import is_left_out

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from sessionctl.system.store.store import Store


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
      EditError: there is nothing to undo, or ``revision`` did not change the file.
      RefusedError: git is merging the file.
      FileError, ParseError: the file cannot be read.
      GitError: it is in no repository, and ``revision`` is asked for; or git fails.
    """
    path = Path(os.path.realpath(file))
    text = read_text(path) if path.exists() else None
    try:
        place = place_of(file, environ)
        steps = read_steps(place, file)
    except (EditError, GitError) as error:
        undo = None if revision is not None else _of_backups(file, text, store, redo=redo)
        if undo is None and isinstance(error, NoRepositoryError) and revision is None:
            raise EditError(
                f"{file}: nothing to undo: no backup of it is kept,"
                " and it is not in a git repository",
                hints=[f"see what else can be restored: sessionctl recover {path_word(file)}"],
            ) from None
        if undo is None:
            raise error from None
        return undo
    if text is None and is_left_out(place.git, place.path):
        folder = os.path.dirname(place.path)  # noqa: PTH120
        raise EditError(
            f"{file}: left out of this work tree (sparse checkout)",
            hints=[f"{_at_top(place)} sparse-checkout add {path_word(folder or place.path)}"],
        )
    subject = _Subject(file, path, place, text)
    if place.git.tracked(f":(top,literal){place.path}") and _is_unmerged(place):
        raise RefusedError(
            f"{file}: git is merging it",
            hints=[
                f"resolve the conflict: sessionctl resolve {path_word(file)}",
                f"or abort the merge: {_typed(place).command} merge --abort",
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
        f"{subject.file}: no older change to undo",
        hints=[f"see what there was: sessionctl log {path_word(subject.file)}"],
    )


def _of_commit(subject: _Subject, memory: UndoMemory, step: FileStep) -> Undo:
    kind, short = kind_of(step), step.commit.short
    if kind == CUT_OFF:
        raise EditError(
            f"{subject.file}: what was before {short} is not in this clone",
            hints=[f"fetch it: {_typed(subject.place).command} fetch --unshallow"],
        )
    if kind == ADDED:
        raise EditError(
            f"{subject.file}: {short} began the file, there is nothing before it",
            hints=[
                f"see what there was: sessionctl backups list {path_word(subject.file)}",
                f"take the file away: {_removal(subject)}",
            ],
        )
    if kind == REMOVED and subject.text is not None:
        raise EditError(
            f"{subject.file}: {short} removed the file, and now it is there again",
            hints=[
                f"see what was in it: {_typed(subject.place).command} show"
                f" {quoted(f'{short}~:{subject.place.path}')}"
            ],
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
            hints=[f"commit it: {commit_command(subject.place, subject.file)}"],
        )
    texts = (subject.text or "", committed)
    return _merged(subject, memory, (UNCOMMITTED, None), texts, Labels(theirs="HEAD"))


def _typed(place: FilePlace) -> TypedGit:
    return typed_git(place.git.cwd, place.git.environ)


def _at_top(place: FilePlace) -> str:
    """Return how git is called at the top, where paths from the top are right."""
    typed = _typed(place)
    if typed.base == os.path.realpath(place.git.cwd):
        return typed.command
    return f"git -C {path_word(str(place.git.cwd))}"


def _removal(subject: _Subject) -> str:
    """Return the command by which git lets go of the file, which may be behind a symlink."""
    typed = _typed(subject.place)
    return f"{typed.command} rm {typed.file(str(subject.path))}"


def _redo(subject: _Subject, memory: UndoMemory) -> Undo:
    if not memory.undone:
        raise EditError(
            f"{subject.file}: no undo to revert", hints=["see 'sessionctl undo --help'"]
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
    texts = (step.after, step.before)
    result, problems = merge_back(file, text, texts, labels, name=file)
    return Undo(file, step.kind, None, text, result, labels, problems, None, archived=step)


def _merged(
    subject: _Subject,
    memory: UndoMemory,
    what: tuple[str, Commit | None],
    texts: tuple[str, str],
    labels: Labels,
) -> Undo:
    """Return the undo that takes the way from ``texts[0]`` to ``texts[1]`` in the file."""
    file, now = subject.file, subject.text
    result, problems = merge_back(file, now, texts, labels, name=subject.path.name)
    return Undo(file, *what, now, result, labels, problems, memory)


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
