"""Control client: one attached client of tmux that reports when something changes.

It asks for no output of panes, has no size, and is never read-only: while such a client is the
only one, tmux 3.7 refuses keys that other programs send. It leaves options, hooks and the
environment of the server as they are (-E).
"""

from __future__ import annotations

import re

from sessionctl.system.running_process import PipedProcess
from sessionctl.system.tmux.command_text import command_line
from sessionctl.system.tmux.message_log import MessageLog
from sessionctl.system.tmux.tmux_server import TmuxServer, socket_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

SETTINGS = "settings"
"""What ``read`` calls options and variables that were set."""
UNATTACHED = "unattached"
"""What it says where the session ends as soon as no other client is attached."""

_FLAGS = "ignore-size,no-output"
_SUBSCRIPTION = re.compile(rb"%subscription-changed (\S+) .* : (.*)", re.DOTALL)
# Not of them: what goes on all the time, and our own commands.
_NOISE = (
    b"%output", b"%extended-output", b"%pause", b"%continue", b"%message",
    b"%client-session-changed", b"%client-detached", b"%paste-buffer",
)  # fmt: skip
_LOG = ("show-messages",)
# No command of tmux: the error that answers it has a number as every command, and no log has it.
_COUNT = ("sessionctl-count",)
_OF_CLIENT = b"1"


class ControlClient:
    """A control client attached to one session of a server."""

    def __init__(self, server: TmuxServer, session: str, formats: Mapping[str, str]) -> None:
        """Attach to the session with the id ``session``, and subscribe to ``formats`` by name.

        Raises:
          ToolError: tmux is missing.
        """
        path = socket_path(server.environ, server.socket)
        environ = {name: value for name, value in server.environ.items() if name[:4] != "TMUX"}
        if "TMUX_TMPDIR" in server.environ:
            environ["TMUX_TMPDIR"] = server.environ["TMUX_TMPDIR"]
        # A control client needs no terminal, but tmux wants the name of one.
        environ.setdefault("TERM", "dumb")
        call = TmuxServer(environ, path).argv
        words = ["-N", "-C", "attach-session", "-E", "-t", session, "-f", _FLAGS]
        self.process = PipedProcess([*call, *words], environ)
        self._rest = b""
        self._formats = {**formats, UNATTACHED: "#{destroy-unattached}"}
        self._is_attached = False
        self._log = MessageLog()
        self._block: bytes | None = None
        self._lines: list[bytes] = []
        self._asked: list[tuple[str, ...]] = []
        self._number: int | None = None

    def read(self) -> set[str] | None:
        """Return what changed since the last time: names of subscriptions, "" for all else.

        None where the client has ended, with its session or with the server.
        """
        data = self.process.read()
        if data is None:
            return None
        *lines, self._rest = (self._rest + data).split(b"\n")
        found = (self._hear(line) for line in lines)
        return {change for change in found if change is not None}

    @property
    def has_log(self) -> bool:
        """Whether the server keeps a log of its commands."""
        return self._log.is_kept

    def ask_what_was_set(self) -> None:
        """Ask whether options or variables were set; ``read`` has the answer: ``SETTINGS``.

        Servers number what they do; only where others did something their log is read.
        """
        if self._is_attached and not self._asked:
            self._say(*_COUNT)

    def forget_others(self) -> None:
        """Do not ask about what others did so far."""
        self._number = None

    def end(self) -> None:
        """Detach."""
        self.process.end()

    def _hear(self, line: bytes) -> str | None:
        """Return what changed, None for nothing."""
        if self._block is not None:
            return self._answer(line)
        if line.startswith(b"%begin "):
            self._block, self._lines = line.removeprefix(b"%begin "), []
            return None
        subscription = _SUBSCRIPTION.match(line)
        if subscription is not None:
            name = subscription[1].decode(errors="replace")
            is_quiet = name == UNATTACHED and subscription[2] in (b"", b"0", b"off")
            return None if is_quiet else name
        if not self._is_attached and line.startswith(b"%session-changed"):
            self._subscribe()
        return "" if line.startswith(b"%") and not line.startswith(_NOISE) else None

    def _answer(self, line: bytes) -> str | None:
        kind, _, rest = line.partition(b" ")
        if kind not in (b"%end", b"%error") or rest != self._block:
            self._lines.append(line)
            return None
        self._block = None
        _, number, flags = rest.split(b" ")
        if flags != _OF_CLIENT or not self._asked:
            return None
        asked, before = self._asked.pop(0), self._number
        self._number = int(number)
        if asked == _LOG:
            return SETTINGS if kind == b"%error" or self._log.take(self._lines) else None
        if asked == _COUNT and before is not None and before + 1 != self._number:
            self._say(*_LOG)
        return None

    def _subscribe(self) -> None:
        """Subscribe, now that the client is attached: before that tmux knows none to report to."""
        self._is_attached = True
        for name, text in self._formats.items():
            self._say("refresh-client", "-B", f"{name}::{text}")
        self._say(*_LOG)

    def _say(self, *words: str) -> None:
        self._asked.append(words)
        self.process.write(f"{command_line(words)}\n".encode(errors="surrogateescape"))
