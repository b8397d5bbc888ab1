"""Value input: the value of a secret is read from a prompt, from stdin, or from an editor."""

from __future__ import annotations

import sys

from sessionctl.core.secrets.secret import Secret
from sessionctl.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from sessionctl.cli.output.console import Console


def read_value(
    console: Console,
    name: str,
    command: Callable[[], str],
    *,
    use_editor: bool = False,
    force: bool = False,
    no_input: bool = False,
) -> Secret:
    """Return the value of ``name``; ``command`` gives how the same is asked for again.

    Raises:
      UsageError: there is none to read, or the editor may keep copies of it.
      ToolError, FileError: the editor failed, or no directory lies in memory.
    """
    if use_editor:
        from sessionctl.cli.secrets.value_editor import edit_value

        return Secret(_without_line_end(edit_value(console, name, force=force).reveal()))
    if sys.stdin is not None and not sys.stdin.isatty():
        return _read_stdin()
    return _ask(console, name, command, no_input=no_input)


def _read_stdin() -> Secret:
    from sessionctl.services.secrets.entries.storage import MAX_BYTES

    return Secret(_without_line_end(sys.stdin.buffer.read(MAX_BYTES + 1)))


def _without_line_end(data: bytes) -> bytes:
    """Return a single line without its line end; several lines, as a key has, are kept."""
    line = data.removesuffix(b"\n").removesuffix(b"\r") if data.endswith(b"\n") else data
    return data if b"\n" in line else line


def _ask(console: Console, name: str, command: Callable[[], str], *, no_input: bool) -> Secret:
    from sessionctl.cli.input.terminal_prompt import TerminalPrompt

    prompt = TerminalPrompt(console, may_ask=not no_input)
    first = prompt.ask_secret(f"Value of {name}: ")
    if first is None:
        raise UsageError(
            f"{name}: there is no terminal to ask for the value on",
            hints=[f"pass it on stdin: {command()} < FILE_WITH_THE_VALUE"],
        )
    if first and prompt.ask_secret("Repeat: ") != first:
        raise UsageError(f"{name}: the two are not the same", hints=["nothing was stored"])
    return first
