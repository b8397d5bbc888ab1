"""Keep run: the keeper process of a session, from its start to its end."""

from __future__ import annotations

import os
import signal

from sessionctl.cli.connections.session_option import session_connections
from sessionctl.cli.output.trust_text import user_trust
from sessionctl.cli.stop_signals import stopped_by_signals
from sessionctl.core.session.startup import connection_items, opens_at_start
from sessionctl.core.text.shellwords import last_words, path_word
from sessionctl.errors import RefusedError, UsageError
from sessionctl.services.connections.keeper_process import WAKE_SIGNAL, KeeperPlace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessionctl.cli.output.console import Console
    from sessionctl.services.connections.session_connections import SessionConnections


def keep(console: Console, file: str, names: Sequence[str], *, as_json: bool) -> int:
    """Hold connections open until a signal comes; return the exit code.

    Raises:
      RefusedError: the file is not trusted to open one of them.
      FileError: another keeper has them.
    """
    connections = session_connections(console, file, no_input=True)
    chosen = _chosen(connections, names)
    review = user_trust(console.machine).review(
        connections.file, connection_items(connections.value)
    )
    if any(item.where in chosen for item in review.new):
        word = path_word(connections.file)
        raise RefusedError(
            f"{connections.file}: not trusted, so its connections are not opened without asking",
            hints=[f"review it, then: sessionctl trust {word}"],
        )
    from sessionctl.services.connections.keeper_service import KeeperService
    from sessionctl.system.files.private_files import protect_process

    protect_process()
    os.umask(0o077)
    service = KeeperService(connections, chosen)
    with (
        KeeperPlace(console.machine, connections.file).listening() as listener,
        stopped_by_signals(service.stop),
    ):
        signal.signal(WAKE_SIGNAL, lambda _number, _frame: service.wake())
        service.run(listener)
    if as_json:
        console.print_json("connections keep", file=connections.file, kept=list(chosen))
    return 0


def retry(console: Console, file: str, *, as_json: bool) -> int:
    """Have all that is kept open tried at once; return the exit code."""
    from sessionctl.services.connections.session_start import SessionStart

    connections = session_connections(console, file)
    start = SessionStart(console.machine, connections.file, connections.value)
    is_kept = start.try_again()
    if as_json:
        console.print_json("connections keep", file=connections.file, retried=is_kept)
    elif is_kept:
        console.note(f"{connections.file}: its connections are tried now")
    else:
        console.note(f"{connections.file}: nothing keeps its connections open")
    return 0


def stop_keeper(console: Console, file: str, *, as_json: bool) -> int:
    """End the keeper of a session; return the exit code."""
    connections = session_connections(console, file)
    was_there = KeeperPlace(console.machine, connections.file).stop()
    if as_json:
        console.print_json("connections keep", file=connections.file, stopped=was_there)
    elif was_there:
        console.out(f"{connections.file}: its connections are closed")
    else:
        console.note(f"{connections.file}: nothing keeps its connections open")
    return 0


def _chosen(connections: SessionConnections, names: Sequence[str]) -> tuple[str, ...]:
    word = path_word(connections.file)
    for name in names:
        if not opens_at_start(connections.settings(name)):
            raise UsageError(
                f"{connections.file}: {name}: only connections with start = true are kept",
                hints=[f"open it manually: sessionctl connect {word} {last_words(name)}"],
            )
    found = tuple(names) or tuple(
        name for name in connections.names() if opens_at_start(connections.settings(name))
    )
    if not found:
        raise UsageError(
            f"{connections.file}: no connection has start = true",
            hints=[f"name one: sessionctl set {word} connections.NAME.start true"],
        )
    return found
