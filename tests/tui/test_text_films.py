"""Films of the screens of changes and of earlier texts (tests/tui/film.py)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sessionctl.tui.diff.diff_screen import DiffScreen
from sessionctl.tui.history.history_screen import HistoryScreen
from tests.tui.film import filmed
from tests.tui.screens import SESSION, context_in
from tests.world import need

FILE = Path("api.session.toml")
TILED = SESSION.replace("main-vertical", "tiled")
BEFORE = """\
name = "api"
root = "~/src/api" # here
old = 1

[a.b]
x = 1
y = "one two"

[c]
list = [1, 2]
"""
AFTER = """\
# why
name = "api"
root = "~/src/api" # there

[a.b]
x = 2
y = "one three"
z = { secret = "s" }

[c]
list = [1, 2, 3]
\tlong = "a very long text that has to be cut somewhere, since no screen is as wide as this one"
"""


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def environ():
    return {"HOME": os.environ["HOME"], "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8",
            "GIT_CONFIG_NOSYSTEM": "1", "TMUX_TMPDIR": os.environ["HOME"]}  # fmt: skip


def test_changes_are_shown_key_by_key_and_as_text(git_repo, monkeypatch):
    need("tmux")
    monkeypatch.chdir(git_repo.path)
    FILE.write_text(BEFORE)
    git_repo.run("add", FILE.name)
    git_repo.run("commit", "-qm", "one")
    FILE.write_text(AFTER)
    Path("same").write_text(AFTER)
    Path("layout").write_text(AFTER.replace("x = 2", "x=2"))
    Path("not").write_text("= = =\n")

    async def scenario(pilot, film):
        await film.press(pilot, "n", "n", "N", "N", "N", "home", "space", *["down"] * 3, "space")
        await film.press(pilot, "n", "N", "up", "enter", "n", "end", "n", "C", "N")
        await film.press(pilot, "s", "down", "space", "n", "C", "s", "1", "2", "4")
        names = ("no-such", "same", "layout", "not", " ", "HEAD ", "x~2")
        for key, name in zip("5555533", names, strict=True):
            await film.press(pilot, key)
            await film.type(pilot, name)
            await film.press(pilot, "enter")
        await film.press(pilot, "3", "escape", "5", "escape", "2", "question_mark", "escape")
        await film.resize(pilot, (70, 20), (69, 20), (30, 20))
        await film.press(pilot, "s")
        await film.press(pilot, "h", "c", "q")

    filmed("diff", DiffScreen, scenario, file=FILE.name, environ=environ(), size=(100, 20))


def test_earlier_texts_are_listed_restored_and_undone():
    store = context_in(Path(), environ=environ()).live.store
    store.create(str(FILE), TILED)
    store.save(str(FILE), SESSION, expected=TILED, why="set")
    by_hand = SESSION + "# by hand\n"
    FILE.write_text(by_hand)

    def holds(film):
        film.note({TILED: "the first text", by_hand: "what was typed"}[FILE.read_text()])

    async def scenario(pilot, film):
        await film.press(pilot, "down", "up", "down", "r", "n")
        holds(film)
        await film.press(pilot, "enter", "q", "r", "y")
        holds(film)
        await film.press(pilot, "r", "u", "escape", "u", "y")
        holds(film)
        await film.press(pilot, "u", "y", "U", "U", "y")
        holds(film)
        FILE.write_text("name = \n")
        await film.tick(pilot, "the file is broken")
        await film.tick(pilot, "nothing changed")
        await film.press(pilot, "home", "ctrl+r", "r", "n", "u", "n")
        FILE.unlink()
        await film.tick(pilot, "no file")
        await film.press(pilot, "r", "n")
        await film.resize(pilot, (59, 16), (51, 15), (120, 16))
        await film.press(pilot, "d", "q")

    filmed("history", HistoryScreen, scenario, file=FILE.name, environ=environ(), size=(90, 24))


def test_of_a_file_without_earlier_texts_nothing_is_restored(git_repo, monkeypatch):
    monkeypatch.chdir(git_repo.path)
    FILE.write_text(SESSION)

    async def scenario(pilot, film):
        await film.press(pilot, "r", "enter", "u", "U", "c")

    filmed("history-none", HistoryScreen, scenario, file=FILE.name, environ=environ())
