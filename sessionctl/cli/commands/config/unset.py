"""sessionctl config unset: remove a setting from a file."""

from __future__ import annotations

from sessionctl.cli.completion import complete_setting
from sessionctl.cli.options import dry_run_option, json_option, project_option
from sessionctl.cli.output.console import Console
from sessionctl.cli.start.late_click import click


@click.command("unset")
@click.argument("key", shell_complete=complete_setting)
@project_option
@dry_run_option
@json_option
@click.pass_obj
def command(console: Console, /, *, key: str, is_project: bool, **flags: bool) -> int:
    """Remove KEY from your config.toml, which restores its default.

    Exit code: 0 done, 1 the file does not set it.

    \b
    Examples:
      sessionctl config unset backups.count
      sessionctl config unset --project merge.prefer
    """
    from sessionctl.cli.output.edit_output import carry_out_setting
    from sessionctl.services.settings.settings_change import plan_removal, settings_file

    file = settings_file(console.machine, ".", is_project=is_project)
    return carry_out_setting(console, "unset", plan_removal(file, key), key, flags)
