"""sessionctl show: a session drawn in the terminal."""

from __future__ import annotations

# pathlib costs start-up: plain os calls here.
# ruff: noqa: PTH119
import gc
import os

from sessionctl.cli.options import json_option, session_argument
from sessionctl.cli.output.console import Console
from sessionctl.cli.start.late_click import click


@click.command("show")
@session_argument()
@click.option("--resolved", is_flag=True, help="Apply the overrides of this machine.")
@click.option("--ascii", "ascii_only", is_flag=True, help="Draw with ASCII characters only.")
@json_option
@click.pass_obj
def command(
    console: Console, *, file: str, resolved: bool, ascii_only: bool, as_json: bool
) -> None:
    """Show the session in FILE: its windows, connections and preferences.

    FILE is by default the only *.session.toml here; "-" reads stdin. Nothing is started and
    secrets are not shown.

    \b
    Examples:
      sessionctl show                              the session of this directory
      sessionctl show api.session.toml
      sessionctl show --resolved api.session.toml  with this machine's overrides
    """
    # One file is shown and the process ends: looking for garbage meanwhile takes a twentieth of the
    # time.
    gc.disable()
    try:
        _show(console, file, resolved=resolved, ascii_only=ascii_only, as_json=as_json)
    finally:
        gc.enable()


def _show(console: Console, file: str, *, resolved: bool, ascii_only: bool, as_json: bool) -> None:
    from sessionctl.services.documents.session_view import load_session

    path = file
    session, value = load_session(path, machine=console.machine if resolved else None)
    if as_json:
        from sessionctl.core.scan.masked_values import masked

        shown = masked(value, in_session=True)
        console.print_json("show", file=path, resolved=resolved, session=shown)
        return
    from sessionctl.cli.output.terminal import charset_of, print_lines, terminal_width
    from sessionctl.core.filename import SESSION_SUFFIX
    from sessionctl.core.render.overview import draw_overview

    lines = draw_overview(
        session,
        title=os.path.basename(path).removesuffix(SESSION_SUFFIX),
        width=terminal_width(console),
        charset=charset_of(console, ascii_only=ascii_only),
    )
    print_lines(console, lines)
