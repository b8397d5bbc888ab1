"""Git dates: when each side of the merge that git is at now was last changed."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from pathlib import Path

from sessionctl.errors import GitError
from sessionctl.system.git.directory import applied_commit, find_git_dir
from sessionctl.system.git.program import Git

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

# What git names the other side once it has stopped for conflicts; before, only the
# environment and the files of a rebase tell.
_HEADS = ("REBASE_HEAD", "MERGE_HEAD", "CHERRY_PICK_HEAD")
_HASH = re.compile(r"GITHEAD_([0-9a-f]{40,64})")


def dates_of_file(file: str, environ: Mapping[str, str]) -> tuple[datetime, datetime] | None:
    """Return ``dates_of_sides`` for a file anywhere; symlinks are followed."""
    real = os.path.realpath(file)
    if environ.get("GIT_DIR"):  # it is meant from the current directory
        return dates_of_sides(real, environ)
    return dates_of_sides(os.path.basename(real), environ, os.path.dirname(real))  # noqa: PTH119,PTH120


def dates_of_sides(
    path: str, environ: Mapping[str, str], directory: str = "."
) -> tuple[datetime, datetime] | None:
    """Return when ours and theirs last changed the file ``path``, by their commits.

    The date is that of the author, which a rebase keeps. None where git does not tell
    which commit the other side is, as while it applies a stash.
    """
    git_dir = find_git_dir(directory, environ)
    if git_dir is None:
        return None
    git = Git(environ, Path(directory))
    found = [_date(git, commit, path) for commit in ("HEAD", _theirs(git_dir, environ))]
    ours, theirs = found
    return (ours, theirs) if ours and theirs else None


def _theirs(git_dir: str, environ: Mapping[str, str]) -> str:
    """Return the commit of the other side, "" where it is not known."""
    heads = [match[1] for match in map(_HASH.fullmatch, environ) if match]
    if len(heads) == 1:
        return heads[0]
    applied = applied_commit(git_dir)
    if applied:
        return applied
    there = (head for head in _HEADS if os.path.exists(os.path.join(git_dir, head)))  # noqa: PTH110,PTH118
    return next(there, "")


def _date(git: Git, commit: str, path: str) -> datetime | None:
    if not commit:
        return None
    try:
        told = git.text("log", "-1", "--format=%at", commit, "--", path)
    except GitError:
        return None
    # Git keeps moments of any year, Python those before the year 10000.
    return datetime.fromtimestamp(int(told), UTC) if told.isdigit() and len(told) < 12 else None
