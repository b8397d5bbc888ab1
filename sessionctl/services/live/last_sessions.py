"""Last sessions: which files were those of the sessions of the tmux server before."""

from __future__ import annotations

# pathlib costs start-up: plain os calls here.
# ruff: noqa: PTH113
import os

from sessionctl.services.live.adapters.adapter_registry import TMUX
from sessionctl.system.tmux.tmux_server import socket_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from sessionctl.services.live.live_context import LiveContext
    from sessionctl.services.live.live_memory import LiveRecord


def sessions_to_bring_back(
    context: LiveContext, identity: str = "", standing: Collection[str] = ()
) -> list[LiveRecord]:
    """Return the records of the sessions that ran last and do not run now, the newest first.

    Those are the saved sessions of the server before the one that runs, and of that one
    itself. What was closed, or ended while its server went on, is not among them.

    Args:
      context: this machine, and the socket.
      identity: that of the server that runs, "" for none.
      standing: the names of the sessions that run.
    """
    environ = context.machine.environ
    elsewhere = {name: value for name, value in environ.items() if name != "TMUX"}
    here = socket_path(environ, context.socket)
    known = [
        record
        for record in context.memory.records()
        if record.adapter == TMUX
        and socket_path(elsewhere, record.socket) == here
        and os.path.isfile(record.file)
    ]
    servers = [record.agreed.standing.server for record in known]
    former = next((server for server in servers if server not in ("", identity)), "")
    wanted = {former, identity} - {""}
    return [
        record
        for record in known
        if record.agreed.standing.server in wanted and record.name not in standing
    ]


def forget_server(context: LiveContext, file: str) -> None:
    """Remember that the session of ``file`` was ended on purpose: it runs in no server.

    Raises:
      FileError: it cannot be written.
    """
    record = context.memory.recall(file)
    if record is None or not record.agreed.standing.server:
        return
    standing = record.agreed.standing._replace(server="")
    context.memory.keep(record._replace(agreed=record.agreed._replace(standing=standing)))
