"""What was set for the whole tmux server, by hand and by its configuration."""

from __future__ import annotations

import os
import time
import tomllib

from tests.tmux_world import LIMIT_S

FILE = "s.session.toml"


def begin(world, configuration=""):
    (world.home / ".tmux.conf").write_text(f"set -g default-size 120x40\n{configuration}")
    world.tmux("new-session", "-d", "-s", "work", "-c", world.home)


def again(world):
    world.run("save", "work", "--file", world.home / FILE)
    world.end()
    world.run("restore", world.home / FILE)


def option(world, name, flag="-g"):
    return world.tmux("show-options", f"{flag}v", name).strip()


def test_what_was_set_by_hand_comes_back_with_a_new_server(world):
    begin(world)
    world.tmux("set-option", "-s", "escape-time", "7")
    world.tmux("set-option", "-g", "base-index", "3")
    world.tmux("set-option", "-gw", "main-pane-width", "99")
    world.tmux("set-option", "-g", "@mine", "a 'b'; c")
    world.tmux("set-option", "-g", "update-environment[9]", "X")
    again(world)
    assert option(world, "escape-time", "-s") == "7"
    assert option(world, "base-index") == "3"
    assert option(world, "main-pane-width", "-gw") == "99"
    assert option(world, "@mine") == "a 'b'; c"
    assert "X" in option(world, "update-environment")


def test_it_is_no_part_of_the_file(world):
    begin(world)
    world.tmux("set-option", "-s", "escape-time", "7")
    world.run("save", "work", "--file", world.home / FILE)
    assert "tmux" not in tomllib.loads((world.home / FILE).read_text())


def test_what_the_configuration_says_now_is_newer(world):
    begin(world, "set -g history-limit 111\nsource-file ~/more.conf\n")
    world.tmux("set-option", "-g", "history-limit", "222")
    world.tmux("set-option", "-g", "display-time", "333")
    (world.home / "more.conf").write_text("set -g display-time 1\n")
    world.run("save", "work", "--file", world.home / FILE)
    world.end()
    (world.home / ".tmux.conf").write_text("set -g history-limit 444\n")
    world.run("restore", world.home / FILE)
    assert option(world, "history-limit") == "444"
    assert option(world, "display-time") == "750"


def test_a_server_that_runs_is_not_changed(world):
    begin(world)
    world.tmux("set-option", "-s", "escape-time", "7")
    world.run("save", "work", "--file", world.home / FILE)
    world.end()
    world.tmux("new-session", "-d", "-s", "other")
    before = option(world, "escape-time", "-s")
    world.run("restore", world.home / FILE)
    assert option(world, "escape-time", "-s") == before != "7"


def test_the_configuration_files_of_the_server_are_read_again(world):
    other = world.home / "other.conf"
    other.write_text("set -g base-index 5\n")
    world.tmux("-f", other, "new-session", "-d", "-s", "work", "-c", world.home)
    again(world)
    assert option(world, "base-index") == "5"
    assert world.standing("work").workspace.windows[0].number == 5


def test_asking_for_the_defaults_leaves_no_server_behind(world):
    before = set(os.listdir(f"/tmp/tmux-{os.getuid()}"))
    begin(world)
    world.run("save", "work", "--file", world.home / FILE)
    after = set(os.listdir(f"/tmp/tmux-{os.getuid()}"))
    left = {name for name in after - before if name.startswith("sessionctl-")}
    # Other tests ask, too, and end what they began.
    end_s = time.monotonic() + LIMIT_S
    while (left := left & set(os.listdir(f"/tmp/tmux-{os.getuid()}"))) and time.monotonic() < end_s:
        time.sleep(0.02)
    assert not left
