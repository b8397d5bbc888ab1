"""Control client: one attached client of tmux that reports when something changes.

It asks for no output of panes, has no size, and is never read-only: while such a client is the
only one, tmux 3.7 refuses keys that other programs send. It touches no session: -E keeps the
environment as it is.
"""

from __future__ import annotations

import re

from sessionctl.system.process import PipedProcess
from sessionctl.system.tmux.command_text import command_line
from sessionctl.system.tmux.tmux_server import TmuxServer, socket_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_FLAGS = "ignore-size,no-output"
_SUBSCRIPTION = re.compile(rb"%subscription-changed (\S+) ")
# Not of them: what goes on all the time, and our own commands.
_NOISE = (
    b"%begin", b"%end", b"%error", b"%output", b"%extended-output", b"%pause", b"%continue",
    b"%message", b"%client-session-changed", b"%client-detached", b"%paste-buffer",
)  # fmt: skip
# There is no hook of set-window-option.
_HOOKS = ("after-set-option", "after-set-environment")
_HOOK_INDEX = 917
TICK_OPTION = "@sessionctl-tick"
"""Counts the options and variables that are set: no format has all of those."""


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
        self._formats = dict(formats)
        self._is_attached = False
        self._count_settings()

    def read(self) -> set[str] | None:
        """Return what changed since the last time: names of subscriptions, "" for all else.

        None where the client has ended, with its session or with the server.
        """
        data = self.process.read()
        if data is None:
            return None
        *lines, self._rest = (self._rest + data).split(b"\n")
        found = set()
        for line in lines:
            subscription = _SUBSCRIPTION.match(line)
            if not self._is_attached and line.startswith(b"%session-changed"):
                self._subscribe()
            if subscription is not None:
                found.add(subscription[1].decode(errors="replace"))
            elif line.startswith(b"%") and not line.startswith(_NOISE):
                found.add("")
        return found

    def end(self) -> None:
        """Detach, and leave nothing in the server."""
        for hook in _HOOKS:
            self._say("set-hook", "-gu", f"{hook}[{_HOOK_INDEX}]")
        self._say("set-option", "-su", TICK_OPTION)
        self.process.end()

    def _subscribe(self) -> None:
        """Subscribe, now that the client is attached: before that tmux knows none to tell."""
        self._is_attached = True
        for name, text in self._formats.items():
            self._say("refresh-client", "-B", f"{name}::{text}")

    def _count_settings(self) -> None:
        """Let the server count what is set, in a hook that starts no program."""
        tick = f"set-option -sF {TICK_OPTION} '#{{e|+:0#{{{TICK_OPTION}}},1}}'"
        for hook in _HOOKS:
            self._say("set-hook", "-g", f"{hook}[{_HOOK_INDEX}]", tick)

    def _say(self, *words: str) -> None:
        self.process.write(f"{command_line(words)}\n".encode(errors="surrogateescape"))
