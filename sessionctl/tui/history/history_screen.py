"""History screen: the earlier texts of a file, what each changed, and bringing one back."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.widgets import Static

from sessionctl.core.text.plural import counted
from sessionctl.errors import SessionctlError
from sessionctl.services.history.generations import (
    FileChange,
    Generation,
    carry_out,
    changes_of,
    list_generations,
    plan_generation,
    plan_redo,
    plan_step_back,
)
from sessionctl.services.history.version_pair import of_bytes
from sessionctl.services.merging.resolution_desk import file_stamp
from sessionctl.tui.diff.diff_screen import DiffScreen
from sessionctl.tui.frame.base_screen import BaseScreen
from sessionctl.tui.frame.question_screen import QuestionScreen
from sessionctl.tui.widgets.row_table import RowTable, TableColumn, TableRow
from sessionctl.tui.widgets.shown_text import text_of_lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.timer import Timer

    from sessionctl.core.render.drawing import Line
    from sessionctl.tui.frame.ui_context import UiContext

_COLUMNS = (
    TableColumn("when"), TableColumn("from", 52), TableColumn("id", 90), TableColumn("size", 60),
    TableColumn("by"), TableColumn("what changed", 60),
)  # fmt: skip
_LOOK_S = 1.0
_PREVIEW_AFTER_S = 0.1
_PREVIEW_FROM_HEIGHT = 16
_MOST_LINES = 400


class HistoryScreen(BaseScreen):
    """Backups and commits in one list; below, what bringing the chosen one back would change."""

    DEFAULT_CSS = """
    HistoryScreen > RowTable { height: 3fr; }
    HistoryScreen > VerticalScroll { height: 2fr; border-top: solid $primary-darken-2;
                                     padding: 0 1; display: none; }
    HistoryScreen.is-high > VerticalScroll { display: block; }
    """
    title_words = "History"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "compare", "Diff", tooltip="Compare the chosen text with the file now"),
        Binding("r", "restore", "Restore",
                tooltip="Show what restoring the chosen text changes, and do it"),
        Binding("u", "undo", "Undo",
                tooltip="Undo the last change: a restore as a whole, else as undo does"),
        Binding("U", "redo", "Redo", show=False, tooltip="Revert the last undo"),
        Binding("d", "open_screen('diff')", "Changes",
                tooltip="Show what changed in the file, key by key"),
        Binding("c", "open_screen('resolve')", "Conflicts", show=False,
                tooltip="Decide the conflicts of the file"),
        Binding("ctrl+r", "read_again", "Refresh", show=False, tooltip="Read everything again"),
    ]  # fmt: skip

    def __init__(self, context: UiContext, file: str = "") -> None:
        super().__init__(context, file)
        self._generations: dict[str, Generation] = {}
        self._changes: dict[str, str] = {}
        self._stamp = file_stamp(file)
        self._is_busy = False
        self._preview: Timer | None = None

    def compose_body(self) -> ComposeResult:
        """Give the list and the preview."""
        yield RowTable(_COLUMNS, self.context.charset)
        with VerticalScroll():
            yield Static("", markup=False)

    def begin(self) -> None:
        """Read what is kept, and look for changes of the file from then on."""
        self.say("reading what is kept ...")
        self.action_read_again()
        self.set_interval(_LOOK_S, self._look)

    def on_resize(self, event: events.Resize) -> None:
        """Show the preview where there is room."""
        self.set_class(event.size.height >= _PREVIEW_FROM_HEIGHT, "is-high")

    def title_text(self) -> str:
        """Return how many texts there are of the file."""
        return f"{counted(len(self._generations), 'text')}  {self.file}"

    # -- reading ---------------------------------------------------------------------------

    def action_read_again(self) -> None:
        """Read what is kept."""
        self._read(self._show)

    def _read(self, show: Callable[[list[Generation]], None]) -> None:
        live = self.context.live

        def work() -> list[Generation]:
            return list_generations(live.store, self.file, live.machine.environ)

        self.in_background(work, show)

    def _show(self, found: list[Generation], said: str = "") -> None:
        self.say(said or ("" if found else "nothing is kept of this file, and git has none of it"))
        self._show_rows(found)

    def _show_rows(self, found: list[Generation]) -> None:
        self._generations = {one.key: one for one in found}
        self._draw()
        self.draw_title()
        self.in_background(lambda: changes_of(found, self.file), self._tell, group="changes")

    def _tell(self, changes: dict[str, str]) -> None:
        self._changes = changes
        self._draw()

    def _draw(self) -> None:
        rows = [
            TableRow(
                key,
                (
                    (one.when, "good" if one.candidate.is_now else ""),
                    (one.candidate.source, ""),
                    (one.candidate.id, "key"),
                    (one.size, ""),
                    (f"{one.candidate.why}{' (now)' if one.candidate.is_now else ''}", ""),
                    (self._changes.get(key, ""), "dim"),
                ),
            )
            for key, one in self._generations.items()
        ]
        self.query_one(RowTable).show_rows(rows)

    def _look(self) -> None:
        stamp = file_stamp(self.file)
        if stamp != self._stamp and not self._is_busy:
            self._stamp = stamp
            # No key was pressed: an error that was just said stays.
            self._read(self._show_rows)

    @property
    def _chosen(self) -> Generation | None:
        return self._generations.get(self.query_one(RowTable).chosen or "")

    def on_row_table_row_change(self, _event: RowTable.RowChange) -> None:
        """Show what bringing the chosen text back would change, once it stays chosen."""
        if self._preview is not None:
            self._preview.stop()
        self._preview = self.set_timer(_PREVIEW_AFTER_S, self._show_preview)

    def _show_preview(self) -> None:
        one = self._chosen
        if one is None:
            self.query_one(VerticalScroll).query_one(Static).update("")
            return

        def show(change: FileChange) -> None:
            if one is self._chosen:
                lead: Line = [("restoring it changes:", "heading")]
                lines = [lead, *change.lines[:_MOST_LINES]]
                static = self.query_one(VerticalScroll).query_one(Static)
                static.update(text_of_lines(lines))

        self.in_background(lambda: plan_generation(self.file, one), show, group="preview",
                           on_error=lambda _error: None)  # fmt: skip

    def on_row_table_row_pick(self, _event: RowTable.RowPick) -> None:
        """Compare the chosen text with the file."""
        self.action_compare()

    # -- keys ------------------------------------------------------------------------------

    def action_compare(self) -> None:
        """Show the chosen text beside the file as it is."""
        one = self._chosen
        if one is None:
            self.say("there is no text to choose")
            return
        found = one.candidate
        self.app.push_screen(
            DiffScreen(self.context, self.file, lambda: of_bytes(self.file, found.id, found.data))
        )

    def action_restore(self) -> None:
        """Show what bringing the chosen text back changes, and ask."""
        one = self._chosen
        if one is None:
            self.say("there is no text to choose")
        else:
            self._propose(lambda: plan_generation(self.file, one))

    def action_undo(self) -> None:
        """Show what taking the last change back does, and ask."""
        live = self.context.live
        self._propose(lambda: plan_step_back(self.file, live.store, live.machine.environ))

    def action_redo(self) -> None:
        """Show what taking the last undo back does, and ask."""
        live = self.context.live
        self._propose(lambda: plan_redo(self.file, live.store, live.machine.environ))

    def _propose(self, prepare: Callable[[], FileChange]) -> None:
        if self._is_busy:
            return
        self._is_busy = True
        self.in_background(prepare, self._ask, on_error=self._failed)

    def _ask(self, change: FileChange) -> None:
        self._is_busy = False
        if not change.plan:
            self.say("the file holds just that already")
            return

        def answered(is_yes: bool | None) -> None:  # noqa: FBT001
            if is_yes:
                self._do(change)
            else:
                self.say("the file is left as it is")

        lines = list(change.lines[:_MOST_LINES])
        if len(change.lines) > _MOST_LINES:
            lines.append([(f"... {len(change.lines) - _MOST_LINES} lines more", "dim")])
        lines.append([("what the file holds now is kept, u restores it", "dim")])
        self.app.push_screen(QuestionScreen(change.title, lines), answered)

    def _do(self, change: FileChange) -> None:
        live = self.context.live
        self._is_busy = True

        def work() -> tuple[str, list[Generation]]:
            notes = "; ".join(note for note, _ in carry_out(change, live.store))
            found = list_generations(live.store, self.file, live.machine.environ)
            return notes, found

        def done(result: tuple[str, list[Generation]]) -> None:
            self._is_busy = False
            self._stamp = file_stamp(self.file)
            notes, found = result
            said = f"{change.what}; u undoes that"
            self._show(found, f"{said}; {notes}" if notes else said)

        self.in_background(work, done, group="write", on_error=self._failed)

    def _failed(self, error: SessionctlError) -> None:
        self._is_busy = False
        self.say_error(error)
