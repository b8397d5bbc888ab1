"""History gaps: what a search of git could not look at, and what to do about it."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.core.text.plural import counted
from sessionctl.errors import GitError
from sessionctl.services.git.filter_advice import filter_step
from sessionctl.system.git.gaps import count_missing, has_commits, is_partial, is_shallow
from sessionctl.system.git.typed_git import typed_git

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from sessionctl.system.git.program import Git


class HistoryGaps(NamedTuple):
    """How much of a repository's history was not looked at.

    ``missing`` objects are not in this clone, or damaged. ``is_shallow`` and ``is_partial`` say
    of what kind the clone is. ``filtered`` counts the contents that could not be read, by the
    filter of git they are behind, "" for those that are not text.
    """

    missing: int = 0
    is_shallow: bool = False
    is_partial: bool = False
    filtered: tuple[tuple[str, int], ...] = ()
    git: str = "git"
    """How git is called on a command line here."""

    def __bool__(self) -> bool:
        return bool(self.missing or self.is_shallow or self.filtered)

    @property
    def reasons(self) -> list[str]:
        """What was not looked at, in words."""
        reasons = []
        if self.missing:
            where = "are kept by the remote alone" if self.is_partial else "are missing or damaged"
            if self.missing == 1:
                where = where.replace("are", "is", 1)
            reasons.append(f"{counted(self.missing, 'object')} {where}")
        if self.is_shallow:
            reasons.append("this is a shallow clone, older commits are not here")
        for name, number in self.filtered:
            which = f"behind the filter {name!r}" if name else "that are not text"
            if number == 1:
                which = which.replace("are", "is", 1)
            reasons.append(f"{counted(number, 'content')} {which}")
        return reasons

    @property
    def hints(self) -> list[str]:
        """The commands that fill the gaps; nothing is fetched without being asked."""
        hints, git = [], self.git
        if self.is_shallow:
            hints.append(f"get all commits, then search again: {git} fetch --unshallow")
        if self.missing and self.is_partial:
            hints.append(f"get all objects, then search again: {git} fetch --refetch --no-filter")
        elif self.missing:
            hints.append(f"see which objects: {git} fsck --full")
        for name, _ in self.filtered:
            hints += [f"set the filter up, then search again: {s}" for s in filter_step(name)]
        return hints

    @property
    def error(self) -> GitError:
        """The same as an error."""
        return GitError(f"git was not searched wholly: {', '.join(self.reasons)}", hints=self.hints)


def find_gaps(
    git: Git, absent: int, *, has_stopped: bool, filtered: Mapping[str, int]
) -> HistoryGaps:
    """Return what was not looked at.

    ``absent`` contents are known and could not be read; ``has_stopped`` says that git could not
    read all commits; ``filtered`` are those whose filter gave nothing.
    """
    if has_stopped and has_commits(git):
        absent = max(absent, count_missing(git), 1)
    is_of_remote = bool(absent) and is_partial(git)
    return HistoryGaps(
        absent,
        is_shallow(git),
        is_of_remote,
        tuple(sorted(filtered.items())),
        typed_git(git.cwd, git.environ).command,
    )
