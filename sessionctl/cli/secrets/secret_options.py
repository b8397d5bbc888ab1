"""What the environment and the options say of identities and trust, and what all print."""

from __future__ import annotations

from pathlib import Path

import click

from sessionctl.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any, TypeVar

    from sessionctl.cli.output.console import Console
    from sessionctl.services.secrets.access.identity_sources import Explicit, SecretContext
    from sessionctl.services.secrets.access.vault_keeper import VaultKeeper

    Decorated = TypeVar("Decorated", bound="Callable[..., Any]")


def identity_option(function: Decorated) -> Decorated:
    """Add ``--identity FILE``."""
    return click.option(
        "--identity",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="The age identity to use, and no other.",
    )(function)


def make_keeper(console: Console, identity: Path | None, *, no_input: bool = False) -> VaultKeeper:
    """Return the keeper of this user's secrets.

    Raises:
      UsageError: a variable of the environment holds what cannot be used.
    """
    from sessionctl.services.secrets.access.vault_keeper import VaultKeeper

    return VaultKeeper(secret_context(console, identity, no_input=no_input))


def secret_context(
    console: Console, identity: Path | None = None, *, no_input: bool = False
) -> SecretContext:
    """Return the machine as the environment and the options describe it.

    Raises:
      UsageError: a variable of the environment holds what cannot be used.
    """
    from datetime import UTC, datetime

    from sessionctl.cli.input.terminal_prompt import TerminalPrompt
    from sessionctl.cli.user_store import user_store
    from sessionctl.services.secrets.access.identity_sources import SecretContext

    machine = console.machine
    return SecretContext(
        machine,
        today=datetime.now(UTC).date().isoformat(),
        explicit=_explicit(machine.environ, identity),
        trusted_vault=machine.environ.get("SESSIONCTL_TRUST_VAULT", ""),
        prompt=TerminalPrompt(console, may_ask=not no_input),
        store=user_store(machine),
    )


def tell_notes(console: Console, keeper: VaultKeeper) -> None:
    """Say what is to be said beside the answer."""
    for note in keeper.notes:
        console.note(note)
    keeper.notes.clear()
    failure = keeper.pins.failure
    if failure is not None:
        console.warn(
            f"what was seen could not be remembered: {failure.message}", hints=failure.hints
        )


def agreed(console: Console, question: str, *, yes: bool, may_ask: bool) -> bool:
    """Return whether the user agrees: by ``--yes``, or asked at the terminal.

    Raises:
      UsageError: nobody can be asked.
    """
    from sessionctl.cli.input.terminal_prompt import TerminalPrompt

    answer = True if yes else TerminalPrompt(console, may_ask=may_ask).confirm(question)
    if answer is None:
        raise UsageError("there is no terminal to ask on", hints=["say that it is meant: --yes"])
    return answer


def _explicit(environ: Mapping[str, str], identity: Path | None) -> Explicit | None:
    """Return the source that was asked for: option, file, command, literal, in this order."""
    import shlex

    from sessionctl.core.secrets.secret import Secret
    from sessionctl.services.secrets.access.identity_sources import FromCommand, FromFile, FromText

    if identity is not None:
        return FromFile("--identity", identity.expanduser())
    variable = "SESSIONCTL_IDENTITY_FILE"
    if environ.get(variable):
        return FromFile(variable, Path(environ[variable]).expanduser())
    variable = "SESSIONCTL_IDENTITY_CMD"
    if environ.get(variable):
        try:
            argv = tuple(shlex.split(environ[variable]))
        except ValueError:
            argv = ()
        if not argv:
            raise UsageError(f"{variable}: not a command: a quote is not closed, or it is empty")
        return FromCommand(variable, argv)
    variable = "SESSIONCTL_IDENTITY"
    if environ.get(variable):
        return FromText(variable, Secret(environ[variable]))
    return None
