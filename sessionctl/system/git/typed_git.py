"""Typed git: how git and a file of a repository are called on a command line here."""

from __future__ import annotations

# pathlib costs more start-up than git's merge driver may spend: plain os calls here.
# ruff: noqa: PTH100, PTH109, PTH112, PTH114, PTH118, PTH120
import os

from sessionctl.core.named_tuple import NamedTuple
from sessionctl.core.text.shellwords import path_word
from sessionctl.system.git.directory import find_git_dir

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class TypedGit(NamedTuple):
    """``command`` begins a command line; paths follow it as seen from ``base``.

    ``place`` is what commands of ours take that are about the repository: nothing in it,
    elsewhere a space and its directory.
    """

    command: str
    base: str
    place: str = ""

    @property
    def enter(self) -> str:
        """What precedes a command that works in the current directory alone."""
        return f"cd{self.place} && " if self.place else ""

    def file(self, path: str) -> str:
        """Return ``path`` as a word behind ``command``; git follows no symlink above it.

        A link from outside of the repository, as stow makes them, is the file it leads to.
        """
        folder, name = os.path.split(os.path.abspath(path))
        place = os.path.join(os.path.realpath(folder), name)
        if os.path.islink(place) and _real_git_dir(folder) != _real_git_dir(self.base):
            place = os.path.realpath(place)
        return path_word(os.path.relpath(place, self.base))


PLAIN_GIT = TypedGit("git", ".")
"""Git, called in the current directory."""


def _real_git_dir(folder: str) -> str:
    found = find_git_dir(os.path.realpath(folder), {})
    return os.path.realpath(found) if found else ""


def typed_git(top: Path | str, environ: Mapping[str, str]) -> TypedGit:
    """Return how git is called for the work tree ``top`` from the current directory.

    Elsewhere, also in another repository below, it is ``git -C TOP``.
    """
    here, there = find_git_dir(".", environ), find_git_dir(str(top), environ)
    is_here = here is not None and there is not None
    if there is None or (is_here and os.path.realpath(here or "") == os.path.realpath(there)):
        return TypedGit("git", os.getcwd())
    word = path_word(str(top))
    return TypedGit(f"git -C {word}", os.path.realpath(top), f" {word}")


def typed_git_for(path: str, environ: Mapping[str, str]) -> TypedGit:
    """Return how git is called for the repository of the file ``path``, which may be gone."""
    for start in (os.path.dirname(os.path.abspath(path)), os.path.dirname(os.path.realpath(path))):
        folder = os.path.realpath(start)
        while not os.path.isdir(folder):
            folder = os.path.dirname(folder)
        if find_git_dir(folder, environ) is not None:
            return typed_git(folder, environ)
    return TypedGit("git", os.getcwd())


def typed_path(path: str, environ: Mapping[str, str]) -> str:
    """Return a path from the top as a word, where git started this program.

    Git starts hooks and drivers at the top, and ``GIT_PREFIX`` is where it was called.
    """
    prefix = environ.get("GIT_PREFIX")
    return path_word(os.path.relpath(path, prefix) if prefix else path)


def in_git(arguments: str, *paths: str, environ: Mapping[str, str]) -> str:
    """Return the command line ``git ARGUMENTS PATH...`` for files of one repository."""
    typed = typed_git_for(paths[0], environ)
    return " ".join([f"{typed.command} {arguments}", *map(typed.file, paths)])
