"""Sessions with programs that register how they come back: what their tests share."""

from __future__ import annotations

import tomllib
from pathlib import Path

FILE = "s.session.toml"
PROGRAMS = Path(__file__).parent / "programs"


def screen(world, target="work:0.0"):
    return world.tmux("capture-pane", "-p", "-J", "-t", target)


def shows(world, text, target="work:0.0"):
    world.wait_until(lambda: text in screen(world, target), text)


def pane_value(world):
    return tomllib.loads((world.home / FILE).read_text())["windows"][0].get("panes", [{}])[0]


def save(world):
    world.run("save", "work", "--file", world.home / FILE)


def brought_back(world):
    """Save the session, end the server, and bring the session back; it needs no word."""
    save(world)
    world.end()
    return world.run("restore", world.home / FILE)


def typed(world, line, answer):
    world.type("work:0.0", line)
    shows(world, answer)
