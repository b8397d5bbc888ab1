"""Films of the widgets that hosts share: lists, sides of conflicts, layouts (tests/tui/film.py)."""

from __future__ import annotations

from rich.text import Text
from textual.widgets import Footer

from sessionctl.core.conflict.conflict_row import ConflictRow, SideLabels
from sessionctl.core.render.boxes.window_plan import PlannedWindow
from sessionctl.core.render.drawing import Charset
from sessionctl.core.workspace.layout import arrange
from sessionctl.services.board.session_preview import SessionPreview
from sessionctl.tui.sessions.layout_preview import LayoutPreview
from sessionctl.tui.widgets.conflict_table import ConflictSides, ConflictTable
from sessionctl.tui.widgets.key_line import KeyLine, key_name
from sessionctl.tui.widgets.lazy_list import LazyList
from sessionctl.tui.widgets.row_table import RowTable, TableColumn, TableRow
from tests.tui.film import filmed_widgets

PLAIN = Charset(is_ascii=True)
ROW = ConflictRow("a.long.key.of.some.table.name", 'name = "a"\n', 'name = "b"\n', 'name = "c"\n')
ROWS = [
    ROW, ROW._replace(base=None, result='name = "b"\n', choice="ours"),
    ROW._replace(ours="", result="", choice="ours", problems=("not a string", "too short")),
    ROW._replace(key="k\x1b", theirs="x = 1\ny = 2\nz = 3\n", problems=("no",)),
    ROW._replace(key="\u4e2d\u6587" * 20, ours='password = "hunter2-Xy9-Long"\n'),
]  # fmt: skip
LONG = "x" * 4_000
SIDES = (
    ("nothing but sides", ROW, SideLabels(), ""),
    ("labels, deeds, place, meaning, remarks",
     ROW._replace(deeds=("changed it", "deleted it"), place="line 3",
                  remarks=(("theirs", "too high"), ("base", "old"), ("theirs", "odd"))),
     SideLabels("b123", "HEAD", "topic"), "an integer"),
    ("taken", ROWS[1]._replace(choice="edited"), SideLabels(theirs="topic"), ""),
    ("invalid", ROWS[2], SideLabels(), ""),
    ("problems without a result", ROWS[3], SideLabels(), ""),
    ("a very long side",
     ROW._replace(ours=LONG + "\n", theirs=LONG + "y\n", base=None), SideLabels(), ""),
    ("none", None, SideLabels(), ""),
)  # fmt: skip


def test_conflicts_have_a_line_and_their_sides_below_each_other():
    def make(_film):
        yield ConflictTable(PLAIN)
        yield ConflictSides()

    async def scenario(pilot, film):
        table, sides = pilot.app.query_one(ConflictTable), pilot.app.query_one(ConflictSides)
        table.styles.height = 6
        await film.show(pilot, "five conflicts", lambda: table.show_rows(ROWS))
        for title, row, labels, meaning in SIDES:
            await film.show(
                pilot, title, lambda r=row, s=labels, m=meaning: sides.show_row(r, s, m)
            )
        sides.show_row(ROWS[1], SideLabels())
        await film.resize(pilot, (76, 20), (78, 20), (20, 20), (12, 20), (60, 20))
        for width in (59, 60, 75, 76):
            film.note(f"{width}: {table.heading(width)}|")
        await film.show(
            pilot, "three by their number, the last chosen",
            lambda: table.show_rows(ROWS.__getitem__, 3, choose=2),
        )  # fmt: skip
        await film.show(pilot, "none", lambda: table.show_rows([]))
        await film.show(pilot, "none, by a function", lambda: table.show_rows(ROWS.__getitem__))

    filmed_widgets("widget-conflicts", make, scenario)


class _NotedList(LazyList):
    """A list whose messages are in the film."""

    def __init__(self, film):
        super().__init__(lambda number, width, is_chosen: Text(f"{number} {width} {is_chosen}"))
        self._film = film

    def on_lazy_list_list_change(self, event):
        self._film.note(f"change {event.number} {event.control is self}")

    def on_lazy_list_list_pick(self, event):
        self._film.note(f"pick {event.number}")


def test_a_list_draws_what_is_in_sight_and_reports_what_is_chosen():
    def make(film):
        yield _NotedList(film)
        yield Footer(show_command_palette=False)

    async def scenario(pilot, film):
        lines = pilot.app.query_one(LazyList)
        await film.press(pilot, "enter", "down", "end")
        await film.show(pilot, "twelve", lambda: lines.show_lines(12))
        await film.press(pilot, "up", "down", "j", "k", "enter", "pagedown", "pagedown", "pagedown")
        await film.press(pilot, "down", "pageup", "home", "end", "up", "enter")
        await film.resize(pilot, (20, 4), (20, 7))
        await film.show(pilot, "four, the last chosen", lambda: lines.show_lines(4, choose=9))
        await film.show(pilot, "four, the first chosen", lambda: lines.show_lines(4, choose=-1))
        await film.show(pilot, "the same", lambda: lines.show_lines(4))
        await film.show(
            pilot, "by another function",
            lambda: lines.show_lines(2, lambda number, _width, _is_chosen: Text(f"line {number}")),
        )  # fmt: skip
        await film.show(pilot, "none", lambda: lines.show_lines(0))
        film.note(f"{lines.count} {lines.chosen}")

    filmed_widgets("widget-list", make, scenario, size=(20, 7))


class _NotedTable(RowTable):
    """A table whose messages are in the film."""

    film = None

    def on_row_table_row_change(self, event):
        self.film.note(f"change {event.key} {event.control is self}")

    def on_row_table_row_pick(self, event):
        self.film.note(f"pick {event.key}")


def rows(*keys):
    return [TableRow(key, ((key, "key"), (key * 2, "error"))) for key in keys]


def test_a_table_keeps_its_row_and_reports_what_is_chosen():
    def make(film):
        table = _NotedTable((TableColumn("one"), TableColumn("two", 15)), PLAIN)
        table.film = film
        yield table
        yield Footer(show_command_palette=False)

    async def scenario(pilot, film):
        table = pilot.app.query_one(RowTable)
        film.note(f"{table.count} {table.chosen}")
        await film.show(pilot, "three", lambda: table.show_rows(rows(*"abc")))
        await film.press(pilot, "enter", "down", "j", "k", "enter")
        await film.show(pilot, "with one before", lambda: table.show_rows(rows(*"0abc")))
        await film.show(pilot, "the same", lambda: table.show_rows(rows(*"0abc")))
        await film.show(pilot, "without it", lambda: table.show_rows(rows(*"0ac")))
        await film.show(pilot, "only two", lambda: table.show_rows(rows(*"xy")))
        await film.show(pilot, "choose x", lambda: table.show_rows(rows(*"wx"), choose="x"))
        await film.show(
            pilot, "choose what is not there", lambda: table.show_rows(rows("w"), choose="q")
        )
        await film.resize(pilot, (14, 6), (15, 6), (4, 6), (5, 6))
        await film.show(pilot, "none", lambda: table.show_rows([]))
        film.note(f"{table.count} {table.chosen}")

    filmed_widgets("widget-table", make, scenario, size=(24, 7))


WINDOW = PlannedWindow(
    "1 main", "tiled", (200, 50), arrange("tiled", 2),
    ([("! code", "warning"), ("nvim", "")], [("~ top", "key")]),
)  # fmt: skip
PREVIEW = SessionPreview("a.session.toml", "api", "~/src", (WINDOW,), 1, ("!", "~", "-"))


def test_a_layout_is_drawn_with_what_its_signs_mean():
    def make(_film):
        yield LayoutPreview(PLAIN)
        yield LayoutPreview(PLAIN, is_whole=True)

    async def scenario(pilot, film):
        for_list, whole = pilot.app.query(LayoutPreview)

        def show(preview):
            for_list.show_preview(preview)
            whole.show_preview(preview)

        await film.show(pilot, "a window", lambda: show(PREVIEW))
        await film.show(
            pilot, "two", lambda: show(PREVIEW._replace(windows=(WINDOW, WINDOW), untrusted=2))
        )
        await film.show(
            pilot, "no signs, all trusted", lambda: show(PREVIEW._replace(signs=(), untrusted=0))
        )
        await film.show(
            pilot, "no windows", lambda: show(PREVIEW._replace(windows=(), signs=("-",)))
        )
        await film.show(
            pilot, "lines", lambda: for_list.show_lines([[("so", "error")], [("it", "")]])
        )
        show(PREVIEW)
        await film.resize(pilot, (60, 12), (60, 40), (9, 12), (40, 20))

    filmed_widgets("widget-layout", make, scenario, size=(60, 24))


def test_as_many_keys_are_shown_as_there_is_room_for():
    def make(_film):
        yield KeyLine()

    async def scenario(pilot, film):
        line = pilot.app.query_one(KeyLine)
        pairs = [("a", "Alpha"), ("b", "Beta"), ("c", "C")]
        await film.show(pilot, "three and one", lambda: line.show_keys(pairs, [("q", "Back")]))
        await film.resize(pilot, (31, 2), (30, 2), (26, 2), (25, 2), (10, 2), (2, 2), (60, 2))
        await film.show(pilot, "three", lambda: line.show_keys(iter(pairs)))
        await film.show(pilot, "none", lambda: line.show_keys([]))

    filmed_widgets("widget-keys", make, scenario, size=(60, 2))
    written = ["ctrl+p", "ctrl+r", "ctrl+q", "down", "enter", "escape", "question_mark", "slash",
               "space", "tab", "up", "x", "up,k,tab"]  # fmt: skip
    assert [key_name(key) for key in written] == [
        "^P", "^R", "^Q", "Down", "Enter", "Esc", "?", "/", "Space", "Tab", "Up", "x",
        "Up or k or Tab",
    ]  # fmt: skip
