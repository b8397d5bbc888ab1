"""Operation: what git is in the middle of, whose work each side is, and how it goes on."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from sessionctl.core.shellwords import quoted
from sessionctl.errors import GitError
from sessionctl.system.gitdir import find_git_dir, operation_under_way

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from sessionctl.system.git import Git

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
_STASHED = "Stashed changes"
_STAGE_OURS = 2


class Unmerged(NamedTuple):
    """A file that git could not merge: its path in the repository, and the blob of ours."""

    path: str
    ours: str


class Situation(NamedTuple):
    """How things stand in the repository of one file; outside of one, nothing is known.

    ``others`` are other files that are not merged yet; ``holds_ours`` tells that the
    file is unmerged and exactly what it was on our side.
    """

    operation: str | None = None
    git: str = "git"
    file: str = ""
    is_unmerged: bool = False
    others: int = 0
    holds_ours: bool = False

    def role(self, side: str, label: str = "") -> str:
        """Return whose work ``side`` ("ours" or "theirs") is, "" when that is not known."""
        if side == "theirs" and label == _STASHED:
            return "your stashed work"
        roles = _ROLES.get(self.operation or "")
        return "" if roles is None else roles[side == "theirs"]

    def next_steps(self) -> list[str]:
        """Return the commands that follow once the file is resolved."""
        steps = [f"{self.git} add {_argument(self.file)}"] if self.is_unmerged else []
        if self.others:
            return [*steps, "sessionctl status"]
        going_on = continuation(self.operation)
        return [*steps, f"{self.git} {going_on}"] if going_on else steps

    def begin_anew(self) -> str:
        """Return the command that brings the conflicts of the file back."""
        return f"{self.git} checkout --merge -- {quoted(self.file)}"


def continuation(operation: str | None) -> str:
    """Return what follows ``git`` to end ``operation``, "" when none is under way."""
    return _GOES_ON.get(operation or "", "")


def read_situation(file: str, text: str, environ: Mapping[str, str]) -> Situation:
    """Return how things stand for ``file``, which holds ``text``; symlinks are followed.

    Without git, or outside of a repository, a situation that knows nothing.
    """
    from sessionctl.system.git import Git

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
        unmerged = read_unmerged(git)
    except GitError:
        return Situation(operation, command, word)
    mine = [found for found in unmerged if top is not None and top / found.path == real]
    holds_ours = any(
        git.run("cat-file", "blob", m.ours).stdout == text.encode() for m in mine if m.ours
    )
    return Situation(
        operation, command, word, bool(mine), len(unmerged) - len(mine), holds_ours=holds_ours
    )


def read_unmerged(git: Git) -> list[Unmerged]:
    """Return the files that git could not merge, of the whole repository.

    Raises:
      GitError: there is no repository with a work tree here.
    """
    found: dict[str, str] = {}
    done = git.run("ls-files", "-u", "-z", "--full-name", "--", ":/")
    for entry in os.fsdecode(done.stdout).split("\0")[:-1]:
        about, _, path = entry.partition("\t")
        _, blob, stage = about.split(" ")
        found.setdefault(path, "")
        if int(stage) == _STAGE_OURS:
            found[path] = blob
    return [Unmerged(path, ours) for path, ours in found.items()]


def _argument(file: str) -> str:
    return f"-- {quoted(file)}" if file.startswith("-") else quoted(file)
