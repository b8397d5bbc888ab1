"""sessionctl key: the key that opens secrets on this machine."""

from __future__ import annotations

import click

from sessionctl.cli.options import dry_run_option, json_option
from sessionctl.cli.output.console import Console
from sessionctl.cli.plan_flow import PlanMode, perform
from sessionctl.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.secrets.secret import Secret
    from sessionctl.services.plan.runner import PlanReport
    from sessionctl.system.prompt import Prompt


@click.group("key")
def command() -> None:
    """Make the key that opens secrets on this machine.

    \b
    Examples:
      sessionctl key new                     then: sessionctl secret set FILE NAME
      sessionctl key new --passphrase        a key that asks for a passphrase
    """
    from sessionctl.system.files.private_files import protect_process

    protect_process()


@command.command()
@click.option("--passphrase", "has_passphrase", is_flag=True, help="Protect it by a passphrase.")
@dry_run_option
@json_option
@click.pass_obj
def new(console: Console, *, has_passphrase: bool, dry_run: bool, as_json: bool) -> None:
    """Make a key; print its public half, the recipient.

    The key is put where age users expect one, into identities.txt in the directory of
    settings, readable by you alone. A key that is there is never replaced.

    \b
    Examples:
      sessionctl key new
    """
    from sessionctl.cli.secrets.secret_options import secret_context
    from sessionctl.services.secrets.user_key import check_no_key, plan_key

    context = secret_context(console)
    check_no_key(context)
    passphrase = _ask_passphrase(context.prompt) if has_passphrase and not dry_run else None
    key = plan_key(context, passphrase)

    def show(_rehearsal: PlanReport) -> None:
        console.out(f"would make {key.path}")

    perform(console, key.plan(), object(), PlanMode(dry_run, as_json), show=show).check()
    if as_json:
        recipient = None if dry_run else key.recipient
        console.print_json("key new", file=str(key.path), recipient=recipient, dry_run=dry_run)
    elif not dry_run:
        console.note(f"made {key.path}: keep a copy where you keep passwords")
        console.out(key.recipient)
        console.hint("store a secret: sessionctl secret set FILE NAME")


def _ask_passphrase(prompt: Prompt) -> Secret:
    passphrase = prompt.ask_secret("Passphrase for the new key: ")
    if passphrase is None:
        raise UsageError("key new: there is no terminal to ask for the passphrase on")
    if not passphrase or prompt.ask_secret("The same again: ") != passphrase:
        raise UsageError("key new: empty, or not the same twice; no key was made")
    return passphrase
