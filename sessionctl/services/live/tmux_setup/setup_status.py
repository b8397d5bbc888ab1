"""Setup status: what of sessionctl tmux has, what saves automatically, and what would interfere."""

from __future__ import annotations

import os
import re
from typing import NamedTuple

from sessionctl.services.live.tmux_setup.configuration import read_block
from sessionctl.system.files.text import read_text
from sessionctl.system.tmux.tmux_server import NoServerError, version_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sessionctl.services.live.tmux_setup.configuration import InstalledBlock
    from sessionctl.system.tmux.tmux_server import TmuxServer

_CONTINUUM = "@continuum-restore"
_CONTINUUM_ON = re.compile(rf"^[^#]*{_CONTINUUM}['\"]?[ \t]+['\"]?on\b", re.MULTILINE)
_OLDEST = (3, 2)
_CALL = "tmux key "


class SetupProblem(NamedTuple):
    """One thing that is in the way, and the next step; ``severity`` is "error" or "warning"."""

    message: str
    hint: str
    severity: str = "warning"


class SetupStatus(NamedTuple):
    """How tmux is set up.

    ``file`` is the user's configuration, ``block`` what ours in it says, None for none.
    ``version`` is that of the server, "" where none runs; ``is_loaded`` says whether its keys
    are ours.
    """

    file: Path
    block: InstalledBlock | None
    version: str
    is_loaded: bool
    problems: tuple[SetupProblem, ...]

    @property
    def is_working(self) -> bool:
        """Whether the keys are installed, and nothing but warnings was found."""
        is_there = self.block is not None or self.is_loaded
        return is_there and all(problem.severity != "error" for problem in self.problems)


class _Server(NamedTuple):
    version: str = ""
    is_loaded: bool = False
    has_continuum: bool = False


def read_setup(server: TmuxServer, file: Path) -> SetupStatus:
    """Return how tmux is set up by ``file`` and on the server, where it runs.

    Raises:
      FileError, DocumentError: the file cannot be read, or our block in it is broken.
      ToolError: tmux is missing.
    """
    block = read_block(file)
    found = _ask(server)
    problems = tuple(_problems(file, block, found))
    return SetupStatus(file, block, found.version, found.is_loaded, problems)


def _ask(server: TmuxServer) -> _Server:
    try:
        version, keys, continuum = server.run(
            [
                ("display-message", "-p", "#{version}"),
                ("list-keys", "-T", "prefix"),
                ("show-options", "-gqv", _CONTINUUM),
            ]
        )
    except NoServerError:
        return _Server()
    return _Server(version.text.strip(), _CALL in keys.text, continuum.text.strip() == "on")


def _problems(file: Path, block: InstalledBlock | None, server: _Server) -> Iterator[SetupProblem]:
    if block is None and not server.is_loaded:
        yield SetupProblem("the keys are not installed", "sessionctl tmux install", "error")
    if block is not None and not os.access(block.program, os.X_OK):
        message = f"{file}: the keys start {block.program}, which is not there"
        yield SetupProblem(message, "sessionctl tmux install", "error")
    if block is not None and server.version and not server.is_loaded:
        yield SetupProblem("the server does not know the keys yet", f"tmux source-file {file}")
    if server.version and version_of(server.version) < _OLDEST:
        yield SetupProblem(
            f"the server is tmux {server.version}", "install tmux 3.2 or newer", "error"
        )
    is_on = server.has_continuum or (
        file.exists() and _CONTINUUM_ON.search(read_text(file)) is not None
    )
    if is_on:
        what = "so do" if block is not None and block.keys.is_restored else "and mixes with"
        yield SetupProblem(
            f"tmux-continuum restores sessions at the start of tmux, {what} those of sessionctl",
            f"turn one of them off: set -g {_CONTINUUM} off",
        )
