"""Films of the list of sessions and of the screens about one (tests/tui/film.py)."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path

import pytest

from sessionctl.errors import FileError
from sessionctl.services.board.session_board import SessionBoard
from sessionctl.services.live.standing_marks import StandingMarks
from sessionctl.services.live.tmux.adapter import TmuxAdapter
from sessionctl.tui.sessions.sessions_screen import SessionsScreen
from tests.conflict_texts import HEAD, PORT
from tests.tui.film import filmed
from tests.tui.screens import SESSION, context_in, press, text_of
from tests.tui.test_session_screens import SECRETS
from tests.world import need

API = Path("api.session.toml")


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    need("tmux")
    monkeypatch.chdir(tmp_path)


def write(path, text):
    path.write_text(text)
    os.utime(path, (1, 1))


def test_the_sessions_are_listed_filtered_and_opened():
    write(API, SESSION + SECRETS)
    write(Path("bad.session.toml"), SESSION.replace('name = "api"', 'nmae = "bad"'))
    write(Path("broken.session.toml"), "= = =\n")
    Path("gone.session.toml").symlink_to("nowhere")

    async def scenario(pilot, film):
        await film.press(pilot, "down", "v", "q", "down", "down", "w", "enter", "q", "e", "home")
        await film.press(pilot, "slash", "B", "slash")
        await film.type(pilot, "ad")
        await film.press(pilot, "escape", "slash")
        await film.type(pilot, "api saved")
        await film.press(pilot, "enter", "p", "q", "escape", "slash", "z", "z", "enter", "r", "e")
        await film.press(pilot, "p", "w", "slash", "escape", "slash", "enter")
        write(Path("web.session.toml"), SESSION.replace("api", "web").replace("3f0d", "4f0d"))
        for _ in range(5):
            await film.tick(pilot, "another file")
        API.write_text((SESSION + SECRETS).replace("nvim", "edit"))
        os.utime(API, (2, 2))
        await film.tick(pilot, "one has another program")
        API.unlink()
        await film.tick(pilot, "one is gone")
        await film.press(pilot, "ctrl+r", "question_mark", "q")
        await film.resize(pilot, (120, 18), (96, 17), (56, 18), (55, 10))

    filmed("sessions", SessionsScreen, scenario, paths=["."], size=(110, 24))


def test_without_colour_what_is_typed_is_seen_too(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    write(API, SESSION)

    async def scenario(pilot, film):
        await film.press(pilot, "slash", "a", "escape", "d", "5", "x", "escape", "q")
        await press(pilot, "ctrl+p", *"quit")
        assert "|quit " in text_of(pilot)

    filmed("sessions-plain", SessionsScreen, scenario, paths=["."], size=(80, 14), color=False)


def test_sessions_that_run_are_gone_to_saved_and_not_taken_for_others(monkeypatch):
    monkeypatch.setattr(TmuxAdapter, "sessions", lambda _adapter: ["loose", "api", "web", "old"])
    environ = {"HOME": str(Path.cwd()), "PATH": "/usr/bin:/bin", "TMUX_TMPDIR": "/nowhere"}
    text = SESSION.replace("~/src", "/src")
    write(API, text)
    write(Path("web.session.toml"), text.replace("api", "web").replace("3f0d", "4f0d"))
    write(Path("old.session.toml"), text.replace("api", "old").replace("3f0d", "5f0d"))
    write(Path("bad.session.toml"), text.replace("layout", "layuot").replace("3f0d", "6f0d"))
    marks = StandingMarks(context_in(Path(), environ=environ).live.store.directory)
    Path(marks._folder).mkdir(parents=True)
    marks.assign("api", str(API))
    marks.assign("web", "bad.session.toml")

    async def scenario(pilot, film):
        @contextmanager
        def suspend():
            film.note("the terminal is given away")
            yield
            film.note("the terminal is back")

        pilot.app.suspend = suspend
        await film.press(pilot, "enter", "down", "w", "q", "down", "r", "e", "p", "enter", "w", "q")
        await film.press(pilot, "down", "down", "w", "e", "enter", "q", "up", "up", "up")
        marks.assign("web", "web.session.toml")
        await film.press(pilot, "ctrl+r")

    filmed("sessions-live", SessionsScreen, scenario, environ=environ, size=(80, 24))


def test_what_cannot_be_read_is_said_and_looked_at_again(monkeypatch):
    write(API, SESSION)
    real = SessionBoard.rows, SessionBoard.has_changed, SessionBoard.states
    failing = [True]

    def fails(number, hint):
        def call(board, *arguments):
            if failing[0] and failing[0] in (True, number):
                raise FileError(f"error {number}", hints=[hint])
            board.notes.update(notes)
            return real[number](board, *arguments)

        return call

    notes = {"a note": ("do this",), "another": ()}
    for number, name in enumerate(("rows", "has_changed", "states")):
        monkeypatch.setattr(SessionBoard, name, fails(number, f"see {name}"))

    async def scenario(pilot, film):
        failing[0] = 2
        await film.press(pilot, "ctrl+r")
        failing[0] = 1
        await film.tick(pilot, "the look fails")
        failing[0] = False
        await film.press(pilot, "ctrl+r")
        notes.clear()
        await film.press(pilot, "ctrl+r")
        Path("api.session.toml").unlink()
        await film.press(pilot, "ctrl+r", "w", "r", "enter")

    filmed("sessions-errors", SessionsScreen, scenario, paths=["."], size=(80, 20))


def test_a_file_with_conflicts_names_the_key_that_resolves_them():
    write(API, HEAD + PORT)

    async def scenario(pilot, film):
        await film.press(pilot, "down")

    filmed("sessions-conflict", SessionsScreen, scenario, paths=["."], size=(80, 24))
