"""Dotfile repositories: git does not find them, for they keep their git directory apart."""

from __future__ import annotations

# pathlib costs start-up: plain os calls here.
# ruff: noqa: PTH112, PTH118
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_YADM = os.path.join("yadm", "repo.git")
_BARE = (
    ".cfg",
    ".dotfiles",
    ".dotfiles.git",
    ".dotfiles-git",
    ".myconf",
    ".config.git",
    ".git-dotfiles",
)


def settings_for(directory: str, environ: Mapping[str, str]) -> list[str]:
    """Return the variables by which git finds a repository of dotfiles for ``directory``.

    Those of yadm, and of bare repositories at the places that guides name; each is a word
    for ``export`` in a shell.
    """
    from sessionctl.core.text.shellwords import quoted

    home = environ.get("HOME", "")
    if not home:
        return []
    real_home = os.path.realpath(home)
    if os.path.commonpath([os.path.realpath(directory), real_home]) != real_home:
        return []
    data = environ.get("XDG_DATA_HOME") or os.path.join(home, ".local", "share")
    found = []
    if _is_git_dir(os.path.join(data, _YADM)):
        found.append(f"GIT_DIR={quoted(os.path.join(data, _YADM))} GIT_WORK_TREE={quoted(home)}")
    for name in _BARE:
        path = os.path.join(home, name)
        if _is_git_dir(path):
            found.append(f"GIT_DIR={quoted(path)} GIT_WORK_TREE={quoted(home)}")
    return found


def _is_git_dir(path: str) -> bool:
    has_head = os.path.isfile(os.path.join(path, "HEAD"))  # noqa: PTH113
    return has_head and os.path.isdir(os.path.join(path, "objects"))
