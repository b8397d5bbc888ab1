"""Operation: what git is in the middle of, and how a file stands in it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from sessionctl.core.text.shellwords import quoted
from sessionctl.errors import GitError
from sessionctl.system.git.directory import find_git_dir, operation_under_way
from sessionctl.system.git.work_state import unmerged_files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class Situation(NamedTuple):
    """How things stand in the repository of one file; outside of one, nothing is known.

    ``operation`` is None where none is under way; ``git`` and ``file`` are how the two are
    called on a command line here. ``others`` are other files that are not merged yet;
    ``holds_ours`` tells that the file is unmerged and exactly what it was on our side;
    ``deleted_by`` is the side that deleted the file while the other changed it, "" for none.
    """

    operation: str | None = None
    git: str = "git"
    file: str = ""
    is_unmerged: bool = False
    others: int = 0
    holds_ours: bool = False
    deleted_by: str = ""


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
