"""Typed git: how git and a file of a repository are called on a command line here."""

from __future__ import annotations

import os
from typing import NamedTuple

from sessionctl.core.text.shellwords import path_word, quoted
from sessionctl.system.git.directory import find_git_dir

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class TypedGit(NamedTuple):
    """``command`` begins a command line; paths follow it as seen from ``base``."""

    command: str
    base: str

    def file(self, path: str) -> str:
        """Return the absolute ``path`` as a word behind ``command``."""
        return path_word(os.path.relpath(path, self.base))


def typed_git(top: Path, environ: Mapping[str, str]) -> TypedGit:
    """Return how git is called for the work tree ``top`` from the current directory.

    Elsewhere, also in another repository below, it is ``git -C TOP``.
    """
    here, there = find_git_dir(".", environ), find_git_dir(str(top), environ)
    if here is not None and there is not None:
        if os.path.realpath(here) == os.path.realpath(there):
            return TypedGit("git", os.getcwd())  # noqa: PTH109
    return TypedGit(f"git -C {quoted(str(top))}", str(top))
