"""sessionctl config get: print the settings, and which source decided about each."""

from __future__ import annotations

from sessionctl.cli.completion import complete_setting
from sessionctl.cli.options import json_option
from sessionctl.cli.output.console import Console
from sessionctl.cli.start.late_click import click

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessionctl.core.settings import Setting
    from sessionctl.services.settings.settings_files import LoadedSettings

_WRONG = 1


@click.command("get")
@click.argument("keys", nargs=-1, metavar="[KEY]...", shell_complete=complete_setting)
@click.option("--show-origin", is_flag=True, help="Show where each value comes from.")
@json_option
@click.pass_obj
def command(console: Console, *, keys: tuple[str, ...], show_origin: bool, as_json: bool) -> int:
    """Print the settings in effect, as TOML.

    Settings come from the environment (backups.count is SESSIONCTL_BACKUPS_COUNT), the
    project's .sessionctl.toml (the nearest in or above this directory), your config.toml and
    the defaults, in this order. Settings that a repository must not control, such as how many
    backups are kept, are ignored in a project's file.

    Exit code: 0 done, 1 a source has an error (its setting is ignored).

    \b
    Examples:
      sessionctl config
      sessionctl config get --show-origin
      sessionctl config backups.count
    """
    from sessionctl.cli.output.problem_output import complaint_lines
    from sessionctl.services.settings.settings_files import user_file
    from sessionctl.services.settings.user_store import user_settings

    loaded = user_settings(console.machine)
    shown = _chosen(loaded, keys)
    if as_json:
        _print_json(console, loaded, shown)
    else:
        _print(console, shown, show_origin=show_origin)
    complaints = complaint_lines(loaded)
    for complaint in complaints:
        console.warn(complaint)
    if complaints:
        console.hint("the settings are described by: sessionctl schema print settings.v1")
    elif not keys and not as_json:
        console.detail(f"your own settings: {user_file(console.machine) or 'no home directory'}")
    return _WRONG if complaints else 0


def _chosen(loaded: LoadedSettings, keys: Sequence[str]) -> list[Setting]:
    """Return the settings of these keys, a table's name standing for all in it."""
    if not keys:
        return list(loaded.settings.all)
    chosen: list[Setting] = []
    for key in keys:
        found = [one for one in loaded.settings.all if f"{one.key}.".startswith(f"{key}.")]
        if not found:
            from sessionctl.services.settings.settings_change import no_such_setting

            raise no_such_setting(key, [setting.key for setting in loaded.settings.all])
        chosen += [setting for setting in found if setting not in chosen]
    return chosen


def _print(console: Console, shown: list[Setting], *, show_origin: bool) -> None:
    from sessionctl.core.toml.write.value_writer import render_value

    lines = [f"{setting.key} = {render_value(setting.value)}" for setting in shown]
    width = max(map(len, lines), default=0)
    for line, setting in zip(lines, shown, strict=True):
        if show_origin:
            place = f" {setting.place}" if setting.place else ""
            origin = console.style(f"# {setting.origin.value}{place}", "dim")
            console.out(f"{line:<{width}}  {origin}")
        else:
            console.out(line)


def _print_json(console: Console, loaded: LoadedSettings, shown: list[Setting]) -> None:
    from sessionctl.cli.output.problem_output import complaint_lines

    console.print_json(
        "config",
        settings=[
            {
                "key": setting.key,
                "value": setting.value,
                "origin": setting.origin,
                "place": setting.place or None,
            }
            for setting in shown
        ],
        complaints=complaint_lines(loaded),
    )
