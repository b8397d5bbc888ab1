"""sessionctl unset: remove one key of a file."""

from __future__ import annotations

from sessionctl.cli.completion import complete_key
from sessionctl.cli.options import document_argument, dry_run_option, force_option, json_option
from sessionctl.cli.output.console import Console
from sessionctl.cli.start.late_click import click


@click.command("unset")
@document_argument(writes=True)
@click.argument("key", shell_complete=complete_key)
@force_option
@dry_run_option
@json_option
@click.pass_obj
def command(
    console: Console, *, file: str, key: str, force: bool, dry_run: bool, as_json: bool
) -> None:
    """Remove KEY from FILE, with the comment that belongs to it.

    FILE is any TOML file; KEY is a value, a table or an array item. All other bytes stay as
    they are, a table that is empty without it too.

    \b
    Examples:
      sessionctl unset api.session.toml preferences.theme
      sessionctl unset api.session.toml 'windows[name=logs]'
      sessionctl unset --dry-run api.session.toml connections.prod
    """
    from sessionctl.cli.output.edit_output import carry_out
    from sessionctl.services.documents.value_access import plan_unset

    change = plan_unset(file, key, force=force)
    carry_out(console, "unset", change, dry_run=dry_run, as_json=as_json)
