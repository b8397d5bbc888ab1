"""Terminal prompt: questions to a person at the terminal, answers without an echo."""

from __future__ import annotations

import sys

from sessionctl.core.secrets.secret import Secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO, TypeVar

    from sessionctl.cli.output.console import Console

    _Answer = TypeVar("_Answer")


def answered(
    console: Console, ask: Callable[[], _Answer], *, screen: Callable[[], TextIO] | None = None
) -> _Answer:
    """Return what ``ask`` returns; who breaks off there is left at the beginning of a line.

    Every question goes through here. ``screen`` opens what the question stands on, by default
    stderr.
    """
    console.flush()
    console.rest()
    try:
        return ask()
    except BaseException:
        from contextlib import suppress

        with suppress(OSError):
            stream = console.stderr if screen is None else screen()
            stream.write("\n")
            stream.flush()
        raise


class TerminalPrompt:
    """Asks the person at the terminal of this process, also when stdin is a pipe.

    Nobody is asked where there is no terminal, or when ``may_ask`` is false.
    """

    def __init__(self, console: Console, *, may_ask: bool) -> None:
        """Speak on ``console``'s stderr."""
        self._console = console
        self._may_ask = may_ask

    def ask_secret(self, question: str) -> Secret | None:
        """Return what is typed, without showing it; None where nobody can be asked."""
        if not self._may_ask or not _has_terminal():
            return None
        from getpass import getpass

        from sessionctl.core.text.source import visible

        return Secret(answered(self._console, lambda: getpass(visible(question)), screen=_screen))

    def ask_text(self, question: str) -> str | None:
        """Return a line that is typed; None where nobody can be asked."""
        if not self._may_ask or sys.stdin is None or not sys.stdin.isatty():
            return None
        from sessionctl.core.text.source import visible

        self._console.stderr.write(f"{visible(question)} ")
        self._console.stderr.flush()
        line: str = answered(self._console, sys.stdin.readline)
        if not line:
            self._console.stderr.write("\n")
        return line.rstrip("\n")

    def confirm(self, question: str) -> bool | None:
        """Return whether the answer is yes; None where nobody can be asked."""
        answer = self.ask_text(f"{question} [y/N]")
        return None if answer is None else answer.strip().lower() in ("y", "yes")

    def say(self, message: str) -> None:
        """Show ``message``."""
        self._console.note(message)


def _screen() -> TextIO:
    return open("/dev/tty", "w", encoding="ascii")  # noqa: PTH123 - the process ends


def _has_terminal() -> bool:
    try:
        with open("/dev/tty", "rb+", buffering=0):  # noqa: PTH123
            return True
    except OSError:
        return False
