"""sessionctl key: the keys that open secrets on this machine."""

from __future__ import annotations

from sessionctl.cli.options import dry_run_option, json_option, no_input_option
from sessionctl.cli.output.console import Console
from sessionctl.cli.plan_flow import PlanMode, perform
from sessionctl.cli.secrets.secret_options import identity_option
from sessionctl.cli.start.late_click import ADVISING_GROUP, click
from sessionctl.errors import LockedError, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

    from sessionctl.core.secrets.secret import Secret
    from sessionctl.services.plan.runner import PlanReport
    from sessionctl.services.secrets.access.secret_context import SecretContext
    from sessionctl.system.prompt import Prompt


@click.group("key", cls=ADVISING_GROUP)
def command() -> None:
    """Create and show the key that decrypts secrets on this machine.

    \b
    Examples:
      sessionctl key new                     then: sessionctl secret set FILE NAME
      sessionctl key new --passphrase        a key that asks for a passphrase
      sessionctl key show                    its public half, to send to others
    """
    from sessionctl.system.files.private_files import protect_process

    protect_process()


@command.command()
@click.option("--passphrase", "has_passphrase", is_flag=True, help="Protect it with a passphrase.")
@dry_run_option
@json_option
@click.pass_obj
def new(console: Console, *, has_passphrase: bool, dry_run: bool, as_json: bool) -> None:
    """Create a key and print its public half, the recipient.

    It is written to identities.txt in the configuration directory, as age users expect,
    readable by you alone. An existing key is never replaced.

    \b
    Examples:
      sessionctl key new
    """
    from sessionctl.cli.secrets.user_keeper import secret_context
    from sessionctl.services.secrets.user_key import check_no_key, plan_key

    context = secret_context(console)
    check_no_key(context)
    passphrase = _ask_passphrase(context.prompt) if has_passphrase and not dry_run else None
    key = plan_key(context, passphrase)

    def show(_rehearsal: PlanReport) -> None:
        console.out(f"would create {key.path}")

    perform(console, key.plan(), object(), PlanMode(dry_run, as_json), show=show).check()
    if as_json:
        recipient = None if dry_run else key.recipient
        console.print_json("key new", file=str(key.path), recipient=recipient, dry_run=dry_run)
    elif not dry_run:
        console.note(f"created {key.path}: keep a copy where you keep passwords")
        _warn_of_git(console, key.path)
        console.out(key.recipient)
        _print_next(console, context, key.recipient)


@command.command()
@identity_option
@no_input_option
@json_option
@click.pass_obj
def show(console: Console, /, *, identity: Path | None, no_input: bool, as_json: bool) -> int:
    """Print the public halves of your keys, the recipients, one per line.

    They are not secret: someone who can read a repository's secrets gives you access with
    'sessionctl recipients add'. A key with a passphrase asks for it.

    Exit code: 0 there is a key, 4 there is no key.

    \b
    Examples:
      sessionctl key show
      sessionctl recipients add "$(sessionctl key show | head -n 1)"
    """
    from sessionctl.cli.secrets.user_keeper import secret_context
    from sessionctl.services.secrets.access.keyring import Keyring
    from sessionctl.services.secrets.own_keys import own_keys

    context = secret_context(console, identity, no_input=no_input)
    own = own_keys(Keyring(context))
    if as_json:
        keys = [{"recipient": key.recipient, "file": key.place} for key in own.keys]
        console.print_json("key show", keys=keys, unknown=list(own.unknown))
    for key in () if as_json else own.keys:
        console.out(key.recipient)
        console.detail(f"{key.recipient}: {key.place}")
    for place in own.unknown:
        console.warn(f"{place}; its public half is not known")
    if own.keys:
        if not as_json:
            _print_next(console, context, own.keys[0].recipient)
        return 0
    console.error("you have no key on this machine", hints=["create one: sessionctl key new"])
    return LockedError.exit_code


def _warn_of_git(console: Console, path: Path) -> None:
    from sessionctl.services.scanning.key_exposure import key_exposure

    exposure = key_exposure(path, console.machine.environ)
    if exposure is not None:
        console.warn(f"{path}: {exposure.message}", hints=[f"make git ignore it: {exposure.fix}"])


def _print_next(console: Console, context: SecretContext, recipient: str) -> None:
    """Print the next step: be let in where others' secrets are, or store one."""
    from pathlib import Path

    from sessionctl.services.secrets.access.listed_recipients import read_recipients
    from sessionctl.services.secrets.access.secret_place import place_of_directory
    from sessionctl.services.secrets.own_keys import request

    place = place_of_directory(Path())
    listed = read_recipients(place) if place.has_vault else None
    if listed is None:
        console.hint("store a secret: sessionctl secret set FILE NAME")
    elif recipient not in listed.keys:
        console.note("it cannot decrypt the secrets here yet")
        console.hint(f"send this to someone who can read them: {request(context, recipient)}")


def _ask_passphrase(prompt: Prompt) -> Secret:
    passphrase = prompt.ask_secret("Passphrase for the new key: ")
    if passphrase is None:
        raise UsageError(
            "key new: there is no terminal to ask for the passphrase on",
            hints=["without one: sessionctl key new"],
        )
    if not passphrase or prompt.ask_secret("Repeat: ") != passphrase:
        raise UsageError(
            "key new: empty, or not the same twice; no key was created",
            hints=["try again: sessionctl key new --passphrase"],
        )
    return passphrase
