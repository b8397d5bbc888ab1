"""The mixin for Textual: widgets with an id keep their state, from one start to the next."""

from __future__ import annotations

import asyncio
import tomllib

import pytest

pytest.importorskip("textual", reason="the module textual is not installed")

from textual.app import App
from textual.widgets import Checkbox, Input, Select, Switch, TabbedContent, TabPane, TextArea

from sessionctl.sdk.textual import SessionMixin
from sessionctl.sdk.workspace_event import Status, WorkspaceEvent
from tests.quick_pilot import quick_pilot, undrawn


class Form(SessionMixin, App):
    session_app = "form"

    def __init__(self, path):
        super().__init__()
        self.session_path = path

    def compose(self):
        with TabbedContent(id="tabs"):
            with TabPane("one", id="one"):
                yield TextArea(id="text")
            with TabPane("two", id="two"):
                yield Input(id="name")
                yield Input(id="password", password=True)
                yield Input(id="api-token-input")
                yield Switch(id="on")
                yield Checkbox("c", id="check")
                yield Select([("a", 1), ("b", 2)], id="choice")
                yield Input(id="left-out", classes="no-session")


@pytest.fixture(autouse=True)
def _quick_pilot():
    with quick_pilot(), undrawn():
        yield


@pytest.fixture(autouse=True)
def home(monkeypatch, tmp_path):
    for name in ("CONFIG", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))


def run(path, work, size=(80, 24)):
    async def main():
        app = Form(path)
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            await pilot.pause()
            return await work(app, pilot)

    return asyncio.run(asyncio.wait_for(main(), 60))


@pytest.mark.slow
@pytest.mark.parametrize("size", [(80, 24), (120, 40), (160, 60)])
def test_widgets_come_back(tmp_path, size):
    path = tmp_path / "form.session.toml"

    async def fill(app, pilot):
        app.query_one("#text").load_text("one\ntwo")
        app.query_one("#text").move_cursor((1, 2))
        app.query_one("#name").value = "Ada"
        app.query_one("#password").value = "hunter2!"
        app.query_one("#api-token-input").value = "hunter2?"
        app.query_one("#left-out").value = "no"
        app.query_one("#on").value = True
        app.query_one("#check").value = True
        app.query_one("#choice").value = 2
        app.query_one("#tabs").active = "two"
        app.theme = "textual-light"
        await pilot.pause()
        assert app.workspace.flush()

    run(path, fill, size)
    assert "hunter2" not in path.read_text()
    widgets = tomllib.loads(path.read_text())["apps"]["form"]["widgets"]
    assert widgets["text"] == {"text": "one\ntwo"}, "cursors stay on this machine"
    assert "left-out" not in widgets

    async def look(app, pilot):
        text = app.query_one("#text")
        names = ("name", "on", "check", "choice")
        return {
            "text": (text.text, text.cursor_location),
            "values": [app.query_one(f"#{name}").value for name in names],
            "tab": app.query_one("#tabs").active,
            "theme": app.theme,
        }

    assert run(path, look, size) == {
        "text": ("one\ntwo", (1, 2)),
        "values": ["Ada", True, True, 2],
        "tab": "two",
        "theme": "textual-light",
    }


def test_an_edit_of_the_file_reaches_the_widget(tmp_path):
    path = tmp_path / "form.session.toml"

    async def work(app, pilot):
        app.query_one("#name").value = "Ada"
        await pilot.pause()
        assert app.workspace.flush()
        path.write_text(path.read_text().replace('"Ada"', '"Grace"'))
        while app.query_one("#name").value != "Grace":
            await pilot.pause(0.02)

    run(path, work)


def test_a_host_adds_what_it_has_and_is_notified_of_what_failed(tmp_path):
    """All that a host may override, in one application."""
    path, noted = tmp_path / "form.session.toml", []
    heard = []
    path.write_text(
        'schema_version = 1\nname = "form"\n[apps.form.own]\nx = 1\n'
        '[apps.form.appearance]\ntheme = "textual-light"\n[apps.form.widgets.name]\nvalue = "Ada"\n'
    )

    class Host(Form):
        asked = 0

        def provide_session(self, workspace):
            workspace.provide("own", lambda: {"x": 1}, lambda state: noted.append(("own", state)))
            workspace.on_status(lambda event: heard.append(event.status))

        def session_is_ready(self):
            self.asked += 1
            return self.asked > 2

        def notify(self, message, **how):
            noted.append((message, how))

    async def main():
        app = Host(path)
        assert app.session_status.status is Status.FRESH
        async with app.run_test() as pilot:
            while not noted:
                await pilot.pause(0.02)
            assert noted.pop() == ("own", {"x": 1})
            assert (app.asked, app.theme) == (3, "textual-light")
            assert app.query_one("#name").value == "Ada"
            assert heard[0] is Status.RESTORING
            assert Status.RESTORED in heard
            for status, text in (("conflict", ""), ("failed", "[no] room"), ("saved", "x")):
                app.on_session_status(WorkspaceEvent(Status(status), text))
            how = {"severity": "error", "markup": False}
            assert noted == [("conflict", how), ("[no] room", how)]
            app.begin_anew()
            assert app.query_one("#name").value == ""

    asyncio.run(asyncio.wait_for(main(), 60))
