"""sessionctl unset: remove keys of a file."""

from __future__ import annotations

from sessionctl.cli.completion import complete_key
from sessionctl.cli.options import document_argument, dry_run_option, force_option, json_option
from sessionctl.cli.output.console import Console
from sessionctl.cli.start.late_click import click


@click.command("unset")
@document_argument(writes=True)
@click.argument("keys", metavar="KEY...", nargs=-1, required=True, shell_complete=complete_key)
@force_option
@dry_run_option
@json_option
@click.pass_obj
def command(
    console: Console,
    *,
    file: str,
    keys: tuple[str, ...],
    force: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Remove each KEY from FILE, with the comment that belongs to it.

    FILE is any TOML file; KEY is a value, a table or an array item. All other bytes stay as
    they are, a table that is empty without it too. Several keys are removed in one edit: all of
    them, or none if one is not there. An index counts in the file as it is before.

    \b
    Examples:
      sessionctl unset api.session.toml preferences.theme
      sessionctl unset api.session.toml 'windows[name=logs]'
      sessionctl unset api 'windows[0]' 'windows[2]'
      sessionctl unset --dry-run api.session.toml connections.prod
    """
    from sessionctl.cli.output.edit_output import carry_out
    from sessionctl.services.documents.value_access import plan_unsets

    changes = plan_unsets(file, keys, force=force)
    carry_out(console, "unset", *changes, dry_run=dry_run, as_json=as_json)
