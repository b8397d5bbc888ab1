"""sessionctl ui: the sessions on screens, by the keyboard."""

from __future__ import annotations

import os
import sys

from sessionctl.cli.live.live_options import socket_option
from sessionctl.cli.options import paths_argument
from sessionctl.cli.output.console import Console
from sessionctl.cli.start.late_click import click
from sessionctl.errors import ToolError, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from sessionctl.tui.frame.ui_context import UiContext

_NO_TERMINAL = ("", "dumb", "unknown")


@click.command("ui")
@paths_argument("paths", "[FILE|DIR]...")
@socket_option
@click.pass_obj
def command(console: Console, *, paths: tuple[str, ...], socket: str) -> int:
    """Browse, restore, compare and merge sessions on screen, with the keyboard.

    Shows the named session files and those in and below each DIR; by default those in and
    below the current directory, those saved by name, and what runs in tmux. '?' lists the keys
    of a screen, Ctrl-P finds an action by its name. It asks before it starts or writes anything.

    Needs the extra 'ui': pip install 'sessionctl[ui]'

    \b
    Examples:
      sessionctl ui
      sessionctl ui ~/dotfiles
      sessionctl ui api.session.toml
    """
    _check_terminal(console)
    for path in paths:
        if not os.path.lexists(path):
            raise UsageError(f"{path}: no such file", hints=["see them: sessionctl list"])
    return _run(console, paths, socket)


def _check_terminal(console: Console) -> None:
    is_terminal = all(s is not None and s.isatty() for s in (sys.stdin, sys.stdout, sys.stderr))
    if not is_terminal:
        raise UsageError(
            "ui: this is not a terminal", hints=["without screens: sessionctl list, status, show"]
        )
    if console.machine.environ.get("TERM", "") in _NO_TERMINAL:
        raise UsageError(
            "ui: this terminal cannot show screens (TERM says so)",
            hints=["without screens: sessionctl list, status, show"],
        )


def _run(console: Console, paths: tuple[str, ...], socket: str) -> int:
    try:
        from sessionctl.tui.frame.session_ui import SessionUi
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("textual", "rich"):
            raise
        from sessionctl.system.optional_libraries import install_command

        raise ToolError(
            "ui: the screens need Textual, which is not installed",
            hints=[f"install it: {install_command('ui')}"],
        ) from error
    from contextlib import contextmanager

    @contextmanager
    def color_said(has_color: bool) -> Iterator[None]:  # noqa: FBT001
        # Textual reads NO_COLOR alone; ours is said by options too.
        before = os.environ.get("NO_COLOR")
        if has_color:
            os.environ.pop("NO_COLOR", None)
        else:
            os.environ["NO_COLOR"] = "1"
        try:
            yield
        finally:
            os.environ.pop("NO_COLOR", None)
            if before is not None:
                os.environ["NO_COLOR"] = before

    has_color = console.uses_color(console.stdout)
    with color_said(has_color):
        app = SessionUi(_context(console, paths, socket), has_color=has_color)
    code = app.run()
    if app.failure is not None:
        raise app.failure
    return code or app.return_code or 0


def _context(console: Console, paths: tuple[str, ...], socket: str) -> UiContext:
    from sessionctl.cli.input.editor import edit_file
    from sessionctl.cli.live.attach import attach_until_left
    from sessionctl.cli.live.live_session import live_context, tmux_adapter
    from sessionctl.cli.output.terminal import charset_of
    from sessionctl.cli.secrets.user_keeper import secret_context
    from sessionctl.tui.frame.ui_context import UiContext

    live = live_context(console, socket)
    return UiContext(
        paths=paths,
        live=live,
        charset=charset_of(console, ascii_only=False),
        edit=lambda file, line, column: edit_file(console.machine, file, (line, column)),
        attach=lambda name: attach_until_left(tmux_adapter(live), name),
        secrets=lambda: secret_context(console, no_input=True),
    )
