"""The settings printed, with their origin; mistakes in their sources told."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from sessionctl.cli.app import app
from sessionctl.cli.completion import complete_setting
from sessionctl.services.settings.settings_files import known_settings
from tests.answers import assert_answer
from tests.world import CHECKOUT


@pytest.fixture
def work(tmp_path, monkeypatch):
    (tmp_path / "project" / "sub").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "project" / "sub")
    return tmp_path / "project"


@pytest.fixture
def own(home):
    """Return a function that writes the user's settings."""

    def write(text):
        file = home / "config" / "sessionctl" / "config.toml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file

    return write


def run(*arguments):
    return CliRunner().invoke(app, ["config", *arguments])


def test_the_defaults_are_printed_as_toml(work):
    result = run()
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0] == "backups.count = 50"
    assert len(result.stdout.splitlines()) == len(known_settings())


def test_the_nearest_source_wins_and_is_named(work, own, monkeypatch):
    file = own("[backups]\ncount = 7\ndays = 8\n")
    monkeypatch.setenv("SESSIONCTL_BACKUPS_DAYS", "9")
    lines = run("--show-origin", "backups").stdout.splitlines()
    assert lines[0] == f"backups.count = 7          # user {file}:2"
    assert lines[1] == "backups.days = 9           # environment SESSIONCTL_BACKUPS_DAYS"
    assert lines[2] == "backups.bases = 20         # default"


def test_a_project_cannot_decide_what_is_the_users(work):
    (work / ".sessionctl.toml").write_text("[backups]\ncount = 1\n")
    result = run("backups.count")
    assert result.stdout == "backups.count = 50\n"
    place = work / ".sessionctl.toml"
    assert f"{place}:2: backups.count: a project cannot set it, only you can" in result.stderr
    assert result.exit_code == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[backups]\ncount = 'x'\ndays = 8\n", 'backups.count: expected an integer, got "x"'),
        ("[backups]\ncont = 1\ndays = 8\n", "backups.cont: unknown key"),
        ("backups = 1\n", "backups: expected a table, got 1"),
        ("backups\n", "expected"),
    ],
)
def test_a_mistake_in_a_file_is_told_with_its_place(work, own, text, message):
    file = own(text)
    result = run()
    assert result.exit_code == 1
    assert f"warning: {file}:" in result.stderr
    assert message in result.stderr
    assert "backups.count = 50\n" in result.stdout
    assert ("backups.days = 8\n" in result.stdout) == ("days" in text)


def test_a_file_that_cannot_be_read_is_told(work, own):
    file = own("")
    file.write_bytes(b"\xff")
    assert f"{file}:1:1: not UTF-8" in run().stderr


@pytest.mark.parametrize(("word", "reason"), [("x", "an integer"), ("0", "a number of at least 1")])
def test_a_mistake_in_the_environment_is_told(work, monkeypatch, word, reason):
    monkeypatch.setenv("SESSIONCTL_BACKUPS_COUNT", word)
    result = run("backups.count")
    assert result.stdout == "backups.count = 50\n"
    assert f"SESSIONCTL_BACKUPS_COUNT: backups.count: expected {reason}" in result.stderr


@pytest.mark.parametrize("word", ["true", "false"])
def test_a_boolean_is_read_from_the_environment(work, monkeypatch, word):
    monkeypatch.setenv("SESSIONCTL_BACKUPS_CLEAN", word)
    assert run("backups.clean").stdout == f"backups.clean = {word}\n"


@pytest.mark.parametrize(
    ("key", "hint"), [("backups.cont", "did you mean backups.count?"), ("x", "see them all")]
)
def test_an_unknown_setting_is_an_error(work, key, hint):
    result = run(key)
    assert result.exit_code == 2
    assert hint in result.stderr


def test_the_answer_in_json_is_what_its_schema_says(work, own):
    own("[backups]\ncount = 7\nx = 1\n")
    answer = json.loads(run("--json").stdout)
    assert_answer(answer, "config.v1")
    assert answer["settings"][0]["origin"] == "user"
    assert len(answer["complaints"]) == 1


def test_settings_are_completed():
    (item,) = complete_setting(None, None, "backups.co")
    assert item.value == "backups.count"
    assert item.help.endswith(".")


def test_validate_knows_the_settings_of_a_project(work):
    file = work / ".sessionctl.toml"
    file.write_text("[backups]\ncont = 1\n")
    result = CliRunner().invoke(app, ["validate", str(file)])
    assert "backups.cont: unknown key" in result.stdout
    named = work / "other.toml"
    named.write_text("#:schema urn:sessionctl:schema:settings:v1\nx = 1\n")
    assert "x: unknown key" in CliRunner().invoke(app, ["validate", str(named)]).stdout


def test_every_setting_has_a_line_in_the_docs():
    page = (CHECKOUT / "docs" / "settings.md").read_text(encoding="utf-8")
    for one in known_settings():
        default = json.dumps(one.schema["default"]) if "default" in one.schema else ""
        scope = "yours first " if one.yours_first else "" if one.for_projects else "yours "
        line = next(line for line in page.splitlines() if line.startswith(f"| `{one.key}` |"))
        assert line.startswith(f"| `{one.key}` | {scope}| ")
        assert line.endswith(f"| {default} |")


@pytest.mark.parametrize("target", ["config.toml", "not-there"])
@pytest.mark.parametrize("is_project", [False, True])
def test_a_link_that_leads_nowhere_is_reported(work, own, target, is_project):
    file = work / ".sessionctl.toml" if is_project else own("")
    file.unlink(missing_ok=True)
    file.symlink_to(file.name if target == "config.toml" else target)
    result = run()
    assert result.exit_code == 1
    assert str(file) in result.stderr
