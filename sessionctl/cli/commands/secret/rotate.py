"""sessionctl secret rotate: a new value in the place of one that others know."""

from __future__ import annotations

from sessionctl.cli.completion import complete_secret
from sessionctl.cli.options import dry_run_option, json_option, no_input_option, session_argument
from sessionctl.cli.output.console import Console
from sessionctl.cli.plan_flow import PlanMode
from sessionctl.cli.secrets.secret_options import identity_option
from sessionctl.cli.secrets.secret_output import carry_out, print_change, print_notes
from sessionctl.cli.secrets.user_keeper import make_keeper
from sessionctl.cli.secrets.value_input import read_value
from sessionctl.cli.start.late_click import VALUE_COMMAND, click
from sessionctl.core.text.shellwords import last_words, path_word
from sessionctl.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path


@click.command("rotate", cls=VALUE_COMMAND)
@session_argument(writes=True)
@click.argument("name", shell_complete=complete_secret)
@click.option("--generate", is_flag=True, help="Generate a random value; it is not shown.")
@click.option("--length", type=int, help="Number of characters; 32 by default.")
@click.option("--symbols", is_flag=True, help="Use symbols, too.")
@identity_option
@no_input_option
@dry_run_option
@json_option
@click.pass_obj
def command(
    console: Console,
    /,
    *,
    file: str,
    name: str,
    length: int | None,
    identity: Path | None,
    **flags: bool,
) -> None:
    """Replace the value of the secret NAME with a new one.

    Like 'set', but the secret must exist and the value must differ: this marks a value that a
    removed recipient knows as replaced. Change it on the server, too; this command does not.

    \b
    Examples:
      sessionctl secret rotate api.session.toml prod.password
      sessionctl secret rotate --generate --length 40 api.session.toml db.password
    """
    from sessionctl.core.secrets.random_value import RandomRules
    from sessionctl.services.secrets.access.session_secrets import SessionSecrets
    from sessionctl.services.secrets.entries.rotation import (
        find_rotation_target,
        plan_rotate,
        random_value,
    )

    if not flags["generate"] and (length is not None or flags["symbols"]):
        raise UsageError("rotate: --length and --symbols belong to --generate")
    no_input, dry_run = flags["no_input"], flags["dry_run"]
    keeper = make_keeper(console, identity, no_input=no_input, dry_run=dry_run)
    secrets = SessionSecrets(keeper, file)
    value = None
    if flags["generate"]:
        rules = RandomRules(RandomRules().length if length is None else length, flags["symbols"])
        value = random_value(rules)
    target = find_rotation_target(secrets, name)
    if value is None:
        again = f"sessionctl secret rotate {path_word(file)} {last_words(name)}"
        value = read_value(console, name, lambda: again, no_input=flags["no_input"])
    change = plan_rotate(target, value)
    mode = PlanMode(flags["dry_run"], flags["as_json"])
    carry_out(console, change.plan(), keeper, mode)
    print_notes(console, keeper)
    print_change(console, change, "rotate", mode)
    if not (mode.dry_run or mode.as_json):
        console.hint("change it on the server, too")
