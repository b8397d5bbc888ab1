"""sessionctl connections: list, test and watch the connections of a session."""

from __future__ import annotations

from sessionctl.cli.start.late_click import LAZY_GROUP, click

COMMANDS = {
    "list": "List the connections of a session, and how each was last",
    "test": "Open each once, step by step, with the time of every step",
    "status": "Show how they are now, and when the next attempt is made",
    "history": "Show what happened to them",
    "keep": "Hold those with 'start' open until it is stopped",
    "import": "Add connections that other programs know, without passwords",
    "favourite": "Mark a connection as a favourite, or not any more",
    "forget": "Delete what is remembered of a connection",
}
"""The commands: each is the module of its name in this package."""


@click.group("connections", cls=LAZY_GROUP, package=__name__, table=COMMANDS)
def command() -> None:
    """List, test and watch the connections of a session.

    The file says where a connection leads; what happened to it, the state it had and its
    favourites are kept outside of the file, in the state directory.

    \b
    Examples:
      sessionctl connections list api.session.toml
      sessionctl connections test api.session.toml prod
      sessionctl connections status api.session.toml
      sessionctl connect api.session.toml prod
    """
