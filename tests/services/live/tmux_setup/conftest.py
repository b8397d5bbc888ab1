"""What tests of the keys share: a private tmux server, and no variable of the outer one."""

from __future__ import annotations

import pytest

from tests.tmux_world import TmuxWorld


@pytest.fixture
def world(tmp_path):
    """A tmux server at a private socket, which does not run yet."""
    world = TmuxWorld(tmp_path / "home")
    yield world
    world.end_for_good()
