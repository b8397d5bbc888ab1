"""A save or its tmux server is killed at a random moment: the last good file is intact."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
import tomllib

import pytest

from tests.world import program_words

ROUNDS = [3, pytest.param(20, marks=pytest.mark.sweep)]
LONGEST_S = 0.5


@pytest.fixture
def file(world):
    """The file of a saved session of three windows and six panes."""
    world.tmux("new-session", "-d", "-s", "work", "-n", "edit", "-c", world.home)
    for name in ("logs", "code"):
        world.tmux("new-window", "-d", "-t", "work:", "-n", name, "-c", world.home)
    for number in range(3):
        place = f"work:{number}"
        world.tmux("split-window", "-d", "-t", place, "-c", world.home, "tail", "-f", "/dev/null")
    file = world.home / "sessions" / "work.session.toml"
    world.run("save", "work", "--file", file)
    return file


def begin_save(world):
    words = [*program_words(), "save", "work", "--tmux-socket", world.socket]
    return subprocess.Popen(
        words, env=world.env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, encoding="utf-8"
    )


def check_whole(file, before, name):
    """The text is that of before, or that with the new name of the second window."""
    value = tomllib.loads(file.read_text())
    assert value["windows"][1]["name"] in (before["windows"][1]["name"], name)
    value["windows"][1]["name"] = before["windows"][1]["name"]
    assert value == before


@pytest.mark.parametrize("rounds", ROUNDS)
def test_a_save_that_is_killed_leaves_a_whole_file(world, file, rounds):
    chance = random.Random(rounds)
    for number in range(rounds):
        before = tomllib.loads(file.read_text())
        world.tmux("rename-window", "-t", "work:1", f"name{number}")
        process = begin_save(world)
        time.sleep(chance.uniform(0, LONGEST_S))
        process.kill()
        process.communicate()
        check_whole(file, before, f"name{number}")
        if number % 3 == 2:
            world.run("save", "work")
            assert tomllib.loads(file.read_text())["windows"][1]["name"] == f"name{number}"
    world.run("save", "work")
    assert os.listdir(file.parent) == [file.name]


@pytest.mark.slow
@pytest.mark.parametrize("rounds", ROUNDS)
def test_a_server_that_is_killed_during_a_save_leaves_a_whole_file(world, file, rounds):
    chance = random.Random(rounds)
    for number in range(rounds):
        before = tomllib.loads(file.read_text())
        world.tmux("rename-window", "-t", "work:1", f"name{number}")
        server = int(world.tmux("display-message", "-p", "#{pid}"))
        process = begin_save(world)
        time.sleep(chance.uniform(0, LONGEST_S))
        os.kill(server, signal.SIGKILL)
        _, errors = process.communicate(timeout=60)
        assert "Traceback" not in errors
        assert process.returncode in (0, 3), errors
        check_whole(file, before, f"name{number}")
        world.end()
        world.run("restore", file)
    assert len(world.panes("work")) == 6
