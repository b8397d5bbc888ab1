"""Connections screen: the connections of a session as they are; a test of one on request."""

from __future__ import annotations

import time
from typing import ClassVar, NamedTuple

from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.widgets import Static

from sessionctl.core.text.amount import age
from sessionctl.core.text.shellwords import path_word
from sessionctl.services.board.connection_test import run_connection_test
from sessionctl.services.connections.connection_listing import list_connections
from sessionctl.services.connections.connection_status import connection_statuses
from sessionctl.services.connections.session_connections import (
    ConnectionContext,
    SessionConnections,
)
from sessionctl.tui.frame.base_screen import BaseScreen, screen_bindings
from sessionctl.tui.widgets.row_table import RowTable, TableColumn, TableRow
from sessionctl.tui.widgets.shown_text import text_of_lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from sessionctl.connections.keeping.dialling import DialStep
    from sessionctl.core.render.drawing import Charset, Line
    from sessionctl.errors import SessionctlError
    from sessionctl.services.board.connection_test import ConnectionVerdict
    from sessionctl.services.connections.connection_listing import ConnectionSummary
    from sessionctl.services.connections.connection_status import ConnectionStatus
    from sessionctl.tui.frame.ui_context import UiContext

_COLUMNS = (
    TableColumn("connection"),
    TableColumn("state"),
    TableColumn("driver", 60),
    TableColumn("address", 70),
    TableColumn("since", 60),
    TableColumn("why", 90),
)
_LOOK_S = 1.0
_READY = ("ready", "degraded")
_TRYING = ("connecting", "backoff")


class _ConnectionsFound(NamedTuple):
    """The connections of a session, and how each is."""

    connections: SessionConnections
    listed: list[ConnectionSummary]
    statuses: list[ConnectionStatus]


class ConnectionsScreen(BaseScreen):
    """The connections and their states as they change; nothing is contacted unasked."""

    DEFAULT_CSS = """
    ConnectionsScreen > RowTable { height: 1fr; }
    ConnectionsScreen > VerticalScroll { height: 1fr; border-top: solid $primary-darken-2;
                                         padding: 0 1; }
    """
    title_words = "Connections"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t,enter", "test", "Test", key_display="t",
                tooltip="Open the connection once, step by step, and close it"),
        Binding("e", "edit", "Edit", tooltip="Open your editor at the connection"),
        *screen_bindings(without="connections"),
    ]  # fmt: skip

    def __init__(self, context: UiContext, file: str) -> None:
        super().__init__(context, file)
        self._found: _ConnectionsFound | None = None
        self._is_looking = self._has_failed = self._has_tested = False
        self._testing = ""
        self._lines: list[Line] = []

    def compose_body(self) -> ComposeResult:
        """Give the connections and, below, the test."""
        yield RowTable(_COLUMNS, self.context.charset)
        with VerticalScroll():
            yield Static("", classes="steps", markup=False)

    def begin(self) -> None:
        """Read the file, and what is remembered; who keeps connections open is asked locally."""
        self._look()
        self.set_interval(_LOOK_S, self._look)

    def _look(self) -> None:
        if self._is_looking or self.app.screen is not self:
            return
        self._is_looking = True
        self.in_background(self._find, self._show, group="look", on_error=self._cannot)

    def _find(self) -> _ConnectionsFound:
        context = ConnectionContext(self.context.live.machine, self.context.vault_keeper)
        connections = SessionConnections(self.file, context)
        statuses = connection_statuses(connections, connections.names())
        return _ConnectionsFound(connections, list_connections(connections), statuses)

    def _cannot(self, error: SessionctlError) -> None:
        self._is_looking, self._has_failed = False, True
        self.say_error(error)

    def _show(self, found: _ConnectionsFound) -> None:
        self._is_looking = False
        self._found = found
        if self._has_failed:
            self._has_failed = False
            self.say("")
        by_name = {status.name: status for status in found.statuses}
        charset, now_s = self.context.charset, time.time()
        rows = [_row(one, by_name.get(one.name), now_s, charset) for one in found.listed]
        self.query_one(RowTable).show_rows(rows)
        if self._has_tested:
            return
        if found.listed:
            self._draw([[("nothing is contacted until you ask: t tests the connection", "dim")]])
        else:
            add = f"add one: sessionctl edit {path_word(self.file)}"
            self._draw([[("the session has no connections", "")], [(add, "hint")]])

    # -- the test ----------------------------------------------------------------------------

    def on_row_table_row_pick(self, _event: RowTable.RowPick) -> None:
        """Test the connection."""
        self.action_test()

    def action_test(self) -> None:
        """Open the connection that is chosen once, step by step, and close it."""
        name, found = self.query_one(RowTable).chosen, self._found
        if name is None or found is None:
            self.say("there is no connection to test", "warning")
            return
        if self._testing:
            self.say(f"{self._testing} is being tested; one at a time", "warning")
            return
        self._testing, self._has_tested = name, True
        self.say("")
        self._draw([[(f"testing {name} ...", "heading")]])

        def watch(step: DialStep) -> None:
            self._hand_over(self._add_step, step)

        self.in_background(
            lambda: run_connection_test(found.connections, name, watch),
            self._finish,
            group="test",
            on_error=self._stop,
        )

    def _add_step(self, step: DialStep) -> None:
        good = step.failure is None
        sign = (
            ("+" if good else "x")
            if self.context.charset.is_ascii
            else ("\u2713" if good else "\u2717")
        )
        line: Line = [(f"{sign} {step.step.value:<12}", "good" if good else "error")]
        line.append((f" {'ok' if good else 'failed'}  {step.seconds * 1000:.0f} ms", ""))
        self._draw([*self._lines, line])

    def _finish(self, verdict: ConnectionVerdict) -> None:
        self._testing = ""
        if verdict.is_ready:
            lines: list[Line] = [[(f"ready: {verdict.server}", "good")]]
        else:
            lines = [[(f"failed: {verdict.failure}", "error")]]
        lines += [[(text, "")] for text in (*verdict.excerpt, *verdict.remarks)]
        lines += [[(f"hint: {hint}", "hint")] for hint in verdict.hints]
        self._draw([*self._lines, *lines])

    def _stop(self, error: SessionctlError) -> None:
        self._testing = ""
        self.say_error(error)

    def action_edit(self) -> None:
        """Open the editor where the connection stands."""
        name, found = self.query_one(RowTable).chosen, self._found
        place = None if name is None or found is None else found.connections.place(name)
        self.edit(*((1, 1) if place is None else (place.line, place.column)))

    def _draw(self, lines: list[Line]) -> None:
        self._lines = lines
        text = text_of_lines(lines)
        text.no_wrap = False
        self.query_one(".steps", Static).update(text)
        self.query_one(VerticalScroll).scroll_end(animate=False)


def _row(
    listed: ConnectionSummary, status: ConnectionStatus | None, now_s: float, charset: Charset
) -> TableRow:
    word, role, sign, plain = "idle", "dim", "\u25cb", "-"
    why, since = "", ""
    if status is not None:
        word, why = status.state, status.reason
        since = "" if status.at is None else f"{age(now_s - status.at)} ago"
        if status.state in _READY:
            role, sign, plain = "good", "\u25cf", "*"
        elif status.state in _TRYING:
            role, sign, plain = "changed", "\u2026", "~"
        elif status.state != "idle":
            role, sign, plain = "error", "\u2717", "x"
        if status.next_at is not None:
            attempt = f"next attempt in {max(0, int(status.next_at - now_s))} s"
            why = f"{why}; {attempt}" if why else attempt
        if not status.is_kept and status.state != "idle":
            word = f"{word} (last)"
    name = f"{listed.name}{' *' if listed.is_favourite else ''}"
    cells = (
        (name, "key"), (f"{plain if charset.is_ascii else sign} {word}", role),
        (listed.driver, ""), (listed.address, ""), (since, "dim"), (why, ""),
    )  # fmt: skip
    return TableRow(listed.name, cells)
