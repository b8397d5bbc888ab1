"""The table of conflicts and the lazy list below it, as host applications have them too."""

from __future__ import annotations

import asyncio

import pytest
from textual.app import App

from sessionctl.core.conflict.conflict_row import ConflictRow, SideLabels
from sessionctl.core.render.drawing import Charset
from sessionctl.tui.widgets.conflict_table import ConflictSides, ConflictTable

ROWS = [
    ConflictRow("name", "a = 1\n", "a = 2\n", "a = 3\n"),
    ConflictRow("port", "p = 1\n", "p = 2\n", "", "p = 2\n", "ours"),
    ConflictRow("host", None, "h = 1\n", "h = 'x'\n", "h = 1\n", "ours", ("expected a string",)),
]


class Host(App[None]):
    """An application of its own, with both widgets."""

    def __init__(self, rows, count=None):
        super().__init__()
        self.rows, self.count = rows, count
        self.asked = []

    def compose(self):
        yield ConflictTable(Charset(is_ascii=False))
        yield ConflictSides()

    def on_mount(self):
        self.query_one(ConflictTable).show_rows(self.rows, self.count)

    def on_lazy_list_list_change(self, event):
        self.asked.append(event.number)


def drawn(app):
    return [strip.text.rstrip() for strip in app.screen._compositor.render_strips()]


def with_host(app, size, scenario):
    async def run():
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            await scenario(pilot)

    asyncio.run(run())


@pytest.mark.parametrize("width", [40, 80, 160])
def test_each_row_says_how_it_stands_by_a_sign_and_its_result(width):
    async def scenario(pilot):
        lines = drawn(pilot.app)
        assert lines[0].startswith("? name")
        assert "→ open" in lines[0]
        assert lines[1].startswith("+ port")
        assert lines[1].endswith("→ 2")
        assert lines[2].startswith("! host")
        if width > 80:
            assert "(nothing)" in lines[1]

    with_host(Host(ROWS), (width, 12), scenario)


def test_only_the_rows_in_sight_are_asked_for():
    asked = set()

    def row_of(number):
        asked.add(number)
        return ROWS[0]._replace(key=f"key{number}")

    async def scenario(pilot):
        table = pilot.app.query_one(ConflictTable)
        assert asked <= set(range(12))
        await pilot.press("end")
        await pilot.pause()
        assert table.chosen == 99_999
        assert "key99999" in "\n".join(drawn(pilot.app))
        await pilot.press("pageup", "up", "home", "down")
        await pilot.pause()
        assert table.chosen == 1
        assert len(asked) < 100
        assert pilot.app.asked[-1] == 1

    with_host(Host(row_of, 100_000), (80, 24), scenario)


def test_the_sides_are_shown_with_labels_deeds_and_remarks():
    async def scenario(pilot):
        row = ROWS[0]._replace(
            deeds=("changed it", "deleted it"), remarks=(("theirs", "too high"),), place="line 3"
        )
        pilot.app.query_one(ConflictSides).show_row(
            row, SideLabels(ours="HEAD (your branch)", theirs="topic"), "integer"
        )
        await pilot.pause()
        text = "\n".join(drawn(pilot.app))
        for part in (
            "line 3",
            "HEAD (your branch): changed it",
            "topic: deleted it",
            "integer",
            "! too high",
            "nothing is chosen yet",
        ):
            assert part in text, text  # fmt: skip

    with_host(Host(ROWS), (80, 30), scenario)


def test_a_row_with_markup_control_characters_and_a_megabyte_is_drawn():
    text = 'a = "[bold]\x1b[2J' + "x" * 1_000_000 + '"\n'
    row = ConflictRow("a[/]\x1b", text, text[:-3] + 'y"\n', "", text, "ours")

    async def scenario(pilot):
        pilot.app.query_one(ConflictSides).show_row(row, SideLabels())
        await pilot.pause()
        shown = "\n".join(drawn(pilot.app))
        assert "\x1b" not in shown
        assert "[bold]" in shown

    with_host(Host([row]), (80, 30), scenario)
