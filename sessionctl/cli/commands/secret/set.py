"""sessionctl secret set: store a value."""

from __future__ import annotations

from sessionctl.cli.completion import complete_secret
from sessionctl.cli.options import dry_run_option, json_option, no_input_option, session_argument
from sessionctl.cli.output.console import Console
from sessionctl.cli.secrets.secret_options import identity_option
from sessionctl.cli.start.late_click import RENAMED_OPTION, VALUE_COMMAND, click

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path


@click.command("set", cls=VALUE_COMMAND)
@session_argument(writes=True)
@click.argument("name", shell_complete=complete_secret)
@click.option("--editor", "use_editor", is_flag=True, help="Type the value in an editor.")
@click.option(
    "--any-editor",
    "force",
    cls=RENAMED_OPTION,
    old=["--force"],
    is_flag=True,
    help="With --editor: allow one that may keep copies.",
)
@click.option("--require-seal", is_flag=True, help="Fail if no identity opens the vault.")
@identity_option
@no_input_option
@dry_run_option
@json_option
@click.pass_obj
def command(
    console: Console, /, file: str, name: str, identity: Path | None, **flags: bool
) -> None:
    """Store a value as the secret NAME of a session, encrypted.

    The value is read from a prompt that does not show it, from stdin, or from an editor on a
    file in memory; never from the command line. The line ending of a single line is removed.
    Storing the same value again changes nothing.

    The first secret of a repository creates .age-recipients and the vault key, encrypted to
    your key ('sessionctl key new' creates one). Without a key that opens the vault, the value is
    stored unsealed: it takes effect once someone with a key accepts it.

    \b
    Examples:
      sessionctl secret set api.session.toml prod.password
      pass show db/prod | sessionctl secret set api.session.toml prod.password
      sessionctl secret set api.session.toml deploy.key < id_deploy
    """
    from sessionctl.cli.secrets.value_run import store_value

    store_value(console, file, name, identity, **flags)
