"""The stage of the demo: a repository and an environment that touch nothing else."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.core.filename import SESSION_SUFFIX
from sessionctl.errors import GitError, ToolError
from sessionctl.services.demo.event import TypedCommand
from sessionctl.services.demo.private_server import PrivateServer
from sessionctl.system.files.text import create_text, read_text, write_text
from sessionctl.system.process import run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from sessionctl.services.machine import Machine

SESSION = f"api{SESSION_SUFFIX}"
_TIMEOUT_S = 60
_NOT_HANDED_ON = ("GIT_", "SESSIONCTL_", "_SESSIONCTL_", "XDG_", "TMUX")
_GITCONFIG = """\
[user]
\tname = Ada
\temail = ada@example.org
[init]
\tdefaultBranch = desktop
[advice]
\tdetachedHead = false
[color]
\tdiff = {color}
[core]
\thooksPath = no-hooks
"""


class Tools(NamedTuple):
    """What the stage is built with: the caller's machine, and how to start sessionctl.

    ``program`` is an argv that arguments are added to; ``color`` says whether the
    commands colour what they print, and ``encoding`` what can be shown.
    """

    machine: Machine
    program: Sequence[str]
    color: bool
    encoding: str = "utf-8"


class Stage:
    """A directory where shell commands run as they would for a user with an empty home.

    ``repository`` is the directory that the demo works in; home, configuration and a
    ``sessionctl`` that is this one live in ``scratch``, and so does tmux. Leaving the stage
    ends what runs on it.
    """

    def __init__(self, scratch: Path, repository: Path, tools: Tools) -> None:
        """Make the directories.

        Raises:
          GitError: git is missing.
          FileError: something cannot be written.
        """
        if tools.machine.find("git") is None:
            raise GitError(
                "git: not found on PATH",
                hints=["install git (https://git-scm.com/downloads), the demo merges with it"],
            )
        self.repository = repository
        self.session = repository / SESSION
        self.home = home = scratch / "home"
        programs = scratch / "bin"
        for directory in (home, programs, repository):
            directory.mkdir(parents=True, exist_ok=True)
        create_text(
            home / "gitconfig", _GITCONFIG.format(color="always" if tools.color else "never")
        )
        launcher = programs / "sessionctl"
        create_text(launcher, _launcher(tools))
        launcher.chmod(0o755)
        self.encoding = tools.encoding
        self.server = PrivateServer(scratch, tools.machine)
        self.environ = _environment(tools.machine.environ, home, programs) | self.server.environ
        # Unbuffered, stdout and stderr come in the order they have on a terminal.
        self.environ |= {"PYTHONIOENCODING": tools.encoding, "PYTHONUNBUFFERED": "1"}

    def __enter__(self) -> Stage:
        """Return the stage."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the tmux server with all that runs in it."""
        self.server.end(self.environ)

    def type(self, command: str, *, code: int = 0, says: Sequence[str] = ()) -> TypedCommand:
        """Run a shell line in the repository.

        Raises:
          ToolError: its exit code is not ``code``, or a piece of ``says`` is missing in
            what it printed.
        """
        shell = ["sh", "-c", f"exec 2>&1\n{command}"]
        done = run(shell, cwd=self.repository, env=self.environ, check=False, timeout_s=_TIMEOUT_S)
        output = done.stdout.decode(self.encoding, "replace").rstrip("\n")
        # The scratch directory has another name each time; what is seen is the same.
        output = output.replace(str(self.home), "~")
        if done.returncode != code:
            raise _not_so(command, f"expected exit code {code}, got {done.returncode}", output)
        for piece in says:
            if piece not in output:
                raise _not_so(command, f'expected it to print "{piece}"', output)
        return TypedCommand(command, output, done.returncode)

    def edit(self, text: str) -> None:
        """Put ``text`` into the session file, as an editor would."""
        write_text(self.session, text)

    def check(self, text: str, after: str) -> None:
        """Compare the session file with ``text``, byte for byte.

        Raises:
          ToolError: it differs; ``after`` says which command should have made it so.
        """
        found = read_text(self.session)
        if found != text:
            raise _not_so(after, f"{SESSION} is not what it should be", found)


def _launcher(tools: Tools) -> str:
    from sessionctl.core.text.shellwords import quoted

    words = " ".join(map(quoted, tools.program))
    color = "--color" if tools.color else "--no-color"
    # The drivers that git starts take no options before their name.
    return f'#!/bin/sh\n[ "$1" = git ] || set -- {color} "$@"\nexec {words} "$@"\n'


def _environment(environ: Mapping[str, str], home: Path, programs: Path) -> dict[str, str]:
    kept = {key: value for key, value in environ.items() if not key.startswith(_NOT_HANDED_ON)}
    return {
        **kept,
        "COLUMNS": "80",
        "GIT_CONFIG_GLOBAL": str(home / "gitconfig"),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_EDITOR": "true",
        "GIT_PAGER": "cat",
        "GIT_TERMINAL_PROMPT": "0",
        "HOME": str(home),
        "LC_ALL": "C.UTF-8",
        "PATH": f"{programs}:{environ.get('PATH', '/usr/bin:/bin')}",
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_STATE_HOME": str(home / ".local" / "state"),
    }


def _not_so(command: str, what: str, output: str) -> ToolError:
    return ToolError(
        f"demo: {command}: {what}",
        hints=[f"it printed: {output}" if output else "it printed nothing"],
    )
