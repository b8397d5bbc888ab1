"""The screens in a real terminal: tmux shows them, keys are typed, the size changes."""

from __future__ import annotations

import sys

import pytest

from tests.tmux_world import TmuxWorld
from tests.tui.screens import SESSION


@pytest.fixture
def world(tmp_path):
    made = TmuxWorld(tmp_path / "home")
    yield made
    made.remove()


@pytest.fixture
def terminal(world, tmp_path):
    """A pane of 80x24 with ``sessionctl ui`` in it, which says its exit code at the end."""
    folder = tmp_path / "files"
    folder.mkdir()
    for name in ("api", "web"):
        text = SESSION.replace('"api"', f'"{name}"').replace("3f0d", f"{ord(name[0]):04x}")
        (folder / f"{name}.session.toml").write_text(text)

    def start(*words, **environ):
        given = [f"{name}={value}" for name, value in environ.items()]
        command = ["env", *given, sys.executable, "-m", "sessionctl", *words]
        line = " ".join(command) + "; echo ended with $?; cat"
        size = ("-x", "80", "-y", "24")
        world.tmux("new-session", "-d", *size, "-s", "ui", "-c", folder, "sh", "-c", line)
        return Screen(world)

    return start


class Screen:
    def __init__(self, world):
        self.world = world

    def text(self, *options):
        return self.world.tmux("capture-pane", "-p", *options, "-t", "=ui:")

    def keys(self, *keys):
        self.world.tmux("send-keys", "-t", "=ui:", *keys)

    def shows(self, *words):
        self.world.wait_until(lambda: all(one in self.text() for one in words), f"{words}")


def test_it_is_drawn_keys_are_heard_and_the_terminal_is_given_back(terminal):
    screen = terminal("ui", ".")
    screen.shows("sessionctl  Sessions", "api", "web", "1 editor", "? Help")
    screen.keys("v")
    screen.shows("valid: no errors")
    screen.keys("q")
    screen.shows("sessionctl  Sessions", "1 editor")
    screen.keys("?")
    screen.shows("Keys of Sessions")
    screen.keys("q")
    screen.world.wait_until(lambda: "Keys of" not in screen.text(), "the list")
    screen.keys("/", "w", "e", "b")
    screen.shows("1 shown")
    screen.keys("Enter", "r")
    screen.shows("The session web would be made")
    screen.keys("q")
    screen.shows("1 shown")
    screen.keys("C-c")
    screen.shows("ended with 0")
    assert "Sessions" not in screen.text()
    flags = "#{cursor_flag} #{alternate_on} #{mouse_any_flag}"
    assert screen.world.tmux("display-message", "-p", "-t", "=ui:", flags).split() == [
        "1",
        "0",
        "0",
    ]


def test_it_follows_the_size_of_the_terminal_however_quickly_that_changes(terminal):
    screen = terminal("ui", ".")
    screen.shows("1 editor")
    for number in range(40):
        size = ((20, 5), (40, 10), (200, 50), (81, 24), (3, 2), (120, 8))[number % 6]
        screen.world.tmux("resize-window", "-t", "=ui:", "-x", size[0], "-y", size[1])
    screen.world.tmux("resize-window", "-t", "=ui:", "-x", 100, "-y", 30)
    screen.shows("sessionctl  Sessions", "1 editor", "q Back")
    screen.keys("q")
    screen.shows("ended with 0")


def test_without_colour_no_colour_is_sent_and_the_chosen_row_is_still_marked(terminal):
    screen = terminal("ui", ".", NO_COLOR="1")
    screen.shows("1 editor")
    text = screen.text("-e")
    codes = {code for part in text.split("\x1b[")[1:] for code in part.partition("m")[0].split(";")}
    assert not codes & {str(number) for number in (*range(30, 39), *range(40, 49), *range(90, 108))}
    chosen = next(line for line in text.split("\n") if "api" in line)
    assert "\x1b[7m" in chosen or "\x1b[1;7m" in chosen or ";7" in chosen
    screen.keys("q")
    screen.shows("ended with 0")


def test_a_dumb_terminal_is_refused_with_what_works_there(terminal):
    screen = terminal("ui", ".", TERM="dumb")
    screen.shows("cannot show screens", "sessionctl list", "ended with 2")


@pytest.mark.slow
def test_a_session_that_cannot_be_attached_to_leaves_the_screens_usable(terminal):
    screen = terminal("ui")
    screen.shows("sessionctl  Sessions", "ui", "live, not saved")
    screen.keys("Enter")  # no client is attached to the session, so none can be switched
    screen.shows("no current client")
    screen.keys("?")
    screen.shows("Keys of Sessions")
    screen.keys("C-c")
    screen.shows("ended with 0")


@pytest.mark.slow
def test_a_conflict_is_decided_written_and_taken_back_in_a_terminal(terminal, tmp_path):
    path = tmp_path / "files" / "api.session.toml"
    block = '<<<<<<< HEAD\nroot = "~/a"\n||||||| 1\n=======\nroot = "~/b"\n>>>>>>> topic\n'
    before = path.read_text().replace('root = "~/src/api"\n', block)
    path.write_text(before)
    screen = terminal("ui", str(path), NO_COLOR="1")
    screen.shows("sessionctl  Sessions", "api")
    screen.keys("c")
    screen.shows("1 of 1 open", "? root", "topic: added it")
    screen.keys("t")
    screen.shows("0 of 1 open", "+ root")
    screen.keys("w")
    screen.shows("written: 1 conflict decided")
    after = before.replace(block, 'root = "~/b"\n')
    assert path.read_text() == after
    screen.keys("q")
    screen.shows("sessionctl  Sessions")
    screen.keys("h")
    screen.shows("sessionctl  History", "resolve")
    screen.keys("u")
    screen.shows("y yes")
    screen.keys("y")
    screen.shows("undid the last change")
    assert path.read_text() == before
    screen.keys("d")
    screen.shows("sessionctl  Diff", "shown as text:")
    screen.keys("C-c")
    screen.shows("ended with 0")
