"""sessionctl demo: see a session saved, restored and merged, in a scratch directory."""

from __future__ import annotations

import os
import re
from pathlib import Path

from sessionctl.cli.input.terminal_prompt import answered
from sessionctl.cli.options import json_option, no_input_option
from sessionctl.cli.output.console import Console
from sessionctl.cli.start.late_click import click

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from tempfile import TemporaryDirectory

    from sessionctl.services.demo import Event, Tools

# First on the path for the package alone: its directory may hold modules of others that
# are named like Python's own.
_START = """\
import sys
sys.path.insert(0, {root!r})
import sessionctl
sys.path.append(sys.path.pop(0))
from sessionctl.__main__ import main
sys.exit(main())
"""
# The colours that git and sessionctl use, as the roles of this console: what they print
# goes through it as text, so that nothing else in it can steer the terminal.
_COLORED = re.compile(r"\x1b\[([0-9;]+)m(.*?)(?=\x1b\[[0-9;]*m|$)", re.MULTILINE)
_RESET = re.compile(r"\x1b\[[0-9;]*m")
_ROLES = {
    "1": "heading",
    "2": "dim",
    "31": "removed",
    "32": "added",
    "33": "changed",
    "36": "hint",
    "1;31": "error",
    "1;33": "warning",
}


@click.command("demo")
@click.option(
    "--keep",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Work in DIR (new or empty) and keep the repository.",
)
@no_input_option
@json_option
@click.pass_obj
def command(console: Console, *, keep: Path | None, no_input: bool, as_json: bool) -> None:
    """Watch a tmux session being saved and restored, and a file merged and checked.

    Everything runs in a scratch directory with its own tmux server and git repository, which
    are removed at the end; your files, sessions and git configuration are not touched. Each
    step prints a command and its output. On a terminal each chapter waits for a key, and "q"
    quits. Without tmux its part is skipped.

    Exit code: 0 every step worked as described.

    \b
    Examples:
      sessionctl demo
      sessionctl demo --no-input           without waiting for keys
      sessionctl demo --keep try-it        keep the repository to look around in
    """
    from sessionctl.cli.input.hangup import hangups_interrupt
    from sessionctl.cli.plan_flow import is_someone_there
    from sessionctl.services.demo import Stage, play

    if keep is not None:
        _check_free(keep)
    waits = not (no_input or as_json) and is_someone_there() and console.stdout.isatty()
    with hangups_interrupt(), _scratch_directory() as directory:
        scratch = Path(directory)
        repository = (keep or scratch / "repository").absolute()
        with Stage(scratch, repository, _tools(console)) as stage:
            events = play(stage)
            if as_json:
                console.print_json("demo", steps=_steps(events), kept=keep and str(keep))
                return
            _print_all(console, events, waits=waits)
    console.out()
    if keep is None:
        console.note("Done; the scratch directory is removed.")
        console.hint("save the tmux session you are in: sessionctl save")
        console.hint("create your own: sessionctl new NAME")
    else:
        console.note(f"The repository is in {keep}.")
        from sessionctl.core.text.shellwords import path_word

        place = path_word(str(keep))
        console.hint(f"look around: cd {place} && git log --graph --oneline")


def _scratch_directory() -> TemporaryDirectory[str]:
    """Return a new directory that is removed at the end.

    Raises:
      FileError: there is no place for one.
    """
    from tempfile import TemporaryDirectory

    from sessionctl.errors import FileError

    try:
        # What ends may write into its home once more while that is removed.
        return TemporaryDirectory(prefix="sessionctl-demo-", ignore_cleanup_errors=True)
    except OSError as error:
        raise FileError(
            f"cannot make a scratch directory: {error.strerror}",
            hints=["name a directory for it: TMPDIR=DIR sessionctl demo"],
        ) from error


def _check_free(directory: Path) -> None:
    from sessionctl.errors import FileError

    if directory.is_dir() and not any(directory.iterdir()):
        return
    if os.path.lexists(directory):
        raise FileError(
            f"{directory}: exists already, and not an empty directory",
            hints=["name a new directory: sessionctl demo --keep DIR"],
        )


def _tools(console: Console) -> Tools:
    """Return how the demo starts this very sessionctl, wherever it is installed."""
    import site

    from sessionctl.services.demo import Tools

    root = str(Path(__file__).resolve().parents[3])
    machine = console.machine
    if site.ENABLE_USER_SITE and site.USER_BASE:
        # Python looks for the user's own packages in the home directory, and the demo's
        # home is another one.
        environ = {"PYTHONUSERBASE": site.USER_BASE, **machine.environ}
        machine = machine._replace(environ=environ)
    program = (machine.executable, "-P", "-c", _START.format(root=root))
    color = console.uses_color(console.stdout)
    return Tools(machine, program, color, console.stdout.encoding or "utf-8")


def _print_all(console: Console, events: Iterator[Event], *, waits: bool) -> None:
    from sessionctl.services.demo import Chapter, Remark, TypedCommand

    number = 0
    for event in events:
        match event:
            case Chapter(title):
                number += 1
                if number > 1:
                    console.out()
                if number > 1 and waits:
                    _wait(console)
                console.out(console.style(f"{number}. {title}", "heading"))
            case Remark(text):
                console.out()
                console.out(console.style(f"# {text}", "dim"))
            case TypedCommand(typed, output, _):
                console.out(f"{console.style('$', 'hint')} {console.style(typed, 'heading')}")
                if output:
                    console.out(_in_roles(console, output))
        console.flush()


def _wait(console: Console) -> None:
    """Wait for a key; the line that asks for it is taken away again.

    Raises:
      Abort: the key was "q".
    """
    question = "-- any key continues, q quits --"
    console.stdout.write(question)
    key = answered(console, click.getchar, screen=lambda: console.stdout)
    console.stdout.write(f"\r{' ' * len(question)}\r")
    if key in ("q", "Q"):
        raise click.Abort


def _in_roles(console: Console, output: str) -> str:
    """Return what a program printed, its colours as roles of the console."""

    def role(found: re.Match[str]) -> str:
        codes, text = found.groups()
        return console.style(text, _ROLES[codes]) if codes in _ROLES and text else text

    return _RESET.sub("", _COLORED.sub(role, output))


def _steps(events: Iterator[Event]) -> list[dict[str, object]]:
    from sessionctl.services.demo import Chapter, Remark, TypedCommand

    steps: list[dict[str, object]] = []
    for event in events:
        match event:
            case Chapter(title):
                steps.append({"chapter": title})
            case Remark(text):
                steps.append({"remark": text})
            case TypedCommand(typed, output, code):
                steps.append({"command": typed, "output": output, "exit_code": code})
    return steps
