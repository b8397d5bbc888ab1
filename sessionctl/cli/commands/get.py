"""sessionctl get: the value of a key."""

from __future__ import annotations

from sessionctl.cli.completion import complete_key
from sessionctl.cli.options import document_argument, json_option
from sessionctl.cli.output.console import Console
from sessionctl.cli.start.late_click import click


@click.command("get")
@document_argument()
@click.argument("key", shell_complete=complete_key)
@json_option
@click.pass_obj
def command(console: Console, *, file: str, key: str, as_json: bool) -> int:
    """Print the value of KEY in FILE, any TOML file; "-" reads stdin.

    Strings, numbers, dates and booleans are printed bare; tables and arrays as the TOML in the
    file, with comments. Secrets are printed as ***; if KEY itself is a secret, the exit code
    is 5.

    \b
    Examples:
      sessionctl get api.session.toml root
      sessionctl get api.session.toml 'windows[0].layout'
      sessionctl get api.session.toml 'windows[name=editor].panes'
      sessionctl get pyproject.toml project.version
    """
    from sessionctl.cli.output.edit_output import print_value

    return print_value(console, file, key, as_json=as_json)
