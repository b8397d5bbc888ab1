"""sessionctl cp: copy a session with its secrets."""

from __future__ import annotations

from sessionctl.cli.options import dry_run_option, json_option, no_input_option, session_argument
from sessionctl.cli.output.console import Console
from sessionctl.cli.secrets.secret_options import identity_option
from sessionctl.cli.start.late_click import click

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path


@click.command("cp")
@session_argument(writes=True)
@click.argument("new")
@identity_option
@no_input_option
@dry_run_option
@json_option
@click.pass_obj
def command(
    console: Console, /, *, file: str, new: str, identity: Path | None, **flags: bool
) -> int:
    """Copy the session FILE to NEW, a name or a path; the copy has its own id.

    Secrets are encrypted to the recipients in the directory of the copy; without a key that
    opens them the exit code is 4 and nothing is copied. Trust and backups are not copied. An
    existing file is never replaced.

    \b
    Examples:
      sessionctl cp api api-test
      sessionctl cp -n api ~/other/dotfiles/      show what would be done
    """
    import uuid

    from sessionctl.cli.arguments.naming_run import NamingRun
    from sessionctl.services.naming.session_naming import plan_copy

    work = NamingRun(console, "", identity, **flags)
    work.clear_cut(file, new)
    found = plan_copy(
        file, new, str(uuid.uuid4()), work.sealing(file), work.home, work.store.directory
    )
    return work.carry_out("cp", found)
