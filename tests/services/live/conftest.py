"""What tests of live sessions share: a private tmux server."""

from __future__ import annotations

import pytest

from tests.services.live.resuming import PROGRAMS
from tests.tmux_world import TmuxWorld


@pytest.fixture
def world(tmp_path):
    """A tmux server at a private socket, which does not run yet."""
    world = TmuxWorld(tmp_path / "home")
    yield world
    world.end()


@pytest.fixture
def session(world):
    """A session whose panes find the stand-in programs."""
    world.env["PATH"] = f"{PROGRAMS}:{world.env['PATH']}"
    for name in (".bashrc", ".bash_profile"):  # a login shell begins with the system's own PATH
        with (world.home / name).open("a") as stream:
            stream.write(f"export PATH='{world.env['PATH']}'\n")
    world.tmux("new-session", "-d", "-s", "work", "-c", world.home)
    return world
