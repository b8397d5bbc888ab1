"""User keeper: the keeper of this user's secrets, by what environment and options say."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

    from sessionctl.cli.output.console import Console
    from sessionctl.services.machine import Machine
    from sessionctl.services.secrets.access.secret_context import SecretContext
    from sessionctl.services.secrets.access.vault_keeper import VaultKeeper
    from sessionctl.system.store.store import Store


def make_keeper(
    console: Console,
    identity: Path | None,
    *,
    no_input: bool = False,
    is_quiet: bool = False,
    dry_run: bool = False,
) -> VaultKeeper:
    """Return the keeper of this user's secrets.

    With ``is_quiet`` no identity asks for anything; after a ``dry_run`` nothing is stored.

    Raises:
      UsageError: a variable of the environment holds what cannot be used.
    """
    from sessionctl.services.secrets.access.vault_keeper import VaultKeeper

    context = secret_context(console, identity, no_input=no_input)
    keeper = VaultKeeper(context._replace(is_quiet=is_quiet))
    if dry_run:
        keeper.trust_file.hold()
    return keeper


def secret_context(
    console: Console, identity: Path | None = None, *, no_input: bool = False
) -> SecretContext:
    """Return the machine as the environment and the options describe it.

    From now on this process leaves no core dump: with it come private keys.

    Raises:
      UsageError: a variable of the environment holds what cannot be used.
    """
    import time

    from sessionctl.cli.input.terminal_prompt import TerminalPrompt
    from sessionctl.services.secrets.access.secret_context import SecretContext, explicit_identity
    from sessionctl.system.files.private_files import protect_process

    protect_process()
    machine = console.machine
    return SecretContext(
        machine,
        today=time.strftime("%Y-%m-%d", time.gmtime()),
        explicit=explicit_identity(machine.environ, identity),
        trusted_vault=machine.environ.get("SESSIONCTL_TRUST_VAULT", ""),
        prompt=TerminalPrompt(console, may_ask=not no_input),
        open_store=lambda: _store_of(machine),
    )


def _store_of(machine: Machine) -> Store:
    from sessionctl.services.settings.user_store import (
        user_store,  # not for a command that only reads
    )

    return user_store(machine)
