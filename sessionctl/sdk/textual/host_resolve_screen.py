"""Resolve screen of a host: conflicts of its file, by hand against live or from a merge."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding
from textual.widgets import Static

from sessionctl.core.conflict.conflict_row import SideLabels
from sessionctl.errors import SessionctlError
from sessionctl.sdk.conflict_choices import LiveConflicts, MarkedConflicts, open_conflicts
from sessionctl.sdk.textual.host_screen import HostScreen
from sessionctl.tui.widgets.conflict_table import ConflictSides, ConflictTable
from sessionctl.tui.widgets.lazy_list import LazyList

TYPE_CHECKING = False
if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

_LOOK_S = 1.0


class HostResolveScreen(HostScreen):
    """A row for each conflict; sides are chosen one by one or for all, and then written."""

    DEFAULT_CSS = """
    HostResolveScreen > .headings { height: 1; padding: 0 1; text-style: dim; }
    HostResolveScreen > ConflictTable { height: 1fr; padding: 0 1; }
    HostResolveScreen > ConflictSides { height: 1fr; border-top: solid $primary-darken-2; }
    """
    title_words = "Conflicts"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("o", "take('ours')", "Ours"),
        Binding("t", "take('theirs')", "Theirs"),
        Binding("O", "take_all('ours')", "All ours", key_display="O"),
        Binding("T", "take_all('theirs')", "All theirs", key_display="T"),
        Binding("u", "undo", "Undo"),
        Binding("w", "write", "Write"),
    ]

    def compose_body(self) -> ComposeResult:
        """Give the table and the sides of the chosen conflict."""
        yield Static("", classes="headings", markup=False)
        yield ConflictTable(self.charset)
        yield ConflictSides()

    def begin(self) -> None:
        """Read the conflicts that there are."""
        self._found: LiveConflicts | MarkedConflicts | None = None
        self.query_one(ConflictTable).focus()
        self._read()
        self.set_interval(_LOOK_S, self._look)

    def _read(self) -> None:
        self.in_background(lambda: open_conflicts(self.workspace), self._take)

    def _look(self) -> None:
        """Read again when the conflicts are other ones; choices that were made would be wrong."""
        if self._found is None:
            self.in_background(lambda: open_conflicts(self.workspace), self._take_new)
        elif self._found.is_outdated(self.workspace):
            self._read()

    def _take_new(self, found: LiveConflicts | MarkedConflicts | None) -> None:
        if found is not None:
            self._take(found)

    def _take(self, found: LiveConflicts | MarkedConflicts | None) -> None:
        self._found = found
        if found is None or not found.count:
            self.say("there is no conflict", "good")
        elif isinstance(found, LiveConflicts):
            self.say("ours is the file, theirs what the application has; both are kept until w")
        else:
            self.say("the file has the marks of a merge; choose, then w writes it")
        self._draw()

    def _draw(self) -> None:
        table = self.query_one(ConflictTable)
        count = 0 if self._found is None else self._found.count
        self.query_one(".headings", Static).update(table.heading(max(table.size.width - 2, 20)))
        if self._found is not None:
            table.show_rows(self._found.row, count, choose=min(table.chosen, max(count - 1, 0)))
        else:
            table.show_rows([])
        self._show_sides()

    def _show_sides(self) -> None:
        found, number = self._found, self.query_one(ConflictTable).chosen
        sides = self.query_one(ConflictSides)
        if found is None or number >= found.count:
            sides.show_row(None, SideLabels())
        else:
            sides.show_row(found.row(number), found.labels(number))

    def on_resize(self) -> None:
        """Lay the headings out anew."""
        if self.is_mounted and getattr(self, "_found", None) is not None:
            self.call_after_refresh(self._draw)

    def on_lazy_list_list_change(self, event: LazyList.ListChange) -> None:
        """Show the sides of the chosen one."""
        event.stop()
        self._show_sides()

    def action_take(self, side: str) -> None:
        """Choose a side for the chosen conflict, and go on to the next."""
        table = self.query_one(ConflictTable)
        if self._found is None or not self._found.count:
            return
        problem = self._found.take(table.chosen, side)
        if problem:
            self.say(problem, "warning")
            return
        if table.chosen + 1 < self._found.count:
            table.chosen += 1
        self._said_left()

    def action_take_all(self, side: str) -> None:
        """Choose a side for all that is open."""
        if self._found is not None:
            self._found.take_rest(side)
            self._said_left()

    def action_undo(self) -> None:
        """Take the last choice back."""
        if self._found is None:
            return
        if not self._found.undo():
            self.say("there is nothing to undo")
            return
        self._said_left()

    def _said_left(self) -> None:
        self._draw()
        left = 0 if self._found is None else self._found.left
        self.say(f"{left} left" if left else "all are decided: w writes them", "hint")

    def action_write(self) -> None:
        """Carry the choices out; what is open stays a conflict."""
        found = self._found
        if found is None or not found.count:
            return
        if found.left == found.count:
            self.say("nothing is chosen yet: o takes ours, t takes theirs", "warning")
            return
        try:
            problems = found.write(self.workspace)
        except SessionctlError as error:
            self.say(error.message, "error", error.hints)
            return
        if problems:
            self.say("not written: " + problems[0], "error")
            return
        of_merge = isinstance(found, MarkedConflicts)
        end = "; end the merge with git add and git commit" if of_merge and not found.left else ""
        self.say(f"written{end}", "good")
        self._found = None
        self._draw()
