"""sessionctl secret list needs no key."""

from __future__ import annotations

import json

import jsonschema
import pytest
from click.testing import CliRunner

from sessionctl.cli.app import app
from sessionctl.core.secrets.sidecar import Sidecar, SidecarEntry
from sessionctl.resources import schema_text
from tests.sidecars import in_armor

SESSION = """\
schema_version = 1
name = "api"
[connections.prod]
driver = "postgres"
password = { secret = "prod.password" }
[connections.old]
driver = "redis"
password = { secret = "old.password" }
"""


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "api.session.toml").write_text(SESSION)
    (tmp_path / "empty.session.toml").write_text('schema_version = 1\nname = "e"\n')
    made = Sidecar.new("id", "age1abc")
    made = made.put(SidecarEntry("prod.password", in_armor(b"x" * 99), rotate="2026-10-03"))
    made = made.put(SidecarEntry("spare", in_armor(b"y" * 99), is_unsealed=True))
    (tmp_path / "api.secrets.toml").write_text(made.text)
    return tmp_path


def run(*arguments):
    return CliRunner().invoke(app, ["secret", *arguments])


def test_the_list_tells_what_is_there_and_what_is_to_be_done():
    result = run("list")
    assert result.exit_code == 0
    assert result.stdout == (
        "api.session.toml\n"
        "  old.password   used by connections.old.password; missing: secret set\n"
        "  prod.password  used by connections.prod.password;"
        " known to a removed recipient since 2026-10-03: secret rotate\n"
        "  spare          not used; unsealed: secret accept\n"
    )
    assert run("list", "api.secrets.toml").stdout.splitlines()[1:] == result.stdout.splitlines()[1:]


def test_the_list_in_json_keeps_to_its_schema():
    answer = json.loads(run("list", "--json", "api.session.toml").stdout)
    jsonschema.Draft202012Validator(json.loads(schema_text("output-secret-list.v1"))).validate(
        answer
    )
    assert [item["stored"] for item in answer["files"][0]["secrets"]] == [False, True, True]


def test_where_there_are_no_secrets_that_is_said():
    result = run("list", "empty.session.toml")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "no secrets here\n")


def test_a_file_that_cannot_be_read_is_reported_and_the_others_are_listed(folder):
    whole = run("list").stdout
    (folder / "a.session.toml").write_text("x = \n")
    (folder / "gone.session.toml").symlink_to("nowhere")
    (folder / "z.session.toml").write_text('schema_version = 1\nname = "z"\n')
    (folder / "z.secrets.toml").write_text("x = [\n")
    result = run("list")
    assert (result.exit_code, result.stdout) == (1, whole)
    assert "error: a.session.toml:1:5: expected a value" in result.stderr
    assert "hint: fix it: sessionctl edit a.session.toml" in result.stderr
    assert "error: z.secrets.toml:1:5: the array is never closed" in result.stderr
    result = run("list", "--json", "a.session.toml", "api.session.toml")
    assert result.exit_code == 1
    assert [one["file"] for one in json.loads(result.stdout)["files"]] == ["api.session.toml"]
    result = run("list", "api.session.toml", "nowhere.session.toml")
    assert (result.exit_code, result.stdout) == (3, whole)
    result = run("doctor", "a.session.toml", "api.session.toml", "z.session.toml")
    assert result.exit_code == 1
    assert "problem  file: a.session.toml:1:5: expected a value" in result.stdout
    assert "problem  file: z.secrets.toml:1:5: the array is never closed" in result.stdout
    assert "problem  api.session.toml: the vault that its secrets " in result.stdout


def test_a_file_of_another_kind_is_a_usage_error():
    result = run("list", "pyproject.toml")
    assert result.exit_code == 2
    assert "does not end in .session.toml" in result.stderr


def test_the_group_helps_without_importing_its_commands():
    result = run("--help")
    assert "  list     List secrets" in result.output
    assert run("lsit").stderr.splitlines() == [
        "sessionctl: error: secret: no such command: lsit",
        "sessionctl: hint: did you mean 'sessionctl secret list'?",
    ]
    assert "see 'sessionctl secret --help'" in run("zzz").stderr
    assert run("list", "--help").output.startswith("Usage: sessionctl secret list")
    assert run("list", "-q", "empty.session.toml").stderr == ""
