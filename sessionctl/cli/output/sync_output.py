"""A sync in words: its steps, its progress, what a person must settle, and the next steps."""

from __future__ import annotations

from typing import assert_never

from sessionctl.core.text.plural import counted
from sessionctl.core.text.shellwords import path_word
from sessionctl.services.git.operation_steps import vault_step
from sessionctl.services.sync.merge_state import UnresolvedKind
from sessionctl.services.sync.sync_result import NoteKind, SyncStage

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.services.sync.merge_state import UnresolvedFile
    from sessionctl.services.sync.sync_result import SyncNote, SyncProgress, SyncResult

_REASONS = {
    UnresolvedKind.CONFLICTS: "both sides changed it",
    UnresolvedKind.DELETED: "changed on one side, deleted on the other",
    UnresolvedKind.RENAMED: "renamed apart",
    UnresolvedKind.FOREIGN: "git could not merge it",
    UnresolvedKind.ONE_SIDED: "not merged, it holds one side only",
}


def progress_line(progress: SyncProgress) -> str:
    """Return what begins now."""
    stage, subject, number = progress
    match stage:
        case SyncStage.CONCLUDED:
            return f"committed the merge as {subject[:8]}"
        case SyncStage.COMMITTING:
            return f"committing {counted(number, 'session file')}"
        case SyncStage.FETCHING:
            return f"fetching from {subject}"
        case SyncStage.MERGING:
            return f"merging {counted(number, 'commit')} of {subject}"
        case SyncStage.PUSHING:
            return f"pushing to {subject}"
        case SyncStage.OVERTAKEN:
            return f"{subject} changed meanwhile, trying again"
        case never:
            assert_never(never)


def note_words(note: SyncNote, result: SyncResult) -> tuple[str, str]:
    """Return what a note says, and the next step."""
    branch, git = result.branch, result.typed.command
    match note.kind:
        case NoteKind.PUSHED_ELSEWHERE:
            return (
                f"not pushed: git pushes this branch to {note.remote}",
                f"push it: {git} push",
            )
        case NoteKind.COMMITTED_FAULTS:
            hint = f"fix it, then: sessionctl sync{result.typed.place}"
            return "not pushed: the commits contain errors", hint
        case NoteKind.NO_REMOTE:
            return (
                "nothing to fetch from: there is no remote",
                f"{git} remote add origin URL",
            )
        case NoteKind.NO_UPSTREAM:
            hint = f"{git} push --set-upstream {note.remote} {branch}"
            return f"nothing to fetch from: {branch} has no upstream", hint
        case NoteKind.UNSHARED_ATTRIBUTES:
            return (
                ".gitattributes is not in git: other clones will merge sessions by lines",
                # Dotfile repositories ignore all that is not added so.
                f"{git} add -f ':(top).gitattributes' && {git} commit",
            )
        case NoteKind.UNCOMMITTED_ATTRIBUTES:
            return (
                ".gitattributes is not committed with the lines of sessionctl:"
                " other clones will merge sessions by lines",
                f"{git} commit ':(top).gitattributes'",
            )
        case never:
            assert_never(never)


def other_step(note: SyncNote, result: SyncResult) -> str:
    """Return the command that ends a note where it is about what the user wants; else ""."""
    if note.kind not in (NoteKind.UNSHARED_ATTRIBUTES, NoteKind.UNCOMMITTED_ATTRIBUTES):
        return ""
    git = result.typed.command
    return f"or, if it is for this clone alone: {git} config sessionctl.attributes local"


def unresolved_reason(file: UnresolvedFile) -> str:
    """Return why a person must look at a file of a merge."""
    return _REASONS[file.kind]


def unresolved_step(file: UnresolvedFile) -> str:
    """Return the command that settles a file of a merge."""
    keep = f"{file.git} add {file.word}"
    match file.kind:
        case UnresolvedKind.CONFLICTS:
            return f"sessionctl resolve {path_word(file.name)}"
        case UnresolvedKind.DELETED | UnresolvedKind.RENAMED:
            return f"{keep}, or delete it: {file.git} rm {file.word}"
        case UnresolvedKind.FOREIGN:
            vault = vault_step(file.path, file.word, file.git)
            return vault or f"resolve it in an editor, then: {keep}"
        case UnresolvedKind.ONE_SIDED:
            return f"{file.git} mergetool {file.word}, or: {keep}"
        case never:
            assert_never(never)


def unresolved_data(file: UnresolvedFile) -> dict[str, object]:
    """Return a file of a merge as plain data for JSON."""
    return {
        "path": file.path,
        "name": file.name,
        "conflicts": [{"line": place.line, "what": place.title} for place in file.conflicts],
        "reason": unresolved_reason(file),
        "next_step": unresolved_step(file),
    }
