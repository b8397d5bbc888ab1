"""sessionctl list: the session files of directories."""

from __future__ import annotations

import os
import time

from sessionctl.cli.options import json_option
from sessionctl.cli.output.console import Console
from sessionctl.cli.start.late_click import click

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_COLUMNS = ("name", "windows", "panes", "connections", "changed", "file")
_CHOICES = (tuple(range(6)), (0, 1, 4, 5), (0, 5))


@click.command("list")
@click.argument("directories", nargs=-1, metavar="[DIR]...")
@json_option
@click.pass_obj
def command(console: Console, *, directories: tuple[str, ...], as_json: bool) -> None:
    """List the session files in and below each DIR.

    By default, the current directory and the directory of sessions saved by name. A file that
    is not valid TOML is listed with its first error; the exit code stays 0.

    \b
    Examples:
      sessionctl list
      sessionctl list ~/dotfiles ~/src
      sessionctl list --json | jq '.sessions[].file'
    """
    from sessionctl.services.documents.session_view import list_sessions

    listed = list_sessions(
        directories or (".", *_saved_by_name(console)), console.machine.own_places
    )
    if as_json:
        sessions = [
            {
                "file": item.path,
                "name": item.name,
                "windows": item.windows,
                "panes": item.panes,
                "connections": item.connections,
                "valid": not item.problem,
                "problem": item.problem or None,
                "modified": _moment("%Y-%m-%dT%H:%M:%SZ", time.gmtime(item.modified)),
            }
            for item in listed
        ]
        console.print_json("list", sessions=sessions)
        return
    if not listed:
        console.note(f"no session files in {', '.join(directories) or 'this directory'}")
        console.hint("save the tmux session you are in: sessionctl save")
        console.hint("or create one: sessionctl new NAME")
        return
    from sessionctl.cli.output.terminal import charset_of, print_lines, terminal_width
    from sessionctl.core.render.drawing import draw_table, text_width

    rows = [
        (
            item.name,
            *(str(n) for n in (item.windows, item.panes, item.connections) if not item.problem),
            *("-" for _ in range(3) if item.problem),
            _moment("%Y-%m-%d %H:%M", time.localtime(item.modified)),
            _shown(item.path, console.machine.home),
        )
        for item in listed
    ]
    charset, width = charset_of(console, ascii_only=False), terminal_width(console)
    # A path that is cut cannot be typed: the numbers give way to it.
    columns = next((c for c in _CHOICES if _fits(rows, c, width)), _CHOICES[-1])
    cells = [[row[n] for n in columns] for row in rows]
    whole = max(width, *(text_width(row[n]) * len(columns) for row in rows for n in columns))
    header, *table = draw_table([_COLUMNS[n] for n in columns], cells, whole, charset, indent=0)
    print_lines(console, [header])
    for item, line in zip(listed, table, strict=True):
        problem = [[("  ", ""), (item.problem, "error")]] if item.problem else []
        print_lines(console, [line, *problem])


def _fits(rows: Sequence[Sequence[str]], columns: Sequence[int], width: int) -> bool:
    from sessionctl.core.render.drawing import fits

    cells = [[row[n] for n in columns] for row in rows]
    return fits([_COLUMNS[n] for n in columns], cells, width, indent=0)


def _saved_by_name(console: Console) -> list[str]:
    """Return the directory of the sessions that were saved by a name, if it is there."""
    config = console.machine.config
    directory = f"{config}/sessions"
    return [directory] if config and os.path.isdir(directory) else []  # noqa: PTH112


def _shown(path: str, home: str | None) -> str:
    """Return a path as a person would type it."""
    return f"~{path.removeprefix(home)}" if home and path.startswith(f"{home}/") else path


def _moment(form: str, moment: time.struct_time) -> str:
    return time.strftime(form, moment)
