"""What each kind of widget holds, and what becomes of a state that it is given, fitting or not."""

from __future__ import annotations

import asyncio

import pytest

pytest.importorskip("textual", reason="the module textual is not installed")

from textual.app import App
from textual.containers import Vertical
from textual.widgets import (
    Checkbox,
    Collapsible,
    DataTable,
    DirectoryTree,
    Input,
    Label,
    ListItem,
    ListView,
    OptionList,
    RadioButton,
    RadioSet,
    Select,
    SelectionList,
    Static,
    Switch,
    TabbedContent,
    TabPane,
    Tabs,
    TextArea,
    Tree,
)

from sessionctl.sdk.textual import SessionTable
from sessionctl.sdk.textual.screen_states import ScreenStates
from sessionctl.sdk.textual.widget_state import apply_widget_state, is_same_state, widget_state
from sessionctl.sdk.textual.widget_view import apply_widget_view, widget_view
from tests.quick_pilot import quick_pilot, undrawn
from tests.together import together

LINES = "\n".join(f"line {number}" for number in range(60))


class Own(Static):
    """A widget of a host's own; it takes what has a level."""

    level = 0

    def session_state(self):
        return {"level": self.level}

    def restore_session_state(self, state):
        self.level = state.get("level", self.level)
        return None if "level" in state else False


class Kit(App):
    """One widget of each kind."""

    CSS = "TextArea, DataTable, OptionList, ListView, Tree { height: 9; }"

    def compose(self):
        yield TextArea("one\ntwo", id="text")
        yield TextArea("given", id="given", read_only=True)
        yield Input("abc", id="name")
        yield Input("hunter2", id="hidden", password=True)
        yield Input("hunter2", id="api-token-2")
        yield Input("no", id="out", classes="no-session")
        yield Switch(id="switch")
        yield Checkbox("c", id="check")
        yield RadioButton("alone", id="alone")
        yield RadioSet(RadioButton("a", id="a"), RadioButton("b"), id="radio")
        yield Select([("one", 1), ("two", "2"), ("odd", (3,))], id="choice")
        yield SelectionList(("x", 1), ("y", "2"), ("z", (3,)), id="several")
        with TabbedContent(id="panes"):
            yield TabPane("first", id="first")
            yield TabPane("second", id="second")
        yield Tabs("left", "right", id="tabs")
        with Collapsible(id="fold"):
            yield Own(id="own")
        yield Tree("root", id="tree")
        yield DirectoryTree(".", id="folder")
        yield DataTable(id="table")
        yield SessionTable(id="sorted")
        yield OptionList("o1", "o2", "o3", id="options")
        yield ListView(ListItem(Label("l1")), ListItem(Label("l2")), id="list")
        yield Vertical(id="box", classes="session-layout")
        yield Own(id="own-box", classes="session-layout")
        yield Label("label", id="label")

    def on_mount(self):
        for name in ("table", "sorted"):
            table = self.query_one(f"#{name}")
            table.add_column("n", key="n")
            table.add_column("word", key="word")
            for number in range(4):
                table.add_row(number, f"w{4 - number}", key=f"r{number}")
        self.query_one("#table").add_row(9, "w", key=None)
        root = self.query_one("#tree").root
        root.add("a").add("b").add_leaf("c")
        root.add("d").add_leaf("e")


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """What one application answers to all questions below: it takes longer to start than to ask."""

    async def work():
        async with Kit().run_test(size=(80, 50)) as pilot:
            await pilot.pause()
            return {
                "at first": _all_of(pilot), "views": await _taken(pilot, VIEWS, _views),
                "states": await _taken(pilot, STATES, _states), "scrolled": await _scrolled(pilot),
                "all": await _of_all(pilot), "order": _order(pilot),
            }  # fmt: skip

    place = tmp_path_factory.mktemp("kit")
    (place / "below").mkdir()
    with pytest.MonkeyPatch.context() as patch, quick_pilot(), undrawn():
        patch.chdir(place)
        return asyncio.run(asyncio.wait_for(work(), 60))


def _all_of(pilot):
    named = [one for one in pilot.app.screen.query("*") if one.id and one.id[0] != "-"]
    states = {one.id: widget_state(one) for one in named}
    views = {one.id: widget_view(one) for one in named}
    return [
        {name: one for name, one in each.items() if one is not None} for each in (states, views)
    ]


async def _taken(pilot, rows, functions):
    read, apply = functions
    answers = []
    pilot.app.query_one("#tree").root.expand()
    await pilot.pause()
    for name, given, _, _ in rows:
        widget = pilot.app.query_one(f"#{name}")
        is_taken = apply(widget, given)
        await pilot.pause()
        answers.append((name, given, is_taken, read(widget)))
    return answers


async def _scrolled(pilot):
    text, hidden = pilot.app.query_one("#text"), pilot.app.query_one("#given")
    text.load_text(LINES)
    hidden.display = False
    await pilot.pause()
    answers = [
        apply_widget_view(text, {"cursor": [3, 0], "scroll": [0, 20]}),
        apply_widget_view(hidden, {"scroll": [0, 1]}),
        apply_widget_view(hidden, {"cursor": [0, 1]}),
        apply_widget_view(text, {"scroll": [0]}),
    ]
    await pilot.pause()
    return [*answers, widget_view(text), widget_view(hidden)]


async def _of_all(pilot):
    """Ask the states of all widgets, where some wait, fail or are changed."""
    app, failed = pilot.app, []
    find = app.query_one
    states = ScreenStates(app, lambda widget: widget.id, lambda *what: failed.append(what))
    before = states.read_states()
    answers = [before == {**before, "name": {"value": "new"}}, states.is_waiting]
    answers.append([states.is_changed(find(f"#{one}")) for one in ("name", "label", "out")])
    find("#name").value = "typed"
    await pilot.pause()
    answers.append([states.is_changed(find("#name")), states.is_changed(find("#name"))])
    states.take_states({"name": {"value": "given"}, "late": {"value": "x"}, "odd": 3})
    await pilot.pause()
    answers += [find("#name").value, states.is_waiting, states.read_states()["late"]]
    late = Input(id="late")
    await app.mount(late)
    answers += [states.is_changed(late), states.read_states()["late"]]
    states.apply_waiting()
    await pilot.pause()
    answers += [late.value, states.is_waiting, states.is_changed(late)]
    states.take_views({"late": {"cursor": 0}, "gone": {"cursor": 1}, "odd": 3})
    answers += [states.is_waiting, states.read_views()["late"]]
    states.touched(late)
    states.touched(None)
    states.apply_waiting()
    answers += [late.cursor_position, states.read_views()["late"], states.read_views()["gone"]]
    states.touched(late)
    find("#own").session_state = find("#own").restore_session_state = lambda *_: 1 / 0
    find("#name").value = "last"
    await pilot.pause()
    answers.append(states.read_states()["name"])
    states._waiting["own"] = {"level": 9}
    states.apply_waiting()
    answers += [[(name, type(error).__name__) for name, error in failed], dict(states._waiting)]
    return answers


def _order(pilot):
    table = pilot.app.query_one("#sorted")
    answers = [table.session_state()]
    table.clear()
    answers.append(table.session_state())
    table.sort("n", key=str)
    answers.append(table.session_state())
    table.add_row(1, "a")
    table.add_row("b", 2)
    answers += [table.restore_session_state({"sort": ["n"]}), table.session_state()]
    table.clear(columns=True)
    return [*answers, table.session_state(), table.restore_session_state({"sort": ["n"]})]


_states = (widget_state, apply_widget_state)
_views = (widget_view, apply_widget_view)


def test_each_kind_of_widget_has_a_state_and_a_view(found):
    states, views = found["at first"]
    assert states == {
        "text": {"text": "one\ntwo"}, "name": {"value": "abc"}, "switch": {"value": False},
        "check": {"value": False}, "alone": {"value": False}, "radio": {}, "choice": {},
        "several": {"selected": []}, "panes": {"active": "first"}, "tabs": {"active": "tab-1"},
        "fold": {"collapsed": True}, "own": {"level": 0}, "tree": {"expanded": []},
        "folder": {"expanded": [""]}, "sorted": {}, "box": {"shown": True},
        "own-box": {"level": 0, "shown": True},
    }  # fmt: skip
    assert views == {
        "text": {"cursor": [0, 0]}, "given": {"cursor": [0, 0]}, "name": {"cursor": 3},
        "several": {"row": 0}, "tree": {"node": ""}, "folder": {"node": ""},
        "table": {"cursor": [0, 0], "key": "r0"}, "sorted": {"cursor": [0, 0], "key": "r0"},
        "options": {"row": 0}, "list": {"row": 0},
    }  # fmt: skip


STATES = [
    ("text", {"text": "new\ntext"}, True, {"text": "new\ntext"}),
    ("text", {"text": 1}, True, {"text": "new\ntext"}),
    ("given", {"text": "new"}, True, None),
    ("name", {"value": "new"}, True, {"value": "new"}),
    ("name", {"value": 1}, True, {"value": "new"}),
    ("name", {}, True, {"value": "new"}),
    ("hidden", {"value": "new"}, True, None),
    ("api-token-2", {"value": "new"}, True, None),
    ("switch", {"value": True}, True, {"value": True}),
    ("switch", {}, True, {"value": True}),
    ("check", {"value": True}, True, {"value": True}),
    ("alone", {"value": True}, True, {"value": True}),
    ("a", {"value": True}, True, None),
    ("radio", {"pressed": 1}, True, {"pressed": 1}),
    ("radio", {"pressed": "a"}, True, {"pressed": "a"}),
    ("radio", {"pressed": "z"}, False, {"pressed": "a"}),
    ("radio", {}, True, {"pressed": "a"}),
    ("choice", {"value": "2"}, True, {"value": "2"}),
    ("choice", {"value": 1}, True, {"value": 1}),
    ("choice", {"value": "9"}, False, {"value": 1}),
    ("choice", {}, True, {}),
    ("several", {"selected": [1, "2"]}, True, {"selected": [1, "2"]}),
    ("several", {"selected": ["2", "9"]}, False, {"selected": ["2"]}),
    ("several", {"selected": 1}, True, {"selected": ["2"]}),
    ("several", {"selected": []}, True, {"selected": []}),
    ("panes", {"active": "second"}, True, {"active": "second"}),
    ("panes", {"active": "third"}, False, {"active": "second"}),
    ("panes", {}, True, {"active": "second"}),
    ("tabs", {"active": "tab-2"}, True, {"active": "tab-2"}),
    ("tabs", {"active": "tab-3"}, False, {"active": "tab-2"}),
    ("fold", {"collapsed": False}, True, {"collapsed": False}),
    ("fold", {}, True, {"collapsed": False}),
    ("tree", {"expanded": ["", "a"]}, True, {"expanded": ["", "a"]}),
    ("tree", {"expanded": ["", "d", "a.b"]}, True, {"expanded": ["", "a.b", "d"]}),
    ("tree", {"expanded": ["", "x"]}, False, {"expanded": [""]}),
    ("tree", {"expanded": ["d.e"]}, False, {"expanded": []}),
    ("tree", {"expanded": "a"}, True, {"expanded": []}),
    ("tree", {"expanded": [1]}, True, {"expanded": []}),
    ("table", {"sort": ["n"]}, True, None),
    ("sorted", {"sort": ["word"], "reverse": False}, True, {"sort": ["word"], "reverse": False}),
    ("sorted", {"sort": ["n"], "reverse": True}, True, {"sort": ["n"], "reverse": True}),
    ("sorted", {"sort": ["n", "z"]}, False, {"sort": ["n"], "reverse": True}),
    ("sorted", {"sort": []}, True, {"sort": ["n"], "reverse": True}),
    ("sorted", {"sort": "n"}, True, {"sort": ["n"], "reverse": True}),
    ("own", {"level": 3}, True, {"level": 3}),
    ("own", {}, False, {"level": 3}),
    ("box", {"width": "2fr", "height": "7", "shown": False}, True,
     {"width": "2fr", "height": "7", "shown": False}),
    ("box", {"width": "wide", "height": 3, "shown": 1}, True,
     {"width": "2fr", "height": "7", "shown": False}),
    ("box", {"shown": True}, True, {"width": "2fr", "height": "7", "shown": True}),
    ("own-box", {"level": 2, "height": "3"}, True, {"level": 2, "height": "3", "shown": True}),
    ("label", {"value": 1}, True, None),
]  # fmt: skip


def test_a_state_is_taken_as_far_as_it_fits(found):
    assert found["states"] == STATES


VIEWS = [
    ("text", {"cursor": [1, 2]}, True, {"cursor": [1, 2]}),
    ("text", {"cursor": [1, 3], "anchor": [0, 1]}, True, {"cursor": [1, 3], "anchor": [0, 1]}),
    ("text", {"cursor": [-1, 0]}, True, {"cursor": [1, 3], "anchor": [0, 1]}),
    ("text", {"cursor": [0, 0]}, True, {"cursor": [0, 0]}),
    ("text", {"cursor": [0, -1], "anchor": [1, 1]}, True, {"cursor": [0, 0]}),
    ("text", {"cursor": ["a", 0]}, True, {"cursor": [0, 0]}),
    ("name", {"cursor": 0}, True, {"cursor": 0}),
    ("name", {"cursor": 3}, True, {"cursor": 3}),
    ("name", {"cursor": 4}, True, {"cursor": 3}),
    ("name", {"cursor": -1}, True, {"cursor": 3}),
    ("name", {"cursor": "1"}, True, {"cursor": 3}),
    ("hidden", {"cursor": 1}, True, None),
    ("api-token-2", {"cursor": 1}, True, None),
    ("out", {"cursor": 1}, True, None),
    ("table", {"cursor": [2, 1]}, True, {"cursor": [2, 1], "key": "r2"}),
    ("table", {"cursor": [2, 1], "key": "r3"}, True, {"cursor": [3, 1], "key": "r3"}),
    ("table", {"cursor": [4, 0], "key": "r9"}, True, {"cursor": [4, 0]}),
    ("table", {"cursor": [5, 0]}, False, {"cursor": [4, 0]}),
    ("table", {"cursor": [1]}, True, {"cursor": [4, 0]}),
    ("tree", {"node": "a"}, True, {"node": "a"}),
    ("tree", {"node": "x"}, False, {"node": "a"}),
    ("tree", {}, True, {"node": "a"}),
    ("options", {"row": 2}, True, {"row": 2}),
    ("options", {"row": 3}, False, {"row": 2}),
    ("options", {"row": -1}, False, {"row": 2}),
    ("options", {"row": "1"}, True, {"row": 2}),
    ("options", {"row": 0}, True, {"row": 0}),
    ("list", {"row": 1}, True, {"row": 1}),
    ("list", {"row": 2}, False, {"row": 1}),
    ("list", {}, True, {"row": 1}),
    ("label", {"row": 1}, True, None),
]  # fmt: skip


def test_a_view_is_taken_as_far_as_it_fits(found):
    assert found["views"] == VIEWS


def test_how_far_it_was_scrolled_comes_back_once_it_is_laid_out(found):
    assert found["scrolled"] == [
        True, False, True, True, {"cursor": [3, 0], "scroll": [0, 20]}, {"cursor": [0, 1]},
    ]  # fmt: skip


def test_states_wait_for_their_widgets_and_one_that_fails_stops_no_other(found):
    assert found["all"] == [
        True, False, [False] * 3, [True, True],
        "given", True, {"value": "x"}, False, {"value": "x"},  # it is not there yet
        "x", False, False,
        True, {"cursor": 0}, 1, {"cursor": 1}, {"cursor": 1},  # somebody works in it
        {"value": "last"}, [("own", "ZeroDivisionError")] * 2, {},
    ]  # fmt: skip


def test_a_table_knows_by_which_columns_it_is_sorted(found):
    by_n = {"sort": ["n"], "reverse": True}
    # Cells that cannot be compared are left in their order.
    assert found["order"] == [by_n, by_n, {}, True, {**by_n, "reverse": False}, {}, False]


@together(
    "one, other, is_same",
    [
        (None, None, True), (None, {}, False), ({}, None, False), ({}, {}, True),
        ({"a": 1}, {"a": 1}, True), ({"a": 1}, {"a": 1.0}, False), ({"a": 1}, {"a": 2}, False),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, True),
    ],
)  # fmt: skip
def test_states_are_the_same_in_value_and_type(one, other, is_same):
    assert is_same_state(one, other) is is_same
