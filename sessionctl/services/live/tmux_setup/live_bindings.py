"""Live bindings: the keys bound in a server that runs, as its own options say."""

from __future__ import annotations

from sessionctl.errors import ToolError
from sessionctl.services.live.tmux_setup.key_bindings import (
    STARTED_OPTION,
    TmuxKeys,
    bindings,
    start_command,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sessionctl.system.tmux.tmux_server import TmuxServer

_ACTIONS = ("save", "restore", "open")
_NONE = "none"


def load_bindings(
    server: TmuxServer, program: Sequence[str], given: Mapping[str, str], *, is_restored: bool
) -> TmuxKeys:
    """Bind the keys in ``server``; return them.

    Args:
      server: the server that runs.
      program: how sessionctl is started, by absolute paths.
      given: keys by their action, before what options of tmux say.
      is_restored: whether sessions are restored now, whatever the option says.

    Raises:
      NoServerError: no server runs.
      ToolError: tmux refuses a key.
    """
    asked = [("show-options", "-gqv", f"@sessionctl-{action}-key") for action in _ACTIONS]
    asked += [
        ("show-options", "-gqv", "@sessionctl-restore"),
        ("show-options", "-sqv", STARTED_OPTION),
    ]
    *texts, restore, started = (answer.text.strip() for answer in server.run(asked))
    of_options = {
        action: "" if text == _NONE else text
        for action, text in zip(_ACTIONS, texts, strict=True)
        if text
    }
    keys = TmuxKeys(**{**of_options, **given}, is_restored=is_restored or restore == "on")
    commands = list(bindings(program, keys))
    if keys.is_restored and not started:
        commands += [("set-option", "-s", STARTED_OPTION, "1"), start_command(program)]
    for answer in server.run(commands):
        if not answer.is_done:
            raise ToolError(f"tmux: {answer.error}")
    return keys
