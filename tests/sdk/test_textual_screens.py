"""The screens for hosts, under a Pilot: what they show at each size, and what their keys do."""

from __future__ import annotations

import asyncio
import re
import time

import pytest

pytest.importorskip("textual", reason="the module textual is not installed")

from textual.app import App
from textual.widgets import Input, TextArea

from sessionctl.sdk.textual import (
    ConnectionsScreen,
    ResolveScreen,
    RestoreScreen,
    SessionMixin,
    StatusBar,
)
from tests.quick_pilot import quick_pilot, undrawn

SIZES = [(80, 24), (120, 40), (160, 60)]
LIMIT_S = 20
CONNECTIONS = """
[connections.main]
driver = "sqlite"
file = "data.db"
create = true

[connections.gone]
driver = "line"
host = "127.0.0.1"
port = 9
"""


class Pad(SessionMixin, App):
    session_app = "pad"

    def __init__(self, path):
        super().__init__()
        self.session_path = path

    def compose(self):
        yield TextArea(id="text")
        yield Input(id="name")
        yield StatusBar(id="status")


@pytest.fixture(autouse=True)
def _quick_pilot():
    with quick_pilot(), undrawn():
        yield


@pytest.fixture(autouse=True)
def home(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for name in ("CONFIG", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "pad.session.toml"


def run(path, work, size=(80, 24)):
    async def main():
        app = Pad(path)
        async with app.run_test(size=size) as pilot:
            await until(pilot, lambda: app.session_status.time_s)
            return await work(app, pilot)

    return asyncio.run(asyncio.wait_for(main(), 60))


async def until(pilot, holds):
    end = time.monotonic() + LIMIT_S
    while not holds():
        assert time.monotonic() < end, text_of(pilot)
        await pilot.pause(0.02)


async def shows(pilot, *texts):
    await until(pilot, lambda: all(text in text_of(pilot) for text in texts))


def text_of(pilot):
    strips = pilot.app.screen._compositor.render_strips()
    return "\n".join(strip.text.rstrip() for strip in strips)


async def typed(app, pilot, text):
    app.query_one("#text").load_text(text)
    await pilot.pause()
    assert app.workspace.flush()


@pytest.mark.parametrize("size", SIZES)
def test_earlier_states_are_shown_with_what_they_would_change(path, size):
    async def work(app, pilot):
        for text in ("first", "second"):
            await typed(app, pilot, text)
        app.push_screen(RestoreScreen(app.workspace))
        await shows(
            pilot,
            "what the file holds now",
            "start over",
            "it would change",
            "nothing:",
            "Enter Restore",
        )
        await pilot.press("down")
        await shows(pilot, "second", "first")
        await pilot.press("enter")
        await shows(pilot, "restored; the state before is in this list")
        assert app.query("#text").first(TextArea).text == "first"
        await pilot.press("q")
        await until(pilot, lambda: not isinstance(app.screen, RestoreScreen))
        assert app.workspace.flush()
        assert 'text = "first"' in path.read_text()

    run(path, work, size)


def test_to_begin_anew_keeps_what_was(path):
    async def work(app, pilot):
        await typed(app, pilot, "precious")
        app.push_screen(RestoreScreen(app.workspace))
        await shows(pilot, "start over")
        await pilot.press("end")
        await shows(pilot, "- widgets", 'text.text = "precious"')
        await pilot.press("enter")
        await shows(pilot, "started over")
        assert app.query("#text").first(TextArea).text == ""
        await pilot.press("home", "down")
        await shows(pilot, "precious")
        await pilot.press("enter")
        await until(pilot, lambda: app.query("#text").first(TextArea).text == "precious")

    run(path, work)


@pytest.mark.parametrize("size", SIZES)
def test_connections_are_shown_as_they_are_and_connected_by_a_key(path, size):
    async def work(app, pilot):
        await typed(app, pilot, "x")
        path.write_text(path.read_text() + CONNECTIONS)
        app.push_screen(ConnectionsScreen(app.workspace))
        await shows(pilot, "main", "gone", "not open")
        await pilot.press("c")
        await shows(pilot, "connected")
        await pilot.press("down", "c")
        # After a dozen failures, soon on a slow machine, the server counts as down.
        waits = re.compile(r"gone +\S+ (?:reconnecting|server down) +in ")
        await until(pilot, lambda: waits.search(text_of(pilot)))
        await pilot.press("f")
        await shows(pilot, "gone ★")
        await pilot.press("r")
        await shows(pilot, "used last")
        assert re.search(r"main +\d+ s ago +connected", text_of(pilot))
        assert re.search(r"gone +\d+ s ago +failed", text_of(pilot))
        await pilot.press("s")
        await shows(pilot, "✗ stopped")
        await pilot.press("q")
        await shows(pilot, "main: connected", "gone: stopped")

    run(path, work, size)


@pytest.mark.parametrize(("key", "kept"), [("o", "hand"), ("t", "typed")])
def test_a_conflict_of_hand_and_application_is_decided_by_a_key(path, key, kept):
    async def work(app, pilot):
        await typed(app, pilot, "start")
        await conflict(app, pilot, path)
        app.push_screen(ResolveScreen(app.workspace))
        await shows(pilot, "name", "hand", "typed", "the file", "the application")
        await pilot.press(key)
        await shows(pilot, "all are decided")
        await pilot.press("w")
        await shows(pilot, "written")
        await until(pilot, lambda: f'"{kept}"' in path.read_text())
        await until(pilot, lambda: app.query("#name").first(Input).value == kept)

    run(path, work)


def test_without_a_conflict_the_screen_says_so(path):
    async def work(app, pilot):
        app.push_screen(ResolveScreen(app.workspace))
        await shows(pilot, "there is no conflict")
        await pilot.press("o", "O", "u", "w")
        await shows(pilot, "there is no conflict")

    run(path, work)


async def conflict(app, pilot, path):
    """Let both change one key, so that neither hears of the other before."""
    name = app.query_one("#name")
    name.value = "old"
    await pilot.pause()
    assert app.workspace.flush()
    text = path.read_text()
    assert '"old"' in text
    name.value = "typed"
    path.write_text(text.replace('"old"', '"hand"'))
    await until(pilot, lambda: app.workspace.conflicts)


@pytest.mark.parametrize("size", SIZES)
def test_marks_of_a_merge_are_decided_in_the_application(path, size):
    async def work(app, pilot):
        await typed(app, pilot, "start")
        text = path.read_text()
        line = 'text = "start"\n'
        assert line in text
        marked = f'<<<<<<< laptop\n{line}=======\ntext = "desktop"\n>>>>>>> desktop\n'
        path.write_text(text.replace(line, marked))
        await shows(pilot, "file not used")
        app.query_one("#name").value = "meanwhile"
        app.push_screen(ResolveScreen(app.workspace))
        await shows(pilot, "marks of a merge", "laptop", "desktop")
        await pilot.press("t", "w")
        await until(pilot, lambda: "<<<" not in path.read_text())
        await until(pilot, lambda: app.query("#text").first(TextArea).text == "desktop")
        await until(pilot, lambda: '"meanwhile"' in path.read_text())

    run(path, work, size)


@pytest.mark.slow
def test_states_are_told_apart_without_colour(path, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")

    draw, lines = StatusBar.draw, []

    def kept(bar):
        draw(bar)
        lines.append(bar.line)

    monkeypatch.setattr(StatusBar, "draw", kept)

    async def work(app, pilot):
        for number in range(50):  # it may be saved before it is drawn
            app.query_one("#name").value = f"x{number}"
            await pilot.pause(0.05)
            if "● not saved yet" in lines:
                break
        assert "● not saved yet" in lines
        await shows(pilot, "✓ saved")
        await conflict(app, pilot, path)
        await shows(pilot, "! 1 conflict to decide")
        path.write_text("[[[")
        await shows(pilot, "! file not used", ":1:")

    run(path, work)
