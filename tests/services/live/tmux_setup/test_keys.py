"""The keys in a real tmux: pressed by a client in a terminal of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.remains import has_processes
from tests.services.live.tmux_setup.test_configuration import command
from tests.tmux_world import Client
from tests.world import CHECKOUT

PREFIX = "\x02"
HOSTILE = "a #(touch executed) 'q' \"d\" %H $x #{pane_id}; é"


@pytest.fixture
def keyed(world):
    """A home whose tmux.conf has the keys; no server runs."""
    command(world, "install")
    return world


def start(world, name="work", *words):
    world.tmux("new-session", "-d", "-s", name, "-c", world.home, *words)


def files(world):
    folder = world.home / ".config/sessionctl/sessions"
    return sorted(folder.iterdir()) if folder.exists() else []


def saved(world, name):
    for file in files(world):
        value = tomllib.loads(file.read_text())
        if value["name"] == name:
            return value
    return None


def press(world, client, keys, holds, what):
    client.press(PREFIX + keys)
    world.wait_until(holds, what)


def names(world):
    return sorted(world.adapter.sessions())


def test_tmux_reads_the_lines_without_a_word(keyed):
    start(keyed)
    assert "sessionctl" not in keyed.tmux("show-messages", check=False)
    keys = keyed.tmux("list-keys", "-N", "-T", "prefix")
    for note in ("save this session", "restore sessions", "choose a saved session"):
        assert f"sessionctl: {note}" in keys


def test_a_key_saves_the_session_of_its_client(keyed):
    start(keyed)
    start(keyed, "other")
    client = Client(keyed, "work")
    keyed.wait_until(lambda: client.session == "work")
    press(keyed, client, "S", lambda: saved(keyed, "work"), "the file")
    keyed.wait_until(lambda: b"saved work into the new file" in client.screen, "the message")
    assert saved(keyed, "other") is None


def test_a_hostile_name_is_saved_and_shown_as_it_is(keyed):
    start(keyed)
    keyed.tmux("rename-session", "-t", "work", HOSTILE.replace("#", "##"))
    client = Client(keyed, "")
    press(keyed, client, "S", lambda: saved(keyed, HOSTILE), "the file")
    keyed.wait_until(lambda: b"#(touch executed)" in client.screen, "the message")
    assert not list(keyed.home.rglob("executed"))
    assert b"%H" in client.screen


def test_a_key_brings_back_what_ran_last(keyed):
    for name in ("api", "web", "shut", HOSTILE):
        start(keyed, name.replace("#", "##"))
        keyed.run("save", name)
    keyed.run("close", "shut", "--yes")
    keyed.end()
    start(keyed, "stray")
    client = Client(keyed, "stray")
    expected = sorted(["api", "web", HOSTILE, "stray"])
    press(keyed, client, "R", lambda: names(keyed) == expected, "the sessions")
    keyed.wait_until(lambda: b"restored api" in client.screen, "the message")
    keyed.wait_until(lambda: client.session == "stray")
    press(keyed, client, "R", lambda: b"every saved session" in client.screen, "the message")
    # One that is ended now can be had back; what was closed cannot.
    keyed.tmux("kill-session", "-t", "api")
    press(keyed, client, "R", lambda: names(keyed) == expected, "the session")
    assert not list(keyed.home.rglob("executed"))


def test_a_file_that_is_broken_does_not_keep_the_others_away(keyed):
    for name in ("api", "web"):
        start(keyed, name)
        keyed.run("save", name)
    keyed.end()
    (keyed.home / ".config/sessionctl/sessions/api.session.toml").write_text("name = \n")
    start(keyed, "stray")
    client = Client(keyed, "stray")
    press(keyed, client, "R", lambda: names(keyed) == ["stray", "web"], "the session")
    keyed.wait_until(lambda: b"sessionctl: error:" in client.screen, "the error")
    assert names(keyed) == ["stray", "web"]


def test_sessions_come_back_when_the_server_starts_and_only_then(world):
    command(world, "install", "--restore")
    start(world, "api")
    world.run("save", "api")
    world.end()
    start(world, "stray")
    world.wait_until(lambda: names(world) == ["api", "stray"], "the session")
    world.wait_until(lambda: world.panes("api"), "its panes")
    # A restore that is busy yet makes the session again.
    world.wait_until(lambda: not has_processes(world.home, "sessionctl"), "the end of the restore")
    world.tmux("kill-session", "-t", "api")
    world.tmux("source-file", world.home / ".tmux.conf")
    assert world.tmux("show-options", "-sv", "@sessionctl-started").strip() == "1"
    messages = world.tmux("list-sessions", "-F", "#{session_name}")
    assert messages == "stray\n"


def test_what_is_not_trusted_is_not_started_at_the_start(world):
    command(world, "install", "--restore")
    start(world, "api")
    world.run("save", "api")
    file = world.home / ".config/sessionctl/sessions/api.session.toml"
    file.write_text(
        file.read_text()
        + f'\n[[windows]]\nname = "w"\npanes = [{{ run = ["touch", "{world.home}/ran"] }}]\n'
    )
    world.end()
    start(world, "stray")
    world.wait_until(lambda: names(world) == ["api", "stray"], "the session")
    shells = [None, None]
    world.wait_until(
        lambda: [pane.run for pane in world.panes("api")] == shells, lambda: world.panes("api")
    )
    assert not (world.home / "ran").exists()


def test_a_menu_shows_saved_sessions_and_goes_there(keyed):
    for name in ("api", HOSTILE):
        start(keyed, name.replace("#", "##"))
        keyed.run("save", name)
    keyed.end()
    start(keyed, "stray")
    client = Client(keyed, "stray")
    press(keyed, client, "O", lambda: b"sessions" in client.screen, "the menu")
    keyed.wait_until(lambda: b"(saved)" in client.screen, "the menu")
    assert b"#(touch executed)" in client.screen
    client.press("1")
    keyed.wait_until(lambda: client.session == HOSTILE, "the client")
    press(keyed, client, "O", lambda: client.screen.count(b"(saved)") > 2, "the menu")
    client.press("2")
    keyed.wait_until(lambda: client.session == "api", "the client")
    assert not list(keyed.home.rglob("executed"))


def test_no_saved_session_is_said(keyed):
    start(keyed)
    client = Client(keyed, "work")
    # The session that runs is in the menu all the same.
    press(keyed, client, "O", lambda: b" sessions " in client.screen, "the menu")


@pytest.mark.slow
def test_the_plug_in_manager_binds_the_keys_by_its_options(world, tmp_path):
    start(world, "api")
    world.run("save", "api")
    world.end()
    start(world, "stray")
    for name, value in {
        "@sessionctl-save-key": "C-s",
        "@sessionctl-open-key": "none",
        "@sessionctl-restore": "on",
    }.items():
        world.tmux("set-option", "-g", name, value)
    folder = Path(world.home, "bin")
    folder.mkdir()
    (folder / "sessionctl").symlink_to(os.path.join(os.path.dirname(sys.executable), "sessionctl"))
    socket = world.tmux("display-message", "-p", "#{socket_path},#{pid},0").strip()
    for _ in range(2):
        subprocess.run(
            [CHECKOUT / "sessionctl.tmux"],
            env={**world.env, "TMUX": socket, "PATH": f"{folder}:/usr/bin:/bin"},
            check=True,
            timeout=30,
        )
        world.wait_until(lambda: names(world) == ["api", "stray"], "the session")
    keys = world.tmux("list-keys", "-N", "-T", "prefix")
    assert "C-s" in keys
    assert "sessionctl: restore sessions" in keys
    assert "choose a saved session" not in keys


def test_the_plug_in_without_the_program_does_no_harm(world):
    start(world)
    done = subprocess.run(
        [CHECKOUT / "sessionctl.tmux"],
        env={**world.env, "PATH": "/usr/bin:/bin"},
        capture_output=True,
        timeout=30,
    )
    assert done.returncode == 0


def test_what_is_no_key_of_tmux_is_refused_as_tmux_refuses_it(world):
    start(world)
    good = ["S", "☃", "/", "'", "C-s", "^s", "M-Left", "C-m-F12", "space", "PgUp", "KP5", "0x41"]
    bad = ["bad key", "F13", "C-", "Foo", "; run-shell x", "S-", "ab"]
    for key in [*good, *bad]:
        words = ["tmux", "-u", "-L", world.socket, "bind-key", key, "display-message", "x"]
        done = subprocess.run(words, env=world.env, capture_output=True, text=True, check=False)
        assert (done.returncode == 0) is (key in good), (key, done.stderr)
    for key in good:
        command(world, "install", "--save-key", key)
    before = (world.home / ".tmux.conf").read_bytes()
    for key in bad:
        done = world.run_plain("tmux", "install", "--save-key", key, check=False)
        assert done.returncode == 2
        assert f"--save-key: not a key of tmux: {key}" in done.stderr
    done = world.run_plain("tmux", "install", "--save-key", "R", check=False)
    assert "R is the key for save and for restore" in done.stderr
    assert (world.home / ".tmux.conf").read_bytes() == before
