"""sessionctl new: begin a session file."""

from __future__ import annotations

# pathlib costs start-up: plain os calls here.
# ruff: noqa: PTH109
import os

from sessionctl.cli.options import dry_run_option, json_option, overwrite_option
from sessionctl.cli.output.console import Console
from sessionctl.cli.start.late_click import click
from sessionctl.core.text.shellwords import path_word


@click.command("new")
@click.argument("name")
@click.option(
    "--dir",
    "directory",
    default=".",
    type=click.Path(),
    metavar="DIR",
    help="Write to DIR instead of the current directory.",
)
@overwrite_option
@click.option("--print", "only_print", is_flag=True, help="Print the text; write nothing.")
@dry_run_option
@json_option
@click.pass_obj
def command(
    console: Console,
    *,
    name: str,
    directory: str,
    force: bool,
    only_print: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Create the session file NAME.session.toml, with comments that explain it.

    The root of the session is the current directory. Prints the path of the file.

    \b
    Examples:
      sessionctl new api
      sessionctl new api --dir ~/dotfiles/sessions
      sessionctl new api --print           print the text, write nothing
    """
    from uuid import uuid4

    from sessionctl.core.filename import SESSION_SUFFIX
    from sessionctl.services.documents.session_creation import (
        check_name,
        session_file,
        session_text,
        start_session,
    )
    from sessionctl.services.settings.user_store import user_store

    name = name.removesuffix(SESSION_SUFFIX)
    check_name(name)
    identity = str(uuid4())
    root = _with_tilde(os.getcwd(), console.machine.home or "")
    text = session_text(name, root=root, identity=identity)
    path = session_file(name, directory)
    if only_print:
        console.data(text)
        return
    kept = "" if dry_run else start_session(path, text, user_store(console.machine), force=force)
    if as_json:
        console.print_json(
            "new", file=path, name=name, id=identity, root=root, kept=kept or None, dry_run=dry_run
        )
        return
    from sessionctl.cli.arguments.named_file import warn_of_namesakes

    if dry_run:
        _tell_plan(console, path, text, force=force)
        warn_of_namesakes(console, [path], dry_run=True)
        return
    if kept:
        console.note(f"kept the old file as {kept}")
    console.out(path)
    word = path_word(path)
    warn_of_namesakes(console, [path])
    console.hint(f"edit it, then: sessionctl validate {word} && sessionctl show {word}")


def _tell_plan(console: Console, path: str, text: str, *, force: bool) -> None:
    exists = os.path.lexists(path)
    if exists and not force:
        console.out(f"would refuse: {path} exists already")
        return
    lines = text.count("\n")
    console.out(f"would write {path}, {lines} lines" + (", and keep the old file" * exists))


def _with_tilde(directory: str, home: str) -> str:
    """Return ``directory`` with the home directory written as ``~``."""
    home = home.rstrip("/")
    if home and (directory == home or directory.startswith(f"{home}/")):
        return "~" + directory[len(home) :]
    return directory
