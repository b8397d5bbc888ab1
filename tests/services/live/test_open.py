"""`open` goes to the session that is meant, also where no name is given."""

from __future__ import annotations

import sys

import pytest

from tests.pseudo_terminal import Terminal
from tests.tmux_world import Client
from tests.world import program_words

WORK = 'schema_version = 1\nname = "work"\n\n[[windows]]\nname = "notes"\n'


@pytest.fixture
def here(world, monkeypatch):
    """A directory with the file of one session in it, and the person in it."""
    directory = world.home / "here"
    directory.mkdir()
    (directory / "w.session.toml").write_text(WORK)
    monkeypatch.chdir(directory)
    return directory


def open_at_terminal(world, here, *words):
    """Run `open` at a terminal until it shows the session; detach, and return the exit code."""
    argv = [*program_words(), "open", *words, "--tmux-socket", world.socket]
    terminal = Terminal(argv, here, {**world.env, "TERM": "xterm"})
    shown = lambda: world.tmux("list-clients", "-F", "#{client_session}", check=False)  # noqa: E731
    world.wait_until(lambda: shown() == "work\n", shown)
    world.tmux("detach-client", "-s", "work")
    return terminal.end()


@pytest.mark.parametrize("words", [(), ("w",), ("./w.session.toml",)])
def test_a_session_that_does_not_run_is_restored_and_shown(world, here, words):
    assert open_at_terminal(world, here, "--yes", *words) == 0
    assert world.tmux("list-windows", "-t", "work", "-F", "#{window_name}") == "notes\n"


@pytest.mark.parametrize("words", [(), ("work",), ("./w.session.toml",)])
def test_a_session_that_runs_is_shown_as_it_stands(world, here, words):
    world.tmux("new-session", "-d", "-s", "work", "-n", "other")
    assert open_at_terminal(world, here, *words) == 0
    assert world.tmux("list-windows", "-t", "work", "-F", "#{window_name}") == "other\n"


def test_inside_tmux_the_client_switches_to_the_session(world, here):
    world.tmux("new-session", "-d", "-s", "first", "-c", here)
    world.tmux("new-session", "-d", "-s", "work")
    client = Client(world, "first")
    world.type("first:", f"{sys.executable} -m sessionctl open")
    world.wait_until(lambda: client.session == "work", lambda: client.session)


def test_of_several_files_one_has_to_be_named(world, here):
    (here / "other.session.toml").write_text(WORK)
    done = world.run("open", check=False)
    assert done.returncode == 2
    assert "there are 2 here: other.session.toml, w.session.toml" in done.stderr
    assert "name one: sessionctl open other.session.toml" in done.stderr
