"""The connections of the session that is meant, with this user's secrets."""

from __future__ import annotations

from sessionctl.services.connections.session_connections import (
    ConnectionContext,
    SessionConnections,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

    from sessionctl.cli.output.console import Console
    from sessionctl.services.secrets.access.vault_keeper import VaultKeeper


def session_connections(
    console: Console, name: str | None, *, identity: Path | None = None, no_input: bool = False
) -> SessionConnections:
    """Return the connections of a session: that of the file ``name``, or the one so called.

    None is the only session file here.
    """
    from sessionctl.cli.live.live_session import known_file, live_context, session_lookup
    from sessionctl.services.documents.session_view import choose_session

    opened: list[VaultKeeper] = []

    def vault() -> VaultKeeper:
        if not opened:
            import click

            from sessionctl.cli.secrets.secret_output import print_notes
            from sessionctl.cli.secrets.user_keeper import make_keeper
            from sessionctl.system.files.private_files import protect_process

            protect_process()
            keeper = make_keeper(console, identity, no_input=no_input)
            opened.append(keeper)
            context = click.get_current_context(silent=True)
            if context is not None:
                context.call_on_close(lambda: print_notes(console, keeper))
        return opened[0]

    if name is None:
        file = choose_session(command="connections list")  # the one that takes none
    else:
        file = known_file(session_lookup(live_context(console, "")), name)
    return SessionConnections(file, ConnectionContext(console.machine, vault))
