"""Sessions screen: the sessions of this user, how each is, and how the chosen one looks."""

from __future__ import annotations

import time
from typing import ClassVar

from textual.binding import Binding
from textual.widgets import Input

from sessionctl.core.text.plural import counted
from sessionctl.errors import SessionctlError
from sessionctl.tui.frame.base_screen import BaseScreen, screen_bindings
from sessionctl.tui.sessions.layout_preview import LayoutPreview
from sessionctl.tui.sessions.row_words import COLUMNS, below, table_row
from sessionctl.tui.widgets.row_table import RowTable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from sessionctl.core.render.drawing import Line
    from sessionctl.services.board.board_row import BoardRow, RowState
    from sessionctl.services.board.session_board import SessionBoard
    from sessionctl.services.board.session_preview import SessionPreview
    from sessionctl.tui.frame.ui_context import UiContext

_LOOK_S = 1.0
_SEARCH_EVERY = 5
_AT_ONCE = 40
_MANY = 200
_PREVIEW_FROM_HEIGHT = 18


class SessionsScreen(BaseScreen):
    """All sessions in a list, one a line, the layout of the chosen one below it."""

    DEFAULT_CSS = """
    SessionsScreen > Input { height: 1; padding: 0 1; display: none; }
    SessionsScreen > Input, SessionsScreen > Input:focus { border: none; }
    SessionsScreen > RowTable { height: 2fr; }
    SessionsScreen > LayoutPreview { height: 3fr; border-top: solid $primary-darken-2;
                                     display: none; }
    SessionsScreen.is-high > LayoutPreview { display: block; }
    """
    title_words = "Sessions"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Open", tooltip="Go to the session; restored first if need be"),
        *screen_bindings(),
        # With priority, so that what is typed behind it comes into the field however quickly.
        Binding("slash", "filter", "Filter", key_display="/", priority=True,
                tooltip="Show what has these words"),
        Binding("enter", "keep_filter", "", show=False, priority=True),
        Binding("p", "preview", "Preview", tooltip="Show the windows and panes on a whole screen"),
        Binding("w", "save", "Save", tooltip="Show what saving what runs changes", show=False),
        Binding("e", "edit", "Edit", tooltip="Open the file in your editor", show=False),
        Binding("ctrl+r", "refresh", "Refresh", tooltip="Read everything again", show=False),
    ]  # fmt: skip

    def __init__(self, context: UiContext, file: str = "") -> None:
        super().__init__(context, file)
        self._board: SessionBoard | None = None
        self._rows: dict[str, BoardRow] = {}
        self._states: dict[str, RowState] = {}
        self._words: list[str] = []
        self._looks = 0
        self._is_reading = False
        self._is_first = True
        self._noted: tuple[str, ...] = ()
        self._taken = ""

    def compose_body(self) -> ComposeResult:
        """Give the filter, the list and the preview."""
        yield Input(placeholder="words in name, state or file; Enter keeps them, Esc drops them")
        yield RowTable(COLUMNS, self.context.charset, id="sessions")
        yield LayoutPreview(self.context.charset)

    def begin(self) -> None:
        """Read the sessions, and look for changes from then on."""
        self.query_one(RowTable).focus()
        self.say("reading the sessions ...")
        self._read()
        self.set_interval(_LOOK_S, self._look)

    def title_text(self) -> str:
        """Return how many there are, where."""
        where = ", ".join(self.context.paths) or "here and yours"
        if self._is_first:
            return where
        count = counted(len(self._rows), "session")
        shown = self.query_one(RowTable).count
        return f"{count}{f', {shown} shown' if shown != len(self._rows) else ''}  {where}"

    # -- reading -----------------------------------------------------------------------------

    def _look(self) -> None:
        """Read again what changed; now and then look for new files and for what runs."""
        if self._is_reading or self.app.screen is not self:
            return
        self._looks += 1
        is_time = self._looks % _SEARCH_EVERY == 0
        # Many files are looked at less often, so that doing nothing stays cheap.
        if not is_time and self._looks % (1 + len(self._rows) // _MANY):
            return
        self._is_reading = True

        def changed() -> bool:
            return is_time or self._the_board().has_changed()

        def then(is_changed: bool) -> None:  # noqa: FBT001
            self._is_reading = False
            if is_changed:
                self._read()

        self.in_background(changed, then, group="look", on_error=self._failed)

    def _read(self) -> None:
        if not self._is_reading:
            self._is_reading = True
            self.in_background(
                lambda: self._the_board().rows(), self._take_rows, on_error=self._failed
            )

    def _the_board(self) -> SessionBoard:
        # What reads is loaded once the first paint is done, by the thread that reads.
        from sessionctl.services.board.session_board import SessionBoard

        if self._board is None:
            self._board = SessionBoard(self.context.paths, self.context.live)
        return self._board

    def _failed(self, error: SessionctlError) -> None:
        self._is_reading = False
        self.say_error(error)

    def _take_rows(self, rows: list[BoardRow]) -> None:
        before = self._rows
        self._rows = {row.key: row for row in rows}
        if self._is_first:
            self._is_first = False
            self.say("")
        self._say_notes()
        self._draw_rows()
        if before and self._chosen_row() is not None:
            key = self.query_one(RowTable).chosen
            if key in before and before[key]._replace(state=None) != self._rows[key]._replace(
                state=None
            ):
                self._preview_chosen()
        self._look_into(self._the_board().pending())

    def _look_into(self, rows: list[BoardRow]) -> None:
        """Find out what takes longer, a few rows at a time, those on the screen first."""
        now, later = rows[:_AT_ONCE], rows[_AT_ONCE:]
        if not now:
            self._is_reading = False
            return

        def then(states: dict[str, RowState]) -> None:
            for key, state in states.items():
                if key in self._rows:
                    self._rows[key] = self._rows[key]._replace(state=state)
            self._say_notes()
            self._draw_rows()
            self._look_into(later)

        self.in_background(lambda: self._the_board().states(now), then, on_error=self._failed)

    def _say_notes(self) -> None:
        board = self._board
        notes = () if board is None else tuple(board.notes)
        if notes != self._noted:
            self._noted = notes
            first = next(iter(board.notes.items()), ("", ())) if board is not None else ("", ())
            more = f" (and {len(notes) - 1} more)" if len(notes) > 1 else ""
            self.say(first[0] + more, "warning", first[1])

    # -- showing -----------------------------------------------------------------------------

    def _draw_rows(self) -> None:
        now_s = time.time()
        home = self.context.live.machine.home or ""
        made = [table_row(row, now_s, self.context.charset, home) for row in self._rows.values()]
        if self._words:
            made = [
                row for row in made
                if all(word in " ".join(text for text, _ in row.cells).casefold()
                       for word in self._words)
            ]  # fmt: skip
        table = self.query_one(RowTable)
        table.show_rows(made)
        self._fit_list()
        self.draw_title()
        if not made and not self._is_first:
            self.query_one(LayoutPreview).show_lines(self._nothing())

    def _fit_list(self) -> None:
        """Give the list as much room as its rows need, and two fifths at most."""
        table = self.query_one(RowTable)
        most = max(6, self.size.height * 2 // 5)
        table.styles.height = min(table.count + 2, most) if self.has_class("is-high") else "1fr"

    def _nothing(self) -> list[Line]:
        if self._words:
            return [[("nothing has these words; Esc shows all", "dim")]]
        return [
            [("no session files here", "")],
            [("create one: sessionctl new NAME", "hint")],
            [("or save the tmux session you are in: sessionctl save", "hint")],
        ]

    def _chosen_row(self) -> BoardRow | None:
        key = self.query_one(RowTable).chosen
        return None if key is None else self._rows.get(key)

    def on_row_table_row_change(self, _event: RowTable.RowChange) -> None:
        """Show how the session looks that is chosen now."""
        self._preview_chosen()
        row = self._chosen_row()
        if row is not None and row.is_taken:
            self._taken = self._taken_words(row)
            self.say(self._taken)
        elif self.said == self._taken:
            self.say("")

    def _taken_words(self, row: BoardRow) -> str:
        home = self.context.live.machine.home or ""
        owner = below(row.owner, home) if row.owner else "no file yet"
        return f"a session called {row.name} runs, but not this one: it belongs to {owner}"

    def _preview_chosen(self) -> None:
        row = self._chosen_row()
        if row is None or not self.has_class("is-high"):
            return
        preview = self.query_one(LayoutPreview)
        if not row.file:
            preview.show_lines(
                [[(row.name, "heading")], [("it runs, and has no file yet: w saves it", "hint")]]
            )
            return
        if row.problem:
            hint = "v lists the errors, e opens your editor"
            if row.word == "conflict":
                hint = "c resolves the conflicts, e opens your editor"
            preview.show_lines(
                [[(row.name, "heading")], [(row.problem, "error")], [(hint, "hint")]]
            )
            return
        key = row.key

        def then(found: SessionPreview) -> None:
            if self.query_one(RowTable).chosen == key:
                preview.show_preview(found)

        def failed(error: SessionctlError) -> None:
            if self.query_one(RowTable).chosen == key:
                hints: list[Line] = [[(f"hint: {hint}", "hint")] for hint in error.hints]
                preview.show_lines([[(row.name, "heading")], [(error.message, "error")], *hints])

        def read() -> SessionPreview:
            from sessionctl.services.board.session_preview import preview_session

            return preview_session(row.file, self.context.live)

        self.in_background(read, then, group="preview", on_error=failed)

    def on_resize(self, event: events.Resize) -> None:
        """Leave the preview out where there is no room for it."""
        is_high = event.size.height >= _PREVIEW_FROM_HEIGHT
        was_high = self.has_class("is-high")
        self.set_class(is_high, "is-high")
        if self.is_mounted:
            self._fit_list()
        if is_high and not was_high and self.is_mounted and not self._is_first:
            self.call_after_refresh(self._preview_chosen)

    # -- the filter --------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let a "/" be typed into the field, and Enter end the typing there alone."""
        if action == "filter":
            return not self.query_one(Input).has_focus
        if action == "keep_filter":
            return self.query_one(Input).has_focus
        return True

    def action_filter(self) -> None:
        """Type words; only rows that have all of them are shown."""
        field = self.query_one(Input)
        field.display = True
        self.set_focus(field)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Show the rows that have the words."""
        self._words = event.value.casefold().split()
        self._draw_rows()

    def action_keep_filter(self) -> None:
        """Go back to the list, with the words."""
        field = self.query_one(Input)
        field.display = bool(field.value.strip())
        self.query_one(RowTable).focus()

    def action_go_back(self) -> None:
        """Drop the filter; without one, end."""
        field = self.query_one(Input)
        if field.has_focus or field.value:
            field.value = ""
            field.display = False
            self.query_one(RowTable).focus()
            return
        super().action_go_back()

    # -- actions -----------------------------------------------------------------------------

    def chosen(self) -> str | None:
        """Return the file of the chosen session, or None without one."""
        row = self._chosen_row()
        return row.file or None if row is not None else None

    def open_screen(self, name: str, file: str | None = None) -> None:
        """Go to a screen about the session that is chosen."""
        chosen = file if file is not None else self.chosen()
        if chosen is None:
            row = self._chosen_row()
            text = "there is no session to choose" if row is None else "it has no file yet"
            self.say(text, "warning", ["save it first: press w"] if row is not None else [])
        else:
            self.say("")
            super().open_screen(name, chosen)

    def on_row_table_row_pick(self, _event: RowTable.RowPick) -> None:
        """Go to the session."""
        self.action_open()

    def action_open(self) -> None:
        """Go to the session where it runs, else show what a restore would do."""
        row = self._chosen_row()
        if row is not None and row.is_live:
            self.attach(row.name)
        else:
            self.open_screen("restore")

    def action_edit(self) -> None:
        """Open the file in the editor."""
        chosen = self.chosen()
        if chosen is not None:
            self.file = chosen
            self.edit()

    def action_preview(self) -> None:
        """Show the layout on a whole screen."""
        chosen = self.chosen()
        if chosen is not None:
            from sessionctl.tui.sessions.preview_screen import PreviewScreen

            self.app.push_screen(PreviewScreen(self.context, chosen))

    def action_save(self) -> None:
        """Show what saving the live session changes."""
        row = self._chosen_row()
        if row is not None and row.is_taken and row.owner:
            self.say(self._taken_words(row), "warning")
            return
        if row is None or not (row.is_live or row.is_taken):
            self.say("only a session that runs can be saved", "warning")
            return
        from sessionctl.tui.restore.save_screen import SaveScreen

        self.app.push_screen(SaveScreen(self.context, row.file, row.name))

    def action_refresh(self) -> None:
        """Look at all of it again."""
        self._rows = {key: row._replace(state=None) for key, row in self._rows.items()}
        self._board = None
        self._is_reading = False
        self._read()

    def on_screen_resume(self) -> None:
        """Look again when a screen above is gone: it may have changed something."""
        if not self._is_first:
            self._looks = _SEARCH_EVERY - 1
            self._look()
