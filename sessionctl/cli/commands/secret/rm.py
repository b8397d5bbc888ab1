"""sessionctl secret rm: remove a secret."""

from __future__ import annotations

from sessionctl.cli.completion import complete_secret
from sessionctl.cli.options import dry_run_option, json_option, session_argument
from sessionctl.cli.output.console import Console
from sessionctl.cli.plan_flow import PlanMode
from sessionctl.cli.secrets.secret_output import carry_out, print_notes
from sessionctl.cli.secrets.user_keeper import make_keeper
from sessionctl.cli.start.late_click import click


@click.command("rm")
@session_argument(writes=True)
@click.argument("name", shell_complete=complete_secret)
@dry_run_option
@json_option
@click.pass_obj
def command(console: Console, *, file: str, name: str, dry_run: bool, as_json: bool) -> None:
    """Remove the secret NAME of a session from its sidecar.

    Needs no key. Older versions stay in git's history, encrypted; if one is put back, it is
    refused. If someone else removed the entry, this machine stops expecting it.

    \b
    Examples:
      sessionctl secret rm api.session.toml old.token
    """
    from sessionctl.services.secrets.access.session_secrets import SessionSecrets
    from sessionctl.services.secrets.entries.removal import plan_remove

    keeper = make_keeper(console, None, no_input=True, is_quiet=True, dry_run=dry_run)
    removal = plan_remove(SessionSecrets(keeper, file), name)
    carry_out(console, removal.plan(), keeper, PlanMode(dry_run, as_json))
    print_notes(console, keeper)
    sidecar = str(removal.secrets.place.sidecar)
    if as_json:
        console.print_json(
            "secret rm",
            file=file,
            sidecar=sidecar,
            name=name,
            removed=bool(removal.writes),
            dry_run=dry_run,
        )
        return
    what = "removed" if removal.writes else "was already removed, and is no longer expected"
    console.out(f"{sidecar}: {name}: {'would be ' if dry_run and removal.writes else ''}{what}")
    for hint in removal.hints():
        console.hint(hint)
