"""sessionctl config set: write a setting."""

from __future__ import annotations

from sessionctl.cli.completion import complete_setting
from sessionctl.cli.options import dry_run_option, json_option, project_option
from sessionctl.cli.output.console import Console
from sessionctl.cli.start.late_click import NUMBER_COMMAND, click


@click.command("set", cls=NUMBER_COMMAND)
@click.argument("key", shell_complete=complete_setting)
@click.argument("value")
@project_option
@dry_run_option
@json_option
@click.pass_obj
def command(console: Console, /, *, key: str, value: str, is_project: bool, **flags: bool) -> int:
    """Set KEY to VALUE in your config.toml.

    VALUE is checked first; all other bytes of the file stay as they are. Write a list as TOML,
    or as words separated by spaces. A warning says when another source overrides the setting
    here.

    Exit code: 0 done, 2 unknown setting or wrong value, 5 not allowed in a project's file.

    \b
    Examples:
      sessionctl config set backups.count 100
      sessionctl config set --project merge.prefer 'usual windows.*=theirs'
      sessionctl config set -n backups.clean false
    """
    from sessionctl.cli.output.edit_output import carry_out_setting
    from sessionctl.services.settings.settings_change import plan_setting, settings_file

    file = settings_file(console.machine, ".", is_project=is_project)
    change = plan_setting(file, key, value)
    return carry_out_setting(console, "set", change, key, flags)
