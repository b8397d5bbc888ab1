"""Each kind of widget keeps what it holds and where somebody was in it, in its own place."""

from __future__ import annotations

import asyncio
import time
import tomllib

import pytest

pytest.importorskip("textual", reason="the module textual is not installed")

from textual.app import App
from textual.containers import Vertical
from textual.screen import Screen
from textual.widgets import (
    Collapsible,
    DataTable,
    Input,
    Label,
    ListItem,
    ListView,
    OptionList,
    RadioButton,
    RadioSet,
    SelectionList,
    Static,
    TabbedContent,
    TabPane,
    TextArea,
    Tree,
)

from sessionctl.sdk.textual import SessionMixin, SessionTable, StatusBar
from tests.quick_pilot import quick_pilot, undrawn

LONG = "\n".join(f"line {number}" for number in range(200))
LIMIT_S = 20


class Dial(Static):
    """A widget of a host's own."""

    level = 0

    def session_state(self):
        return {"level": self.level}

    def restore_session_state(self, state):
        self.level = state["level"]


class Other(Screen):
    def compose(self):
        yield Input(id="other")


class Parts(SessionMixin, App):
    session_app = "parts"

    def __init__(self, path, **options):
        super().__init__(**options)
        self.session_path = path

    def compose(self):
        yield StatusBar(id="status")
        with TabbedContent(id="tabs"):
            with TabPane("one", id="one"):
                yield TextArea(id="text")
            with TabPane("two", id="two"):
                yield TextArea(id="hidden")
            with TabPane("three", id="three"), Vertical(id="box", classes="session-layout"):
                yield SessionTable(id="table")
                yield Tree("root", id="tree")
                yield RadioSet(RadioButton("a", id="a"), RadioButton("b", id="b"), id="radio")
                yield SelectionList(("x", 1), ("y", "2"), id="several")
                yield OptionList("o1", "o2", "o3", id="options")
                yield ListView(ListItem(Label("l1")), ListItem(Label("l2")), id="list")
                with Collapsible(id="fold", collapsed=True):
                    yield Dial(id="dial")
                yield TextArea("given", id="shown", read_only=True)

    def on_mount(self):
        table = self.query_one("#table", DataTable)
        table.add_column("n", key="n")
        table.add_column("word", key="word")
        self.rows()
        branch = self.query_one("#tree", Tree).root.add("a/b")
        branch.add("c").add_leaf("d")

    def rows(self):
        for number in range(9):
            self.query_one("#table").add_row(number, f"w{9 - number}", key=f"r{number}")


class Late(Parts):
    """Its rows come after the state."""

    def rows(self):
        return

    def come(self):
        Parts.rows(self)


@pytest.fixture(autouse=True)
def _quick_pilot():
    with quick_pilot(), undrawn():
        yield


@pytest.fixture(autouse=True)
def home(monkeypatch, tmp_path):
    for name in ("CONFIG", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))


def run(path, work, kind=Parts, size=(80, 24)):
    async def main():
        app = kind(path)
        async with app.run_test(size=size) as pilot:
            await until(pilot, lambda: app.session_status.time_s)
            await pilot.pause()
            return await work(app, pilot)

    return asyncio.run(asyncio.wait_for(main(), 60))


async def until(pilot, holds):
    end = time.monotonic() + LIMIT_S
    while not holds():
        assert time.monotonic() < end
        await pilot.pause(0.02)


async def rest(pilot, is_there):
    """Wait for a state for at most `LIMIT_S`, then until nothing changes any more."""
    end = time.monotonic() + LIMIT_S
    while not is_there() and time.monotonic() < end:
        await pilot.pause(0.02)
    await pilot.pause()


async def fill(app, pilot):
    find = app.query_one
    find("#text").load_text(LONG)
    find("#text").move_cursor((120, 2))
    find("#text").move_cursor((121, 3), select=True)
    find("#hidden").load_text(LONG)
    find("#hidden").move_cursor((60, 1))
    find("#table").sort("word")
    find("#table").move_cursor(row=2, column=1)
    tree = find("#tree")
    tree.root.expand()
    tree.root.children[0].expand()
    await pilot.pause()
    tree.move_cursor(tree.root.children[0].children[0])
    find("#b").value = True
    find("#several").select("2")
    find("#options").highlighted = 2
    find("#list").index = 1
    find("#fold").collapsed = False
    find("#dial").level = 7
    find("#box").styles.height = "3fr"
    # The button tells its set, and that the application: a busy machine takes a moment for it.
    await until(pilot, lambda: find("#radio").pressed_index == 1 and find("#box").display)
    await pilot.pause()
    find("#text").scroll_to(0, 100, animate=False)
    find("#text").focus()
    await pilot.pause()
    app.session_changed()
    assert app.workspace.flush()


def seen(app):
    find = app.query_one
    table, tree = find("#table"), find("#tree")
    return {
        "text": (find("#text").text == LONG, find("#text").selection, find("#text").scroll_y),
        "hidden": (find("#hidden").text == LONG, find("#hidden").cursor_location),
        "table": (table.cursor_coordinate, [table.get_cell_at((n, 1)) for n in range(2)]),
        "tree": (
            tree.root.children[0].is_expanded,
            tree.root.children[0].children[0].is_expanded,
            str(tree.cursor_node.label),
        ),
        "radio": getattr(find("#radio").pressed_button, "id", None),
        "several": find("#several").selected,
        "places": (find("#options").highlighted, find("#list").index),
        "fold": (find("#fold").collapsed, find("#dial").level),
        "height": str(find("#box").styles.height),
        "focus": getattr(app.focused, "id", None),
    }


@pytest.mark.parametrize("size", [(80, 24), (160, 60)])
def test_every_widget_comes_back(tmp_path, size):
    path = tmp_path / "parts.session.toml"

    async def before(app, pilot):
        await fill(app, pilot)
        return seen(app)

    was = run(path, before, size=size)

    async def after(app, pilot):
        # A loaded machine sees one after the other come back, and sees it scroll.
        await rest(pilot, lambda: seen(app) == was)
        assert not app.workspace.is_modified
        return seen(app)

    assert run(path, after, size=size) == was


class Bare(Parts):
    """A text of it has no scrollbar, just as one that is laid out later has none yet."""

    CSS = "#text { overflow-y: hidden; }"


def test_a_text_without_a_scrollbar_is_scrolled_to_its_place(tmp_path):
    path = tmp_path / "parts.session.toml"

    async def before(app, pilot):
        await fill(app, pilot)
        app.query_one("#text").scroll_to(0, 110, animate=False, force=True)
        await pilot.pause()
        app.session_changed()
        assert app.workspace.flush()
        return app.query_one("#text").scroll_y

    async def after(app, pilot):
        await rest(pilot, lambda: app.query_one("#text").scroll_y == 110)
        return app.query_one("#text").scroll_y

    assert run(path, before, kind=Bare) == run(path, after, kind=Bare) == 110


def test_where_somebody_was_stays_out_of_the_file(tmp_path):
    path = tmp_path / "parts.session.toml"
    run(path, fill)
    stored = tomllib.loads(path.read_text())["apps"]["parts"]
    assert stored["appearance"].keys() == {"theme"}
    assert stored["widgets"] == {
        "text": {"text": LONG},
        "hidden": {"text": LONG},
        "tabs": {"active": "one"},
        "table": {"sort": ["word"], "reverse": False},
        "tree": {"expanded": ["", '"a/b"']},
        "radio": {"pressed": "b"},
        "several": {"selected": ["2"]},
        "fold": {"collapsed": False},
        "dial": {"level": 7},
        "box": {"height": "3fr", "shown": True},
    }


class Farewell(Static):
    """The session is saved while it goes, as it may be by its timer."""

    def on_unmount(self):
        self.app.session_changed()
        self.app.workspace.flush()


class Ending(Parts):
    def compose(self):
        yield from super().compose()
        yield Farewell()


@pytest.mark.parametrize("is_alone", [False, True], ids=["with-all", "alone"])
def test_a_save_while_widgets_go_keeps_what_they_had(tmp_path, is_alone):
    path = tmp_path / "parts.session.toml"

    async def leave(app, pilot):
        await fill(app, pilot)
        await app.query_one("#fold").mount(Farewell())
        await app.query_one("#box").mount(Farewell())
        if is_alone:
            await app.query_one("#box").remove()
            app.session_changed()
            assert app.workspace.flush()

    run(path, leave, Ending)
    stored = tomllib.loads(path.read_text())["apps"]["parts"]
    assert stored["widgets"]["radio"] == {"pressed": "b"}
    assert stored["widgets"]["box"] == {"height": "3fr", "shown": True}


@pytest.mark.slow
def test_rows_that_come_late_get_their_cursor(tmp_path):
    path = tmp_path / "parts.session.toml"
    run(path, fill)

    async def late(app, pilot):
        assert app.query_one("#table").row_count == 0
        app.come()
        app.query_one("#table").sort("word")
        await until(pilot, lambda: app.query_one("#table").cursor_coordinate == (2, 1))

    run(path, late, Late)


def test_a_screen_that_is_opened_later_has_its_state_before_the_first_key(tmp_path):
    path = tmp_path / "parts.session.toml"

    async def first(app, pilot):
        app.push_screen(Other())
        await pilot.pause()
        await pilot.press("o", "l", "d")
        assert app.workspace.flush()

    async def again(app, pilot):
        app.push_screen(Other())
        await until(pilot, lambda: app.screen.query("#other"))
        await pilot.press("end", "!")
        assert app.screen.query_one("#other").value == "old!"

    run(path, first)
    run(path, again)


def test_a_message_that_is_stopped_below_is_no_lost_change(tmp_path):
    class Quiet(Vertical):
        def on_input_changed(self, event):
            event.stop()

    class Host(SessionMixin, App):
        session_app = "parts"
        session_path = tmp_path / "quiet.session.toml"

        def compose(self):
            with Quiet():
                yield Input(id="name")

    async def main():
        app = Host()
        async with app.run_test() as pilot:
            await until(pilot, lambda: app.session_status.time_s)
            await pilot.press("h", "i")
            await rest(pilot, lambda: '"hi"' in _text(Host.session_path))
            assert '"hi"' in _text(Host.session_path)

    asyncio.run(asyncio.wait_for(main(), 60))


def _text(path):
    return path.read_text() if path.exists() else ""


def test_a_widget_that_fails_keeps_no_other_from_being_saved(tmp_path):
    path = tmp_path / "parts.session.toml"

    async def work(app, pilot):
        heard = []
        app.on_session_status = heard.append
        app.query_one("#dial").session_state = lambda: 1 / 0
        app.query_one("#text").load_text("kept")
        await pilot.pause()
        assert app.workspace.flush()
        assert any("widget dial: ZeroDivisionError" in event.text for event in heard)

    run(path, work)
    stored = tomllib.loads(path.read_text())["apps"]["parts"]["widgets"]
    assert stored["text"] == {"text": "kept"}


def test_an_edit_of_the_file_leaves_the_cursor_where_somebody_types(tmp_path):
    path = tmp_path / "parts.session.toml"

    async def work(app, pilot):
        await fill(app, pilot)
        path.write_text(
            path.read_text()
            .replace("line 7\\n", "line seven\\n")
            .replace("line 7\n", "line seven\n")
        )
        await until(pilot, lambda: "seven" in app.query_one("#text").text)
        assert app.query_one("#text").cursor_location == (121, 3)

    run(path, work)


@pytest.mark.parametrize("way", ["quit", "crash"])
def test_what_was_typed_last_is_saved_when_it_ends(tmp_path, way):
    path = tmp_path / "parts.session.toml"

    async def work(app, pilot):
        assert app.workspace.flush()
        app.query_one("#text").load_text("last words")
        await pilot.pause()
        if way == "quit":
            await app.action_quit()
        else:
            app.panic("broken")
        app.workspace.look_soon = app.workspace.mark_changed = lambda *names: None

    run(path, work)
    stored = tomllib.loads(path.read_text())["apps"]["parts"]["widgets"]
    assert stored["text"] == {"text": "last words"}
