"""sessionctl key: the key that opens secrets on this machine."""

from __future__ import annotations

import click

from sessionctl.cli.options import dry_run_option, json_option
from sessionctl.cli.output.console import Console
from sessionctl.errors import UsageError


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
    from sessionctl.services.secrets.user_key import check_no_key, make_key

    context = secret_context(console)
    path = check_no_key(context)
    if dry_run:
        if as_json:
            console.print_json("key new", file=str(path), recipient=None, dry_run=True)
        else:
            console.out(f"would make {path}")
        return
    passphrase = None
    if has_passphrase:
        passphrase = context.prompt.ask_secret("Passphrase for the new key: ")
        if passphrase is None:
            raise UsageError("key new: there is no terminal to ask for the passphrase on")
        if not passphrase or context.prompt.ask_secret("The same again: ") != passphrase:
            raise UsageError("key new: empty, or not the same twice; no key was made")
    made = make_key(context, passphrase)
    if as_json:
        console.print_json("key new", file=str(made.path), recipient=made.recipient, dry_run=False)
        return
    console.note(f"made {made.path}: keep a copy where you keep passwords")
    console.out(made.recipient)
    console.hint("store a secret: sessionctl secret set FILE NAME")
