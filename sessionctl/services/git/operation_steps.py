"""Operation steps: whose work each side of a merge is, and the commands that end the merge."""

from __future__ import annotations

from sessionctl.core.filename import RECIPIENTS_FILE, is_vault_path
from sessionctl.core.text.shellwords import path_word
from sessionctl.system.git.caller import STASHED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.services.git.operation import Situation

CONTINUATIONS = {
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


def keeps_file(side: str, situation: Situation) -> bool:
    """Return whether the file is kept by taking ``side``, of a file that a side deleted."""
    return situation.deleted_by not in (side, "both")


def steps_after_resolution(situation: Situation, side: str = "") -> list[str]:
    """Return the commands that follow once the file of ``situation`` is resolved.

    ``side`` is the one that was taken of a file that a side deleted, "" for none.
    """
    git, file = situation.git, situation.file
    steps = [f"{git} add {path_word(file)}"] if situation.is_unmerged else []
    if situation.deleted_by:
        keep, delete = deletion_steps(path_word(file), git)
        steps = [keep, delete]
        if side:
            step = keep if keeps_file(side, situation) else delete
            steps = [step.partition("  #")[0]]
    elif situation.is_synced:
        steps = []  # sync adds the file
    if situation.others:
        return [*steps, f"sessionctl status{situation.place}"]
    if situation.is_synced:
        return [*steps, f"sessionctl sync{situation.place}"]
    continuation = CONTINUATIONS.get(situation.operation or "")
    return [*steps, f"{git} {continuation}"] if continuation else steps


def remerge_step(situation: Situation) -> str:
    """Return the command that brings the conflicts of the file back."""
    return f"{situation.git} checkout --merge -- {path_word(situation.file)}"


def deletion_steps(word: str, git: str = "git") -> list[str]:
    """Return the two ways on for a file that one side deleted and the other changed."""
    return [f"{git} add {word}  # to keep it", f"{git} rm {word}  # or to delete it"]


def vault_step(path: str, word: str, git: str = "git") -> str:
    """Return the way on for a file of a vault that both sides changed, "" for another file.

    ``path`` is from the top of the work tree. The vault is encrypted, so that no one can
    merge it: either one will do, and is encrypted again to the readers of both sides.
    """
    if not is_vault_path(path):
        return ""
    if path.endswith(RECIPIENTS_FILE):
        return f"remove the markers and keep the keys of both sides, then: {git} add {word}"
    return f"take either one: {git} checkout --ours -- {word} && {git} add {word}"
