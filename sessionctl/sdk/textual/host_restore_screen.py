"""Restore screen of a host: the states that can be brought back, and what each would change."""

from __future__ import annotations

import time
from typing import ClassVar

from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.widgets import Static

from sessionctl.core.text.amount import age
from sessionctl.errors import SessionctlError
from sessionctl.sdk.textual.host_screen import HostScreen
from sessionctl.sdk.workspace_event import Status
from sessionctl.tui.widgets.row_table import RowTable, TableColumn, TableRow
from sessionctl.tui.widgets.shown_text import text_of_lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from sessionctl.core.render.drawing import Line
    from sessionctl.sdk.states.recovery_option import RecoveryOption

_COLUMNS = (
    TableColumn("what"),
    TableColumn("written"),
    TableColumn("holds", 60),
)
_NOTHING: Line = [("nothing: it is what the application has now", "dim")]
_MOST_LINES = 400


class HostRestoreScreen(HostScreen):
    """Every way to go on, "start over" among them; nothing is done before Enter."""

    DEFAULT_CSS = """
    HostRestoreScreen > RowTable { height: 1fr; }
    HostRestoreScreen > VerticalScroll { height: 1fr; border-top: solid $primary-darken-2;
                                         padding: 0 1; }
    HostRestoreScreen .preview { height: auto; }
    """
    title_words = "Restore"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r,enter", "restore", "Restore", key_display="Enter"),
        Binding("u", "undo", "Undo the last change"),
    ]

    def compose_body(self) -> ComposeResult:
        """Give the options and, below, what the chosen one would change."""
        yield RowTable(_COLUMNS, self.charset)
        yield Static("it would change", classes="part-title", markup=False)
        with VerticalScroll(can_focus=False):
            yield Static("", classes="preview", markup=False)

    def begin(self) -> None:
        """Look for what can be brought back."""
        self._options: dict[str, RecoveryOption] = {}
        self.query_one(RowTable).focus()
        self._read()

    def _read(self) -> None:
        # What is not saved yet is among what can be brought back.
        self.workspace.flush()
        self.in_background(self.workspace.recovery, self._take)

    def _take(self, options: tuple[RecoveryOption, ...]) -> None:
        self._options = {one.id: one for one in options}
        self.query_one(RowTable).show_rows([_row(one) for one in options])

    def on_row_table_row_change(self, event: RowTable.RowChange) -> None:
        """Show what the chosen one would change."""
        event.stop()
        key = event.key
        if key is not None:
            self.in_background(
                lambda: self.workspace.preview(key), lambda lines: self._show(key, lines)
            )

    def on_row_table_row_pick(self, event: RowTable.RowPick) -> None:
        """Restore it."""
        event.stop()
        self.action_restore()

    def _show(self, key: str, lines: list[Line]) -> None:
        if key != self.query_one(RowTable).chosen:
            return
        kept = lines[:_MOST_LINES] or [_NOTHING]
        if len(lines) > _MOST_LINES:
            kept = [*kept, [(f"... {len(lines) - _MOST_LINES} lines more", "dim")]]
        self.query_one(".preview", Static).update(text_of_lines(kept))
        self.query_one(VerticalScroll).scroll_home(animate=False)

    def action_restore(self) -> None:
        """Bring the chosen state back; what stands now stays among the options."""
        key = self.query_one(RowTable).chosen
        option = self._options.get(key or "")
        if option is None:
            return
        self.say("restoring: " + ", ".join(option.providers or ("all",)))
        try:
            status = self.workspace.recover(option)
        except SessionctlError as error:
            self.say(error.message, "error", error.hints)
            return
        begin_anew = getattr(self.app, "begin_anew", None)
        if status is Status.FRESH and begin_anew is not None:
            begin_anew()
        if status is Status.FAILED:
            self.say("not all of it could be restored; what failed is in the messages", "warning")
        else:
            words = "started over" if status is Status.FRESH else "restored"
            self.say(f"{words}; the state before is in this list: Enter restores it", "good")
        self._read()

    def action_undo(self) -> None:
        """Undo the last change of the file."""
        try:
            is_done = self.workspace.undo()
        except SessionctlError as error:
            self.say(error.message, "error", error.hints)
            return
        self.say("the last change is undone" if is_done else "there was nothing to undo")
        self._read()


def _row(option: RecoveryOption) -> TableRow:
    when = f"{age(time.time() - option.time_ns / 1e9)} ago" if option.time_ns else ""
    return TableRow(
        option.id, ((option.text, "key"), (when, "dim"), (", ".join(option.providers), ""))
    )
