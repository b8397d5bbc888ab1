"""sessionctl rm: remove a session and its secrets, and keep what they held."""

from __future__ import annotations

from sessionctl.cli.live.live_options import socket_option
from sessionctl.cli.options import (
    dry_run_option,
    json_option,
    no_input_option,
    session_argument,
    yes_option,
)
from sessionctl.cli.output.console import Console
from sessionctl.cli.start.late_click import click


@click.command("rm")
@session_argument(has_default=False)
@socket_option
@yes_option
@no_input_option
@dry_run_option
@json_option
@click.pass_obj
def command(console: Console, /, *, file: str, socket: str, **flags: bool) -> int:
    """Remove the session FILE and its encrypted secrets; it asks first.

    Both stay in the backups; 'recover' restores them byte for byte. A running tmux session
    continues; the trust in the file is revoked. If FILE is a link, only the link is removed.

    \b
    Examples:
      sessionctl rm api
      sessionctl rm --yes api
      sessionctl recover api 1               restore it
    """
    from sessionctl.cli.arguments.naming_run import NamingRun, server_of
    from sessionctl.cli.plan_flow import Question
    from sessionctl.core.text.source import visible
    from sessionctl.services.naming.session_naming import plan_remove

    yes = flags.pop("yes")
    work = NamingRun(console, server_of(console, file, socket), None, **flags)
    question = Question(
        f"Remove {visible(file)}?",
        f"{visible(file)}: it asks before it is removed, and there is no terminal to ask on",
        yes=yes,
        can_ask=not flags["no_input"],
    )
    return work.carry_out("rm", plan_remove(file, work.store, work.standing()), question)
