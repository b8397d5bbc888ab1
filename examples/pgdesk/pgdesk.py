"""pgdesk: a pad for SQL in the terminal, on PostgreSQL or on an SQLite file.

It shows what an application gets from ``sessionctl.sdk``: its editors, cursor, tabs, result and
history are in a session file, saved half a second after each change, back after a kill; its
connection comes back after a restart of the server, and nothing that was typed is lost meanwhile.
"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from textual import work
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.widgets import DataTable, Footer, Static, TabbedContent, TabPane, TextArea

from sessionctl import Document
from sessionctl.sdk import Status
from sessionctl.sdk.textual import SessionMixin

ROWS = 500
HISTORY = 50
WORDS = {
    Status.MODIFIED: "not saved yet",
    Status.SAVED: "saved",
    Status.RESTORED: "restored",
    Status.FILE_CHANGED: "edited by hand",
    Status.MERGED: "merged",
    Status.CONNECTED: "connected",
    Status.RECONNECTING: "reconnecting",
    Status.CONTEXT_PRESERVED: "connected again",
}


class SqlEditor(TextArea):
    """An editor; it is asked to run what it holds once all keys before that have arrived."""

    BINDINGS = [Binding("f5", "app.run", "Run")]


class PgDesk(SessionMixin, App):
    """The application."""

    CSS = """
    TabbedContent { height: 2fr; }
    #result { height: 1fr; border-top: solid $primary; }
    #status { height: 1; background: $panel; }
    """
    BINDINGS = [
        Binding("f2", "connect", "Connect", priority=True),
        Binding("ctrl+n", "new_tab", "New tab", priority=True),
        Binding("f8", "previous", "History", priority=True),
        Binding("ctrl+q", "quit", "Quit", priority=True),
    ]
    session_app = "pgdesk"

    def __init__(self, path: Path, connection: str, *, fresh: bool = False) -> None:
        super().__init__()
        self.session_path = path
        self.session_fresh = fresh
        self.connection = connection
        self.tabs = ["sql1"]
        self.history: list[dict[str, object]] = []
        self.result: dict[str, object] = {}
        self.line, self.outcome, self.saved = "not connected", "", ""

    def compose(self) -> ComposeResult:
        with TabbedContent(id="tabs"):
            yield self._pane("sql1")
        yield DataTable(id="result")
        yield Static(id="status")
        yield Footer()

    def _pane(self, name: str) -> TabPane:
        return TabPane(name, SqlEditor("", id=f"{name}-text", show_line_numbers=True), id=name)

    # -- the session -------------------------------------------------------------------------

    def provide_session(self, workspace) -> None:
        workspace.provide("tabs", lambda: {"open": self.tabs}, self._take_tabs)
        workspace.provide("history", lambda: {"queries": self.history}, self._take_history)
        workspace.provide("result", lambda: dict(self.result), self._take_result)
        self.call_after_refresh(self.action_connect)
        self.query_one("#sql1-text").focus()

    def _take_tabs(self, state: dict) -> None:
        tabs = self.query_one("#tabs", TabbedContent)
        for name in state.get("open", []):
            if name not in self.tabs:
                self.tabs.append(name)
                tabs.add_pane(self._pane(name))
        self.call_after_refresh(self._settle)

    def _settle(self) -> None:
        self.restore_widgets()
        self._editor().focus()

    def _take_history(self, state: dict) -> None:
        self.history = list(state.get("queries", []))[-HISTORY:]

    def _take_result(self, state: dict) -> None:
        self.result = state
        table = self.query_one("#result", DataTable)
        table.clear(columns=True)
        table.add_columns(*state.get("columns", []))
        table.add_rows(state.get("rows", []))

    def on_session_status(self, event) -> None:
        word = WORDS.get(event.status)
        if event.provider == self.connection:
            self.line = f"{self.connection}: {word or event.status.value} {event.text}".strip()
        elif word is not None:
            self.saved = word
        elif event.text:
            self.notify(event.text, severity="error")
        self._show_status()

    def _show_status(self) -> None:
        words = [word for word in (self.outcome, self.saved, self.line) if word]
        self.query_one("#status", Static).update(" " + " | ".join(words))

    # -- what the keys do ---------------------------------------------------------------------

    def action_connect(self) -> None:
        self.workspace.connections.open(self.connection)

    def action_new_tab(self) -> None:
        name = f"sql{len(self.tabs) + 1}"
        self.tabs.append(name)
        self.query_one("#tabs", TabbedContent).add_pane(self._pane(name))
        self.call_after_refresh(self._show, name)
        self.session_changed("tabs")

    def _show(self, name: str) -> None:
        self.query_one("#tabs", TabbedContent).active = name
        self.query_one(f"#{name}-text").focus()

    def action_previous(self) -> None:
        if self.history:
            self._editor().load_text(str(self.history[-1]["sql"]))

    def action_run(self) -> None:
        editor = self._editor()
        sql = editor.selected_text or editor.text
        if sql.strip():
            self.run_query(sql)

    def _editor(self) -> TextArea:
        return self.query_one(f"#{self.query_one('#tabs', TabbedContent).active}-text", TextArea)

    @work(thread=True, exclusive=True)
    def run_query(self, sql: str) -> None:
        connections = self.workspace.connections
        try:
            with connections.lend(self.connection, 10) as handle:
                cursor = handle.connection.cursor()
                cursor.execute(sql)
                columns = [column[0] for column in cursor.description or []]
                rows = cursor.fetchmany(ROWS) if columns else []
                handle.connection.commit()
        except ConnectionError:
            outcome = "not connected, nothing was sent"
        except Exception as error:  # any driver's
            failure = connections.report(self.connection, error)
            outcome = f"failed: {failure.message}"
        else:
            state = {"columns": columns, "rows": [[_shown(one) for one in row] for row in rows]}
            outcome = f"{len(rows)} rows"
            self.call_from_thread(self._take_result, state)
        self.call_from_thread(self._note, sql, outcome)

    def _note(self, sql: str, outcome: str) -> None:
        at = datetime.now(UTC).replace(microsecond=0)
        self.history = [*self.history, {"sql": sql, "at": at, "outcome": outcome}][-HISTORY:]
        self.outcome = outcome
        self.session_changed("history")
        self.session_changed("result")
        self._show_status()


def _shown(value: object) -> str:
    return "" if value is None else str(value)


def session_with(path: Path, table: dict[str, object]) -> None:
    """See to it that the session file has the connection "main"."""
    head = 'schema_version = 1\nname = "pgdesk"\n'
    document = Document.parse(path.read_text() if path.exists() else head)
    if "connections.main" not in document:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(document.set("connections.main", table).text)


def main() -> None:
    parser = argparse.ArgumentParser(prog="pgdesk", description=__doc__.splitlines()[0])
    parser.add_argument("--session", type=Path, default=Path("pgdesk.session.toml"))
    parser.add_argument("--connection", default="main", help="a connection of the session file")
    parser.add_argument("--sqlite", type=Path, metavar="FILE", help="work on this SQLite file")
    parser.add_argument("--fresh", action="store_true", help="bring nothing back")
    options = parser.parse_args()
    if options.sqlite is not None:
        file = str(options.sqlite.resolve())
        session_with(options.session, {"driver": "sqlite", "file": file, "create": True})
    PgDesk(options.session, options.connection, fresh=options.fresh).run()


if __name__ == "__main__":
    main()
