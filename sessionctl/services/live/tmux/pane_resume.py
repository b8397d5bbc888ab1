"""Pane resume: the argv with which the program of a pane asks to be started again."""

from __future__ import annotations

from sessionctl.errors import ToolError, UsageError
from sessionctl.services.live.tmux.capture import RESUME_OPTION, resume_argv
from sessionctl.system.tmux.command_text import command_line
from sessionctl.system.tmux.option_text import read_options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sessionctl.system.tmux.tmux_server import TmuxServer


def pane_here(environ: Mapping[str, str]) -> str:
    """Return the id of the pane that a program with this environment runs in.

    Raises:
      UsageError: it runs in none.
    """
    pane = environ.get("TMUX_PANE", "")
    if not pane:
        raise UsageError(
            "pane resume: this is not a pane of tmux: TMUX_PANE is not set",
            hints=["run it in a pane, or name one: --pane %3"],
        )
    return pane


def read_resume(server: TmuxServer, pane: str) -> tuple[str, ...] | None:
    """Return the argv that is registered for a pane; None for none, () for a plain shell.

    Raises:
      NoServerError: no server runs.
      ToolError: there is no such pane.
    """
    text = _ask(server, ("show-options", "-p", "-t", pane))
    return resume_argv(read_options(text))


def register_resume(server: TmuxServer, pane: str, argv: Sequence[str] | None) -> None:
    """Register ``argv`` for a pane: what is started there when the session comes back.

    An empty one stands for a plain shell, None for what then runs in the pane.

    Raises as ``read_resume`` does.
    """
    words: tuple[str, ...] = ("set-option", "-p", "-t", pane)
    if argv is None:
        words = (*words, "-u", RESUME_OPTION)
    else:
        words = (*words, RESUME_OPTION, command_line(argv))
    _ask(server, words)


def _ask(server: TmuxServer, words: Sequence[str]) -> str:
    answer = server.run([words])[0]
    if not answer.is_done:
        raise ToolError(f"tmux: {answer.error}")
    return answer.text
