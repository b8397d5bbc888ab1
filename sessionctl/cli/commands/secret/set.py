"""sessionctl secret set: store a value."""

from __future__ import annotations

import click

from sessionctl.cli.completion import complete_secret, complete_session_file
from sessionctl.cli.options import dry_run_option, json_option, no_input_option
from sessionctl.cli.output.console import Console
from sessionctl.cli.secrets.secret_input import ValueCommand, value_reader
from sessionctl.cli.secrets.secret_options import identity_option, make_keeper, tell_notes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

    from sessionctl.services.secrets.entries.storage import SetPlan


@click.command("set", cls=ValueCommand)
@click.argument("file", shell_complete=complete_session_file)
@click.argument("name", shell_complete=complete_secret)
@click.option("--editor", "use_editor", is_flag=True, help="Write the value in an editor.")
@click.option("--force", is_flag=True, help="Also in an editor that may keep copies.")
@click.option("--require-seal", is_flag=True, help="Fail where no identity opens the vault.")
@identity_option
@no_input_option
@dry_run_option
@json_option
@click.pass_obj
def command(
    console: Console, /, file: str, name: str, identity: Path | None, **flags: bool
) -> None:
    """Store a value as NAME for the session FILE, encrypted.

    The value is asked for without showing it, or read from stdin, or written in an editor
    on a file in memory; never taken from the command line. The line end of a single line
    is no part of it. The same value again changes nothing.

    The first secret of a repository makes .age-recipients and the vault key, encrypted to
    your own key ('sessionctl key new' makes one). Without a key that opens the vault the
    value is stored unsealed: it is used once someone who has one accepts it.

    \b
    Examples:
      sessionctl secret set api.session.toml prod.password
      pass show db/prod | sessionctl secret set api.session.toml prod.password
      sessionctl secret set api.session.toml deploy.key < id_deploy
    """
    from sessionctl.services.secrets.access.session_secrets import SessionSecrets
    from sessionctl.services.secrets.entries.storage import plan_set

    keeper = make_keeper(console, identity, no_input=flags["no_input"])
    secrets = SessionSecrets(keeper, file)
    read = value_reader(
        console,
        name,
        use_editor=flags["use_editor"],
        force=flags["force"],
        no_input=flags["no_input"],
    )
    plan = plan_set(secrets, name, read, must_seal=flags["require_seal"])
    if not flags["dry_run"]:
        plan.carry_out()
    tell_notes(console, keeper)
    tell_plan(console, plan, dry_run=flags["dry_run"], as_json=flags["as_json"], verb="set")


def tell_plan(console: Console, plan: SetPlan, *, dry_run: bool, as_json: bool, verb: str) -> None:
    """Tell what was stored, and what is to be done next."""
    name, secrets = plan.entry.name, plan.secrets
    if as_json:
        console.print_json(
            f"secret {verb}",
            file=secrets.file,
            sidecar=str(secrets.place.sidecar),
            name=name,
            state=plan.state,
            sealed=plan.is_sealed,
            generation=plan.generation,
            digest=plan.entry.digest,
            steps=list(map(str, plan.writes)),
            dry_run=dry_run,
        )
        return
    for line in plan.told:
        console.note(f"would have {line}" if dry_run else line)
    words = {"created": "stored", "changed": "changed", "unchanged": "unchanged"}
    lead = "would be " if dry_run and plan.state != "unchanged" else ""
    console.out(f"{secrets.place.sidecar}: {name}: {lead}{words[plan.state]}")
    for hint in plan.hints():
        console.hint(hint)
