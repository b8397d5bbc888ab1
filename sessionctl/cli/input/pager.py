"""Pager: long answers page by page on a terminal, in the program that git would take."""

from __future__ import annotations

from sessionctl.cli.start.late_click import click

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TextIO, TypeVar

    from sessionctl.cli.output.console import Console
    from sessionctl.system.running_process import PagerProgram

    Decorated = TypeVar("Decorated", bound="Callable[..., Any]")

_DEFAULT = "less"
_NONE = ("", "cat")


def pager_option(function: Decorated) -> Decorated:
    """Add ``--no-pager`` (parameter ``no_pager``): print the answer at once."""
    return click.option(
        "--no-pager", is_flag=True, help="Print without a pager, even on a terminal."
    )(function)


class PagedOutput:
    """Let what is printed within be read in the user's pager, where stdout is a terminal.

    Whoever leaves the pager before the end has read enough: what follows is not printed.
    """

    __slots__ = ("_console", "_is_wanted", "_pager", "_stdout")

    def __init__(self, console: Console, *, is_wanted: bool = True) -> None:
        self._console = console
        self._is_wanted = is_wanted
        self._pager: PagerProgram | None = None
        self._stdout: TextIO | None = None

    def __enter__(self) -> None:
        """Start the pager."""
        self._pager = _start(self._console) if self._is_wanted else None
        if self._pager is not None:
            self._console.flush()
            self._stdout, self._console.paged_stdout = self._console.paged_stdout, self._pager.text

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> bool:
        """Wait until the pager was left."""
        if self._pager is None:
            if kind is None and self._is_wanted:
                _note_ignored(self._console)
            return False
        try:
            if kind is None:
                self._pager.text.flush()
        except BrokenPipeError:
            pass
        finally:
            self._console.paged_stdout = self._stdout
            self._pager.end()
        return kind is not None and issubclass(kind, BrokenPipeError)


def pager_command(environ: dict[str, str], git_pager: Callable[[], str]) -> str:
    """Return the command line of the user's pager, "" for none.

    As git has it: ``GIT_PAGER``, then ``core.pager`` (``git_pager``), then ``PAGER``, then
    less; before all of them ``SESSIONCTL_PAGER``.
    """
    for variable in ("SESSIONCTL_PAGER", "GIT_PAGER"):
        if variable in environ:
            return _named(environ[variable])
    configured = git_pager()
    if configured:
        return _named(configured)
    return _named(environ.get("PAGER", _DEFAULT))


def _named(command: str) -> str:
    return "" if command.strip() in _NONE else command


def _start(console: Console) -> PagerProgram | None:
    """Return the pager that was started; None without one, or without a terminal."""
    stream = console.stdout
    environ = dict(console.machine.environ)
    if not stream.isatty() or environ.get("TERM", "dumb") == "dumb":
        return None
    from sessionctl.cli.input.editor import git_setting, shell_argv
    from sessionctl.system.running_process import PagerProgram

    command = pager_command(environ, lambda: git_setting(console.machine, "core.pager"))
    if not command or not (_is_line(command) or console.machine.find(command)):
        return None
    try:
        return PagerProgram(
            shell_argv(command),
            environ,
            terminal=stream.fileno(),
            encoding=stream.encoding or "utf-8",
        )
    except (OSError, ValueError):
        return None


def _note_ignored(console: Console) -> None:
    """Say which pager of the environment was not used, for it is no program here."""
    environ = dict(console.machine.environ)
    if not console.stdout.isatty() or environ.get("TERM", "dumb") == "dumb":
        return
    named = [name for name in ("SESSIONCTL_PAGER", "GIT_PAGER", "PAGER") if name in environ]
    command = _named(environ[named[0]]) if named else ""
    if command and not _is_line(command) and not console.machine.find(command):
        console.flush()
        console.note(f"ignoring {named[0]}: there is no program {command}")


def _is_line(command: str) -> bool:
    """Return whether this is more than the name of a program."""
    return len(command.split()) > 1
