"""Attach: hand the terminal to a session, or switch the client this runs in."""

from __future__ import annotations

from sessionctl.core.text.shellwords import last_words, quoted
from sessionctl.core.text.source import visible
from sessionctl.errors import ToolError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.cli.output.console import Console
    from sessionctl.services.live.tmux.adapter import TmuxAdapter


def attach(console: Console, adapter: TmuxAdapter, name: str) -> int:
    """Attach to the session ``name``, or switch to it from within tmux; return the exit code.

    Where no terminal is, the session stays detached, which is said.
    """
    session = adapter.id_of(name)
    if adapter.server.environ.get("TMUX") and not adapter.server.socket:
        answer = adapter.server.run([("switch-client", "-t", session)])[0]
        if not answer.is_done:
            console.error(f"tmux: {answer.error}")
            return 3
        return 0
    if not console.stdout.isatty():
        console.note(f"the session {visible(name)} runs; there is no terminal to attach it to")
        socket = adapter.server.socket
        words = f"--tmux-socket={quoted(socket)} " if socket else ""
        console.hint(f"in a terminal: sessionctl open {words}{last_words(name)}")
        return 0
    from sessionctl.system.process import run_in_place

    console.flush()
    environ = {key: value for key, value in adapter.server.environ.items() if key != "TMUX"}
    run_in_place([*adapter.server.argv, "attach-session", "-t", session], environ, {})


def attach_until_left(adapter: TmuxAdapter, name: str) -> int:
    """Attach to the session ``name`` and return its client's exit code once that was left.

    Within tmux the client switches to it, and this goes on in its pane.

    Raises:
      ToolError: tmux is missing or fails.
      KeyNotFoundError: there is no such session.
    """
    session = adapter.id_of(name)
    if adapter.server.environ.get("TMUX") and not adapter.server.socket:
        answer = adapter.server.run([("switch-client", "-t", session)])[0]
        if not answer.is_done:
            raise ToolError(f"tmux: {answer.error}")
        return 0
    from sessionctl.system.process import run_interactive

    environ = {key: value for key, value in adapter.server.environ.items() if key != "TMUX"}
    return run_interactive([*adapter.server.argv, "attach-session", "-t", session], environ)
