"""Committed file: the command that brings back what git has of a file of the vault."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def steps_back(path: Path, environ: Mapping[str, str]) -> tuple[str, ...]:
    """Return the hint that brings ``path`` back: by git where the last commit has it."""
    from sessionctl.errors import GitError
    from sessionctl.system.git.program import Git
    from sessionctl.system.git.typed_git import typed_git

    place = path.parent
    while not place.is_dir():
        place = place.parent
    elsewhere = ("restore it from a backup, or from another machine that has it",)
    try:
        git, top = Git(environ, place).at_top()
        inner = os.path.relpath(os.path.join(os.path.realpath(path.parent), path.name), top)  # noqa: PTH118
        done = git.run("cat-file", "-e", f"HEAD:{inner}", ok=(0, 1, 128))
    except GitError:
        return elsewhere
    if done.returncode != 0:
        return elsewhere
    typed = typed_git(top, environ)
    return (f"restore it: {typed.command} checkout HEAD -- {typed.file(str(top / inner))}",)
