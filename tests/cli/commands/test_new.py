"""sessionctl new, as a user sees it."""

from __future__ import annotations

import json
import re
import tomllib

import pytest
from click.testing import CliRunner

from sessionctl.cli.app import app
from sessionctl.cli.commands import new
from sessionctl.core.schema.verdict import validate
from sessionctl.core.toml.formatter import format_text
from tests.main_inside import main_inside

ID = "3f0d8c2e-6d1f-4c1e-9a53-0f2f7f0c4a11"
TEXT = """\
# The session "api", to be read and edited by hand. Check it, then look at it:
#   sessionctl validate api.session.toml
#   sessionctl show api.session.toml

schema_version = 1
id = "ID"
name = "api"
root = "ROOT"  # where every "cwd" below starts

[[windows]]
name = "main"
layout = "main-vertical"  # or even-horizontal, even-vertical, main-horizontal, tiled

  [[windows.panes]]
  name = "editor"
  run = ["vi", "."]  # a list is a program and its arguments, with no shell in between

  [[windows.panes]]
  name = "shell"
  cwd = "."
  run = "git status | less"  # a string is a line for the shell
  start = "type"  # "type" waits for your Enter, "run" starts it, "skip" leaves it out

# A connection to keep open. A password never stands here, only the name of a secret.
# [connections.db]
# driver = "postgres"
# host = "localhost"
# user = "app"
# database = "app"
# password = { secret = "db.password" }

# Settings of your own, for applications that run in the session.
# [preferences]
# theme = "dark"
"""


def run(*arguments):
    return CliRunner().invoke(app, list(map(str, arguments)))


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def text_of(path):
    return path.read_bytes().decode()


def test_a_session_is_written_with_comments_that_explain_it(here):
    result = run("new", "api")
    assert (result.exit_code, result.stdout) == (0, "api.session.toml\n")
    assert result.stderr == (
        "sessionctl: hint: edit it, then: "
        "sessionctl validate api.session.toml && sessionctl show api.session.toml\n"
    )
    text = text_of(here / "api.session.toml")
    identity = tomllib.loads(text)["id"]
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-.{12}", identity)
    assert text == TEXT.replace("ID", identity).replace("ROOT", str(here))


def test_a_new_session_is_valid_and_tidy_and_so_are_its_examples(here):
    run("new", "api")
    text = text_of(here / "api.session.toml")
    assert validate(text) == ()
    assert format_text(text).edits == ()
    examples = re.sub(r"^# (?=\[|\w+ = )", "", text, flags=re.MULTILINE)
    assert set(tomllib.loads(examples)) > {"connections", "preferences"}
    assert validate(examples) == ()


def test_every_session_has_an_id_of_its_own(here):
    run("new", "a")
    run("new", "b")
    one, two = (tomllib.loads(text_of(here / f"{name}.session.toml"))["id"] for name in "ab")
    assert one != two


@pytest.mark.parametrize(
    ("directory", "home_directory", "expected"),
    [
        ("/home/ada/src", "/home/ada", "~/src"),
        ("/home/ada", "/home/ada/", "~"),
        ("/home/adam", "/home/ada", "/home/adam"),
        ("/srv", "", "/srv"),
        ("/srv", "/", "/srv"),
    ],
)
def test_the_root_is_written_with_a_tilde_below_home(directory, home_directory, expected):
    assert new._with_tilde(directory, home_directory) == expected


def test_the_root_is_the_current_directory(home, monkeypatch):
    (home / "src").mkdir()
    monkeypatch.chdir(home / "src")
    run("new", "api")
    assert tomllib.loads(text_of(home / "src" / "api.session.toml"))["root"] == "~/src"


def test_the_file_may_go_to_another_directory(here):
    (here / "sub").mkdir()
    result = run("new", "api", "--dir", "sub")
    assert result.stdout == "sub/api.session.toml\n"
    assert tomllib.loads(text_of(here / "sub" / "api.session.toml"))["root"] == str(here)


def test_the_suffix_may_be_typed(here):
    assert run("new", "api.session.toml").stdout == "api.session.toml\n"
    assert tomllib.loads(text_of(here / "api.session.toml"))["name"] == "api"


def test_a_file_that_is_there_is_left_alone(here):
    (here / "api.session.toml").write_text("mine")
    result = main_inside("new", "api", cwd=here)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == (
        "sessionctl: error: api.session.toml: there is already a session\n"
        "sessionctl: hint: look at it: sessionctl show api.session.toml\n"
        "sessionctl: hint: replace it with --overwrite; the old file is kept as .bak\n"
    )
    assert text_of(here / "api.session.toml") == "mine"


def test_force_begins_anew_and_keeps_the_old_text(here):
    for text in ("one", "two"):
        (here / "api.session.toml").write_text(text)
        result = run("new", "api", "--force")
        assert result.exit_code == 0
    assert result.stderr.startswith("kept the old file as api.session.toml.2.bak\n")
    assert text_of(here / "api.session.toml.1.bak") == "one"
    assert text_of(here / "api.session.toml.2.bak") == "two"
    assert text_of(here / "api.session.toml").startswith('# The session "api"')


def test_force_writes_through_a_symlink(here):
    (here / "real.toml").write_text("old")
    (here / "api.session.toml").symlink_to("real.toml")
    assert run("new", "api", "--overwrite").exit_code == 0
    assert (here / "api.session.toml").is_symlink()
    assert text_of(here / "real.toml").startswith('# The session "api"')


def test_print_writes_nothing(here):
    result = run("new", "api", "--print")
    identity = tomllib.loads(result.stdout)["id"]
    assert result.stdout == TEXT.replace("ID", identity).replace("ROOT", str(here))
    assert list(here.iterdir()) == []


def test_a_dry_run_tells_the_plan_and_writes_nothing(here):
    assert run("new", "api", "-n").stdout == "would write api.session.toml, 34 lines\n"
    assert list(here.iterdir()) == []
    (here / "api.session.toml").write_text("mine")
    assert run("new", "api", "-n").stdout == "would refuse: api.session.toml exists already\n"
    assert run("new", "api", "-n", "--force").stdout == (
        "would write api.session.toml, 34 lines, and keep the old file\n"
    )
    assert text_of(here / "api.session.toml") == "mine"


def test_json_tells_what_was_written(here):
    answer = json.loads(run("new", "api", "--json").stdout)
    assert answer == {
        "schema": "sessionctl/v1",
        "command": "new",
        "file": "api.session.toml",
        "name": "api",
        "id": tomllib.loads(text_of(here / "api.session.toml"))["id"],
        "root": str(here),
        "kept": None,
        "dry_run": False,
    }
    kept = json.loads(run("new", "api", "--json", "--force").stdout)["kept"]
    assert kept == "api.session.toml.1.bak"


@pytest.mark.parametrize("name", ["日本語", "my api", "a'b", 'a"b', "añb", "x_1-2", "#1", "a;b"])
def test_most_names_can_be_used(here, name):
    assert run("new", name).exit_code == 0
    text = text_of(here / f"{name}.session.toml")
    assert tomllib.loads(text)["name"] == name
    assert validate(text) == ()


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "it is empty"),
        (".session.toml", "it is empty"),
        (" a", "it begins or ends with a space"),
        ("a/b", 'no "/": it separates directories'),
        ("a\\b", 'no "\\": it separates directories'),
        ("..", "no dot: tmux separates a session from its panes with it"),
        ("v1.2", "no dot: tmux separates a session from its panes with it"),
        ("a:b", "no colon: tmux separates a session from its windows with it"),
        ("a\nb", "no control or invisible characters, got U+000A"),
        ("a\x1bb", "no control or invisible characters, got U+001B"),
        ("a\u202eb", "no control or invisible characters, got U+202E"),
        ("a\udc80b", "no control or invisible characters, got U+DC80"),
        ("日" * 70, "it is longer than 200 bytes"),
    ],
    ids=ascii,
)
def test_a_name_that_would_do_harm_is_refused(here, name, reason):
    result = run("new", name)
    assert (result.exit_code, result.stdout) == (2, "")
    first, hint = result.stderr.splitlines()
    assert first.startswith("sessionctl: error: new: ")
    assert first.endswith(f"cannot name a session: {reason}")
    assert hint == "sessionctl: hint: choose letters, digits, dashes: sessionctl new my-api"
    assert list(here.iterdir()) == []


def test_a_leading_dash_is_refused_as_a_name_too(here):
    result = main_inside("new", "--", "-a", cwd=here)
    assert result.returncode == 2
    assert result.stderr.splitlines()[0] == (
        'sessionctl: error: new: "-a" cannot name a session: '
        "it begins with a dash, and commands would take it for an option"
    )


def test_commands_in_the_comments_are_quoted_where_they_must_be(here):
    run("new", "it's mine")
    text = text_of(here / "it's mine.session.toml")
    assert "#   sessionctl show 'it'\"'\"'s mine.session.toml'\n" in text


def test_a_missing_directory_is_told(here):
    result = main_inside("new", "api", "--dir", "nowhere", cwd=here)
    assert result.returncode == 3
    assert "nowhere/api.session.toml: cannot write: no such directory" in result.stderr
