"""restore and connections: they come up with a trusted session, and end with it."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import threading
import time
from unittest.mock import patch

import pytest

from sessionctl.services.connections.session_start import NEEDS_S
from tests.git.inprocess import run_inside
from tests.tmux_world import TmuxWorld

SESSION = """\
schema_version = 1
name = "bees"

[[windows]]
name = "w"
  [[windows.panes]]
  name = "has it"
  run = ["sleep", "300"]
  needs = ["notes"]
  [[windows.panes]]
  name = "lacks it"
  run = ["sleep", "301"]
  needs = ["notes", "other"]

[connections.notes]
driver = "sqlite"
file = "notes.db"
start = true

[connections.other]
driver = "sqlite"
file = "other.db"
"""
PATIENCE_S = 30


@pytest.fixture
def world(tmp_path):
    world = TmuxWorld(tmp_path / "home")
    world.env["XDG_RUNTIME_DIR"] = str(tmp_path / "run")
    (tmp_path / "run").mkdir(mode=0o700)
    world.file = tmp_path / "bees.session.toml"
    world.file.write_text(SESSION)
    connection = sqlite3.connect(tmp_path / "notes.db")
    connection.execute("CREATE TABLE t (x)")
    connection.close()
    yield world
    sessionctl(world, "connections", "keep", "--stop", world.file)
    world.tmux("kill-server", check=False)


def call(world, *words):
    """Run sessionctl in this process; it needs no tmux server for this."""
    with patch.dict(os.environ, world.env, clear=True):
        return run_inside(*words)


def sessionctl(world, *words, code=0):
    done = call(world, *words)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


def status(world, code=0):
    said = sessionctl(world, "connections", "status", "--json", world.file, code=code)
    return {one["name"]: one for one in json.loads(said)["connections"]}


def is_ready(world):
    done = call(world, "connections", "status", world.file, "notes")
    return done.stdout.startswith("notes: ready") and "not kept" not in done.stdout


def keepers(world):
    """Return the processes that keep the connections of this session."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as stream:
                words = stream.read().split(b"\0")
        except OSError:
            continue
        if b"keep" in words and str(world.file).encode() in words and b"--stop" not in words:
            found.append(int(pid))
    return found


def wait_until(holds):
    end = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_connections_come_up_with_a_trusted_session_and_end_with_it(world):
    done = world.run("restore", "--yes", world.file)
    assert "connection notes: ready: SQLite" in done.stdout
    assert "w: lacks it: typed, not started: it needs other" in done.stderr
    wait_until(lambda: "sleep" in world.tmux("list-panes", "-aF", "#{pane_current_command}"))
    assert status(world)["notes"]["is_kept"]
    assert not status(world)["other"]["is_kept"]
    (keeper,) = keepers(world)
    assert os.getsid(keeper) != os.getsid(0)
    world.run("restore", world.file)  # what stands is left as it is
    assert keepers(world) == [keeper]
    assert world.run("close", "--yes", "bees").stdout.endswith("ended bees\n")
    assert keepers(world) == []
    assert 'needs = ["notes"]' in world.file.read_text()


def test_nothing_is_opened_of_a_file_that_is_not_trusted(world):
    done = world.run("restore", "--no-input", "--json", world.file, check=False)
    assert done.returncode == 5
    (session,) = json.loads(done.stdout)["sessions"]
    assert session["connections"][0]["state"] == "idle"
    assert keepers(world) == []
    sessionctl(world, "connections", "keep", world.file, code=5)
    dry = world.run("restore", "-n", world.file)
    assert "open and keep open: the connection notes" in dry.stdout


def test_trust_covers_where_a_connection_leads_and_nothing_else(world):
    sessionctl(world, "trust", world.file)
    for old, new, is_new in (
        ('name = "bees"', 'name = "bees" # x', False),
        ("start = true", "start = true\ntimeout_s = 3\nretry = false", False),
        ('"other.db"', '"x.db"', False),
        ('"notes.db"', '"x.db"', True),
        ("start = true", 'start = true\nattach = { x = "x.db" }', True),
    ):
        world.file.write_text(SESSION.replace(old, new))
        found = json.loads(sessionctl(world, "trust", "-n", "--json", world.file))["new"]
        assert [one["kind"] for one in found] == (["connection"] if is_new else []), new
    assert "x.db" in found[0]["text"]


def test_a_connection_that_fails_is_reported_and_the_panes_stand(world):
    (world.file.parent / "notes.db").unlink()
    began = time.monotonic()
    done = world.run("restore", "--yes", world.file, check=False)
    assert done.returncode == 1
    assert time.monotonic() - began < NEEDS_S  # what cannot come is not waited for
    assert "w: has it: typed, not started: it needs notes" in done.stderr
    assert "connection notes: stopped: notes.db: there is no such file" in done.stderr
    assert world.tmux("list-panes", "-aF", "#{pane_id}").count("%") == 2
    assert status(world, code=1)["notes"]["state"] == "stopped"


def test_a_changed_connection_is_opened_anew_and_a_killed_keeper_is_replaced(world):
    world.run("restore", "--yes", world.file)
    (first,) = keepers(world)
    world.file.write_text(SESSION.replace("start = true", "start = true\nreadonly = true"))
    sessionctl(world, "trust", world.file)
    world.run("restore", world.file, check=False)
    (second,) = keepers(world)
    assert second != first
    os.kill(second, signal.SIGKILL)
    wait_until(lambda: not keepers(world))
    assert not status(world)["notes"]["is_kept"]
    world.run("restore", world.file, check=False)
    assert len(keepers(world)) == 1
    os.kill(keepers(world)[0], signal.SIGTERM)
    wait_until(lambda: not keepers(world))


def test_what_is_stuck_is_tried_again_when_the_user_asks(world):
    notes = world.file.parent / "notes.db"
    notes.rename(notes.with_suffix(".away"))
    world.run("restore", "--yes", world.file, check=False)
    assert status(world, code=1)["notes"]["state"] == "stopped"
    notes.with_suffix(".away").rename(notes)
    sessionctl(world, "connections", "keep", "--retry", world.file)
    wait_until(lambda: is_ready(world))
    (keeper,) = keepers(world)
    sessionctl(world, "connections", "keep", "--retry", world.file)
    assert keepers(world) == [keeper]


def test_any_name_can_be_kept(world):
    odd = SESSION.replace("[connections.notes]", "[connections.'-x #(y)']")
    world.file.write_text(odd.replace('"notes"', '"-x #(y)"'))
    done = world.run("restore", "--yes", world.file)
    assert "connection -x #(y): ready" in done.stdout
    assert status(world)["-x #(y)"]["is_kept"]


def test_what_is_not_trusted_any_more_is_closed(world):
    world.run("restore", "--yes", world.file)
    assert len(keepers(world)) == 1
    sessionctl(world, "untrust", world.file)
    assert keepers(world) == []


def test_a_pane_waits_for_a_server_that_comes_late(world):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        line = f'driver = "line"\nhost = "127.0.0.1"\nport = {port}\nstart = true\n'
        text = SESSION.replace('driver = "sqlite"\nfile = "notes.db"\nstart = true\n', line)
        world.file.write_text(text)
        timer = threading.Timer(2.0, listener.listen)
        timer.start()
        done = world.run("restore", "--yes", world.file, check=False)
        timer.join()
        assert "connection notes: ready" in done.stdout, done.stderr
        assert "has it" not in done.stderr
        wait_until(lambda: "sleep" in world.tmux("list-panes", "-aF", "#{pane_current_command}"))
        sessionctl(world, "connections", "keep", "--stop", world.file)
