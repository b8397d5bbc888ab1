"""What a file that somebody else wrote tries, so that something of its own runs here."""

from __future__ import annotations

import pytest

FILE = "s.session.toml"
HEAD = 'schema_version = 1\nname = "work"\n'
PLAIN = 'windows = [{ name = "w", panes = [{ run = ["sleep", "99"] }] }]\n'


@pytest.fixture
def witness(world):
    return world.home / "executed"


def write(world, text):
    path = world.home / FILE
    path.write_text(text)
    return path


def allowed(world, text):
    """Write a session file and restore it as its user, who allows it."""
    path = write(world, text)
    world.run("restore", path, "--yes")
    return path


@pytest.mark.parametrize("name", ["the session", "the tmux server", "the session: pane 1", ""])
def test_a_window_is_not_taken_for_the_session_by_its_name(world, witness, name):
    path = write(
        world,
        f"{HEAD}[[windows]]\nname = '{name}'\nenv = {{ BASH_ENV = '/x', ENV = '{witness}' }}\n"
        f"options = {{ pane-border-format = '#(touch {witness})', "
        "'pane-died[0]' = 'kill-server' }\n",
    )
    assert world.run("restore", path, check=False).returncode == 5
    window = world.tmux("show-options", "-w", "-t", "work")
    assert "pane-border-format" not in window
    assert "pane-died" not in window
    (process,) = world.tmux("list-panes", "-t", "work", "-F", "#{pane_pid}").split()
    assert "ENV" not in world.adapter.table.environment(int(process))


def test_saving_allows_no_variable_that_somebody_added_to_a_window(world, witness):
    path = allowed(world, HEAD + PLAIN)
    path.write_text(
        path.read_text().replace('{ name = "w"', '{ name = "w", env = { LD_PRELOAD = "/x" }')
    )
    world.tmux("rename-window", "-t", "work", "other")
    world.run("save", "work", "--file", path, check=False)
    assert "LD_PRELOAD" in path.read_text()
    world.end()
    assert world.run("restore", path, check=False).returncode == 5


@pytest.mark.parametrize("is_allowed", [False, True])
def test_an_option_of_a_file_registers_nothing_that_saving_would_allow(world, witness, is_allowed):
    option = f"options = {{ '@sessionctl-resume' = 'touch {witness}' }}"
    path = write(world, f"{HEAD}[[windows]]\nname = 'w'\n[[windows.panes]]\n{option}\n")
    world.run("restore", path, *["--yes"] * is_allowed, check=False)
    other = world.home / "other.session.toml"
    world.run("save", "work", "--file", other)
    assert "resume" not in other.read_text()
    world.end()
    world.run("restore", other)
    assert not witness.exists()


def test_saving_does_not_allow_that_what_can_do_harm_is_run(world):
    path = allowed(world, f'{HEAD}[[windows]]\nname = "w"\n[[windows.panes]]\nrun = ["tee", "x"]\n')
    path.write_text(path.read_text() + 'start = "run"\n')
    world.tmux("rename-window", "-t", "work", "other")
    world.run("save", "work", "--file", path, check=False)
    world.end()
    assert world.run("restore", path, check=False).returncode == 5


def test_a_link_to_a_file_that_is_allowed_leads_to_the_same_directory(world):
    for place in ("own", "foreign"):
        (world.home / place).mkdir()
        (world.home / place / "go").write_text(f"#!/bin/sh\necho {place} > ../went\nsleep 99\n")
        (world.home / place / "go").chmod(0o755)
    path = world.home / "own" / FILE
    path.write_text(f'{HEAD}windows = [{{ name = "w", panes = [{{ run = ["./go"] }}] }}]\n')
    world.run("restore", path, "--yes")
    world.end()
    link = world.home / "foreign" / FILE
    link.symlink_to(path)
    world.run("restore", link)
    assert (world.home / "went").read_text() == "own\n"
