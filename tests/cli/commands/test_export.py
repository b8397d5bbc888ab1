"""sessionctl export: what comes out builds the session, with real tmux and real tmuxp."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner

from sessionctl.cli.app import app
from sessionctl.resources import schema_text
from tests.world import IN_CI, need

SESSION = """\
schema_version = 1
name = "api #(touch pwned)"
root = "src"
env = { STAGE = "dev #1; x", TOKEN = { secret = "api.token" } }
options = { status-left = "[#S]" }
description = "the billing API"

[[windows]]
name = "ed#itor"
layout = "main-vertical"
options = { main-pane-width = "60%", synchronize-panes = true }

  [[windows.panes]]
  name = "tests"
  run = [
    "python3", "../args.py", "one", "a'b $HOME", "tab\\there", "x;", "", "li\\nne\\n", "#{pane_id}",
  ]

  [[windows.panes]]
  cwd = "sub dir"
  env = { DEPTH = "2" }
  run = '''
cd ..
python3 ../args.py two "$STAGE" "$DEPTH" '$HOME' \\;'''

  [[windows.panes]]
  run = "python3 ../args.py three"
  start = "type"
  focus = true

[[windows]]
name = ""
index = 7
focus = true

  [[windows.panes]]
  run = ["sleep", "1000"]
  shell = false
  resume = ["true"]

  [[windows.panes]]
  run = "python3 ../args.py four"
  start = "skip"

  [[windows.panes]]
  run = ["sleep", "1001"]
  shell = false
"""
# Writes its arguments and its directory to a file that is named by the first one.
ARGUMENTS = """\
import json, os, sys
path = os.path.dirname(os.path.abspath(sys.argv[0])) + "/" + sys.argv[1]
with open(path + ".part", "w") as out:
    json.dump([sys.argv[2:], os.getcwd()], out)
os.rename(path + ".part", path + ".json")
"""


@pytest.fixture
def place(tmp_path, home, monkeypatch):
    """Return a directory with a session in it and a shell that has no start-up files."""
    need("tmux")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SHELL", shutil.which("bash") or "/bin/sh")
    monkeypatch.setenv("TMUX_TMPDIR", str(tmp_path))
    (tmp_path / "src" / "sub dir").mkdir(parents=True)
    (tmp_path / "args.py").write_text(ARGUMENTS)
    (tmp_path / "api.session.toml").write_text(SESSION)
    yield tmp_path
    subprocess.run(["tmux", "-L", "export", "kill-server"], capture_output=True)


def export(*arguments, code=0):
    result = CliRunner().invoke(app, ["export", *arguments])
    assert result.exit_code == code, result.output
    return result


def tmux(*arguments):
    done = subprocess.run(
        ["tmux", "-u", "-L", "export", *arguments], capture_output=True, text=True, check=True
    )
    return done.stdout.splitlines()


def called(place, name, deadline_s=20):
    """Return what a command of a pane was called with, once it was."""
    path = place / f"{name}.json"
    end = time.monotonic() + deadline_s
    while not path.exists():
        assert time.monotonic() < end, tmux(
            "list-panes", "-a", "-F", "#{pane_id} #{pane_current_command}"
        )
        time.sleep(0.05)
    return json.loads(path.read_text())


PLAIN = """\
schema_version = 1
name = "plain"

[[windows]]
name = "many"
panes = [{}, {}, {}, {}]
"""


def assert_tiled():
    shown = tmux("list-panes", "-F", "#{pane_active} #{pane_at_left} #{pane_at_top}")
    assert shown == ["1 1 1", "0 0 1", "0 1 0", "0 0 0"]


def assert_built(place):
    source = os.path.realpath(place / "src")
    arguments = ["a'b $HOME", "tab\there", "x;", "", "li\nne\n", "#{pane_id}"]
    assert called(place, "one") == [arguments, source]
    assert called(place, "two") == [["dev #1; x", "2", "$HOME", ";"], source]
    assert not (place / "src" / "pwned").exists()
    assert not (place / "pwned").exists()
    assert not (place / "three.json").exists()
    assert not (place / "four.json").exists()
    windows = tmux(
        "list-windows", "-F", "#{window_index}|#{window_name}|#{window_panes}|#{window_active}"
    )
    assert [line.split("|")[2:] for line in windows] == [["3", "0"], ["3", "1"]]
    assert windows[0].split("|")[1] == "ed#itor"
    assert windows[1].startswith("7|")
    first = windows[0].split("|")[0]
    assert tmux("show-options", "-wv", "-t", f":{first}", "synchronize-panes") == ["on"]
    assert tmux("show-options", "-wv", "-t", f":{first}", "main-pane-width") == ["60%"]
    active = tmux("list-panes", "-t", f":{first}", "-F", "#{pane_active}")
    assert active == ["0", "0", "1"]
    shown = "\n".join(tmux("capture-pane", "-pJ", "-t", f":{first}"))
    assert shown.rstrip().endswith("args.py three")
    programs = tmux("list-panes", "-t", ":7", "-F", "#{pane_current_command}")
    assert [programs[0], programs[2]] == ["sleep", "sleep"]


@pytest.mark.parametrize("shell", ["bash", "dash"])
def test_the_script_builds_the_session(place, shell):
    export("api.session.toml", "--to", "shell", "-o", "api.sh")
    done = subprocess.run(
        [need(shell), "api.sh"], cwd=place, env={**os.environ, "SOCKET": "export"},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert_built(place)
    assert tmux("list-panes", "-t", ":0", "-F", "#{pane_title}")[0] == "tests"
    again = subprocess.run(
        ["sh", "api.sh"], cwd=place, env={**os.environ, "SOCKET": "export"},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert again.returncode != 0
    assert "duplicate session" in again.stderr


@pytest.mark.slow
def test_tmuxp_builds_the_session(place):
    program = Path(sys.executable).with_name("tmuxp")
    if not program.exists():
        reason = "tmuxp is not installed"
        pytest.fail(reason) if IN_CI else pytest.skip(reason)
    export("api.session.toml", "--to", "tmuxp", "-o", "api.yaml")
    done = subprocess.run(
        [program, "load", "-d", "-L", "export", "api.yaml"], cwd=place, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert_built(place)


@pytest.mark.parametrize("shell", ["bash", "dash"])
def test_panes_without_a_layout_lie_as_they_are_restored(place, shell):
    (place / "plain.session.toml").write_text(PLAIN)
    export("plain.session.toml", "--to", "shell", "-o", "plain.sh")
    subprocess.run(
        [need(shell), "plain.sh"], cwd=place, env={**os.environ, "SOCKET": "export"},
        stdin=subprocess.DEVNULL, check=True, timeout=60,
    )  # fmt: skip
    assert_tiled()


@pytest.mark.slow
def test_tmuxp_lays_panes_without_a_layout_as_they_are_restored(place):
    program = Path(sys.executable).with_name("tmuxp")
    if not program.exists():
        reason = "tmuxp is not installed"
        pytest.fail(reason) if IN_CI else pytest.skip(reason)
    (place / "plain.session.toml").write_text(PLAIN)
    export("plain.session.toml", "--to", "tmuxp", "-o", "plain.yaml")
    subprocess.run(
        [program, "load", "-d", "-L", "export", "plain.yaml"], cwd=place,
        stdin=subprocess.DEVNULL, check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    assert_tiled()


@pytest.mark.parametrize("target", ["tmuxp", "shell"])
def test_what_is_not_exported_is_said_with_its_line(place, target):
    stderr = export("api.session.toml", "--to", target).stderr
    for line, key in ((4, "env.TOKEN"), (6, "description"), (39, "resume"), (42, "run")):
        assert f"api.session.toml:{line}:" in stderr, stderr
        assert key in stderr
    assert ("windows[0].panes[0].name" in stderr) == (target == "tmuxp")


@pytest.mark.parametrize("extra", [[], ["-o", "out"]])
def test_an_answer_is_what_its_schema_says(place, extra):
    answer = json.loads(export("--to", "tmuxp", "--json", *extra).stdout)
    jsonschema.Draft202012Validator(json.loads(schema_text("output-export.v1"))).validate(answer)
    assert (answer["text"] is None) == bool(extra)


def test_what_tmuxp_gets_comes_back_by_import(place):
    export("api.session.toml", "--to", "tmuxp", "-o", "api.yaml")
    result = CliRunner().invoke(app, ["import", "api.yaml", "--stdout"])
    assert 'layout = "main-vertical"' in result.stdout
    assert f'root = "{place}/src"' in result.stdout
    assert 'start = "type"' in result.stdout


def test_a_session_without_windows_and_an_output_that_is_there_are_refused(place):
    (place / "x.session.toml").write_text('schema_version = 1\nname = "x"\n')
    assert "has no windows" in export("x.session.toml", "--to", "shell", code=2).output
    stderr = export("api.session.toml", "--to", "shell", "-o", "args.py", code=3).stderr
    assert "args.py" in stderr
