"""sessionctl list: the session files of directories."""

from __future__ import annotations

import time

from sessionctl.cli.options import json_option
from sessionctl.cli.output.console import Console
from sessionctl.cli.start.late_click import click

_COLUMNS = ("name", "windows", "panes", "connections", "changed", "file")


@click.command("list")
@click.argument("directories", nargs=-1, metavar="[DIR]...")
@json_option
@click.pass_obj
def command(console: Console, *, directories: tuple[str, ...], as_json: bool) -> None:
    """List the session files in and below each DIR, by default the current directory.

    A file that is not valid TOML is listed with its first error; the exit code stays 0.

    \b
    Examples:
      sessionctl list
      sessionctl list ~/dotfiles ~/src
      sessionctl list --json | jq '.sessions[].file'
    """
    from sessionctl.services.documents.session_view import list_sessions

    listed = list_sessions(directories or (".",))
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
        console.hint("begin one: sessionctl new NAME")
        return
    from sessionctl.cli.output.terminal import charset_of, print_lines, terminal_width
    from sessionctl.core.render.drawing import draw_table

    rows = [
        (
            item.name,
            *(str(n) for n in (item.windows, item.panes, item.connections) if not item.problem),
            *("-" for _ in range(3) if item.problem),
            _moment("%Y-%m-%d %H:%M", time.localtime(item.modified)),
            item.path,
        )
        for item in listed
    ]
    charset = charset_of(console, ascii_only=False)
    header, *table = draw_table(_COLUMNS, rows, terminal_width(console), charset, indent=0)
    print_lines(console, [header])
    for item, line in zip(listed, table, strict=True):
        problem = [[("  ", ""), (item.problem, "error")]] if item.problem else []
        print_lines(console, [line, *problem])


def _moment(form: str, moment: time.struct_time) -> str:
    return time.strftime(form, moment)
