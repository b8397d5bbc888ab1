"""Restored connections: those that come up with a session, reported beside its panes."""

from __future__ import annotations

from sessionctl.core.text.shellwords import path_word, quoted
from sessionctl.core.text.source import visible
from sessionctl.errors import SessionctlError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessionctl.cli.output.console import Console
    from sessionctl.core.workspace.workspace import Workspace
    from sessionctl.services.connections.session_start import SessionStart, StartedConnection
    from sessionctl.services.live.live_context import LiveContext
    from sessionctl.services.live.workspace_restore import SessionToRestore

_PARTLY = 1
_UNTRUSTED = 5
_AGAIN = ("backoff", "circuit-open", "connecting", "idle")


class RestoredConnections:
    """The connections with ``start`` of a session that is brought back.

    ``names`` are empty where there are none; then nothing is loaded, started or said.
    """

    def __init__(
        self,
        console: Console,
        context: LiveContext,
        session: SessionToRestore,
        *,
        as_json: bool,
        adapter: str = "",
    ) -> None:
        self._console = console
        options = (("--adapter", adapter), ("--tmux-socket", context.socket))
        self._options = "".join(f"{name}={quoted(value)} " for name, value in options if value)
        self._as_json = as_json
        self.file = session.file
        self.value = context.resolved(session.document.value)
        self._start: SessionStart | None = None
        self._failure: SessionctlError | None = None
        self._is_begun = False
        if _has_any(self.value):
            from sessionctl.services.connections.session_start import SessionStart

            self._start = SessionStart(context.machine, session.file, self.value)
        self.names: tuple[str, ...] = () if self._start is None else self._start.names
        self.notes: list[str] = []

    def begin(self, *, is_allowed: bool) -> None:
        """Have them opened, where that was allowed; returns when somebody holds them."""
        if self._start is None or not self.names or not is_allowed:
            return
        try:
            self._start.begin()
            self._is_begun = True
        except SessionctlError as error:
            self._failure = error

    def held_back(self, workspace: Workspace, items: Sequence[int]) -> Workspace:
        """Wait for what panes need; return ``workspace`` with what lacks it typed only."""
        from sessionctl.services.connections.session_start import wait_for_needs

        start = self._start if self._is_begun else None
        held, self.notes = wait_for_needs(self.value, start, workspace, items)
        return held

    def plan_lines(self) -> list[str]:
        """Return what would be opened, for a dry run."""
        return [f"open and keep open: the connection {visible(name)}" for name in self.names]

    def report(self, code: int) -> int:
        """Say how they are; return the exit code, which was ``code`` without them."""
        console = self._console
        for note in self.notes:
            console.warn(note)
        if not self.names:
            return max(code, _PARTLY) if self.notes else code
        if self._failure is not None:
            console.error(self._failure.message, hints=self._failure.hints)
            return code or _PARTLY
        if not self._is_begun:
            if not self._as_json:
                word = path_word(self.file)
                console.warn(
                    f"{visible(self.file)}: not trusted, so its connections were not opened",
                    hints=[f"sessionctl trust {word} && sessionctl restore {self._options}{word}"],
                )
            return code or _UNTRUSTED
        states = self._states()
        for one in states if not self._as_json else ():
            self._print(one)
        return code if all(one.is_ready for one in states) else code or _PARTLY

    def data(self) -> list[dict[str, object]]:
        """Return how they are, for ``--json``."""
        if not self._is_begun:
            state = "idle"
            return [
                {"name": name, "state": state, "reason": "", "server": None, "report": None}
                for name in self.names
            ]
        return [
            {
                "name": one.name,
                "state": one.state,
                "reason": one.reason,
                "server": one.server,
                "report": one.report,
            }
            for one in self._states()
        ]

    def _states(self) -> list[StartedConnection]:
        assert self._start is not None
        return self._start.wait_for_first()

    def _print(self, one: StartedConnection) -> None:
        console = self._console
        name = visible(one.name)
        if not one.is_ready:
            again = "; it is tried again" if one.state in _AGAIN else ""
            console.error(
                f"connection {name}: {one.state}: {visible(one.reason)}{again}", hints=one.hints
            )
            return
        console.out(f"connection {name}: {one.state}: {visible(one.server or '')}")
        from sessionctl.cli.connections.connection_words import print_report
        from sessionctl.connections.connection_adapter import ResumeReport

        if one.report is not None:
            parts = {key: tuple(items) for key, items in one.report.items()}
            print_report(console, ResumeReport(**parts))


def end_connections(context: LiveContext, file: str) -> bool:
    """Close what holds the connections of a session file open; return whether anything did."""
    from sessionctl.services.connections.keeper_process import KeeperPlace

    return KeeperPlace(context.machine, file).stop()


def _has_any(value: object) -> bool:
    connections = value.get("connections") if isinstance(value, dict) else None
    return isinstance(connections, dict) and bool(connections)
