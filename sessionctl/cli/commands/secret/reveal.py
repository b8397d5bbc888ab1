"""sessionctl secret reveal: print a value."""

from __future__ import annotations

from sessionctl.cli.completion import complete_secret
from sessionctl.cli.options import no_input_option, session_argument
from sessionctl.cli.output.console import Console
from sessionctl.cli.secrets.secret_options import identity_option
from sessionctl.cli.start.late_click import click

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path


@click.command("reveal")
@session_argument()
@click.argument("name", shell_complete=complete_secret)
@click.option(
    "--stdout", "to_stdout", is_flag=True, help="Print it even if stdout is not a terminal."
)
@identity_option
@no_input_option
@click.pass_obj
def command(
    console: Console,
    *,
    file: str,
    name: str,
    to_stdout: bool,
    identity: Path | None,
    no_input: bool,
) -> None:
    """Print the value of the secret NAME of a session.

    Into a pipe or a file it is printed exactly, and only with --stdout, so that no log gets it
    by accident. On a terminal, a line ending follows it.

    An entry that was changed, moved, rolled back or redirected is refused, and nothing of it
    is shown.

    \b
    Examples:
      sessionctl secret reveal api.session.toml prod.password
      sessionctl secret reveal api.session.toml prod.password --stdout | wl-copy
    """
    from sessionctl.cli.secrets.value_run import reveal_value

    reveal_value(console, file, name, to_stdout=to_stdout, identity=identity, no_input=no_input)
