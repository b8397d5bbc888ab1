"""Prompt: how a person is asked by what runs below the command line, plug-ins too."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Protocol, TypeVar

    from sessionctl.core.secrets.secret import Secret

    _Answer = TypeVar("_Answer")

    class Prompt(Protocol):
        """How a person is asked; each returns None where nobody can be asked."""

        def ask_secret(self, question: str) -> Secret | None:
            """Ask for a passphrase or PIN, without an echo."""

        def ask_text(self, question: str) -> str | None:
            """Ask for something that is no secret."""

        def confirm(self, question: str) -> bool | None:
            """Ask yes or no."""

        def say(self, message: str) -> None:
            """Show a message, such as "touch the key"."""


class SilentPrompt:
    """Nobody to ask."""

    def ask_secret(self, question: str) -> Secret | None:
        """Return None."""

    def ask_text(self, question: str) -> str | None:
        """Return None."""

    def confirm(self, question: str) -> bool | None:
        """Return None."""

    def say(self, message: str) -> None:
        """Say nothing."""


class PluginPrompt:
    """What a plug-in asks, handed on to a person.

    An error that came out of here would be a crash of the library: a person who breaks off
    is kept, and the plug-in told that nobody answers.
    """

    def __init__(self, prompt: Prompt) -> None:
        self._prompt = prompt
        self._interrupt: KeyboardInterrupt | None = None

    def raise_interrupt(self) -> None:
        """Raise the ``KeyboardInterrupt`` that a person caused, if there was one."""
        if self._interrupt is not None:
            raise self._interrupt

    def display_message(self, message: str) -> None:
        """Show what a plug-in says."""
        self._ask(lambda: self._prompt.say(message))

    def confirm(self, message: str, yes_string: str, no_string: str | None) -> bool | None:
        """Ask yes or no for a plug-in."""
        choices = f"({yes_string} / {no_string or 'no'})"
        return self._ask(lambda: self._prompt.confirm(f"{message} {choices}"))

    def request_public_string(self, description: str) -> str | None:
        """Ask for something that is no secret."""
        return self._ask(lambda: self._prompt.ask_text(description))

    def request_passphrase(self, description: str) -> str | None:
        """Ask for a PIN or passphrase."""
        answer = self._ask(lambda: self._prompt.ask_secret(description))
        return None if answer is None else answer.text

    def _ask(self, question: Callable[[], _Answer | None]) -> _Answer | None:
        try:
            return question()
        except KeyboardInterrupt as interrupt:
            self._interrupt = interrupt
        except Exception:  # noqa: BLE001, S110 - no answer; the caller reports what it lacks
            pass
        return None
