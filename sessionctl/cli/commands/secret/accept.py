"""sessionctl secret accept: accept an entry whose destination or seal changed."""

from __future__ import annotations

import click

from sessionctl.cli.completion import complete_secret, complete_session_file
from sessionctl.cli.options import dry_run_option, json_option, no_input_option
from sessionctl.cli.output.console import Console
from sessionctl.cli.secrets.secret_options import agreed, identity_option, make_keeper, tell_notes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

    from sessionctl.services.secrets.entries.acceptance import AcceptPlan


@click.command("accept")
@click.argument("file", shell_complete=complete_session_file)
@click.argument("names", nargs=-1, metavar="[NAME]...", shell_complete=complete_secret)
@click.option("--yes", is_flag=True, help="Do not ask.")
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
    """Accept entries of the session FILE that are refused; without NAME, all of them.

    For entries that were stored without a key, whose destination changed (the host of the
    connection, say), that are older than what was seen, or that an older vault key
    encrypted. It tells what changed, and asks. The value stays; the entry is sealed anew,
    for where the session sends it now.

    What was forged, swapped or damaged cannot be accepted: set the value anew.

    \b
    Examples:
      sessionctl secret accept api.session.toml prod.password
      sessionctl secret accept --yes api.session.toml
    """
    from sessionctl.services.secrets.access.session_secrets import SessionSecrets
    from sessionctl.services.secrets.entries.acceptance import plan_accept

    keeper = make_keeper(console, identity, no_input=flags["no_input"])
    plan = plan_accept(SessionSecrets(keeper, file), names)
    tell_notes(console, keeper)
    as_json, dry_run = flags["as_json"], flags["dry_run"]
    if not as_json:
        _tell(console, plan)
    is_done = False
    if plan.accepted and not dry_run:
        question = f"Send {'it' if len(plan.accepted) == 1 else 'them'} there from now on?"
        may_ask = not (flags["no_input"] or as_json)
        if not agreed(console, question, yes=flags["yes"], may_ask=may_ask):
            console.note("nothing was changed")
            return 1
        plan.carry_out()
        is_done = True
    if as_json:
        _print_json(console, file, plan, is_done=is_done)
    elif is_done:
        names_done = ", ".join(one.entry.name for one in plan.accepted)
        console.out(f"{plan.secrets.place.sidecar}: accepted: {names_done}")
    tell_notes(console, keeper)
    return 0


def _tell(console: Console, plan: AcceptPlan) -> None:
    if not plan.accepted:
        console.note("nothing is in doubt")
    for one in plan.accepted:
        for objection in one.looked.objections:
            console.note(f"{one.entry.name}: {objection.text}")


def _print_json(console: Console, file: str, plan: AcceptPlan, *, is_done: bool) -> None:
    console.print_json(
        "secret accept",
        file=file,
        accepted=[
            {
                "name": one.entry.name,
                "objections": [
                    {"kind": objection.fault.value, "message": objection.text}
                    for objection in one.looked.objections
                ],
                "generation": one.generation,
            }
            for one in plan.accepted
        ],
        done=is_done,
    )
