"""Advice on git: whose work each side of a merge is, and the commands that go on."""

from __future__ import annotations

from sessionctl.core.text.shellwords import path_word
from sessionctl.system.git.caller import STASHED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessionctl.services.git.operation import Situation
    from sessionctl.services.sync.file_state import FileState
    from sessionctl.services.sync.survey import Survey

_CONTINUATIONS = {
    "merge": "commit",
    "rebase": "rebase --continue",
    "cherry-pick": "cherry-pick --continue",
    "revert": "revert --continue",
}
# Git calls the side it builds on "ours"; in a rebase that is not the user's own work.
_ROLES = {
    "merge": ("your branch", "merged in"),
    "rebase": ("what you rebase onto", "your work"),
    "cherry-pick": ("your branch", "the commit you pick"),
    "revert": ("your branch", "without the reverted commit"),
}


def role_of(side: str, operation: str | None, label: str = "") -> str:
    """Return whose work ``side`` ("ours" or "theirs") is, "" when that is not known."""
    if side == "theirs" and label == STASHED:
        return "your stashed work"
    roles = _ROLES.get(operation or "")
    return "" if roles is None else roles[side == "theirs"]


def deletion_reason(deleted_by: str, operation: str | None) -> str:
    """Return which side deleted a file, and whose work that is."""

    def side(name: str) -> str:
        role = role_of(name, operation)
        return f"{name} ({role})" if role else name

    if deleted_by == "both":
        return "moved or deleted on both sides"
    kept_by = "theirs" if deleted_by == "ours" else "ours"
    return f"deleted in {side(deleted_by)}, changed in {side(kept_by)}"


def steps_after_resolution(situation: Situation) -> list[str]:
    """Return the commands that follow once the file of ``situation`` is resolved."""
    git, file = situation.git, situation.file
    steps = [f"{git} add {path_word(file)}"] if situation.is_unmerged else []
    if situation.deleted_by:
        steps = _deletion_steps(path_word(file), git)
    if situation.others:
        return [*steps, f"sessionctl status{situation.place}"]
    continuation = _CONTINUATIONS.get(situation.operation or "")
    return [*steps, f"{git} {continuation}"] if continuation else steps


def remerge_step(situation: Situation) -> str:
    """Return the command that brings the conflicts of the file back."""
    return f"{situation.git} checkout --merge -- {path_word(situation.file)}"


def steps_after_survey(survey: Survey) -> list[str]:
    """Return the commands to type next for the files of ``survey``, the most urgent ones only."""

    def of(state: str) -> list[FileState]:
        return [file for file in survey.files if file.state == state]

    if of("conflicts"):
        return [f"sessionctl resolve {path_word(file.path)}" for file in of("conflicts")]
    if of("unmerged"):
        return [step for file in of("unmerged") for step in _steps_of_unmerged(file)]
    if of("invalid"):
        return [_validation(of("invalid"))]
    if of("blocked"):
        return list(dict.fromkeys(file.step for file in of("blocked") if file.step))
    if survey.untracked:
        new = [file for file in of("new") if file.path in survey.untracked]
        groups = dict.fromkeys(file.git for file in new)
        return [
            f"{git} add {' '.join(file.word for file in new if file.git == git)}" for git in groups
        ]
    continuation = _CONTINUATIONS.get(survey.operation or "")
    return [f"{survey.git} {continuation}"] if continuation else []


def _steps_of_unmerged(file: FileState) -> list[str]:
    """Return the commands for a file that git could not merge; never ``add`` for a bad one."""
    if file.errors:
        # To let it go needs no valid text.
        rest = _deletion_steps(file.word, file.git)[1:] if file.deleted_by else []
        return [_validation([file]), *rest]
    if file.deleted_by:
        return _deletion_steps(file.word, file.git)
    return [f"{file.git} add {file.word}"]


def _validation(files: Sequence[FileState]) -> str:
    return f"sessionctl validate {' '.join(path_word(file.path) for file in files)}"


def _deletion_steps(word: str, git: str = "git") -> list[str]:
    """Return the two ways on for a file that one side deleted and the other changed."""
    return [f"{git} add {word}  # to keep it", f"{git} rm {word}  # or to let it go"]
