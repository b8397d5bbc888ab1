"""The messages of the widgets name the widget, so that a screen can have two of a kind."""

from __future__ import annotations

import asyncio

from textual import on
from textual.app import App

from sessionctl.core.render.drawing import Charset
from sessionctl.tui.widgets.lazy_list import LazyList
from sessionctl.tui.widgets.row_table import RowTable
from tests.together import together

MAKERS = {
    RowTable: lambda name: RowTable((), Charset(is_ascii=True), id=name),
    LazyList: lambda name: LazyList(id=name),
}


def heard_from_the_second(kind, message, made):
    """Return the widgets whose message a handler for ``#two`` takes, of two that say it."""
    heard = []

    class Screens(App):
        def compose(self):
            yield MAKERS[kind]("one")
            yield MAKERS[kind]("two")

        @on(message, "#two")
        def take(self, event):
            heard.append(event.control.id)

    async def scenario():
        async with Screens().run_test() as pilot:
            for name in ("one", "two"):
                widget = pilot.app.query_one(f"#{name}")
                widget.post_message(made(widget))
            await pilot.pause()

    asyncio.run(scenario())
    return heard


@together(
    "kind, message, made",
    [
        (RowTable, RowTable.RowChange, lambda table: RowTable.RowChange(table, "a")),
        (RowTable, RowTable.RowPick, lambda table: RowTable.RowPick(table, "a")),
        (LazyList, LazyList.ListChange, lambda lines: LazyList.ListChange(lines, 0)),
        (LazyList, LazyList.ListPick, lambda lines: LazyList.ListPick(lines, 0)),
    ],
    ids=["row change", "row pick", "list change", "list pick"],
)
def test_a_message_is_heard_of_the_widget_that_says_it(kind, message, made):
    assert heard_from_the_second(kind, message, made) == ["two"]
