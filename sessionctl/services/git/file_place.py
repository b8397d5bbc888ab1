"""File place: the repository of a file, and its path there."""

from __future__ import annotations

import os
from pathlib import Path

from sessionctl.core.named_tuple import NamedTuple
from sessionctl.errors import FileError, GitError
from sessionctl.system.git.program import Git

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class FilePlace(NamedTuple):
    """Where a file is: git as run at the top of its work tree, and its path from there."""

    git: Git
    path: str


def place_of(file: str, environ: Mapping[str, str]) -> FilePlace:
    """Return where in git a file is; it need not be there any more.

    A symlink leads to the file it names, wherever that one is.

    Raises:
      FileError: it is a directory.
      GitError: it is not in a repository with a work tree.
    """
    path = Path(os.path.realpath(file))
    if path.is_dir():
        raise FileError(f"{file}: a directory, not a file", hints=["name one file of it"])
    start = path.parent
    while not start.is_dir():
        start = start.parent
    # A relative GIT_DIR is relative to where the command was typed.
    at = Path.cwd() if "GIT_DIR" in environ else start
    git, top = Git(environ, at).at_top()
    if not path.is_relative_to(top):
        raise GitError(
            f"{file}: outside of the work tree {top}",
            hints=["name a file of the repository, or unset GIT_DIR"],
        )
    return FilePlace(git, path.relative_to(top).as_posix())
