"""Key exposure: a user's key in a work tree of git, where ``git add`` would publish it."""

from __future__ import annotations

import os
from pathlib import Path

from sessionctl.core.named_tuple import NamedTuple
from sessionctl.core.text.shellwords import path_word
from sessionctl.errors import GitError
from sessionctl.system.git.program import Git

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_NOT_IGNORED = 1
_NO_REPOSITORY = 128


class KeyExposure(NamedTuple):
    """What is wrong with the place of a key, and the command that makes git ignore it."""

    message: str
    fix: str


def key_exposure(path: Path, environ: Mapping[str, str]) -> KeyExposure | None:
    """Return why the key at ``path`` may be published; None: it is in no repository, or ignored.

    Dotfile managers link whole directories, and then the configuration directory is in the
    repository of the dotfiles.
    """
    folder = os.path.realpath(path.parent)
    try:
        git = Git(environ, folder)
        ok = (0, _NOT_IGNORED, _NO_REPOSITORY)
        if git.run("check-ignore", "-q", "--", path.name, ok=ok).returncode != _NOT_IGNORED:
            return None
    except GitError:
        return None
    return KeyExposure(
        "git does not ignore it, so 'git add' would publish it",
        f"echo {path.name} >> {path_word(str(Path(folder, '.gitignore')))}",
    )
