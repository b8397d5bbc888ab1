"""Keeper service: what runs in the keeper process of a session, and what it answers."""

from __future__ import annotations

import hashlib
import os
import select
import threading
import time
from typing import Any

from sessionctl.connections.keeping.keeper import Keeper
from sessionctl.connections.manager.connection_state import IDLE
from sessionctl.core.session.startup import connection_items
from sessionctl.errors import SessionctlError
from sessionctl.services.connections.connection_log import note_event
from sessionctl.system.watch.status_socket import say

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket
    from collections.abc import Sequence

    from sessionctl.connections.keeping.keeper import KeeperEvent
    from sessionctl.connections.keeping.target import Target
    from sessionctl.core.session.startup import StartItem
    from sessionctl.services.connections.session_connections import SessionConnections

_LOOK_S = 0.3


class KeeperService:
    """Holds connections of a session open, and answers how they are, until it is stopped."""

    def __init__(self, connections: SessionConnections, names: Sequence[str]) -> None:
        """Prepare to hold ``names`` open; one that cannot even be tried is answered as such."""
        self.connections = connections
        self.names = tuple(names)
        self._lock = threading.Lock()
        self._states: dict[str, dict[str, Any]] = {
            name: {
                "name": name, "state": IDLE.value, "reason": "", "at": time.time(),
                "next_at": None, "server": None, "report": None, "hints": [],
            }
            for name in names
        }  # fmt: skip
        self._is_stopped = threading.Event()
        self._is_woken = threading.Event()

    def wake(self) -> None:
        """Try at once what waits; may be called by a signal."""
        self._is_woken.set()

    def stop(self) -> None:
        """End soon; may be called by a signal."""
        self._is_stopped.set()

    def run(self, listener: socket.socket) -> None:
        """Hold the connections open, and answer on ``listener``, until it is stopped."""
        keeper = Keeper(self._targets(), self._heard)
        try:
            for name in self.names:
                if self._states[name]["state"] == IDLE.value:
                    keeper.open(name)
            while not self._is_stopped.is_set():
                ready, _, _ = select.select([listener], [], [], _LOOK_S)
                if ready:
                    say(listener, self.answer())
                if self._is_woken.is_set():
                    self._is_woken.clear()
                    for name in self.names:
                        keeper.open(name)
        finally:
            keeper.close()

    def answer(self) -> bytes:
        """Return what is answered, as JSON."""
        import json

        with self._lock:
            states = [dict(state) for state in self._states.values()]
        digest = digest_of(connection_items(self.connections.value), self.names)
        data = {"pid": os.getpid(), "digest": digest, "connections": states}
        return json.dumps(data).encode()

    def _targets(self) -> list[Target]:
        found = []
        for name in self.names:
            try:
                found.append(self.connections.target(name))
            except SessionctlError as error:
                self._put(name, state="stopped", reason=error.message, hints=list(error.hints))
        return found

    def _heard(self, event: KeeperEvent) -> None:
        status = event.status
        now = time.time()
        wait = None if status.next_at is None else status.next_at - status.at
        self._put(
            status.name,
            state=status.after.value,
            reason=status.reason,
            at=now,
            next_at=None if wait is None else now + wait,
            hints=[] if event.failure is None else list(event.failure.hints),
        )
        if event.opened is not None:
            report = event.opened.report
            self._put(
                status.name,
                server=event.opened.peer.text,
                report=None if report is None else report._asdict(),
                strangers=event.opened.strangers,
            )
        try:
            note_event(self.connections, event)
        except SessionctlError:
            return  # what happens is still answered

    def _put(self, name: str, **changes: object) -> None:
        with self._lock:
            self._states[name] = {**self._states[name], **changes}


def digest_of(items: Sequence[StartItem] | object, names: Sequence[str]) -> str:
    """Return the digest of what a keeper opens: of all that its connections are."""
    assert hasattr(items, "__iter__")
    found = sorted(item.digest for item in items if item.where in names)
    return hashlib.sha256("\n".join(found).encode()).hexdigest()
