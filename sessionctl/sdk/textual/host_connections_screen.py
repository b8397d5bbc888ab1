"""Connections screen of a host: how each is now, when it is tried next, connecting at once."""

from __future__ import annotations

import time
from typing import ClassVar

from textual.binding import Binding

from sessionctl.core.text.amount import age
from sessionctl.errors import SessionctlError
from sessionctl.sdk.textual.host_screen import HostScreen
from sessionctl.sdk.workspace_status import connection_signs, countdown
from sessionctl.tui.widgets.row_table import RowTable, TableColumn, TableRow

TYPE_CHECKING = False
if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from sessionctl.connections.manager.kept_connection import KeptConnection
    from sessionctl.services.connections.connection_listing import ConnectionSummary
    from sessionctl.services.connections.connection_memory import RecentUse

_COLUMNS = (
    TableColumn("connection"),
    TableColumn("state"),
    TableColumn("next attempt"),
    TableColumn("driver", 70),
    TableColumn("address", 90),
    TableColumn("why", 60),
)
_RECENT_COLUMNS = (
    TableColumn("used last"),
    TableColumn("when"),
    TableColumn("result"),
    TableColumn("session", 60, keeps_end=True),
)
_LOOK_S = 0.5


class HostConnectionsScreen(HostScreen):
    """All connections of the session file; nothing is contacted before it is asked for."""

    DEFAULT_CSS = """
    HostConnectionsScreen > #host-connections { height: 2fr; }
    HostConnectionsScreen > #host-recents { height: 1fr; min-height: 7;
                                            border-top: solid $primary-darken-2; }
    """
    title_words = "Connections"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c,enter", "connect", "Connect now", key_display="c"),
        Binding("s", "stop", "Stop"),
        Binding("f", "favourite", "Favourite"),
        Binding("r", "reload", "Read again"),
    ]

    def compose_body(self) -> ComposeResult:
        """Give the connections, and what was used last."""
        yield RowTable(_COLUMNS, self.charset, id="host-connections")
        yield RowTable(_RECENT_COLUMNS, self.charset, id="host-recents")

    def begin(self) -> None:
        """Read the file and what is remembered, then follow how they are."""
        self._listed: list[ConnectionSummary] = []
        self._recents: list[RecentUse] = []
        self.query_one("#host-connections", RowTable).focus()
        self.action_reload()
        self.set_interval(_LOOK_S, self._draw)

    def action_reload(self) -> None:
        """Read the file and what is remembered of its connections again."""
        connections = self.workspace.connections
        self.in_background(lambda: (connections.listing(), connections.recents()), self._take)

    def action_connect(self) -> None:
        """Connect the chosen one, or try it again now."""
        self._do(self.workspace.connections.open, "connecting to {}")

    def action_stop(self) -> None:
        """Give the chosen one up."""
        self._do(self.workspace.connections.stop, "{} is stopped")

    def action_favourite(self) -> None:
        """Make the chosen one a favourite, or no more."""
        marked = {one.name for one in self._listed if one.is_favourite}

        def mark(name: str) -> None:
            self.workspace.connections.mark_favourite(name, is_favourite=name not in marked)

        self._do(mark, "")
        self.action_reload()

    def on_row_table_row_pick(self, event: RowTable.RowPick) -> None:
        """Connect it."""
        event.stop()
        if event.table.id == "host-connections":
            self.action_connect()

    def _do(self, work: object, words: str) -> None:
        name = self.query_one("#host-connections", RowTable).chosen
        if name is None:
            self.say("the session has no connections", "warning")
            return
        try:
            work(name)  # type: ignore[operator]
        except SessionctlError as error:
            self.say(error.message, "error", error.hints)
            return
        self.say(words.format(name))
        self._draw()

    def _take(self, found: tuple[list[ConnectionSummary], list[RecentUse]]) -> None:
        self._listed, self._recents = found
        if not self._listed:
            self.say("the session has no connections; add one under [connections] in its file")
        self._draw()

    def _draw(self) -> None:
        kept, now_s = self.workspace.kept_connections, time.monotonic()
        rows = [self._row(one, kept.get(one.name), now_s) for one in self._listed]
        self.query_one("#host-connections", RowTable).show_rows(rows)
        recents = [self._recent(one) for one in self._recents]
        self.query_one("#host-recents", RowTable).show_rows(recents)

    def _row(self, one: ConnectionSummary, kept: KeptConnection | None, now_s: float) -> TableRow:
        sign, words, role = connection_signs(kept, self.charset)
        star = "*" if self.charset.is_ascii else "★"
        why = "" if kept is None else kept.reason
        cells = (
            (f"{one.name} {star}" if one.is_favourite else one.name, "key"),
            (f"{sign} {words}", role),
            (countdown(kept, now_s).removeprefix("next attempt "), "changed"),
            (one.driver, ""),
            (one.address, ""),
            (why, "dim"),
        )
        return TableRow(one.name, cells)

    def _recent(self, one: RecentUse) -> TableRow:
        result = ("connected", "good") if one.ok else ("failed", "error")
        when = f"{age(time.time() - one.at)} ago"
        cells = ((one.name, "key"), (when, "dim"), result, (one.file, ""))
        return TableRow(f"{one.file}\0{one.name}", cells)
