"""sessionctl connections: list, test and watch the connections of a session."""

from __future__ import annotations

from sessionctl.cli.start.late_click import LAZY_GROUP, click

COMMANDS = {
    "list": "List the connections of a session and their last result",
    "test": "Open each connection once, step by step, with times",
    "status": "Show the current state and the next attempt",
    "history": "Show past events",
    "keep": "Keep those with 'start' open until you stop it",
    "import": "Add connections of other programs, without passwords",
    "favourite": "Mark a connection as a favourite, or remove the mark",
    "forget": "Delete what is stored about a connection",
}
"""The commands: each is the module of its name in this package."""


@click.group("connections", cls=LAZY_GROUP, package=__name__, table=COMMANDS)
def command() -> None:
    """List, test and monitor the connections of a session.

    The file says where a connection leads; its history, state and favourites are kept outside
    the file, in the state directory.

    \b
    Examples:
      sessionctl connections list api.session.toml
      sessionctl connections test api.session.toml prod
      sessionctl connections status api.session.toml
      sessionctl connect api.session.toml prod
    """
