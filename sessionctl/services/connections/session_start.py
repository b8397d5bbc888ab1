"""Session start: the connections that come up with a session, and what waits for them."""

from __future__ import annotations

import time
from typing import Any, NamedTuple

from sessionctl.core.session.startup import connection_items, opens_at_start
from sessionctl.core.values import tables_in
from sessionctl.core.workspace.workspace import RUN, TYPE
from sessionctl.services.connections.keeper_process import KeeperPlace
from sessionctl.services.connections.keeper_service import digest_of
from sessionctl.system.detached_program import start_detached

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sessionctl.core.session.startup import StartItem
    from sessionctl.core.values import Table
    from sessionctl.core.workspace.workspace import Workspace, WorkspacePane
    from sessionctl.services.machine import Machine

NEEDS_S = 30.0
REPORT_S = 3.0
_UP_S = 10.0
_LOOK_S = 0.05
_READY = ("ready", "degraded")
_TRYING = ("idle", "connecting")
_STUCK = ("needs-auth", "stopped")


class StartedConnection(NamedTuple):
    """A connection that comes up with a session, as it is by now; ``report`` is plain data."""

    name: str
    state: str
    reason: str
    server: str | None = None
    report: dict[str, Any] | None = None
    hints: tuple[str, ...] = ()

    @property
    def is_ready(self) -> bool:
        """Whether it can be used."""
        return self.state in _READY


class SessionStart:
    """The connections with ``start`` of one session; ``value`` has its overrides applied."""

    def __init__(self, machine: Machine, file: str, value: Table) -> None:
        self._machine = machine
        self._file = file
        self._value = value
        self._place = KeeperPlace(machine, file)
        connections = value.get("connections")
        tables = connections if isinstance(connections, dict) else {}
        self.names = tuple(
            name
            for name, table in tables.items()
            if isinstance(table, dict) and opens_at_start(table)
        )

    def items(self) -> tuple[StartItem, ...]:
        """Return what trust must cover of them."""
        return tuple(connection_items(self._value))

    def begin(self) -> None:
        """Have them held open: by the keeper that is there, or by a new one.

        Raises:
          ToolError: it cannot be started.
        """
        if not self.names:
            return
        answer = self._place.answer()
        if answer is not None:
            is_stuck = any(one["state"] in _STUCK for one in answer.connections)
            if answer.digest == digest_of(self.items(), self.names) and not is_stuck:
                self._place.wake()
                return
            # The file says something else by now, or the user did what a connection waited for.
            self._place.stop()
        self._launch()

    def try_again(self) -> bool:
        """Have what is kept open tried at once; return whether anything is.

        Raises:
          ToolError: a new keeper cannot be started.
        """
        is_kept = self._place.answer() is not None
        if is_kept:
            self.begin()
        return is_kept

    def _launch(self) -> None:
        import os

        argv = [*self._machine.restart_argv, "connections", "keep", os.path.realpath(self._file)]
        start_detached([*argv, "--", *self.names], self._machine.environ)
        self._place.await_answer(_UP_S)

    def wait(self, names: Iterable[str], seconds: float) -> list[StartedConnection]:
        """Return how they all are once those of ``names`` are ready, or cannot be, or too late."""
        wanted, end = set(names), time.monotonic() + seconds
        while True:
            found = self.states()
            may_come = [
                one
                for one in found
                if one.name in wanted and not one.is_ready and one.state not in _STUCK
            ]
            if not may_come or time.monotonic() >= end:
                return found
            time.sleep(_LOOK_S)

    def wait_for_first(self, seconds: float = REPORT_S) -> list[StartedConnection]:
        """Return how they all are once each was tried once, or it is too late."""
        end = time.monotonic() + seconds
        while True:
            found = self.states()
            if time.monotonic() >= end or all(one.state not in _TRYING for one in found):
                return found
            time.sleep(_LOOK_S)

    def states(self) -> list[StartedConnection]:
        """Return how they are."""
        answer = self._place.answer()
        kept = {} if answer is None else {one["name"]: one for one in answer.connections}
        found = []
        for name in self.names:
            one = kept.get(name)
            if one is None:
                found.append(StartedConnection(name, "stopped", "nothing keeps it open"))
                continue
            found.append(
                StartedConnection(
                    name, one["state"], one["reason"], one.get("server"), one.get("report"),
                    tuple(one.get("hints", ())),
                )
            )  # fmt: skip
        return found

    def end(self) -> bool:
        """Close them; return whether something held them open."""
        return self._place.stop()


def needs_of(value: Table) -> dict[tuple[int, int], tuple[str, ...]]:
    """Return the connections that panes need, by the numbers of their window and their own."""
    found = {}
    for number, window in enumerate(tables_in(value, "windows")):
        for index, pane in enumerate(tables_in(window, "panes")):
            needs = pane.get("needs")
            names = (
                tuple(item for item in needs if isinstance(item, str))
                if isinstance(needs, list)
                else ()
            )
            if names:
                found[(number, index)] = names
    return found


def wait_for_needs(
    value: Table, start: SessionStart | None, workspace: Workspace, items: Sequence[int]
) -> tuple[Workspace, list[str]]:
    """Wait for what panes need; return ``workspace`` with what lacks it typed only, and why.

    ``start`` is None where nothing was started; ``items`` are as for ``held_back``.
    """
    needs = needs_of(value)
    wanted = {name for (at, _), names in needs.items() if at in items for name in names}
    if not wanted:
        return workspace, []
    ready: list[str] = []
    if start is not None:
        ready = [one.name for one in start.wait(wanted & set(start.names), NEEDS_S) if one.is_ready]
    return held_back(workspace, items, needs, ready)


def held_back(
    workspace: Workspace,
    items: Sequence[int],
    needs: dict[tuple[int, int], tuple[str, ...]],
    ready: Iterable[str],
) -> tuple[Workspace, list[str]]:
    """Return ``workspace`` with what lacks a connection typed instead of started.

    ``items`` are the numbers of its windows in the file. The sentences say which and why.
    """
    there = set(ready)
    said: list[str] = []
    windows = []
    for number, window in zip(items, workspace.windows, strict=True):
        panes: list[WorkspacePane] = []
        for index, pane in enumerate(window.panes):
            lacking = [name for name in needs.get((number, index), ()) if name not in there]
            is_started = pane.is_allowed and pane.restarted and pane.start in ("", RUN)
            if lacking and is_started:
                pane = pane._replace(start=TYPE)
                where = f"{window.name}: {pane.name or f'pane {index + 1}'}"
                names = ", ".join(lacking)
                said.append(f"{where}: typed, not started: it needs {names}, not open by now")
            panes.append(pane)
        windows.append(window._replace(panes=tuple(panes)))
    return workspace._replace(windows=tuple(windows)), said
