"""The screen of changes: what is compared with what, keys or text, odd values, many changes."""

from __future__ import annotations

import pytest
from textual.widgets import Input

from sessionctl.system.files.text import read_text
from sessionctl.tui.diff.diff_screen import DiffScreen
from sessionctl.tui.widgets.lazy_list import LazyList
from tests.tmux_world import TmuxWorld
from tests.tui.screens import (
    SESSION,
    at_screen,
    context_in,
    flat,
    opened,
    press,
    run,
    text_of,
    until,
)

CANARY = "correct-horse-battery-staple-9"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "api.session.toml"
    path.write_text(SESSION)
    return path


def at_diff(tmp_path, file, scenario, size=(120, 40), *, other=None, **how):
    """Run a scenario on the screen; it compares with ``other`` where that is given."""

    async def begin(pilot):
        if other is not None:
            path = tmp_path / "other.toml"
            path.write_text(other)
            await pilot.press("5")
            pilot.app.screen.query_one(Input).value = str(path)
            await press(pilot, "enter")
        await scenario(pilot)

    at_screen("d", DiffScreen, context_in(tmp_path, file), begin, size, **how)


def test_moved_and_renamed_are_shown_as_such(tmp_path, file):
    head, *parts = SESSION.split("[[windows]]\n")
    file.write_text(f"{head}[[windows]]\n{parts[1]}\n[[windows]]\n{parts[0]}".rstrip() + "\n")

    async def scenario(pilot):
        assert "> windows[name=" in text_of(pilot)
        assert "moved from [" in flat(pilot)

    at_diff(tmp_path, file, scenario, other=SESSION)


def test_secrets_and_control_characters_are_not_shown(tmp_path, file):
    odd = f'note = "a\\u001b[2J[bold]"\npassword = "{CANARY}"\ntoken = {{ secret = "t" }}\n'
    file.write_text(SESSION + f"[connections.a]\ndriver = 'redis'\n{odd}# password = '{CANARY}'\n")

    async def scenario(pilot):
        seen = []
        for key in ["home", *["down"] * 6, "s", "end", "s", "question_mark", "escape"]:
            await press(pilot, key)
            seen.append(text_of(pilot))
        everything = "\n".join(seen)
        assert CANARY not in everything
        assert "\x1b" not in everything
        assert "[bold]" in everything

    at_diff(tmp_path, file, scenario, (160, 60), other=SESSION)


@pytest.mark.parametrize(
    ("count", "size"), [(200, 2**14), pytest.param(5_000, 2**20, marks=pytest.mark.slow)]
)
def test_many_changes_and_a_long_value_are_drawn_as_they_come_into_sight(
    tmp_path, file, count, size
):
    file.write_text("".join(f"[t{i}]\na = {i}\n" for i in range(count)) + f'b = "{"x" * size}"\n')
    other = "".join(f"[t{i}]\na = {i + 1}\n" for i in range(count)) + f'b = "{"x" * size}y"\n'

    async def scenario(pilot):
        lines = pilot.app.screen.query_one(LazyList)
        assert lines.count >= count
        await press(pilot, "end")
        assert "characters" in text_of(pilot)
        await press(pilot, "pageup", "s", "end", "home")
        assert lines.count >= count

    at_diff(tmp_path, file, scenario, other=other)


def test_the_last_save_is_what_sessionctl_wrote(tmp_path, file):
    context = context_in(tmp_path, file)
    context.live.store.save(file, SESSION.replace("main-vertical", "tiled"), why="set")
    file.write_text(SESSION.replace("main-vertical", "even-vertical"))

    async def scenario(pilot):
        assert "the last save" in text_of(pilot)
        assert '"tiled"' in text_of(pilot)
        assert '"even-vertical"' in text_of(pilot)

    at_diff(tmp_path, file, scenario)
    assert "even-vertical" in read_text(file)


def test_the_session_that_runs_is_compared_with_the_file(tmp_path):
    world = TmuxWorld(tmp_path / "home")
    try:
        folder = tmp_path / "files"
        folder.mkdir()
        file = folder / "api.session.toml"
        world.tmux("new-session", "-d", "-s", "api", "-n", "main", "-c", folder, "cat")
        world.wait_for_program("api", ["cat"])
        world.run("save", "api", "--file", file)
        before = file.read_text()
        world.tmux("new-window", "-d", "-t", "=api:", "-n", "extra [x]", "-c", folder, "cat")

        async def scenario():
            context = context_in(world.home, file, environ=world.env, socket=world.socket)
            async with opened(context, (120, 40)) as pilot:
                await press(pilot, "d", "4")
                await until(pilot, lambda: "the session that runs" in text_of(pilot))
                assert "+ windows[name=" in text_of(pilot)
                assert '"extra [x]"' in text_of(pilot)

        run(scenario())
        assert file.read_text() == before
    finally:
        world.remove()
