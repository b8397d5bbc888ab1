"""What --json answers keeps to the shipped schemas."""

from __future__ import annotations

import json

import jsonschema
from click.testing import CliRunner

from sessionctl.cli.app import app
from sessionctl.resources import schema_text
from tests.together import together

SESSION = """\
schema_version = 1
name = "api"
day = 2026-01-02
[preferences]
theme = "dark"
x = nan
[connections.a]
driver = "postgres"
password = "hunter2"
"""


@together(
    "arguments",
    [
        ["new", "web"],
        ["new", "-n", "api"],
        ["new", "--force", "api"],
        ["show", "api.session.toml"],
        ["show", "--resolved", "api.session.toml"],
        ["list"],
        ["list", "sub"],
        ["get", "api.session.toml", "preferences"],
        ["get", "api.session.toml", "day"],
        ["get", "api.session.toml", "connections.a.password"],
        ["set", "api.session.toml", "preferences.theme", "light"],
        ["set", "-n", "api.session.toml", "preferences.new", "[1]"],
        ["unset", "api.session.toml", "preferences.theme"],
        ["unset", "api.session.toml", "connections"],
        ["fmt"],
        ["fmt", "--check", "untidy.toml"],
    ],
    ids=" ".join,
)
def test_an_answer_is_what_its_schema_says(tmp_path, monkeypatch, arguments):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "api.session.toml").write_text(SESSION)
    (tmp_path / "untidy.toml").write_text("a=1")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "b.session.toml").write_text("a = ")
    result = CliRunner().invoke(app, [*arguments, "--json"])
    answer = json.loads(result.stdout)
    schema = json.loads(schema_text(f"output-{arguments[0]}.v1"))
    assert schema["properties"]["command"]["const"] == arguments[0]
    jsonschema.Draft202012Validator(schema).validate(answer)
    assert "hunter2" not in result.output
