"""The frame: keys, help, palette, going back, quitting, on every screen that is there."""

from __future__ import annotations

import pytest
from textual.command import CommandPalette

from sessionctl.tui.frame.question_screen import QuestionScreen
from sessionctl.tui.frame.screen_registry import SCREENS
from sessionctl.tui.frame.session_ui import SessionUi
from tests.tui.screens import (
    SESSION,
    SIZES,
    context_in,
    opened,
    press,
    run,
    settled,
    text_of,
)


@pytest.fixture
def api(tmp_path):
    file = tmp_path / "api.session.toml"
    file.write_text(SESSION)
    return file


@pytest.mark.parametrize("size", [(40, 10), *SIZES])
def test_the_list_of_sessions_comes_first(tmp_path, api, size):
    async def scenario():
        async with opened(context_in(tmp_path, tmp_path), size) as pilot:
            text = text_of(pilot)
            assert "Sessions" in text
            assert "api" in text
            assert "? Help" in text
            assert "q Back" in text

    run(scenario())


def test_the_palette_has_every_action_of_the_screen(tmp_path, api):
    async def scenario():
        async with opened(context_in(tmp_path, tmp_path), (120, 70)) as pilot:
            entries = pilot.app.screen.key_entries()
            await press(pilot, "ctrl+p")
            assert isinstance(pilot.app.screen, CommandPalette)
            for entry in entries:
                if entry.action != "command_palette":
                    assert f"{entry.words}  ({entry.key})" in text_of(pilot)
            await press(pilot, *"keys of", "escape")

    run(scenario())


def test_an_action_is_done_by_the_palette(tmp_path, api):
    async def scenario():
        async with opened(context_in(tmp_path, tmp_path), (120, 40)) as pilot:
            await press(pilot, "ctrl+p", *"quit")
            await pilot.press("enter", "enter")
            await pilot.pause()
        assert pilot.app.return_code == 0

    run(scenario())


@pytest.mark.parametrize("key", ["q", "escape", "ctrl+c", "ctrl+q"])
def test_the_application_ends(tmp_path, api, key):
    async def scenario():
        async with opened(context_in(tmp_path, tmp_path)) as pilot:
            await pilot.press(key)
            await pilot.pause()
        assert pilot.app.return_code == 0

    run(scenario())


@pytest.mark.parametrize("name", SCREENS)
def test_each_screen_opens_by_its_key_and_q_goes_back(tmp_path, api, name):
    async def scenario():
        async with opened(context_in(tmp_path, tmp_path)) as pilot:
            await press(pilot, SCREENS[name].key)
            screen = pilot.app.screen
            assert type(screen).__name__ == SCREENS[name].class_name
            assert screen.file == str(api)
            await press(pilot, "question_mark")
            assert f"Keys of {screen.title_words}" in text_of(pilot)
            await press(pilot, "escape", "q")
            assert "Sessions" in text_of(pilot)

    run(scenario())


def test_a_bug_ends_the_screens_and_prints_no_value(tmp_path, api, capfd):
    canary = "tangerine7"

    class Broken(SessionUi):
        async def action_quit(self):
            hidden = canary
            raise ValueError(hidden)

    async def scenario(app):
        async with app.run_test() as pilot:
            await settled(pilot)
            await pilot.press("ctrl+c")
            await pilot.pause()

    app = Broken(context_in(tmp_path, tmp_path))
    with pytest.raises(ValueError, match=canary):
        run(scenario(app))
    assert isinstance(app.failure, ValueError)
    assert app.return_code == 1
    said = capfd.readouterr()
    assert canary not in said.out + said.err


def test_a_bug_while_reading_is_reported_and_reading_goes_on(tmp_path, api, monkeypatch):
    from sessionctl.services.board.session_board import SessionBoard

    real = SessionBoard.rows

    def broken(board):
        raise KeyError("tangerine7")

    async def scenario():
        monkeypatch.setattr(SessionBoard, "rows", broken)
        async with opened(context_in(tmp_path, tmp_path)) as pilot:
            assert "this is a bug of sessionctl: KeyError" in text_of(pilot)
            assert "tangerine7" not in text_of(pilot)
            monkeypatch.setattr(SessionBoard, "rows", real)
            await press(pilot, "ctrl+r")
            assert "api" in text_of(pilot)

    run(scenario())


def test_a_question_about_much_keeps_the_question_in_sight(tmp_path, api):
    async def scenario():
        async with opened(context_in(tmp_path, tmp_path), (60, 16)) as pilot:
            lines = [[(f"item {number}", "")] for number in range(200)]
            pilot.app.push_screen(QuestionScreen("Start all of this?", lines))
            await settled(pilot)
            assert "Start all of this?" in text_of(pilot)
            assert "y yes   n no" in text_of(pilot)
            await press(pilot, "end")
            assert "item 199" in text_of(pilot)
            await press(pilot, "n")
            assert "Sessions" in text_of(pilot)

    run(scenario())
