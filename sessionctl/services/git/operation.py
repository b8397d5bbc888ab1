"""Operation: what git is in the middle of, whose work each side is, and how it goes on."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from sessionctl.core.text.shellwords import path_word, quoted
from sessionctl.errors import GitError
from sessionctl.system.git.caller import STASHED
from sessionctl.system.git.directory import find_git_dir, operation_under_way
from sessionctl.system.git.work_state import unmerged_files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_GOES_ON = {
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


class Situation(NamedTuple):
    """How things stand in the repository of one file; outside of one, nothing is known.

    ``others`` are other files that are not merged yet; ``holds_ours`` tells that the
    file is unmerged and exactly what it was on our side; ``deleted_by`` is the side that
    deleted the file while the other changed it, "" for none.
    """

    operation: str | None = None
    git: str = "git"
    file: str = ""
    is_unmerged: bool = False
    others: int = 0
    holds_ours: bool = False
    deleted_by: str = ""

    def role(self, side: str, label: str = "") -> str:
        """Return whose work ``side`` ("ours" or "theirs") is, "" when that is not known."""
        if side == "theirs" and label == STASHED:
            return "your stashed work"
        roles = _ROLES.get(self.operation or "")
        return "" if roles is None else roles[side == "theirs"]

    def next_steps(self) -> list[str]:
        """Return the commands that follow once the file is resolved."""
        steps = [f"{self.git} add {path_word(self.file)}"] if self.is_unmerged else []
        if self.deleted_by:
            steps = deletion_steps(self.file, self.git)
        if self.others:
            return [*steps, "sessionctl status"]
        going_on = continuation(self.operation)
        return [*steps, f"{self.git} {going_on}"] if going_on else steps

    def begin_anew(self) -> str:
        """Return the command that brings the conflicts of the file back."""
        return f"{self.git} checkout --merge -- {path_word(self.file)}"


def deletion_steps(file: str, git: str = "git") -> list[str]:
    """Return the two ways on for a file that one side deleted and the other changed."""
    word = path_word(file)
    return [f"{git} add {word}  # to keep it", f"{git} rm {word}  # or to let it go"]


def told_deletion(deleted_by: str, operation: str | None) -> str:
    """Return in words which side deleted a file, and whose work that is."""
    situation = Situation(operation)

    def side(name: str) -> str:
        role = situation.role(name)
        return f"{name} ({role})" if role else name

    if deleted_by == "both":
        return "moved or deleted on both sides"
    kept_by = "theirs" if deleted_by == "ours" else "ours"
    return f"deleted in {side(deleted_by)}, changed in {side(kept_by)}"


def continuation(operation: str | None) -> str:
    """Return what follows ``git`` to end ``operation``, "" when none is under way."""
    return _GOES_ON.get(operation or "", "")


def read_situation(file: str, text: str, environ: Mapping[str, str]) -> Situation:
    """Return how things stand for ``file``, which holds ``text``; symlinks are followed.

    Without git, or outside of a repository, a situation that knows nothing.
    """
    from sessionctl.system.git.program import Git

    real = Path(os.path.realpath(file))
    # GIT_DIR, where it is set, is meant from the current directory.
    directory = "." if environ.get("GIT_DIR") else str(real.parent)
    git_dir = find_git_dir(directory, environ)
    if git_dir is None:
        return Situation()
    operation = operation_under_way(git_dir)
    here = find_git_dir(".", environ)
    is_here = here is not None and os.path.realpath(here) == os.path.realpath(git_dir)
    is_link = os.path.realpath(file) != os.path.abspath(file)  # noqa: PTH100 - no symlinks here
    command, word = "git", file
    if is_link or not is_here:
        command, word = f"git -C {quoted(directory)}", real.name
    git = Git(environ, Path(directory))
    try:
        top = git.repository().work_tree
        unmerged = unmerged_files(git)
    except GitError:
        return Situation(operation, command, word)
    mine = [found for found in unmerged if top is not None and top / found.path == real]
    holds_ours = any(
        git.run("cat-file", "blob", m.ours).stdout == text.encode() for m in mine if m.ours
    )
    others = len(unmerged) - len(mine)
    deleted_by = "".join(m.deleted_by for m in mine)
    return Situation(operation, command, word, bool(mine), others, holds_ours, deleted_by)
