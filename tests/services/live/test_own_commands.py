"""A save that is typed into a pane is no program of that pane."""

from __future__ import annotations

import sys
import tomllib

import pytest

from sessionctl.services.live.tmux.pane_program import is_own_command
from tests.together import together

FILE = "s.session.toml"


@pytest.fixture
def session(world):
    world.tmux("new-session", "-d", "-s", "work", "-c", world.home, "-x", "200")
    return world


@pytest.mark.parametrize("line", ["{save}", "{save} | cat", "{save}; true"])
def test_the_pane_it_is_typed_into_is_an_idle_shell(session, line):
    save = f"{sys.executable} -m sessionctl save work --file {FILE}"
    session.type("work:0.0", line.format(save=save))
    session.wait_until((session.home / FILE).exists, "the file")
    [window] = tomllib.loads((session.home / FILE).read_text())["windows"]
    assert not any("run" in pane for pane in window.get("panes", []))


@together(
    ("line", "is_own"),
    [
        ("sessionctl save", True),
        ("/usr/bin/python3 /home/me/.local/bin/sessionctl save --all", True),
        ("python3 -m sessionctl -q close work", True),
        ("python3 -X dev -m sessionctl open work", True),
        ("sessionctl watch --tmux", False),
        ("sessionctl ui", False),
        ("sessionctl", False),
        ("vim sessionctl save", False),
        ("python3 save", False),
        ("grep -r sessionctl save", False),
    ],
)
def test_which_commands_end_by_themselves(line, is_own):
    assert is_own_command(line.split()) is is_own
