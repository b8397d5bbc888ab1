"""The screen of earlier texts: what there is, what it changes, bringing back, undo of that."""

from __future__ import annotations

import subprocess

import pytest

from sessionctl.tui.history.history_screen import HistoryScreen
from sessionctl.tui.widgets.row_table import RowTable
from tests.tui.screens import (
    SESSION,
    at_screen,
    context_in,
    flat,
    press,
    settled,
    text_of,
    until,
)

OLD = SESSION.replace("main-vertical", "tiled")
CANARY = "correct-horse-battery-staple-9"


@pytest.fixture
def file(tmp_path):
    """Return a file that sessionctl wrote twice, and a person once more."""
    path = tmp_path / "api.session.toml"
    store = context_in(tmp_path).live.store
    store.create(path, OLD)
    store.save(path, SESSION, expected=OLD, why="set")
    path.write_text(SESSION + "# by hand\n")
    return path


def at_history(tmp_path, file, scenario, size=(120, 40), **how):
    at_screen("h", HistoryScreen, context_in(tmp_path, file), scenario, size, **how)


async def choose(pilot, text):
    """Choose the row whose preview or cells have ``text``."""
    for _ in range(pilot.app.screen.query_one(RowTable).count):
        line = next(one for one in text_of(pilot).split("\n") if text in one)
        assert line
        if pilot.app.screen._chosen.candidate.why == text:
            return
        await press(pilot, "down")


def test_a_change_by_hand_is_undone_and_redone(tmp_path, file):
    by_hand = file.read_text()

    async def scenario(pilot):
        await press(pilot, "u", "y")
        assert file.read_text() == SESSION
        await press(pilot, "U", "y")
        assert file.read_text() == by_hand

    at_history(tmp_path, file, scenario)


def test_a_file_that_is_gone_comes_back(tmp_path, file):
    async def scenario(pilot):
        file.unlink()
        await until(pilot, lambda: "(now)" not in text_of(pilot))
        await choose(pilot, "set")
        await press(pilot, "r")
        assert "all of it is restored" in flat(pilot)
        await press(pilot, "y")
        assert file.read_text() == SESSION

    at_history(tmp_path, file, scenario)


def test_a_file_that_changes_between_question_and_answer_is_left_alone(tmp_path, file):
    async def scenario(pilot):
        await choose(pilot, "new")
        await press(pilot, "r")
        file.write_text(SESSION + "# typed meanwhile\n")
        await press(pilot, "y")
        pilot.app.screen._look()
        await settled(pilot)
        assert "error:" in flat(pilot)
        assert file.read_text() == SESSION + "# typed meanwhile\n"

    at_history(tmp_path, file, scenario)


def test_commits_are_among_the_texts(tmp_path, file):
    environ = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "GIT_CONFIG_NOSYSTEM": "1"}
    environ |= {f"GIT_{who}_{what}": "a@b.c" for who in ("AUTHOR", "COMMITTER")
                for what in ("NAME", "EMAIL")}  # fmt: skip

    def git(*words):
        subprocess.run(["git", "-C", str(tmp_path), *words], check=True, env=environ,
                       capture_output=True)  # fmt: skip

    git("init", "-q")
    git("add", file.name)
    git("commit", "-q", "-m", "the first [bold]")
    file.write_text(OLD + "# after the commit\n")

    async def scenario(pilot):
        assert "the first [bold]" in text_of(pilot)
        assert " git " in text_of(pilot)
        await choose(pilot, "the first [bold]")
        await press(pilot, "r", "y")
        assert file.read_text() == SESSION + "# by hand\n"
        await press(pilot, "u", "y")
        assert file.read_text() == OLD + "# after the commit\n"
        await press(pilot, "d")
        assert "HEAD -> now" in text_of(pilot)

    at_history(tmp_path, file, scenario)


def test_secrets_in_earlier_texts_are_not_shown(tmp_path, file):
    store = context_in(tmp_path).live.store
    secret = f'[connections.a]\ndriver = "redis"\npassword = "{CANARY}"\n'
    store.save(file, SESSION + secret, why="save")
    store.save(file, SESSION + "# \x1b[2J\n", why="save")

    async def scenario(pilot):
        seen = []
        for key in ["down", "down", "home", "down", "r", "n", "enter", "s", "end", "q"]:
            await press(pilot, key)
            seen.append(text_of(pilot))
        assert CANARY not in "\n".join(seen)
        assert "\x1b" not in "\n".join(seen)

    at_history(tmp_path, file, scenario, (160, 60))


def test_a_file_that_cannot_be_written_is_left_as_it_is(tmp_path, file, monkeypatch):
    async def scenario(pilot):
        await choose(pilot, "new")
        before = file.read_text()

        def refuse(*_arguments, **_more):
            from sessionctl.errors import FileError

            raise FileError(f"{file}: cannot be written", hints=["look at its mode"])

        monkeypatch.setattr(pilot.app.context.live.store.__class__, "restore", refuse)
        await press(pilot, "r", "y")
        assert "error:" in flat(pilot)
        assert "hint: look at its mode" in flat(pilot)
        assert file.read_text() == before

    at_history(tmp_path, file, scenario)
