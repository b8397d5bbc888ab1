"""sessionctl recipients: who may read the secrets of a repository."""

from __future__ import annotations

from sessionctl.cli.options import dry_run_option, json_option, no_input_option
from sessionctl.cli.output.console import Console
from sessionctl.cli.plan_flow import PlanMode
from sessionctl.cli.secrets.secret_options import directory_option, identity_option
from sessionctl.cli.secrets.secret_output import carry_out, print_notes
from sessionctl.cli.secrets.user_keeper import make_keeper
from sessionctl.cli.secrets.vault_output import (
    print_vault_change,
    print_writes,
    vault_change_data,
)
from sessionctl.cli.start.late_click import ADVISING_GROUP, click
from sessionctl.errors import UsageError
from sessionctl.services.plan.plan import plan_lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

    from sessionctl.services.secrets.access.secret_place import SecretPlace
    from sessionctl.services.secrets.readers.reader_change import ReaderChange
    from sessionctl.services.secrets.readers.reader_list import Readers


@click.group("recipients", cls=ADVISING_GROUP)
def command() -> None:
    """List, add and remove who can read the secrets of this repository.

    Recipients are in .age-recipients, in the format of 'age -R': age keys, ssh keys (ed25519,
    rsa), keys of age plug-ins.

    \b
    Examples:
      sessionctl recipients list
      sessionctl recipients add age1... --label 'work laptop'
      sessionctl recipients add "$(cat ~/.ssh/id_ed25519.pub)"
      sessionctl recipients rm 'work laptop'
    """
    from sessionctl.system.files.private_files import protect_process

    protect_process()


@command.command("list")
@directory_option
@json_option
@click.pass_obj
def list_(console: Console, *, directory: Path, as_json: bool) -> None:
    """List the recipients; needs no key.

    \b
    Examples:
      sessionctl recipients list
    """
    from sessionctl.services.secrets.access.secret_place import place_of_directory
    from sessionctl.services.secrets.readers.reader_list import list_readers

    keeper = make_keeper(console, None, no_input=True)
    place = place_of_directory(directory)
    readers = list_readers(keeper, place)
    for one in readers.damaged:
        console.warn(f"{place.recipients}:{one.line}:1: left out: {one.what}")
    if as_json:
        console.print_json(
            "recipients list",
            recipients=[
                {
                    "key": one.recipient.key,
                    "kind": one.recipient.kind,
                    "label": one.recipient.label,
                    "accepted": one.is_accepted,
                }
                for one in readers.recipients
            ],
            vault=readers.vault or None,
            pending=readers.is_pending,
        )
        return
    _print_readers(console, readers)
    if not readers.recipients and not readers.vault:
        from sessionctl.core.text.shellwords import path_word

        there = _other_vault(console, place)
        hint = "the first secret makes you a recipient: sessionctl secret set FILE NAME"
        if there:
            hint = f"those of your sessions: sessionctl recipients list --dir={path_word(there)}"
        console.hint(hint)


def _other_vault(console: Console, place: SecretPlace) -> str:
    """Return the directory of the user's sessions where they have a vault, and ``place`` nothing.

    A line such as ``key new`` prints is pasted wherever its reader stands, the home directory
    for example.
    """
    from pathlib import Path

    from sessionctl.services.naming.session_names import NamePlaces
    from sessionctl.services.secrets.access.secret_place import is_bare, place_of_directory

    sessions = NamePlaces.of(console.machine).home
    if not sessions or not is_bare(place):
        return ""
    return sessions if place_of_directory(Path(sessions)).has_vault else ""


def _print_readers(console: Console, readers: Readers) -> None:
    for one in readers.recipients:
        label = f"  {one.recipient.shown_label}" if one.recipient.label else ""
        is_new = one.recipient in readers.strangers
        new = console.style("  not accepted on this machine", "warning") if is_new else ""
        console.out(f"{console.style(one.recipient.key, 'key')}{label}{new}")
    if readers.vault:
        console.note(f"vault {readers.vault}")
        if not readers.is_used:
            console.note("this machine has not used this vault yet")
    elif not readers.recipients:
        console.note("no recipients here")
    if readers.is_pending:
        console.warn(
            "the list was changed, but the vault was not",
            hints=["someone who can read the secrets runs: sessionctl secret rekey"],
        )


@command.command()
@click.argument("key")
@click.option("--label", default="", help="A name for it; by default the comment of an ssh key.")
@directory_option
@identity_option
@no_input_option
@dry_run_option
@json_option
@click.pass_obj
def add(
    console: Console,
    /,
    *,
    key: str,
    label: str,
    directory: Path,
    identity: Path | None,
    **flags: bool,
) -> None:
    """Allow KEY to read all secrets of this repository.

    Writes .age-recipients and the vault; no sidecar changes. Without a key that opens the
    vault, only the list changes, and someone with a key has to confirm it.

    \b
    Examples:
      sessionctl recipients add age1... --label 'work laptop'
      sessionctl recipients add "$(cat ~/.ssh/id_ed25519.pub)"
    """
    from sessionctl.core.secrets.recipients import parse_recipient
    from sessionctl.core.text.shellwords import last_words, path_word, quoted
    from sessionctl.services.secrets.access.secret_place import place_of_directory
    from sessionctl.services.secrets.readers.reader_change import plan_add

    if not label.isprintable():
        raise UsageError("add: a label is one line of text")
    recipient = parse_recipient(key, label)
    if recipient is None:
        # Not the word itself: somebody may have typed an identity.
        raise UsageError(
            "add: not a recipient: expected a whole key that begins with age1, ssh-ed25519 or"
            " ssh-rsa",
            hints=["create one: sessionctl key new; it prints the recipient"],
        )
    place = place_of_directory(directory)
    there = _other_vault(console, place)
    if there:
        named = f" --label={quoted(label)}" if label else ""
        command = f"recipients add --dir={path_word(there)}{named} {last_words(recipient.key)}"
        hint = f"those of your sessions are elsewhere: sessionctl {command}"
        raise UsageError(f"add: {place.folder}: no secrets are kept here", hints=[hint])
    no_input, dry_run = flags["no_input"], flags["dry_run"]
    keeper = make_keeper(console, identity, no_input=no_input, dry_run=dry_run)
    mode = PlanMode(flags["dry_run"], flags["as_json"])
    try:
        change = plan_add(keeper, place, recipient)
        carry_out(console, change.plan(), keeper, mode)
    finally:
        print_notes(console, keeper)
    _print_change(console, "add", change, mode)


@command.command()
@click.argument("recipient", metavar="KEY|LABEL")
@directory_option
@identity_option
@no_input_option
@dry_run_option
@json_option
@click.pass_obj
def rm(
    console: Console,
    /,
    *,
    recipient: str,
    directory: Path,
    identity: Path | None,
    **flags: bool,
) -> None:
    """Remove a recipient: new values are encrypted without them.

    A new vault key is created, and every entry is encrypted to it. The recipient still knows
    the old values: each is marked until you set a new one, and 'validate' lists them.

    \b
    Examples:
      sessionctl recipients rm 'work laptop'
    """
    from sessionctl.services.secrets.access.secret_place import place_of_directory
    from sessionctl.services.secrets.readers.reader_change import plan_remove_reader

    no_input, dry_run = flags["no_input"], flags["dry_run"]
    keeper = make_keeper(console, identity, no_input=no_input, dry_run=dry_run)
    mode = PlanMode(flags["dry_run"], flags["as_json"])
    try:
        change = plan_remove_reader(keeper, place_of_directory(directory), recipient)
        carry_out(console, change.plan(), keeper, mode)
    finally:
        print_notes(console, keeper)
    _print_change(console, "rm", change, mode)


def _print_change(console: Console, verb: str, change: ReaderChange, mode: PlanMode) -> None:
    vault_change, dry_run = change.vault_change, mode.dry_run
    if mode.as_json:
        console.print_json(
            f"recipients {verb}",
            key=change.recipient.key,
            label=change.recipient.label,
            state=change.state,
            steps=plan_lines(change.plan()),
            rewrap=None if vault_change is None else vault_change_data(vault_change),
            dry_run=dry_run,
        )
        return
    for line in change.notes:
        console.note(f"would have {line}" if dry_run else line)
    if change.state == "unchanged":
        console.note(f"{change.recipient.shown}: is a recipient already")
        return
    if vault_change is not None:
        print_vault_change(console, vault_change, dry_run=dry_run)
    else:
        print_writes(console, change.writes, dry_run=dry_run)
    if change.state == "pending":
        accept = f"sessionctl secret rekey --accept {change.recipient.key_word}"
        console.warn(
            "listed, but cannot read yet: no identity here opens the vault",
            hints=[f"someone who can read them runs: {accept}"],
        )
