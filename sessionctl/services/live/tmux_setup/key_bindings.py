"""Key bindings: what tmux is given so that its keys save, restore and open sessions."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.core.text.shellwords import quoted
from sessionctl.system.tmux.command_text import escape_format, readable_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

STARTED_OPTION = "@sessionctl-started"
"""Set once a server has brought its sessions back: its configuration may be read again."""

_NOTES = {
    "save": "sessionctl: save this session",
    "restore": "sessionctl: restore sessions",
    "open": "sessionctl: choose a saved session",
}
# Escaped for the shell that tmux starts: a client may be called anything.
_PLACE = "--pane=#{pane_id} --client=#{q:client_name}"


class TmuxKeys(NamedTuple):
    """The keys behind the prefix, "" for none, and whether sessions are restored at the start."""

    save: str = "S"
    restore: str = "R"
    open: str = "O"
    is_restored: bool = False


def bindings(program: Sequence[str], keys: TmuxKeys) -> Iterator[tuple[str, ...]]:
    """Yield the commands of tmux that bind the keys.

    ``program`` is how sessionctl is started, by absolute paths.
    """
    for action, note in _NOTES.items():
        key = getattr(keys, action)
        if key:
            line = f"{shell_line([*program, 'tmux', 'key', action])} {_PLACE}"
            yield ("bind-key", "-N", note, key, "run-shell", "-b", line)


def start_command(program: Sequence[str]) -> tuple[str, ...]:
    """Return the command of tmux that brings the sessions of the last server back."""
    return ("run-shell", "-b", shell_line([*program, "tmux", "key", "restore", "--at-start"]))


def shell_line(argv: Sequence[str]) -> str:
    """Return ``argv`` as a line for ``run-shell``, which expands it as a format first."""
    return escape_format(" ".join(map(quoted, argv)))


def block_lines(program: Sequence[str], keys: TmuxKeys) -> list[str]:
    """Return the lines for a configuration file of tmux."""
    lines = ["# Written by 'sessionctl tmux install'; 'sessionctl tmux uninstall' removes it."]
    lines += map(readable_line, bindings(program, keys))
    if keys.is_restored:
        # Once for each server, however often this file is read.
        lines += [
            f'%if "#{{?{STARTED_OPTION},,1}}"',
            readable_line(("set-option", "-s", STARTED_OPTION, "1")),
            readable_line(start_command(program)),
            "%endif",
        ]
    return lines
