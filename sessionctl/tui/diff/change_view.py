"""Change view: the old and the new side of one change, below its key."""

from __future__ import annotations

from rich.text import Text
from textual.containers import VerticalScroll
from textual.widgets import Static

from sessionctl.core.diff.change_rows import ChangeRow, ChangeSides, sides_of
from sessionctl.core.diff.word_changes import line_pieces, word_pieces
from sessionctl.core.keypath import KeyPath
from sessionctl.core.text.condensation import condensed
from sessionctl.core.text.plural import counted
from sessionctl.core.text.source import visible
from sessionctl.core.toml.write.value_writer import render_line
from sessionctl.tui.widgets.shown_text import shown, text_of_lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.app import ComposeResult

    from sessionctl.core.render.drawing import Line
    from sessionctl.core.values import Value

_MOST = 4_000
_MOST_LINES = 300


class ChangeView(VerticalScroll):
    """One change: what was there, and what is."""

    DEFAULT_CSS = """
    ChangeView { height: 1fr; }
    ChangeView > Static { height: auto; padding: 0 1; }
    """

    def compose(self) -> ComposeResult:
        """Give the text."""
        yield Static("", markup=False)

    def show_row(self, row: ChangeRow | None) -> None:
        """Show a change, or a table: how many changes are in it."""
        self.query_one(Static).update(Text("") if row is None else _text_of(row))
        self.scroll_home(animate=False)


def _text_of(row: ChangeRow) -> Text:
    head = Text()
    head.append(shown(str(row.path) or "(the file)"), "bold")
    if row.change is None:
        head.append(f"\n{counted(row.inside, 'change')} in it", "dim")
        return head
    sides = sides_of(row.change)
    lines: list[Line] = [[(f"{row.sign} {sides.word}", "dim")]]
    lines += [[(sides.note, "")]] if sides.note else []
    lines += [[(f"# with the comment {visible(text)}", "dim")] for text in sides.comments]
    lines += _lines_of(sides)
    if len(lines) > _MOST_LINES:
        more = f"... {counted(len(lines) - _MOST_LINES, 'line')} more"
        lines = [*lines[:_MOST_LINES], [(more, "dim")]]
    return Text("\n").join([head, text_of_lines(lines)])


def _lines_of(sides: ChangeSides) -> Iterator[Line]:
    before, after = sides.before, sides.after
    if isinstance(before, str) and isinstance(after, str):
        yield from _texts(before, after, sides.word)
        return
    for title, role, value in (("old", "removed", before), ("new", "added", after)):
        if value is None:
            continue
        yield [(title, "heading")]
        if sides.word == "comment" and isinstance(value, str):
            yield from ([("  ", ""), (visible(line), role)] for line in value.split("\n"))
        else:
            yield from ([("  ", ""), (text, role)] for text in _value_lines(value))


def _texts(before: str, after: str, word: str) -> Iterator[Line]:
    """Give both sides of a text with the changed words in colour; of lines, those that changed."""
    old, new = condensed([before, after], _MOST)
    if "\n" in old or "\n" in new:
        ends = "" if word != "comment" else "\n"
        yield from line_pieces(f"{old}{ends}", f"{new}{ends}")
        return
    is_comment = word == "comment"
    if not is_comment:
        old, new = render_line(old), render_line(new)
    for title, pieces in zip(("old", "new"), word_pieces(old, new), strict=True):
        yield [(title, "heading")]
        yield [("  ", ""), *pieces]


def _value_lines(value: Value) -> list[str]:
    """Return a value in lines: a table key by key, all else as TOML writes it."""
    found = [
        f"{f'{path} = ' if path else ''}{condensed([render_line(leaf)], _MOST)[0]}"
        for path, leaf in _leaves(value, KeyPath())
    ]
    return [visible(line) for text in found for line in text.split("\n")]


def _leaves(value: Value, path: KeyPath) -> Iterator[tuple[KeyPath, Value]]:
    # A reference to a secret is one thing, not a table.
    if isinstance(value, dict) and value and list(value) != ["secret"]:
        for key, item in value.items():
            yield from _leaves(item, path / key)
    elif isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        for index, item in enumerate(value):
            yield from _leaves(item, path / index)
    else:
        yield path, value
