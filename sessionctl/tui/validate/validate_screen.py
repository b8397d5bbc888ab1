"""Validate screen: the mistakes of a session file with place, excerpt, caret and hint."""

from __future__ import annotations

# pathlib costs start-up: plain os calls here.
# ruff: noqa: PTH116
import os
from typing import ClassVar, NamedTuple

from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.widgets import Static

from sessionctl.core.render.problem_line import keyed_message
from sessionctl.core.text.plural import counted
from sessionctl.services.documents.file_validation import check_file
from sessionctl.services.documents.validation import Validator
from sessionctl.tui.frame.base_screen import BaseScreen, screen_bindings
from sessionctl.tui.widgets.row_table import RowTable, TableColumn, TableRow
from sessionctl.tui.widgets.shown_text import text_of_lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from sessionctl.core.problem import Problem
    from sessionctl.core.render.drawing import Charset, Line
    from sessionctl.errors import SessionctlError
    from sessionctl.services.documents.checked_file import CheckedFile
    from sessionctl.tui.frame.ui_context import UiContext

_COLUMNS = (TableColumn("place"), TableColumn("kind"), TableColumn("mistake"))
_LOOK_S = 1.0
_SIGNS = {"error": ("\u2717", "x"), "warning": ("!", "!")}


class _Verdict(NamedTuple):
    """A file that was checked, and the lines around each of its problems."""

    checked: CheckedFile
    excerpts: list[list[str]]
    stamp: tuple[int, int]


class ValidateScreen(BaseScreen):
    """The mistakes in a list, the chosen one in its lines below; looked at again as it is saved."""

    DEFAULT_CSS = """
    ValidateScreen > RowTable { height: 1fr; }
    ValidateScreen > VerticalScroll { height: 1fr; border-top: solid $primary-darken-2;
                                      padding: 0 1; }
    ValidateScreen .excerpt { width: auto; }
    """
    title_words = "Validate"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("e,enter", "edit", "Edit", key_display="e",
                tooltip="Open your editor at the error"),
        *screen_bindings(without="validate"),
    ]  # fmt: skip

    def __init__(self, context: UiContext, file: str) -> None:
        super().__init__(context, file)
        self._verdict: _Verdict | None = None
        self._is_looking = False

    def compose_body(self) -> ComposeResult:
        """Give the list and, below, the place."""
        yield RowTable(_COLUMNS, self.context.charset)
        with VerticalScroll():
            yield Static("", classes="message", markup=False)
            yield Static("", classes="excerpt", markup=False)

    def begin(self) -> None:
        """Check the file, and again whenever it changed."""
        self.say("checking ...")
        self._look()
        self.set_interval(_LOOK_S, self._look)

    def _look(self) -> None:
        stamp = _stamp(self.file)
        is_known = self._verdict is not None and self._verdict.stamp == stamp
        if self._is_looking or is_known or self.app.screen is not self:
            return
        self._is_looking = True

        def check() -> _Verdict:
            checked = check_file(self.file, Validator())
            return _Verdict(checked, checked.excerpts(), stamp)

        self.in_background(check, self._show, on_error=self._cannot)

    def _cannot(self, error: SessionctlError) -> None:
        self._is_looking = False
        self.say_error(error)

    def _show(self, verdict: _Verdict) -> None:
        self._is_looking = False
        self._verdict = verdict
        checked = verdict.checked
        rows = [
            _row(number, problem, checked, self.context.charset)
            for number, problem in enumerate(checked.problems)
        ]
        self.query_one(RowTable).show_rows(rows)
        if checked.failure is not None:
            self.say_error(checked.failure)
            self._draw([])
        elif not checked.problems:
            self.say("valid: no errors", "good")
            self._draw([])
        else:
            warnings = len(checked.problems) - len(checked.errors)
            parts = [counted(len(checked.errors), "error")] if checked.errors else []
            parts += [counted(warnings, "warning")] if warnings else []
            self.say(", ".join(parts), "removed" if checked.errors else "changed")
            self._show_place()

    def _chosen(self) -> tuple[int, Problem] | None:
        key, verdict = self.query_one(RowTable).chosen, self._verdict
        if key is None or verdict is None or int(key) >= len(verdict.checked.problems):
            return None
        return int(key), verdict.checked.problems[int(key)]

    def on_row_table_row_change(self, _event: RowTable.RowChange) -> None:
        """Show the place of the mistake that is chosen."""
        self._show_place()

    def _show_place(self) -> None:
        chosen, verdict = self._chosen(), self._verdict
        if chosen is None or verdict is None:
            return
        number, problem = chosen
        line, column = verdict.checked.place(problem)[:2]
        lines: list[Line] = [
            [(f"{self.file}:{line}:{column}: ", "place"),
             (f"{problem.severity}[{problem.rule}]: ", problem.severity),
             (keyed_message(problem), "")],
        ]  # fmt: skip
        if problem.hint:
            lines.append([(f"hint: {problem.hint}", "hint")])
        self._draw(lines, [[(text, "")] for text in verdict.excerpts[number]])

    def on_row_table_row_pick(self, _event: RowTable.RowPick) -> None:
        """Open the editor at the mistake."""
        self.action_edit()

    def action_edit(self) -> None:
        """Open the editor at the place of the mistake that is chosen."""
        chosen, verdict = self._chosen(), self._verdict
        place = (1, 1)
        if chosen is not None and verdict is not None:
            line, column = verdict.checked.place(chosen[1])[:2]
            place = (line, column)
        self.edit(*place)
        self._look()

    def _draw(self, lines: list[Line], excerpt: list[Line] | None = None) -> None:
        text = text_of_lines(lines)
        text.no_wrap = False
        self.query_one(".message", Static).update(text)
        # Not wrapped: the caret stands below what it means.
        self.query_one(".excerpt", Static).update(text_of_lines(excerpt or []))


def _row(number: int, problem: Problem, checked: CheckedFile, charset: Charset) -> TableRow:
    line, column = checked.place(problem)[:2]
    sign, plain = _SIGNS[problem.severity]
    kind = f"{plain if charset.is_ascii else sign} {problem.severity}"
    cells = ((f"{line}:{column}", "key"), (kind, problem.severity), (keyed_message(problem), ""))
    return TableRow(str(number), cells)


def _stamp(path: str) -> tuple[int, int]:
    try:
        found = os.stat(path)
    except OSError:
        return (0, 0)
    return (found.st_mtime_ns, found.st_size)
