"""Diff screen: a file beside what it was, or is elsewhere: by keys or as text."""

from __future__ import annotations

from functools import partial
from typing import ClassVar, NamedTuple

from rich.text import Text
from textual.binding import Binding
from textual.containers import Container
from textual.widgets import Input

from sessionctl.core.diff.change_rows import ChangeRow, change_rows, unfolded
from sessionctl.core.diff.word_changes import line_pieces
from sessionctl.core.render.diff_text import summarize
from sessionctl.core.render.drawing import fit
from sessionctl.errors import SessionctlError
from sessionctl.services.history.version_pair import (
    PairDifference,
    VersionPair,
    against_file,
    against_live,
    difference,
    since_revision,
    since_save,
)
from sessionctl.tui.diff.change_view import ChangeView
from sessionctl.tui.frame.base_screen import BaseScreen
from sessionctl.tui.widgets.lazy_list import LazyList
from sessionctl.tui.widgets.shown_text import ROLES, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from sessionctl.core.keypath import KeyPath
    from sessionctl.core.render.drawing import Line
    from sessionctl.tui.frame.ui_context import UiContext

    ReadPair = Callable[[], VersionPair]

_ROLES = {"+": "added", "-": "removed", "~": "changed", ">": "moved", "#": "dim", "": "key"}
_SIDE_BY_SIDE = 70
_LONGEST_LINE = 2_000
_WORDS = {
    "revision": "a revision of git, such as HEAD~3; Enter compares, Esc leaves it",
    "file": "a file to compare with; Enter compares, Esc leaves it",
}


class _DiffContent(NamedTuple):
    """What was read: the difference, its rows, and the lines of the two texts."""

    found: PairDifference
    rows: list[ChangeRow]
    lines: list[Line]


class DiffScreen(BaseScreen):
    """A tree of the keys that changed; old and new of the chosen one beside it."""

    DEFAULT_CSS = """
    DiffScreen > Container { height: 1fr; layout: vertical; }
    DiffScreen.is-wide > Container { layout: horizontal; }
    DiffScreen LazyList { height: 3fr; width: 1fr; padding: 0 1; }
    DiffScreen ChangeView { height: 2fr; width: 1fr; border-top: solid $primary-darken-2; }
    DiffScreen.is-wide LazyList { height: 1fr; width: 2fr; }
    DiffScreen.is-wide ChangeView { height: 1fr; width: 3fr; border-top: none;
                                    border-left: solid $primary-darken-2; }
    DiffScreen.is-text ChangeView { display: none; }
    DiffScreen > Input { height: 1; padding: 0 1; display: none; }
    DiffScreen > Input, DiffScreen > Input:focus { border: none; }
    DiffScreen > Input.is-open { display: block; }
    """
    title_words = "Diff"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "change_form", "Keys or text", tooltip="Show changes key by key, or as text"),
        Binding("1", "against_save", "Save", tooltip="Compare with what was saved last"),
        Binding("2", "against_head", "HEAD", tooltip="Compare with the last commit"),
        Binding("3", "ask('revision')", "Revision", tooltip="Compare with any revision of git"),
        Binding("4", "against_live", "Live", tooltip="Compare with the session that runs"),
        Binding("5", "ask('file')", "File", tooltip="Compare with another file"),
        Binding("n", "next(1)", "Next", show=False, tooltip="Go to the next change"),
        Binding("N", "next(-1)", "Previous", show=False, tooltip="Go to the change before"),
        Binding("space", "fold", "Fold", show=False, tooltip="Close or open a table"),
        Binding("C", "comments", "Comments", show=False, tooltip="Leave comments out, or not"),
        Binding("h", "open_screen('history')", "History",
                tooltip="Show earlier versions and commits, and restore one"),
        Binding("c", "open_screen('resolve')", "Conflicts", show=False,
                tooltip="Decide the conflicts of the file"),
    ]  # fmt: skip

    def __init__(self, context: UiContext, file: str = "", read: ReadPair | None = None) -> None:
        super().__init__(context, file)
        self._read_first = read
        self._shown: _DiffContent | None = None
        self._rows: list[ChangeRow] = []
        self._folded: set[KeyPath] = set()
        self._is_text = False
        self._has_comments = True
        self._asked = ""

    def compose_body(self) -> ComposeResult:
        """Give the question, the tree and the sides."""
        yield Input()
        with Container():
            yield LazyList(self._line)
            yield ChangeView()

    def begin(self) -> None:
        """Compare with what was asked for; else with HEAD, or with the last save."""
        self.query_one(LazyList).focus()
        self._compare(self._read_first or self._newest)

    def on_resize(self, event: events.Resize) -> None:
        """Put the sides beside the tree where there is room."""
        self.set_class(event.size.width >= _SIDE_BY_SIDE, "is-wide")

    def title_text(self) -> str:
        """Return what is compared."""
        if self._shown is None:
            return self.file
        pair, found = self._shown.found.pair, self._shown.found.comparison
        count = f"  {summarize(found.shown)}" if found is not None and found.shown else ""
        return f"{pair.title}{count}  {self.file}".rstrip()

    # -- reading ---------------------------------------------------------------------------

    def _newest(self) -> VersionPair:
        live = self.context.live
        try:
            return since_revision("HEAD", self.file, live.machine.environ)
        except SessionctlError:
            return since_save(self.file, live.store)

    def _compare(self, read: ReadPair) -> None:
        def work() -> _DiffContent:
            return _shown_of(difference(read()), has_comments=self._has_comments)

        self.say("comparing ...")
        self._read_again = read
        self.in_background(work, self._show)

    def _show(self, shown_now: _DiffContent) -> None:
        found = shown_now.found
        self._shown = shown_now
        self._folded.clear()
        self._draw_list()
        notes = found.pair.notes
        if found.obstacle:
            self.say(f"shown as text: {found.obstacle}", "warning")
        elif notes:
            self.say("; ".join(notes), "warning")
        elif found.is_same:
            self.say("nothing changed: not a byte differs")
        elif not shown_now.rows:
            self.say("no value changed: only the layout differs; s shows the text")
        else:
            self.say("")

    def _draw_list(self) -> None:
        seen, lines = self._shown, self.query_one(LazyList)
        assert seen is not None
        is_text = self._is_text or bool(seen.found.obstacle)
        self.set_class(is_text, "is-text")
        self._rows = unfolded(seen.rows, self._folded)
        count = len(seen.lines) if is_text else len(self._rows)
        first = next((i for i, row in enumerate(self._rows) if row.sign), 0)
        lines.show_lines(count, self._text_line if is_text else self._line,
                         choose=0 if is_text else first)  # fmt: skip
        self._show_change()
        self.draw_title()

    # -- drawing ---------------------------------------------------------------------------

    def _line(self, number: int, width: int, _is_chosen: bool) -> Text:  # noqa: FBT001
        row = self._rows[number]
        text = Text()
        text.append(" " * (2 * min(row.depth, max(0, width // 4))))
        if row.sign:
            text.append(f"{row.sign} ", ROLES[_ROLES[row.sign]])
        else:
            text.append("> " if row.path in self._folded else "v ", "dim")
        tail = f"  {row.inside}" if not row.sign else ""
        room = width - text.cell_len - len(tail)
        text.append(fit(shown(row.label), room, self.context.charset), ROLES[_ROLES[row.sign]])
        text.append(tail, "dim")
        return text

    def _text_line(self, number: int, width: int, _is_chosen: bool) -> Text:  # noqa: FBT001
        assert self._shown is not None
        text = Text()
        for piece, role in self._shown.lines[number]:
            text.append(shown(piece[:_LONGEST_LINE]).expandtabs(4), ROLES.get(role, ""))
        if text.cell_len > width:
            text.truncate(max(0, width - 1))
            text.append(self.context.charset.ellipsis)
        return text

    def _show_change(self) -> None:
        number = self.query_one(LazyList).chosen
        row = self._rows[number] if number < len(self._rows) and not self._is_text else None
        self.query_one(ChangeView).show_row(row)

    def on_lazy_list_list_change(self, _event: LazyList.ListChange) -> None:
        """Show the sides of the chosen change."""
        self._show_change()

    def on_lazy_list_list_pick(self, _event: LazyList.ListPick) -> None:
        """Close or open a table."""
        self.action_fold()

    # -- keys ------------------------------------------------------------------------------

    def action_change_form(self) -> None:
        """Show the keys, or the text."""
        if self._shown is not None:
            self._is_text = not self._is_text
            self._draw_list()

    def action_comments(self) -> None:
        """Leave changes of comments out, or show them again."""
        self._has_comments = not self._has_comments
        if self._shown is not None:
            self._compare(partial(_same, self._shown.found.pair))

    def action_fold(self) -> None:
        """Close the chosen table, or open it."""
        lines = self.query_one(LazyList)
        if self._is_text or not self._rows or self._rows[lines.chosen].sign:
            return
        assert self._shown is not None
        self._folded ^= {self._rows[lines.chosen].path}
        self._rows = unfolded(self._shown.rows, self._folded)
        lines.show_lines(len(self._rows), choose=lines.chosen)

    def action_next(self, step: int) -> None:
        """Go to the next change, or the one before."""
        lines = self.query_one(LazyList)
        places = range(lines.chosen + step, len(self._rows) if step > 0 else -1, step)
        found = None if self._is_text else next((i for i in places if self._rows[i].sign), None)
        if found is not None:
            lines.chosen = found

    def action_against_save(self) -> None:
        """Compare with the last save."""
        self._compare(lambda: since_save(self.file, self.context.live.store))

    def action_against_head(self) -> None:
        """Compare with the last commit."""
        environ = self.context.live.machine.environ
        self._compare(lambda: since_revision("HEAD", self.file, environ))

    def action_against_live(self) -> None:
        """Compare with the session that runs."""
        self._compare(lambda: against_live(self.file, self.context.live))

    def action_ask(self, what: str) -> None:
        """Ask for a revision or a file."""
        self._asked = what
        field = self.query_one(Input)
        field.value, field.placeholder = "", _WORDS[what]
        field.add_class("is-open")
        field.focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Compare with what was typed."""
        word = event.value.strip()
        asked = self._asked
        self._close_question()
        environ = self.context.live.machine.environ
        if word and asked == "revision":
            self._compare(lambda: since_revision(word, self.file, environ))
        elif word:
            self._compare(lambda: against_file(word, self.file))

    def action_go_back(self) -> None:
        """Leave the question where there is one, else go back."""
        if self._asked:
            self._close_question()
        else:
            super().action_go_back()

    def _close_question(self) -> None:
        self._asked = ""
        self.query_one(Input).remove_class("is-open")
        self.query_one(LazyList).focus()


def _same(pair: VersionPair) -> VersionPair:
    return pair


def _shown_of(found: PairDifference, *, has_comments: bool) -> _DiffContent:
    rows: list[ChangeRow] = []
    if found.comparison is not None:
        diff = found.comparison.shown
        rows = change_rows(diff if has_comments else diff.without_comments())
    return _DiffContent(found, rows, line_pieces(*found.texts) if not found.is_same else [])
