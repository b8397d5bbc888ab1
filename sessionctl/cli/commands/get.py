"""sessionctl get: the value of a key."""

from __future__ import annotations

from sessionctl.cli.completion import complete_key, complete_toml_file
from sessionctl.cli.options import json_option
from sessionctl.cli.output.console import Console
from sessionctl.cli.start.late_click import click


@click.command("get")
@click.argument("file", shell_complete=complete_toml_file)
@click.argument("key", shell_complete=complete_key)
@json_option
@click.pass_obj
def command(console: Console, *, file: str, key: str, as_json: bool) -> int:
    """Print the value of KEY in FILE, which may be any TOML file; "-" reads stdin.

    A string, number, date or boolean is printed bare; a table or an array as the TOML
    that it is in the file, with its comments. Secrets are never printed: they show as
    ***, and for a KEY that is one the exit code is 5.

    \b
    Examples:
      sessionctl get api.session.toml root
      sessionctl get api.session.toml 'windows[0].layout'
      sessionctl get api.session.toml 'windows[name=editor].panes'
      sessionctl get pyproject.toml project.version
    """
    from sessionctl.cli.output.edit_output import print_value

    return print_value(console, file, key, as_json=as_json)
