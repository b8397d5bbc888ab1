"""pgdesk: a pad for SQL in the terminal, on PostgreSQL or on an SQLite file.

It shows what an application gets from ``sessionctl.sdk``: its editors, cursor, tabs, result and
history are in a session file, saved half a second after each change, back after a kill; its
connection comes back after a restart of the server, and nothing that was typed is lost meanwhile.
"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from rich.text import Text
from textual import work
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.widgets import Footer, TabbedContent, TabPane, TextArea

from sessionctl import Document
from sessionctl.errors import SessionctlError
from sessionctl.sdk import Status
from sessionctl.sdk.textual import (
    ConnectionsScreen,
    ResolveScreen,
    RestoreScreen,
    SessionMixin,
    SessionTable,
    StatusBar,
)

ROWS = 500
HISTORY = 50
OPENED = (Status.CONNECTED, Status.CONTEXT_PRESERVED)
UNANSWERED = "not connected, nothing was sent"


class SqlEditor(TextArea):
    """An editor; it is asked to run what it holds once all keys before that have arrived."""

    BINDINGS = [Binding("f5", "app.run", "Run")]


class PgDesk(SessionMixin, App):
    """The application."""

    CSS = """
    TabbedContent { height: 2fr; }
    #result { height: 1fr; border-top: solid $primary; }
    """
    BINDINGS = [
        Binding("f2", "connect", "Connect", priority=True),
        Binding("f3", "connections", "Connections"),
        Binding("f4", "conflicts", "Conflicts"),
        Binding("f6", "restore", "Restore"),
        Binding("f7", "results", "Results", show=False),
        Binding("f8", "previous", "History"),
        Binding("ctrl+n", "new_tab", "New tab"),
        Binding("ctrl+up", "resize(1)", "Larger results", show=False, priority=True),
        Binding("ctrl+down", "resize(-1)", "Smaller results", show=False, priority=True),
        Binding("ctrl+q", "quit", "Quit", priority=True),
    ]
    session_app = "pgdesk"

    def __init__(self, path: Path, connection: str | None, *, fresh: bool = False) -> None:
        super().__init__()
        self.session_path = path
        self.session_fresh = fresh
        self.wanted = connection
        self.connection = connection or "main"
        self.tabs = ["sql1"]
        self.history: list[dict[str, object]] = []
        self.step = 0
        self.result: dict[str, object] = {}

    def compose(self) -> ComposeResult:
        with TabbedContent(id="tabs"):
            yield self._pane("sql1")
        yield SessionTable(id="result", classes="session-layout")
        yield StatusBar(id="status")
        yield Footer()

    def _pane(self, name: str) -> TabPane:
        return TabPane(name, SqlEditor("", id=f"{name}-text", show_line_numbers=True), id=name)

    # -- the session -------------------------------------------------------------------------

    def provide_session(self, workspace) -> None:
        workspace.provide("desk", self._desk, self._take_desk)
        # Rows are as private as the server's data: they stay on this machine.
        workspace.provide(
            "history", self._history, self._take_history, volatile=("columns", "rows")
        )
        # After the state: it says which connection was the last.
        self.call_after_refresh(lambda: self.call_after_refresh(self.action_connect))
        self.query_one("#sql1-text").focus()

    def _desk(self) -> dict:
        return {"open": self.tabs, "connection": self.connection}

    def _take_desk(self, state: dict) -> None:
        self.connection = self.wanted or str(state.get("connection", self.connection))
        tabs = self.query_one("#tabs", TabbedContent)
        for name in state.get("open", []):
            if name not in self.tabs:
                self.tabs.append(name)
                tabs.add_pane(self._pane(name))

    def _history(self) -> dict:
        return {"queries": self.history, **self.result}

    def _take_history(self, state: dict) -> None:
        self.history = list(state.pop("queries", []))[-HISTORY:]
        if state.get("columns") != self.result.get("columns") or state.get("rows") != (
            self.result.get("rows")
        ):
            self._take_result(state)

    def _take_result(self, state: dict) -> None:
        self.result = state
        table = self.query_one("#result", SessionTable)
        table.clear(columns=True)
        for number, name in enumerate(state.get("columns", [])):
            # What a server sends is text, not markup, and no two columns have one key.
            table.add_column(Text(name), key=f"{number} {name}")
        table.add_rows([Text(cell) for cell in row] for row in state.get("rows", []))

    def on_session_status(self, event) -> None:
        if event.status in OPENED and event.provider != self.connection:
            self.connection = event.provider
            self.session_changed("desk")
        if event.status is Status.FAILED and event.text:
            self.notify(event.text, severity="error", markup=False)

    # -- what the keys do ---------------------------------------------------------------------

    def action_connect(self) -> None:
        try:
            self.workspace.connections.open(self.connection)
        except SessionctlError as error:
            self.notify("\n".join([error.message, *error.hints]), severity="error", markup=False)

    def action_connections(self) -> None:
        self.push_screen(ConnectionsScreen(self.workspace))

    def action_conflicts(self) -> None:
        self.push_screen(ResolveScreen(self.workspace))

    def action_restore(self) -> None:
        self.push_screen(RestoreScreen(self.workspace))

    def action_results(self) -> None:
        table = self.query_one("#result")
        table.display = not table.display
        self.session_changed()

    def action_resize(self, step: int) -> None:
        table = self.query_one("#result")
        table.styles.height = max(3, min(table.size.height + step, self.size.height - 8))
        self.session_changed()

    def action_new_tab(self) -> None:
        number = len(self.tabs) + 1
        while f"sql{number}" in self.tabs:
            number += 1
        name = f"sql{number}"
        self.tabs.append(name)
        self.query_one("#tabs", TabbedContent).add_pane(self._pane(name))
        self.call_after_refresh(self._show, name)
        self.session_changed("desk")

    def _show(self, name: str) -> None:
        self.query_one("#tabs", TabbedContent).active = name
        self.query_one(f"#{name}-text").focus()

    def action_previous(self) -> None:
        """Show the query before, in an editor of its own kind: nothing is overwritten unseen."""
        if self.history:
            self.step = self.step % len(self.history) + 1
            editor = self._editor()
            editor.replace(str(self.history[-self.step]["sql"]), (0, 0), editor.document.end)

    def action_run(self) -> None:
        editor = self._editor()
        sql = editor.selected_text or editor.text
        if sql.strip():
            self.step = 0
            self.run_query(sql)

    def _editor(self) -> TextArea:
        return self.query_one(f"#{self.query_one('#tabs', TabbedContent).active}-text", TextArea)

    @work(thread=True, exclusive=True)
    def run_query(self, sql: str) -> None:
        connections = self.workspace.connections
        state = None
        try:
            with connections.lend(self.connection, 10) as handle:
                cursor = handle.connection.cursor()
                cursor.execute(sql)
                columns = [column[0] for column in cursor.description or []]
                rows = cursor.fetchmany(ROWS) if columns else []
                handle.connection.commit()
        except ConnectionError:
            outcome = UNANSWERED
        except Exception as error:  # any driver's
            failure = connections.report(self.connection, error)
            outcome = f"failed: {failure.message}"
        else:
            state = {"columns": columns, "rows": [[_shown(one) for one in row] for row in rows]}
            outcome = f"{len(rows)} rows"
        self.call_from_thread(self._note, sql, outcome, state)

    def _note(self, sql: str, outcome: str, state: dict | None) -> None:
        if state is not None:
            self._take_result(state)
        at = datetime.now(UTC).replace(microsecond=0)
        self.history = [*self.history, {"sql": sql, "at": at, "outcome": outcome}][-HISTORY:]
        self.query_one(StatusBar).say(" ".join(outcome.split()))
        self.session_changed("history")


def _shown(value: object) -> str:
    text = "" if value is None else str(value)
    return "".join(one if one.isprintable() else f"\\x{ord(one):02x}" for one in text)


def session_with(path: Path, table: dict[str, object]) -> None:
    """See to it that the session file has the connection "main"."""
    head = 'schema_version = 1\nname = "pgdesk"\n'
    try:
        document = Document.parse(path.read_text(encoding="utf-8") if path.exists() else head)
    except (SessionctlError, UnicodeDecodeError):
        return  # somebody's edit, half done: it is said in the application, and left alone
    if "connections.main" not in document:
        path.parent.mkdir(parents=True, exist_ok=True)
        text = document.set("connections.main", table).text
        path.write_text(text, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(prog="pgdesk", description=__doc__.splitlines()[0])
    parser.add_argument("--session", type=Path, default=Path("pgdesk.session.toml"))
    parser.add_argument("--connection", help="a connection of the session file, else the last")
    parser.add_argument("--sqlite", type=Path, metavar="FILE", help="work on this SQLite file")
    parser.add_argument("--fresh", action="store_true", help="bring nothing back")
    options = parser.parse_args()
    if options.sqlite is not None:
        file = str(options.sqlite.resolve())
        session_with(options.session, {"driver": "sqlite", "file": file, "create": True})
    PgDesk(options.session, options.connection, fresh=options.fresh).run()


if __name__ == "__main__":
    main()
