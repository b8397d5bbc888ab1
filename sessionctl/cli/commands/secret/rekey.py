"""sessionctl secret rekey: make the vault fit the list of recipients."""

from __future__ import annotations

from sessionctl.cli.options import dry_run_option, json_option, no_input_option
from sessionctl.cli.output.console import Console
from sessionctl.cli.plan_flow import PlanMode
from sessionctl.cli.secrets.secret_options import directory_option, identity_option
from sessionctl.cli.secrets.secret_output import carry_out, print_notes
from sessionctl.cli.secrets.user_keeper import make_keeper
from sessionctl.cli.secrets.vault_output import print_vault_change, vault_change_data
from sessionctl.cli.start.late_click import click

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

    from sessionctl.services.secrets.readers.vault_change import VaultChange


@click.command("rekey")
@click.option(
    "--accept", "accepted", multiple=True, metavar="KEY", help="Allow KEY to read; repeatable."
)
@click.option(
    "--new-key", is_flag=True, help="Create a new vault key even if no recipient was removed."
)
@directory_option
@identity_option
@no_input_option
@dry_run_option
@json_option
@click.pass_obj
def command(
    console: Console,
    /,
    *,
    accepted: tuple[str, ...],
    new_key: bool,
    directory: Path,
    identity: Path | None,
    **flags: bool,
) -> None:
    """Encrypt the vault key to .age-recipients, after it was edited or merged.

    Keys in the list that were not accepted on this machine are shown and refused unless
    --accept names them, because whoever can write to the repository can write to that list.
    Removed recipients can no longer read: a new vault key is created, as by 'recipients rm'. A
    new vault key from another machine is accepted by naming the vault.

    An interrupted change is finished.

    \b
    Examples:
      sessionctl secret rekey
      sessionctl secret rekey --accept age1...
    """
    from sessionctl.core.secrets.recipients import parse_recipient
    from sessionctl.services.secrets.access.secret_place import place_of_directory
    from sessionctl.services.secrets.readers.reader_change import plan_rekey

    keys = set()
    for word in accepted:
        recipient = parse_recipient(word)
        keys.add(word if recipient is None else recipient.key)
    no_input, dry_run = flags["no_input"], flags["dry_run"]
    keeper = make_keeper(console, identity, no_input=no_input, dry_run=dry_run)
    place = place_of_directory(directory)
    mode = PlanMode(flags["dry_run"], flags["as_json"])
    done: list[VaultChange] = []
    trusted = keeper.trust_file.book
    try:
        # Once more after a change that was broken off: the list may have changed since.
        while change := plan_rekey(keeper, place, accepted=keys, new_key=new_key and not done):
            done.append(change)
            carry_out(console, change.plan(), keeper, mode)
            if mode.dry_run:
                break
        if not mode.dry_run:
            keeper.trust_file.release()
    finally:
        print_notes(console, keeper)
    if mode.as_json:
        rewraps = list(map(vault_change_data, done))
        console.print_json("secret rekey", rewraps=rewraps, dry_run=mode.dry_run)
        return
    if not done and keys and keeper.trust_file.book != trusted:
        lead = "would accept" if mode.dry_run else "accepted"
        console.note(f"{lead} on this machine; the vault matches the list of recipients")
    elif not done:
        console.note("the vault matches the list of recipients: nothing to do")
    for change in done:
        print_vault_change(console, change, dry_run=mode.dry_run)
