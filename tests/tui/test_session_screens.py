"""Secrets, connections and mistakes of one session; no value of a secret on any screen."""

from __future__ import annotations

import pytest

from sessionctl.tui.frame.screen_registry import SCREENS
from tests.desk import Desk
from tests.tui.screens import SESSION, context_in, opened, press, run, settled, text_of, until

CANARY = "tangerine7-k9Xq2Zr8vLw4"
SECRETS = """
[connections.prod]
driver = "postgres"
host = "db.example.org"
user = "app"
password = { secret = "prod.password" }

[connections.local]
driver = "sqlite"
file = "data.db"
create = true
"""
TYPED = f"""
[connections.prod]
driver = "postgres"
host = "db.example.org"
password = "{CANARY}"
url = "postgres://app:{CANARY}@db.example.org/app"
token = "ghp_{CANARY.replace("-", "")}AbCdEfGhIjKlMnOpQ"
"""


@pytest.fixture
def api(tmp_path):
    file = tmp_path / "api.session.toml"
    file.write_text(SESSION + SECRETS)
    return file


def test_a_stored_secret_is_sealed_and_its_readers_are_listed(tmp_path, api):
    desk = Desk(tmp_path, tmp_path / "home")
    desk.home.mkdir()
    desk.new_key()
    desk.set(CANARY)

    async def scenario():
        context = context_in(tmp_path, api, environ={**desk.environ, "PATH": "/usr/bin:/bin"})
        async with opened(context, (120, 40)) as pilot:
            assert "1 sealed" in text_of(pilot)
            await press(pilot, "s")
            text = text_of(pilot)
            assert "\u25cf sealed" in text
            assert "Who may read them" in text
            assert "age1" in text
            assert CANARY not in text

    run(scenario())


def test_nothing_is_contacted_before_t_and_then_each_step_is_shown(tmp_path, api, monkeypatch):
    asked = []

    async def scenario():
        from sessionctl.tui.connections import connections_screen

        real = connections_screen.run_connection_test

        def test(connections, name, watch):
            asked.append(name)
            return real(connections, name, watch)

        monkeypatch.setattr(connections_screen, "run_connection_test", test)
        async with opened(context_in(tmp_path, api), (120, 40)) as pilot:
            await press(pilot, "n", "down")
            text = text_of(pilot)
            assert "nothing is contacted until you ask" in text
            assert "\u25cb idle" in text
            assert "db.example.org" in text
            assert asked == []
            await pilot.press("t")
            await until(pilot, lambda: "ready: " in text_of(pilot), "the test")
            assert asked == ["local"]
            assert "\u2713" in text_of(pilot)

    run(scenario())


def test_a_connection_that_fails_says_what_can_be_done(tmp_path, api):
    async def scenario():
        async with opened(context_in(tmp_path, api), (120, 40)) as pilot:
            await press(pilot, "n")
            await pilot.press("t")
            await until(pilot, lambda: "failed: " in text_of(pilot), "the failure")
            assert "hint: " in text_of(pilot)

    run(scenario())


@pytest.mark.slow
@pytest.mark.parametrize("text", [TYPED, TYPED.replace("]\n", "]\nbroken = = 1\n", 1)])
def test_a_secret_that_was_typed_into_the_file_is_on_no_screen(tmp_path, text):
    api = tmp_path / "api.session.toml"
    command = f'run = ["psql", "--password={CANARY}", "postgres://app:{CANARY}@db/app"]'
    api.write_text(SESSION.replace('run = ["nvim", "src/main.py"]', command) + text)
    seen = []

    async def scenario():
        async with opened(context_in(tmp_path, tmp_path), (160, 60)) as pilot:
            seen.append(text_of(pilot))
            for key in ("p", *(entry.key for entry in SCREENS.values())):
                await press(pilot, key)
                seen.append(text_of(pilot))
                for _ in range(4):
                    await press(pilot, "down")
                    seen.append(text_of(pilot))
                await press(pilot, "question_mark")
                seen.append(text_of(pilot))
                await press(pilot, "escape", "q")
            await press(pilot, "r", "t")
            seen.append(text_of(pilot))
            await press(pilot, "escape", "q", "n", "t")
            await settled(pilot)
            seen.append(text_of(pilot))

    run(scenario())
    assert len(seen) > 30
    assert [screen for screen in seen if CANARY[:12] in screen or CANARY[-8:] in screen] == []
