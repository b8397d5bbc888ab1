"""sessionctl secret exec: run a program that finds the values in its environment."""

from __future__ import annotations

from sessionctl.cli.options import no_input_option, session_argument
from sessionctl.cli.output.console import Console
from sessionctl.cli.secrets.secret_options import identity_option
from sessionctl.cli.secrets.secret_output import print_notes
from sessionctl.cli.secrets.user_keeper import make_keeper
from sessionctl.cli.start.late_click import PROGRAM_COMMAND, click

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

_AS_THEY_ARE = {"allow_interspersed_args": False}


@click.command("exec", cls=PROGRAM_COMMAND, context_settings=_AS_THEY_ARE)
@session_argument(writes=True)
@click.argument("argv", nargs=-1, required=True, type=click.UNPROCESSED, metavar="-- COMMAND...")
@click.option(
    "--env",
    "variables",
    multiple=True,
    metavar="VAR=NAME",
    help="Pass only these secrets; repeatable.",
)
@click.option(
    "--file", "files", multiple=True, metavar="VAR=NAME", help="Pass a secret as a file in memory."
)
@identity_option
@no_input_option
@click.pass_obj
def command(
    console: Console,
    *,
    file: str,
    argv: tuple[str, ...],
    variables: tuple[str, ...],
    files: tuple[str, ...],
    identity: Path | None,
    no_input: bool,
) -> None:
    """Run COMMAND with the secrets of a session in its environment.

    Each secret that the session refers to becomes a variable: prod.password is PROD_PASSWORD,
    and what 'env' of the session names it. Names that do not read like a secret, such as PATH,
    are left out. With --env only the named secrets are passed, under any name. With --file the
    variable holds the path of a file in memory, /dev/fd/N: this keeps the value out of the
    environment, which ps and crash reports show.

    COMMAND replaces sessionctl: its exit code and signals are its own. If one of the secrets is
    refused, COMMAND is not started.

    \b
    Examples:
      sessionctl secret exec api.session.toml -- ./deploy.sh
      sessionctl secret exec --env PGPASSWORD=prod.password api.session.toml \\
        -- psql
      sessionctl secret exec --file PGPASSFILE=prod.pgpass api.session.toml \\
        -- psql
    """
    from sessionctl.services.secrets.access.session_secrets import SessionSecrets
    from sessionctl.services.secrets.entries.execution import plan_exec, run_in_place

    keeper = make_keeper(console, identity, no_input=no_input)
    try:
        plan = plan_exec(SessionSecrets(keeper, file), variables, files)
    finally:
        print_notes(console, keeper)
    words = argv[1:] if argv[0] == "--" else argv
    console.flush()
    console.rest()
    run_in_place(plan, words, console.machine.environ)
