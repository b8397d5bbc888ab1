"""sessionctl secret accept: accept an entry whose destination or seal changed."""

from __future__ import annotations

from sessionctl.cli.completion import complete_secret
from sessionctl.cli.options import (
    dry_run_option,
    json_option,
    no_input_option,
    session_argument,
    yes_option,
)
from sessionctl.cli.output.console import Console
from sessionctl.cli.plan_flow import PlanMode, Question
from sessionctl.cli.secrets.secret_options import identity_option
from sessionctl.cli.secrets.secret_output import carry_out, print_notes
from sessionctl.cli.secrets.user_keeper import make_keeper
from sessionctl.cli.start.late_click import click

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

    from sessionctl.services.secrets.entries.acceptance import SecretAcceptance


@click.command("accept")
@session_argument(writes=True)
@click.argument("names", nargs=-1, metavar="[NAME]...", shell_complete=complete_secret)
@yes_option
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
    names: tuple[str, ...],
    identity: Path | None,
    **flags: bool,
) -> int:
    """Accept refused entries of a session; without NAME, all of them.

    For entries that were stored without a key, whose destination changed (such as the host of
    the connection), that are older than the last seen version, or that an older vault key
    encrypted. It shows what changed, and asks. The value stays; the entry is sealed again for
    its current destination.

    Forged, swapped or damaged entries cannot be accepted: set the value again.

    \b
    Examples:
      sessionctl secret accept api.session.toml prod.password
      sessionctl secret accept --yes api.session.toml
    """
    from sessionctl.services.secrets.access.session_secrets import SessionSecrets
    from sessionctl.services.secrets.entries.acceptance import plan_accept

    no_input, dry_run = flags["no_input"], flags["dry_run"]
    keeper = make_keeper(console, identity, no_input=no_input, dry_run=dry_run)
    acceptance = plan_accept(SessionSecrets(keeper, file), names)
    print_notes(console, keeper)
    accepted = acceptance.accepted
    if not flags["as_json"]:
        _print_objections(console, acceptance)
    question = Question(
        f"Send {'it' if len(accepted) == 1 else 'them'} there from now on?",
        "accept: it asks first, and there is no terminal to ask on",
        yes=flags["yes"],
        can_ask=not flags["no_input"],
    )
    mode = PlanMode(flags["dry_run"], flags["as_json"], question)
    is_done = bool(carry_out(console, acceptance.plan(), keeper, mode).done)
    if accepted and not (is_done or mode.dry_run):
        console.note("nothing was changed")
        return 1
    if mode.as_json:
        _print_json(console, file, acceptance, is_done=is_done)
    elif is_done:
        names_done = ", ".join(one.entry.name for one in accepted)
        console.out(f"{acceptance.secrets.place.sidecar}: accepted: {names_done}")
    print_notes(console, keeper)
    return 0


def _print_objections(console: Console, acceptance: SecretAcceptance) -> None:
    if not acceptance.accepted:
        console.note("nothing to accept")
    for one in acceptance.accepted:
        for objection in one.inspection.objections:
            console.note(f"{one.entry.name}: {objection.text}")


def _print_json(
    console: Console, file: str, acceptance: SecretAcceptance, *, is_done: bool
) -> None:
    console.print_json(
        "secret accept",
        file=file,
        accepted=[
            {
                "name": one.entry.name,
                "objections": [
                    {"kind": objection.fault.value, "message": objection.text}
                    for objection in one.inspection.objections
                ],
                "generation": one.generation,
            }
            for one in acceptance.accepted
        ],
        done=is_done,
    )
