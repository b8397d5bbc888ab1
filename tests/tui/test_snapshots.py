"""The main screens as text, at three sizes: what stands in tests/tui/snapshots is what is drawn.

``SESSIONCTL_SNAPSHOTS=write`` writes them anew; look at the difference before it is committed.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.tui.screens import SESSION, SIZES, context_in, opened, press, run, text_of
from tests.tui.test_session_screens import SECRETS
from tests.world import need

SNAPSHOTS = Path(__file__).parent / "snapshots"
# Read now: the tests themselves run in an environment without SESSIONCTL_*.
IS_WRITING = os.environ.get("SESSIONCTL_SNAPSHOTS") == "write"
MARKED = """\
<<<<<<< HEAD
name = "one"
=======
name = "two"
>>>>>>> other
"""
SCREENS_OF = {
    "sessions": (),
    "filter": ("slash", *"api", "enter"),
    "help": ("question_mark",),
    "preview": ("p",),
    "restore": ("r",),
    "trust": ("r", "t"),
    "secrets": ("s",),
    "connections": ("n",),
    "validate": ("down", "v"),
    "conflicts": ("slash", *"clash", "enter", "c"),
    "decided": ("slash", *"clash", "enter", "c", "t"),
    "diff": ("d", "5", *"web.session.toml", "enter"),
    "diff-text": ("d", "5", *"web.session.toml", "enter", "s"),
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A directory with sessions in every state, named so that no path of the machine is shown."""
    home = tmp_path / "home"
    home.mkdir()
    (tmp_path / "api.session.toml").write_text(SESSION + SECRETS)
    (tmp_path / "bad.session.toml").write_text(SESSION.replace('name = "api"', 'nmae = "bad"'))
    (tmp_path / "clash.session.toml").write_text(SESSION.replace('name = "api"\n', MARKED))
    (tmp_path / "web.session.toml").write_text(
        SESSION.replace('"api"', '"web"').replace("3f0d8c2e", "4f0d8c2e")
    )
    for file in tmp_path.glob("*.toml"):
        os.utime(file, (1, 1))
    monkeypatch.chdir(tmp_path)
    return tmp_path


QUICK_SIZE = SIZES[0]
QUICK_ONES = ("sessions", "diff")
"""These are drawn at each size in a quick run too."""


def sizes_of(name):
    """Return the screen at each size; a quick run leaves most of the larger ones out."""
    for size in SIZES:
        marks = () if size == QUICK_SIZE or name in QUICK_ONES else pytest.mark.slow
        yield pytest.param(name, size, marks=marks, id=f"{name}-{size[0]}x{size[1]}")


@pytest.mark.parametrize(("name", "size"), [one for name in SCREENS_OF for one in sizes_of(name)])
def test_a_screen_is_drawn_as_it_was(folder, name, size):
    need("tmux")

    async def scenario():
        environ = {"HOME": "/home", "PATH": os.environ["PATH"], "TMUX_TMPDIR": str(folder)}
        context = context_in(Path("home"), ".", environ=environ)
        async with opened(context, size) as pilot:
            if SCREENS_OF[name]:
                await press(pilot, *SCREENS_OF[name])
            return text_of(pilot)

    # How long ago the file was written is another matter each day.
    drawn = re.sub(r"\d+ y ago", "56 y ago", run(scenario())) + "\n"
    file = SNAPSHOTS / f"{name}-{size[0]}x{size[1]}.txt"
    if IS_WRITING:
        file.parent.mkdir(exist_ok=True)
        file.write_text(drawn)
    assert drawn == file.read_text()


@pytest.mark.parametrize("name", ["sessions", "restore", "validate"])
def test_without_colour_the_text_is_the_same_and_no_colour_is_left(folder, name, monkeypatch):
    need("tmux")
    monkeypatch.setenv("NO_COLOR", "1")

    async def scenario():
        environ = {"HOME": "/home", "PATH": os.environ["PATH"], "TMUX_TMPDIR": str(folder)}
        context = context_in(Path("home"), ".", environ=environ)
        async with opened(context, (80, 24), color=False) as pilot:
            if SCREENS_OF[name]:
                await press(pilot, *SCREENS_OF[name])
            strips = pilot.app.screen._compositor.render_strips()
            styles = [segment.style for strip in strips for segment in strip if segment.style]
            assert {str(style.color.name) for style in styles if style.color} <= {"default"}
            assert {str(style.bgcolor.name) for style in styles if style.bgcolor} <= {"default"}
            assert any(style.reverse for style in styles)
            return text_of(pilot)

    drawn = re.sub(r"\d+ y ago", "56 y ago", run(scenario())) + "\n"
    assert drawn == (SNAPSHOTS / f"{name}-80x24.txt").read_text()
