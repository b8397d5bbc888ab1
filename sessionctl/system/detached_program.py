"""Detached program: one that goes on when the program that started it ends."""

from __future__ import annotations

import os

from sessionctl.errors import ToolError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_SHELL = "/bin/sh"


def start_detached(argv: Sequence[str], environ: Mapping[str, str]) -> None:
    """Start a program in a session of its own, in the root directory, without open files.

    A shell starts it and ends at once, so that nobody has to wait for it. It ignores SIGINT.

    Raises:
      ToolError: it cannot be started.
    """
    words = [_SHELL, "-c", 'cd / && "$@" &', "sh", *argv]
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
        (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
    ]
    try:
        pid = os.posix_spawn(_SHELL, words, environ, file_actions=actions, setsid=True)
        os.waitpid(pid, 0)
    except OSError as error:
        raise ToolError(f"{_SHELL}: cannot start: {error.strerror}") from error
