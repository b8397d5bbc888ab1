"""sessionctl show and list, as a user sees them."""

from __future__ import annotations

import json
import os
import sys
import time

import pytest
from click.testing import CliRunner

from sessionctl.cli.app import app
from sessionctl.cli.output.console import Console
from sessionctl.cli.output.terminal import charset_of, terminal_width
from tests.main_inside import main_inside
from tests.world import run_sessionctl

SESSION = """\
name = "api"
root = "~/src/api"

[[windows]]
name = "editor"
layout = "even-horizontal"
panes = [{ name = "code", run = ["vi"] }, { run = "make test", start = "type" }]

[connections.prod]
driver = "postgres"
host = "db.example.org"
password = { secret = "prod.password" }

[connections.old]
driver = "postgres"
password = "hunter2"

[[overrides]]
when.host = "*"
root = "/srv/api"
"""
DRAWN = """\
api  ~/src/api

┌─ 1 editor ───────────┬───── even-horizontal ─┐
│ code                 │ pane 2                │
│ vi                   │ $ make test           │
│                      │ typed, not entered    │
└──────────────────────┴───────────────────────┘

Connections
  name  driver    address
  prod  postgres  db.example.org
    secret prod.password
  old   postgres
    secret password: ***

On host *
  root  "/srv/api"
"""


def run(*arguments, **extra):
    return CliRunner().invoke(app, list(map(str, arguments)), **extra)


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "48")
    return tmp_path


def test_the_only_session_here_is_shown(here):
    (here / "api.session.toml").write_text(SESSION)
    result = run("show")
    assert result.exit_code == 0
    assert result.stdout == DRAWN
    assert result.stderr == ""


def test_a_session_can_come_from_stdin():
    result = main_inside("show", "-", stdin=SESSION, env={"COLUMNS": "48"})
    assert (result.returncode, result.stdout, result.stderr) == (0, DRAWN, "")


def test_a_terminal_of_ascii_only_gets_ascii(here):
    (here / "api.session.toml").write_text(SESSION)
    result = run("show", "--ascii")
    assert result.stdout.isascii()
    assert "+- 1 editor -----------+----- even-horizontal -+\n" in result.stdout
    env = {"PYTHONIOENCODING": "ascii", "COLUMNS": "48"}
    assert run_sessionctl("show", cwd=here, env=env).stdout == result.stdout


def test_colours_are_used_when_asked_for(here):
    (here / "api.session.toml").write_text(SESSION)
    assert "\x1b[1mapi\x1b[0m  \x1b[2m~/src/api\x1b[0m\n" in run("--color", "show").stdout


def test_overrides_of_this_machine_are_applied_when_asked_for(here):
    (here / "api.session.toml").write_text(SESSION)
    result = run("show", "--resolved")
    assert result.stdout.startswith("api  /srv/api\n")
    assert "On host" not in result.stdout


def test_json_has_the_value_without_secrets(here):
    (here / "api.session.toml").write_text(SESSION)
    answer = json.loads(run("show", "--json").stdout)
    assert {key: answer[key] for key in ("schema", "command", "file", "resolved")} == {
        "schema": "sessionctl/v1",
        "command": "show",
        "file": "api.session.toml",
        "resolved": False,
    }
    assert answer["session"]["connections"] == {
        "prod": {
            "driver": "postgres",
            "host": "db.example.org",
            "password": {"secret": "prod.password"},
        },
        "old": {"driver": "postgres", "password": "***"},
    }
    assert json.loads(run("show", "--json", "--resolved").stdout)["session"]["root"] == "/srv/api"


def test_a_directory_without_sessions_is_told_with_the_next_steps(here):
    result = main_inside("show", cwd=here)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == (
        "sessionctl: error: which session? there is no session file here\n"
        "sessionctl: hint: name one: sessionctl show NAME\n"
        "sessionctl: hint: see them: sessionctl list\n"
        "sessionctl: hint: or create one: sessionctl new NAME\n"
    )


def test_several_sessions_are_listed(here):
    (here / "a.session.toml").write_text("")
    (here / "b.session.toml").write_text("")
    result = main_inside("show", cwd=here)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == (
        "sessionctl: error: which session? there are 2 here: a.session.toml, b.session.toml\n"
        "sessionctl: hint: name one: sessionctl show a.session.toml\n"
    )


def test_a_broken_file_is_told_with_its_place(here):
    (here / "a.session.toml").write_text('name = "a\n')
    result = main_inside("show", cwd=here)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith("sessionctl: error: a.session.toml:1:")


def test_a_missing_file_is_told(here):
    result = main_inside("show", "x.session.toml", cwd=here)
    assert result.returncode == 3
    assert "x.session.toml: cannot read: no such file" in result.stderr


def test_an_empty_file_shows_its_own_name(here):
    (here / "x.session.toml").write_text("")
    assert run("show").stdout == "x\n\nno windows\n"


def test_the_width_is_that_of_the_terminal(monkeypatch):
    for columns, expected in [("120", 120), ("0", 80), ("x", 80), ("", 80), ("٣", 80)]:
        assert terminal_width(Console(environ={"COLUMNS": columns})) == expected
    console = Console(environ={})
    monkeypatch.setattr(sys.stdout, "fileno", lambda: 1, raising=False)
    monkeypatch.setattr(os, "get_terminal_size", lambda fd: os.terminal_size((0, 0)))
    assert terminal_width(console) == 80
    monkeypatch.setattr(os, "get_terminal_size", lambda fd: os.terminal_size((132, 50)))
    assert terminal_width(console) == 132


@pytest.mark.parametrize(
    ("encoding", "expected"),
    [("utf-8", False), ("UTF-8", False), ("utf_8", False), (None, False), ("latin-1", True)],
)
def test_line_drawing_needs_a_terminal_of_unicode(encoding, expected):
    class Stream:
        pass

    stream = Stream()
    stream.encoding = encoding
    assert charset_of(Console(stdout=stream), ascii_only=False).is_ascii is expected
    assert charset_of(Console(stdout=stream), ascii_only=True).is_ascii


# -- list --------------------------------------------------------------------------------


@pytest.fixture
def listed(here, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    time.tzset()
    (here / "api.session.toml").write_text(SESSION)
    (here / "sub").mkdir()
    (here / "sub" / "broken.session.toml").write_text("name = \n")
    (here / "sub" / "binary.session.toml").write_bytes(b"\xff")
    (here / "sub" / "empty.session.toml").write_text("[[windows]]")
    (here / ".git").mkdir()
    (here / ".git" / "no.session.toml").write_text("")
    for path in here.rglob("*.session.toml"):
        os.utime(path, (1767323045, 1767323045))
    return here


def test_session_files_are_listed_broken_ones_too(listed):
    result = run("list")
    assert result.exit_code == 0
    assert (
        result.stdout
        == """\
name    windows  panes  connections  changed           file
api     1        2      2            2026-01-02 03:04  api.session.toml
binary  -        -      -            2026-01-02 03:04  sub/binary.session.toml
  sub/binary.session.toml:1:1: not UTF-8, got the byte 0xff
broken  -        -      -            2026-01-02 03:04  sub/broken.session.toml
  sub/broken.session.toml:1:8: expected a value, found the end of the line
empty   1        1      0            2026-01-02 03:04  sub/empty.session.toml
"""
    )


def test_json_lists_every_file(listed):
    answer = json.loads(run("list", "--json").stdout)
    assert answer["sessions"][0] == {
        "file": "api.session.toml",
        "name": "api",
        "windows": 1,
        "panes": 2,
        "connections": 2,
        "valid": True,
        "problem": None,
        "modified": "2026-01-02T03:04:05Z",
    }
    assert [item["valid"] for item in answer["sessions"]] == [True, False, False, True]
    broken = answer["sessions"][2]
    assert broken["problem"].startswith("sub/broken.session.toml:1:8: ")
    assert [broken[what] for what in ("windows", "panes", "connections")] == [0, 0, 0]


def test_directories_may_be_named_and_a_file_is_listed_once(listed):
    result = run("list", "sub", ".", "sub")
    lines = [line for line in result.stdout.splitlines() if line[0] != " "]
    assert [line.split()[0] for line in lines] == ["name", "binary", "broken", "empty", "api"]


def test_an_empty_directory_is_told_with_the_next_step(here):
    result = run("list")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == (
        "no session files in this directory\n"
        "sessionctl: hint: save the tmux session you are in: sessionctl save\n"
        "sessionctl: hint: or create one: sessionctl new NAME\n"
    )
    (here / "a").mkdir()
    assert run("list", "a").stderr.startswith("no session files in a\n")


def test_sessions_that_were_saved_by_name_are_listed_from_everywhere(here, home, monkeypatch):
    saved = home / "config" / "sessionctl" / "sessions"
    saved.mkdir(parents=True)
    (saved / "shop.session.toml").write_text('schema_version = 1\nname = "shop"\n')
    monkeypatch.setenv("HOME", str(home))
    line = run("list").stdout.splitlines()[1]
    assert line.startswith("shop ")
    assert line.endswith(" ~/config/sessionctl/sessions/shop.session.toml")
    [found] = json.loads(run("list", "--json").stdout)["sessions"]
    assert found["file"] == str(saved / "shop.session.toml")
    assert run("list", ".").stdout == ""
    monkeypatch.chdir(saved)
    assert len(run("list").stdout.splitlines()) == 2


def test_a_directory_that_is_not_there_is_told(here):
    result = main_inside("list", "nowhere", cwd=here)
    assert result.returncode == 3
    assert result.stderr == (
        "sessionctl: error: nowhere: cannot read the directory: no such file or directory\n"
        "sessionctl: hint: see what is there: ls .\n"
    )


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_an_unreadable_file_is_listed(listed):
    (listed / "api.session.toml").chmod(0)
    assert "cannot read" in run("list").stdout


def test_a_file_that_went_away_is_listed_with_its_problem(listed, monkeypatch):
    from sessionctl.errors import FileError
    from sessionctl.services.documents import session_view

    def gone(path):
        raise FileError(f"{path}: cannot read: no such file")

    monkeypatch.setattr(session_view, "read_text", gone)
    item = session_view.list_sessions(["."])[0]
    assert (item.name, item.problem) == ("api", "api.session.toml: cannot read: no such file")
