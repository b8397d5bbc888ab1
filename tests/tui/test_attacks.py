"""What a stranger does to the screens: keys at random, files that change and go, odd names."""

from __future__ import annotations

import os
import random

import pytest
from textual.command import CommandPalette

from sessionctl.tui.frame.screen_registry import SCREENS
from tests.desk import Desk
from tests.tui.screens import (
    SESSION,
    SIZES,
    context_in,
    lines_of,
    opened,
    press,
    run,
    settled,
    text_of,
    until,
)
from tests.tui.test_session_screens import SECRETS

# Without "y": that is the one key which agrees to something.
KEYS = [
    "up", "down", "home", "end", "pageup", "pagedown", "enter", "escape", "tab", "question_mark",
    "slash", "p", "w", "e", "o", "n", "t", "x", "space", "ctrl+p", "ctrl+r", "left", "right",
    *(entry.key for entry in SCREENS.values()),
]  # fmt: skip
ODD_NAMES = [
    "[red]x[/]",
    "a b'c\"d",
    "-rf",
    "$(reboot)",
    "\u202egnp.exe",
    "x" * 120,
    "\u5bb6 \U0001f680",
]


@pytest.fixture
def draws_all():
    """Draw what nobody looks at too: an attack may break what is drawn in between."""
    return True


def write(folder, name, text=SESSION):
    file = folder / f"{name}.session.toml"
    file.write_text(text.replace('"api"', f'"{name}"'))
    return file


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_keys_at_random_break_nothing_and_start_nothing(tmp_path, seed):
    for name in ("api", "web", "broken"):
        write(tmp_path, name, "= broken" if name == "broken" else SESSION)
    chance = random.Random(seed)
    attached = []

    async def scenario():
        context = context_in(tmp_path, tmp_path, attach=attached.append)
        async with opened(context, chance.choice([(40, 10), *SIZES])) as pilot:
            for _ in range(20):
                # Without a pause between them, as a keyboard that repeats or a paste does.
                for key in chance.choices(KEYS, k=4):
                    await pilot.press(key)
                    # Enter takes what the palette has found so far, which may agree to something.
                    if isinstance(pilot.app.screen, CommandPalette):
                        await settled(pilot)
                if chance.random() < 0.2:
                    await pilot.resize_terminal(chance.randint(1, 170), chance.randint(1, 60))
            assert pilot.app.is_running
            await pilot.press("ctrl+c")
        assert pilot.app.return_code == 0

    run(scenario())
    assert attached == []


@pytest.mark.parametrize("name", ["sessions", "p", *SCREENS])
def test_a_session_that_is_deleted_or_broken_while_it_is_on_the_screen_is_no_accident(
    tmp_path, name
):
    file = write(tmp_path, "api")
    write(tmp_path, "web")

    async def scenario():
        async with opened(context_in(tmp_path, tmp_path), (100, 30)) as pilot:
            if name != "sessions":
                await press(pilot, SCREENS[name].key if name in SCREENS else name)
            file.write_text('name = "api')
            await pilot.pause(0.1)
            file.unlink()
            for key in ("down", "up", "enter", "e", "t", "escape"):
                await press(pilot, key)
            for _ in range(3):
                if len(pilot.app.screen_stack) > 1:
                    await press(pilot, "escape")
            await until(pilot, lambda: "1 session " in text_of(pilot), "the list without it")
            assert "web" in text_of(pilot)

    run(scenario())


@pytest.mark.slow
def test_a_file_that_becomes_invalid_and_valid_again_is_seen(tmp_path):
    file = write(tmp_path, "api")

    async def scenario():
        async with opened(context_in(tmp_path, tmp_path), (100, 30)) as pilot:
            assert "\u25cb saved" in text_of(pilot)
            file.write_text("name = [")
            await until(pilot, lambda: "\u2717 invalid" in text_of(pilot), "the error")
            file.write_text(SESSION)
            await until(pilot, lambda: "\u25cb saved" in text_of(pilot), "the end of it")
            write(tmp_path, "later")
            await until(pilot, lambda: "later" in text_of(pilot), "a new file")

    run(scenario())


@pytest.mark.slow
def test_a_commit_and_a_secret_that_is_stored_elsewhere_are_seen(tmp_path, git_repo):
    file = write(git_repo.path, "api", SESSION + SECRETS)

    async def scenario():
        environ = {"HOME": str(tmp_path), "PATH": os.environ["PATH"], "TMUX_TMPDIR": str(tmp_path)}
        context = context_in(tmp_path, git_repo.path, environ=environ)
        async with opened(context, (100, 30)) as pilot:
            text = text_of(pilot)
            assert "new" in text
            assert "1 missing" in text
            git_repo.run("add", file.name)
            git_repo.run("commit", "-qm", "one")
            await until(pilot, lambda: "clean" in text_of(pilot), "the commit")
            desk = Desk(git_repo.path, tmp_path)
            desk.new_key()
            desk.set(b"tangerine7")
            await until(pilot, lambda: "1 sealed" in text_of(pilot), "the secret")

    run(scenario())


@pytest.mark.slow
def test_five_hundred_sessions_are_listed_filtered_and_looked_into(tmp_path):
    for number in range(500):
        write(tmp_path, f"s{number:03}", SESSION.replace("3f0d8c2e", f"{number:08x}"))

    async def scenario():
        async with opened(context_in(tmp_path, tmp_path), (120, 40)) as pilot:
            assert "500 sessions" in text_of(pilot)
            await press(pilot, "end")
            assert "s499" in text_of(pilot)
            await press(pilot, "slash", *"s12")
            assert "500 sessions, 10 shown" in text_of(pilot)

    run(scenario())


@pytest.mark.slow
def test_odd_names_are_shown_as_they_are_and_steer_nothing(tmp_path):
    for number, name in enumerate(ODD_NAMES):
        text = SESSION.replace('"api"', '"' + name.replace('"', '\\"') + '"')
        text = text.replace("3f0d", f"{number}f0d")
        text = text.replace('"editor"', '"ed\\u001b[31mitor\\u0007"')
        text = text.replace('"code"', '"[b]co\\nde"')
        (tmp_path / f"{number} [i]{name.replace('/', '-')}.session.toml").write_text(text)

    async def scenario():
        seen = []
        async with opened(context_in(tmp_path, tmp_path), (160, 40)) as pilot:
            seen.append(text_of(pilot))
            for _ in ODD_NAMES:
                for key in ("p", "r"):
                    await press(pilot, key)
                    seen.append(text_of(pilot))
                    await press(pilot, "q")
                await press(pilot, "down")
            for entry in SCREENS.values():
                await press(pilot, entry.key)
                seen.append(text_of(pilot))
                await press(pilot, "q")
        for screen in seen:
            assert all(char == "\n" or ord(char) >= 0x20 for char in screen)
            assert "\u202e" not in screen
        for name in ODD_NAMES:
            assert name.replace("\u202e", "\\u202e")[:9] in seen[0]
        assert "[b]co\u240ade" in seen[0]
        assert all("[b]co\u240ade" in screen for screen in seen[1 : 2 * len(ODD_NAMES) : 2])

    run(scenario())


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_home_that_cannot_be_written_is_no_accident(tmp_path):
    write(tmp_path, "api")
    home = tmp_path / "home"
    home.mkdir(mode=0o500)

    async def scenario():
        async with opened(context_in(tmp_path, tmp_path), (100, 30)) as pilot:
            assert "api" in text_of(pilot)
            await press(pilot, "r", "q", "s", "q", "n", "q")

    run(scenario())


@pytest.mark.slow
def test_a_home_that_is_a_file_is_no_accident(tmp_path):
    write(tmp_path, "api")
    (tmp_path / "home").write_text("")

    async def scenario():
        async with opened(context_in(tmp_path, tmp_path), (100, 30)) as pilot:
            assert "api" in text_of(pilot)
            for entry in SCREENS.values():
                await press(pilot, entry.key)
                await press(pilot, "q")
            assert "Sessions" in text_of(pilot)

    run(scenario())


def test_what_cannot_be_read_is_listed_with_the_reason(tmp_path):
    (tmp_path / "gone.session.toml").symlink_to("nowhere")
    (tmp_path / "bytes.session.toml").write_bytes(b"name = '\xff'\n")
    (tmp_path / "loop.session.toml").symlink_to("loop.session.toml")
    (tmp_path / "folder.session.toml").mkdir()
    write(tmp_path, "api")

    async def scenario():
        async with opened(context_in(tmp_path, tmp_path), (120, 40)) as pilot:
            text = text_of(pilot)
            assert "api" in text
            assert "bytes" in text
            assert "invalid" in text
        named = [tmp_path / f"{name}.session.toml" for name in ("gone", "loop")]
        async with opened(context_in(tmp_path, *named), (120, 40)) as pilot:
            assert text_of(pilot).count("? unreadable") == 2

    run(scenario())


@pytest.mark.parametrize("size", [(1, 1), (5, 3), (20, 5), (40, 10)])
def test_every_screen_stands_in_a_terminal_that_is_too_small(tmp_path, size):
    write(tmp_path, "api")

    async def scenario():
        async with opened(context_in(tmp_path, tmp_path), size) as pilot:
            for key in ("p", "question_mark", *(entry.key for entry in SCREENS.values())):
                await press(pilot, key)
                assert len(lines_of(pilot)) == size[1]
                await press(pilot, "escape")
            await settled(pilot)

    run(scenario())
