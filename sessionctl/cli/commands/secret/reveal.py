"""sessionctl secret reveal: print a value."""

from __future__ import annotations

from sessionctl.cli.completion import complete_secret
from sessionctl.cli.options import no_input_option, session_argument
from sessionctl.cli.output.console import Console
from sessionctl.cli.secrets.secret_options import identity_option, make_keeper
from sessionctl.cli.secrets.secret_output import print_notes
from sessionctl.cli.start.late_click import click
from sessionctl.errors import UsageError

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
    from sessionctl.services.secrets.access.session_secrets import SessionSecrets

    is_terminal = console.stdout.isatty()
    if not to_stdout and not is_terminal:
        raise UsageError(
            "reveal: stdout is not a terminal",
            hints=["to print it anyway: --stdout"],
        )
    keeper = make_keeper(console, identity, no_input=no_input)
    try:
        value = SessionSecrets(keeper, file).value(name)
    finally:
        print_notes(console, keeper)
    if is_terminal:
        console.reveal(value.text if value.text is not None else repr(value.reveal()))
        return
    console.flush()
    console.stdout.buffer.write(value.reveal())
