"""The tmux server: batches of commands in one call, with an answer or an error for each.

A batch is the input of ``source-file -``. After each command, on its line, stands one that
prints a mark: when a command fails tmux skips the rest of its line, so a missing mark names the
command that failed, and what goes before a mark is the answer of its command.
"""

from __future__ import annotations

import os
import re
from typing import NamedTuple

from sessionctl.errors import ToolError
from sessionctl.system.process import run
from sessionctl.system.tmux.command_text import command_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sessionctl.system.process import ProcessResult

_INSTALL = "install tmux 3.2 or newer"
_TIMEOUT_S = 30.0
_GONE = re.compile(r"no server running|error connecting to|server exited|lost server")
_VERSION = re.compile(r"(\d+)\.(\d+)")


class NoServerError(ToolError):
    """No tmux server runs at the socket."""


class TmuxAnswer(NamedTuple):
    """What one command of a batch printed; ``error`` is tmux's message where it failed."""

    text: str
    error: str = ""

    @property
    def is_done(self) -> bool:
        """Whether the command was carried out."""
        return not self.error


class TmuxServer:
    """A tmux server by its socket; nothing is started until it is asked for.

    ``socket`` is a name (``tmux -L``), a path (``tmux -S``), or "" for the one that tmux would
    use itself: that of the client this runs in, else the default.
    """

    def __init__(self, environ: Mapping[str, str], socket: str = "") -> None:
        self.environ = environ
        self.socket = socket

    @property
    def argv(self) -> list[str]:
        """The call of tmux, without a command."""
        # Without -u tmux prints "_" for what is not ASCII where the locale is C.
        call = ["tmux", "-u"]
        if self.socket:
            call += ["-S" if "/" in self.socket else "-L", self.socket]
        return call

    def run(self, commands: Sequence[Sequence[str]]) -> list[TmuxAnswer]:
        """Carry out ``commands`` in one batch on the server that runs.

        Raises:
          NoServerError: none does.
          ToolError: tmux is missing, or does not answer.
        """
        if not commands:
            return []
        return self._batch([*self.argv, "-N"], commands)

    def start(
        self, commands: Sequence[Sequence[str]], config_files: Sequence[str] = ()
    ) -> list[TmuxAnswer]:
        """Carry out ``commands``; where no server runs, start one, without a session.

        Args:
          commands: the commands; one of the first must make a session, or the server ends.
          config_files: what the server reads in place of its usual configuration.

        Raises:
          ToolError: tmux is missing, or does not answer.
        """
        call = [*self.argv, *(word for file in config_files for word in ("-f", file))]
        return self._batch(
            [*call, short_name("start-server"), ";"], commands, with_utf8(self.environ)
        )

    def is_running(self) -> bool:
        """Return whether a server runs at the socket."""
        try:
            self.run([("display-message", "-p", "")])
        except NoServerError:
            return False
        return True

    def _batch(
        self,
        call: list[str],
        commands: Sequence[Sequence[str]],
        environ: Mapping[str, str] | None = None,
    ) -> list[TmuxAnswer]:
        token = os.urandom(8).hex()
        text = "".join(
            f"{_line(command)} ; {_MARKER} {token}.{number}\n"
            for number, command in enumerate(commands)
        )
        try:
            done = run(
                [*call, short_name("source-file"), "-"],
                input=text.encode(errors="surrogateescape"),
                env=self.environ if environ is None else environ,
                check=False,
                timeout_s=_TIMEOUT_S,
            )
        except ToolError as error:
            if "not found" in error.message:
                raise ToolError(error.message, hints=[_INSTALL]) from None
            raise
        answers = _answers(done, token, len(commands))
        if all(answer.error for answer in answers):
            self._check(done)
        return answers

    def _check(self, done: ProcessResult) -> None:
        """Raise an error where a batch had no answer at all because of the server."""
        words = done.stderr.decode(errors="replace").strip()
        if _GONE.search(words):
            where = self.socket or "the default socket"
            raise NoServerError(f"tmux: no server runs at {where}")
        if done.returncode != 0 and not words:
            raise ToolError("tmux: it did not understand the commands")


def short_name(command: str) -> str:
    """Return a command without its last letter, which tmux takes for the same.

    The user's ``command-alias`` may give whole names another meaning.
    """
    return command[:-1]


def with_utf8(environ: Mapping[str, str]) -> Mapping[str, str]:
    """Return ``environ`` with a locale that knows UTF-8, where it names none at all.

    All panes of a server have the environment it was started with: a timer's has no locale.
    """
    if any(environ.get(name) for name in ("LC_ALL", "LC_CTYPE", "LANG")):
        return environ
    return {**environ, "LANG": "C.UTF-8"}


def version_of(text: str) -> tuple[int, int]:
    """Return the version that tmux gives as ``text``, such as "3.3a" or "next-3.8"."""
    match = _VERSION.search(text)
    return (int(match[1]), int(match[2])) if match else (0, 0)


def socket_directory(environ: Mapping[str, str]) -> str:
    """Return the directory of the sockets that ``tmux -L`` names."""
    base = environ.get("TMUX_TMPDIR") or "/tmp"  # noqa: S108 - tmux' own default
    return f"{base}/tmux-{os.getuid()}"


def socket_path(environ: Mapping[str, str], socket: str) -> str:
    """Return the path of the socket that ``TmuxServer`` uses when it is given ``socket``."""
    if "/" in socket:
        return socket
    here = environ.get("TMUX", "").partition(",")[0]
    if not socket and here:
        return here
    return f"{socket_directory(environ)}/{socket or 'default'}"


_MARKER = f"{short_name('display-message')} -p"


def _line(command: Sequence[str]) -> str:
    return command_line((short_name(command[0]), *command[1:]))


def _answers(done: ProcessResult, token: str, count: int) -> list[TmuxAnswer]:
    output = done.stdout.decode(errors="surrogateescape")
    found: dict[int, str] = {}
    position = 0
    for match in re.finditer(rf"{token}\.(\d+)\n", output):
        found[int(match[1])] = output[position : match.start()]
        position = match.end()
    errors = [line for line in done.stderr.decode(errors="replace").splitlines() if line.strip()]
    missing = [number for number in range(count) if number not in found]
    words = dict(zip(missing, errors, strict=True)) if len(missing) == len(errors) else {}
    other = "; ".join(errors) or "tmux refused it"
    return [
        TmuxAnswer(found[number]) if number in found else TmuxAnswer("", words.get(number, other))
        for number in range(count)
    ]
