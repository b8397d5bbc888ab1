"""What trust covers: everything that starts a program or steers one, and nothing else."""

from __future__ import annotations

import tomllib

import pytest

from sessionctl.core.session.startup import DIRECTORY, OPTION, PROGRAM, VARIABLE, start_items

SESSION = """
schema_version = 1
name = "api"
root = "~/src/api"
env = { STAGE = "test" }
options = { status-left = "[api]", "@project" = "api" }
[[windows]]
name = "editor"
layout = "main-vertical"
options = { main-pane-width = 100 }
[[windows.panes]]
name = "code"
run = ["nvim", "src/main.py"]
[[windows.panes]]
name = "logs"
cwd = "var/log"
run = "tail -f app.log"
start = "type"
[[windows]]
name = "shell"
"""


def items(text=SESSION):
    return start_items(tomllib.loads(text))


def digests(text=SESSION):
    return {item.digest for item in items(text)}


def test_programs_directories_variables_and_steering_options_are_items():
    assert [(item.kind, item.where, item.text) for item in items()] == [
        (VARIABLE, "the session", "STAGE=test"),
        (PROGRAM, "editor: code", "nvim src/main.py   in ~/src/api   with STAGE=test"),
        (PROGRAM, "editor: logs", "$ tail -f app.log   in ~/src/api/var/log   with STAGE=test"),
        (PROGRAM, "shell: pane 1", "a shell   in ~/src/api   with STAGE=test"),
    ]
    (plain,) = items('[[windows]]\ncwd = "/srv"')
    assert (plain.kind, plain.text) == (DIRECTORY, "/srv")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('name = "api"', 'name = "web"  # renamed'),
        ('name = "editor"', 'name = "code"'),
        ("main-vertical", "tiled"),
        ("main-pane-width = 100", "main-pane-width = 80"),
        ('"[api]"', '"[#S]"'),
        ('"@project" = "api"', '"@project" = "web"'),
        ('start = "type"', 'start = "run"'),
        ("schema_version = 1", "schema_version = 1\ndescription = 'x'"),
    ],
)
def test_an_edit_that_starts_nothing_asks_nothing(old, new):
    assert old in SESSION
    assert digests(SESSION.replace(old, new)) == digests()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"src/main.py"', '"src/app.py"'),
        ('["nvim", "src/main.py"]', '"nvim src/main.py"'),
        ("app.log", "other.log"),
        ('cwd = "var/log"', 'cwd = "/tmp"'),
        ("~/src/api", "~/src/web"),
        ('STAGE = "test"', 'STAGE = "prod"'),
        ('STAGE = "test"', 'PATH = "/tmp/bin"'),
        ('run = ["nvim", "src/main.py"]', 'run = ["nvim", "src/main.py"]\nresume = ["sh", "x"]'),
        ('run = ["nvim", "src/main.py"]', 'run = ["nvim", "src/main.py"]\nshell = ["./sh"]'),
        ('"[api]"', '"#(touch x)"'),
        ('"[api]"', '"#{E:@x}"'),
        ('status-left = "[api]"', 'default-command = "x"'),
        ('status-left = "[api]"', '"after-new-window[0]" = "run-shell x"'),
        ("main-pane-width = 100", 'pane-border-format = "#(x)"'),
        ('"@project" = "api"', '"@project" = "#(x)"'),
        ("main-pane-width = 100", "nobody-knows-this = 1"),
    ],
)
def test_an_edit_that_starts_or_steers_something_is_new(old, new):
    assert old in SESSION
    assert digests(SESSION.replace(old, new)) - digests()


def test_what_a_committed_file_says_of_the_server_is_covered():
    text = SESSION.replace(
        "[[windows]]", "[tmux]\nsession_options = { default-shell = 'x' }\n[[windows]]", 1
    )
    (new,) = [item for item in items(text) if item.digest not in digests()]
    assert (new.kind, new.where, new.text) == (OPTION, "the tmux server", "default-shell = x")
    text = text.replace("session_options = { default-shell = 'x' }", "config_files = ['x']")
    assert digests(text) - digests()


def test_an_empty_resume_is_a_shell_and_another_thing_than_the_program():
    text = SESSION.replace(
        'run = ["nvim", "src/main.py"]', 'run = ["nvim", "src/main.py"]\nresume = []'
    )
    assert any(
        item.text.startswith("a shell") and item.where == "editor: code" for item in items(text)
    )


def test_secrets_are_masked_and_risks_named():
    (item,) = items(
        '[[windows]]\n[[windows.panes]]\nrun = "sudo mysql --password=hunter2hunter2 x"'
    )
    assert "hunter2" not in item.text
    assert item.risk == "sudo: gets other rights"


def test_what_has_the_wrong_type_is_covered_and_stops_nothing():
    assert start_items({"windows": 3, "options": [], "env": "x", "tmux": 1}) == ()
    assert start_items({"windows": [{"panes": [{"run": 3, "shell": "x", "cwd": 4}]}], "root": 5})
