"""Films of the list of sessions and of the screens about one (tests/tui/film.py)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sessionctl.tui.sessions.sessions_screen import SessionsScreen
from tests.tui.film import filmed
from tests.tui.screens import SESSION
from tests.tui.test_session_screens import SECRETS
from tests.world import need

API = Path("api.session.toml")


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def write(path, text):
    path.write_text(text)
    os.utime(path, (1, 1))


def test_the_sessions_are_listed_filtered_and_opened():
    need("tmux")
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
        API.unlink()
        await film.tick(pilot, "one is gone")
        await film.press(pilot, "ctrl+r", "question_mark", "q")
        await film.resize(pilot, (120, 18), (96, 17), (56, 18), (55, 10))

    filmed("sessions", SessionsScreen, scenario, paths=["."], size=(110, 24))
