"""Key bindings: what tmux is given so that its keys save, restore and open sessions."""

from __future__ import annotations

import re
from typing import NamedTuple

from sessionctl.core.text.shellwords import quoted, typed_word
from sessionctl.core.text.source import visible
from sessionctl.errors import UsageError
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
# What tmux takes for a key (its key-string.c): modifiers, then a character or a name.
_KEY = re.compile(
    r"(?:\^|[CMS]-)*(?:[^\s\x00-\x1f\x7f]|F(?:[1-9]|1[0-2])|IC|Insert|DC|Delete|Home|End"
    r"|NPage|PageDown|PgDn|PPage|PageUp|PgUp|B?Tab|BSpace|Enter|Escape|Space|Up|Down|Left|Right"
    r"|KP(?:[0-9/*+.-]|Enter)|User\d{1,3}|0x[0-9A-F]{1,4})",
    re.IGNORECASE,
)


class TmuxKeys(NamedTuple):
    """The keys behind the prefix, "" for none, and whether sessions are restored at the start."""

    save: str = "S"
    restore: str = "R"
    open: str = "O"
    is_restored: bool = False


def check_keys(keys: TmuxKeys) -> None:
    """Refuse what is no key of tmux, which would bind nothing, and one key for two actions.

    Raises:
      UsageError: a key is one of these.
    """
    actions: dict[str, str] = {}
    for action in _NOTES:
        key = getattr(keys, action)
        if not key:
            continue
        hint = f"choose another: sessionctl tmux install {typed_word(f'--{action}-key')} KEY"
        if _KEY.fullmatch(key) is None:
            raise UsageError(
                f"tmux install: --{action}-key: not a key of tmux: {visible(key)}",
                hints=[hint, "keys are such as: S, C-s, M-Left, F5"],
            )
        if key in actions:
            raise UsageError(
                f"tmux install: {visible(key)} is the key for {actions[key]} and for {action}",
                hints=[hint],
            )
        actions[key] = action


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
