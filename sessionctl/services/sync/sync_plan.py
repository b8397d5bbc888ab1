"""Sync plan: what a sync would do here, what speaks against it, and how a merge stands."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from sessionctl.core.conflict.marked_text import whole_conflicts
from sessionctl.core.filename import (
    SESSION_PATTERN,
    SIDECAR_PATTERN,
    is_session_name,
    is_sidecar_name,
    sidecar_name,
    stem_of,
)
from sessionctl.core.text.shellwords import path_word, quoted
from sessionctl.errors import FileError, GitError, RefusedError, UsageError
from sessionctl.services.merging.resolution import ConflictedFile
from sessionctl.services.sync.sync_checks import check_files, is_refused, is_synced, seen_from_here
from sessionctl.system.files.text import read_bytes
from sessionctl.system.git.directory import operation_under_way
from sessionctl.system.git.program import Git
from sessionctl.system.git.work_state import (
    DELETED,
    ChangedFile,
    Upstream,
    as_merge_left_it,
    changed_files,
    current_branch,
    find_upstream,
    has_commit,
    is_ancestor,
    literal_paths,
    merge_head,
    unmerged_files,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from sessionctl.services.documents.checked_file import CheckedFile
    from sessionctl.system.git.work_state import UnmergedFile

MERGED = (f":(top){SESSION_PATTERN}", f":(top){SIDECAR_PATTERN}")
"""The files that git merges through sessionctl."""
SYNCED = (
    *MERGED,
    ":(top,glob)**/.age-recipients",
    ":(top,glob)**/.sessionctl/vault.age",
    ":(top,glob)**/.sessionctl/vault.toml",
)
"""The sessions and what opens their secrets: the files that sync commits."""
_NAMED_IN_MESSAGE = 3
_READERS = "who can read the secrets"


class Request(NamedTuple):
    """What was asked for: files and directories (none: the repository), and how."""

    environ: Mapping[str, str]
    paths: tuple[str, ...] = ()
    message: str | None = None
    pushes: bool = True


class MarkedPlace(NamedTuple):
    """A conflict between markers: the line it begins at, and its keys or lines in words."""

    line: int
    what: str


class UnresolvedFile(NamedTuple):
    """A file of a merge that a person must look at.

    ``name`` is the way to it from the current directory, ``conflicts`` are those between
    markers, ``reason`` and ``next_step`` say what is to be done.
    """

    path: str
    name: str
    conflicts: tuple[MarkedPlace, ...]
    reason: str
    next_step: str


class MergeState(NamedTuple):
    """The files that git could not merge: settled ones, the others, and their faults."""

    resolved: tuple[str, ...] = ()
    unsettled: tuple[UnresolvedFile, ...] = ()
    findings: tuple[CheckedFile, ...] = ()


@dataclass(frozen=True, slots=True)
class SyncPlan:
    """What a sync does; nothing is done yet.

    Paths are from the top of the work tree. ``files`` are to be committed;
    ``merging`` is how a merge of the upstream stands that is to be concluded, None
    without one. ``findings`` are the files with something that speaks against committing
    them.
    """

    git: Git
    top: Path
    branch: str
    is_unborn: bool
    upstream: Upstream | None
    files: tuple[ChangedFile, ...]
    message: str
    pushes: bool
    merging: MergeState | None
    findings: tuple[CheckedFile, ...]

    @property
    def is_stopped(self) -> bool:
        """Whether something must be settled before anything can be done."""
        return bool(self.unsettled) or is_refused(self.findings)

    @property
    def unsettled(self) -> tuple[UnresolvedFile, ...]:
        """The files of the merge under way that a person must look at."""
        return self.merging.unsettled if self.merging is not None else ()

    def steps(self) -> list[str]:
        """Return the steps in words, in their order."""
        steps = ["commit the merge that is under way"] if self.merging is not None else []
        if self.files:
            steps.append(f"commit as: {self.message}")
            steps += [f"  {file.change} {file.path}" for file in self.files]
        if self.upstream is not None:
            if self.upstream.remote != ".":
                steps.append(f"fetch from {self.upstream.remote}")
            steps.append(f"merge what is new in {self.upstream.name}")
            if self.pushes and self.upstream.remote != ".":
                steps.append(f"push to {self.upstream.name}")
        return steps


def plan_sync(request: Request) -> SyncPlan:
    """Return what a sync would do; git is only asked, and not over the network.

    Raises:
      UsageError: a path is no session file, or paths are in several repositories.
      GitError: there is no repository with a work tree, or another git is at work.
      RefusedError: no branch is checked out, or git is in the middle of something else.
    """
    git, top, specs = _repository(request)
    branch = current_branch(git)
    upstream = None if branch is None else find_upstream(git, branch)
    is_merging = _check_operation(git, upstream)
    if branch is None:
        raise RefusedError(
            f"{top}: no branch is checked out (detached head), a commit could get lost",
            hints=["go to a branch: git switch main, or make one: git switch -c NAME"],
        )
    merging = read_merge(git, top) if is_merging else None
    files = [file for file in changed_files(git, specs) if is_synced(file.path)]
    findings = check_files(top, [file.path for file in files if file.change != DELETED])
    return SyncPlan(
        git,
        top,
        branch,
        not has_commit(git, "HEAD"),
        upstream,
        tuple(files),
        request.message or _message(files),
        request.pushes,
        merging,
        (*(merging.findings if merging is not None else ()), *findings),
    )


def read_merge(git: Git, top: Path) -> MergeState:
    """Return how the files stand that git could not merge."""
    resolved: list[str] = []
    unsettled: list[UnresolvedFile] = []
    for file in unmerged_files(git):
        found = _unsettled(git, top, file)
        if found is None:
            resolved.append(file.path)
        else:
            unsettled.append(found)
    return MergeState(tuple(resolved), tuple(unsettled), tuple(check_files(top, resolved)))


def _unsettled(git: Git, top: Path, file: UnmergedFile) -> UnresolvedFile | None:
    name = seen_from_here(top, file.path)
    word = path_word(name)
    keep = f"git add {word}"

    def told(
        reason: str, next_step: str, conflicts: tuple[MarkedPlace, ...] = ()
    ) -> UnresolvedFile:
        return UnresolvedFile(file.path, name, conflicts, reason, next_step)

    path = top / file.path
    if not (file.ours and file.theirs) or not path.is_file():
        is_deleted = file.deleted_by in ("ours", "theirs")
        reason = "changed on one side, deleted on the other" if is_deleted else "renamed apart"
        return told(reason, f"{keep}, or let it go: git rm {word}")
    if not (is_session_name(path.name) or is_sidecar_name(path.name)):
        return told("git could not merge it", f"settle it in an editor, then: {keep}")
    text = read_bytes(path).decode(errors="replace")
    conflicts = _conflicts(name, text)
    if conflicts:
        return told("both sides changed it", f"sessionctl resolve {word}", conflicts)
    if as_merge_left_it(git, file.path):
        # No markers and no edit: a driver that did not run leaves ours alone, theirs gone.
        return told("not merged, it holds one side only", f"git mergetool {word}, or: {keep}")
    return None


def _conflicts(name: str, text: str) -> tuple[MarkedPlace, ...]:
    """Return the conflicts that are marked in ``text``, those inside of strings too."""
    file = ConflictedFile(name, text)
    if file.conflicts:
        return tuple(
            MarkedPlace(conflict.line, file.title(index))
            for index, conflict in enumerate(file.conflicts)
        )
    starts = [span.start for span in whole_conflicts(text)]
    starts += [problem.span.start for problem in file.marked.problems]
    lines = sorted({text.count("\n", 0, start) + 1 for start in starts})
    return tuple(MarkedPlace(line, f"line {line}") for line in lines)


def _repository(request: Request) -> tuple[Git, Path, list[str]]:
    """Return git at the top of the one repository asked for, and pathspecs of its files."""
    here = Path.cwd()
    if not request.paths:
        git, top = Git(request.environ, here).at_top()
        return git, top, list(SYNCED)
    tops: dict[Path, Git] = {}
    found: list[str] = []
    for word in request.paths:
        path = Path(os.path.realpath(word))
        if not os.path.lexists(word) and not path.parent.is_dir():
            raise FileError(f"{word}: no such file or directory")
        if not path.is_dir() and not is_synced(path.as_posix()):
            raise UsageError(
                f"{word}: not a session file, and sync commits no others",
                hints=[f"commit it with git: git commit -- {path_word(word)}"],
            )
        start = path if path.is_dir() else path.parent
        git, top = Git(request.environ, here if "GIT_DIR" in request.environ else start).at_top()
        if not path.is_relative_to(top):
            raise UsageError(f"{word}: outside of the work tree {top}")
        tops[top] = git
        found.append(path.relative_to(top).as_posix())
        if is_session_name(path.name):
            found.append(path.with_name(sidecar_name(path.name)).relative_to(top).as_posix())
    if len(tops) > 1:
        raise UsageError(
            f"sync: one repository at a time, got {' and '.join(map(str, tops))}",
            hints=["run it once for each"],
        )
    top, git = next(iter(tops.items()))
    return git, top, [*literal_paths(found), *SYNCED[len(MERGED) :]]


def _check_operation(git: Git, upstream: Upstream | None) -> bool:
    """Tell whether a merge of the upstream is under way; refuse all else git is at.

    Raises:
      GitError: another git is at work.
      RefusedError: git is in the middle of something else.
    """
    lock = git.path_in_git_dir("index.lock")
    if lock.exists():
        raise GitError(
            f"{lock}: another git is at work here",
            hints=[f"wait for it, or if there is none any more: rm {quoted(str(lock))}"],
        )
    operation = operation_under_way(str(git.repository().git_dir))
    if operation is None:
        return False
    head = merge_head(git) if operation == "merge" else None
    if (
        head is not None
        and upstream is not None
        and has_commit(git, upstream.ref)
        and is_ancestor(git, head, upstream.ref)
    ):
        return True
    raise RefusedError(
        f"{git.cwd}: git is in the middle of a {operation}",
        hints=[
            f"end it: git {operation} --continue, or give it up: git {operation} --abort",
            "then: sessionctl sync",
        ],
    )


def _message(files: list[ChangedFile]) -> str:
    """Return the message of a commit of ``files``."""
    stems = (stem_of(file.path.rpartition("/")[2]) for file in files)
    names = sorted({stem for stem in stems if stem}) or [_READERS]
    if len(names) > _NAMED_IN_MESSAGE:
        return f"sync: {len(files)} session files"
    return f"sync: {', '.join(names)}"
