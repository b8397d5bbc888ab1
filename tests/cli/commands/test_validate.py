"""sessionctl validate, as a user sees it."""

from __future__ import annotations

import contextlib
import json

import jsonschema
import pytest
from click.testing import CliRunner

from sessionctl.cli.app import app
from sessionctl.resources import schema_text
from tests.main_inside import main_inside
from tests.schema_cases import GOOD
from tests.test_architecture import HEAVY, modules_after
from tests.together import together

BAD = """\
schema_version = 1
name = "api"

[[windows]]
name = "editor"
layout = "main-vertcal"

[connections.prod]
driver = "postgres"
port = "5432"
"""
TOLD = """\
bad.session.toml:6:10: error[enum]: windows[name=editor].layout: expected one of \
"even-horizontal", "even-vertical", "main-horizontal", "main-horizontal-mirrored", \
"main-vertical", "main-vertical-mirrored", "tiled" or a tmux layout string, got "main-vertcal"
  |
6 | layout = "main-vertcal"
  |          ^^^^^^^^^^^^^^
  hint: did you mean "main-vertical"?
bad.session.toml:10:8: error[type]: connections.prod.port: expected an integer, got "5432"
   |
10 | port = "5432"
   |        ^^^^^^
  hint: write it without quotes: 5432
"""
WARNED = GOOD.replace('name = "logs"', 'name = "editor"')


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.session.toml").write_text(BAD)
    (tmp_path / "good.session.toml").write_text(GOOD)
    return tmp_path


def run(*arguments, **extra):
    return CliRunner().invoke(app, ["validate", *map(str, arguments)], **extra)


def test_every_mistake_is_told_with_place_excerpt_and_hint(folder):
    done = run("bad.session.toml")
    assert done.exit_code == 1
    assert done.stdout == TOLD
    assert done.stderr == "1 file: 0 valid, 1 invalid; 2 errors\n"


def test_a_good_file_says_nothing_on_stdout(folder):
    done = run("good.session.toml")
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "1 file: 1 valid\n")


def test_quiet_is_quiet(folder):
    done = run("-q", "good.session.toml")
    assert (done.exit_code, done.output) == (0, "")
    assert run("-q", "bad.session.toml").output == TOLD


def test_without_a_file_the_sessions_here_and_below_are_checked(folder):
    (folder / "below").mkdir()
    (folder / "below" / "x.session.toml").write_text("name = 'x'\n")
    done = run()
    assert done.exit_code == 1
    assert done.stderr == "3 files: 1 valid, 2 invalid; 3 errors\n"
    assert "below/x.session.toml:1:1: error[missing-key]: the key schema_version is missing" in (
        done.stdout
    )


def test_a_directory_without_sessions_is_no_mistake(tmp_path):
    with contextlib.chdir(tmp_path):
        done = run()
    assert (done.exit_code, done.stdout) == (0, "")
    assert (
        done.stderr == "no session files here\nsessionctl: hint: create one: sessionctl new NAME\n"
    )


def test_a_named_directory_without_sessions_is_warned_of(folder):
    (folder / "empty").mkdir()
    for words, code in (((), 0), (("--strict",), 1)):
        done = run(*words, "good.session.toml", "empty")
        assert (done.exit_code, done.stdout) == (code, "")
        assert "sessionctl: warning: empty: no session files in or below it\n" in done.stderr
        assert "hint: create one there: sessionctl new --dir empty NAME\n" in done.stderr
        assert done.stderr.endswith("1 file: 1 valid\n")
    assert "files here" not in run("empty").stderr
    assert "warning" not in run(".").stderr


def test_what_could_not_be_read_wins_but_everything_is_told(folder):
    done = run("gone.toml", "bad.session.toml", "good.session.toml")
    assert done.exit_code == 3
    assert done.stdout == (
        "gone.toml: error[unreadable]: cannot read: no such file\n"
        f"  hint: see what is there: ls .\n{TOLD}"
    )
    assert done.stderr == ("3 files: 1 valid, 1 invalid, 1 could not be checked; 2 errors\n")


def test_a_warning_is_told_and_is_no_mistake(folder):
    (folder / "warned.session.toml").write_text(WARNED)
    done = run("warned.session.toml")
    assert done.exit_code == 0
    assert "warning[duplicate-item]: windows[1].name: another item of windows" in done.stdout
    assert done.stderr == "1 file: 1 valid; 1 warning\n"
    assert run("--format=github", "warned.session.toml").stdout.startswith("::warning file=")


def test_stdin_is_a_session(folder):
    done = run("-", input=BAD)
    assert done.exit_code == 1
    assert done.stdout == TOLD.replace("bad.session.toml", "<stdin>")


def test_a_file_without_a_schema_says_so(folder):
    (folder / "a.toml").write_text("a = 1\n")
    (folder / "b.toml").write_text("a = 1\n")
    done = run("a.toml")
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == (
        "a.toml: only the syntax was checked, because no schema is named\n"
        "sessionctl: hint: name one: sessionctl validate --schema FILE\n"
        "1 file: 1 valid\n"
    )
    assert "a.toml and 1 other file: only the syntax" in run("a.toml", "b.toml").stderr


@together(
    ("name", "data", "schema"),
    [
        ("x.session.toml", b"", "session"),
        ("x.session.toml", b"\xef\xbb\xbf", "session"),
        ("x.session.toml", b"a = '\xe9'\n", "session"),
        ("x.secrets.toml", b"\xff\xfe\0", "secrets"),
        ("x.toml", b"\xe9", None),
    ],
)
def test_what_cannot_be_read_is_still_a_file_of_its_kind(folder, name, data, schema):
    (folder / name).write_bytes(data)
    done = run(name)
    assert done.exit_code == 1
    assert "only the syntax" not in done.stderr
    assert done.stderr.startswith("1 file: 0 valid, 1 invalid; ")
    assert json.loads(run("--json", name).stdout)["files"][0]["schema"] == schema


def test_any_schema_holds_any_toml(folder):
    (folder / "s.json").write_text('{"additionalProperties": {"type": "integer"}}')
    (folder / "a.toml").write_text("a = 1\nb = 'x'\n")
    done = run("--schema", "s.json", "a.toml")
    assert done.exit_code == 1
    assert done.stdout.startswith('a.toml:2:5: error[type]: b: expected an integer, got "x"\n')


def test_a_warning_fails_where_that_is_asked_for(folder):
    (folder / "s.json").write_text('{"properties": {"a": {"$ref": "https://x.example/y"}}}')
    (folder / "a.toml").write_text("a = 1\n")
    for _ in range(2):  # a verdict with a warning is not remembered
        done = run("--schema", "s.json", "a.toml")
        assert done.exit_code == 0
        assert done.output.startswith("a.toml:1:5: warning[not-checked]: a: not checked: ")
    done = run("--schema", "s.json", "--strict", "a.toml")
    assert done.exit_code == 1
    assert "a.toml:1:5: error[not-checked]: a: not checked: " in done.output
    assert run("--schema", "s.json", "--strict", "a.toml", "--json").exit_code == 1
    (folder / "a.toml").write_text("b = 1\n")
    assert run("--schema", "s.json", "--strict", "a.toml").exit_code == 0


def test_a_broken_schema_is_an_error_and_nothing_is_checked(folder):
    (folder / "s.json").write_text('{"type": "strnig"}')
    done = run("--schema", "s.json", "bad.session.toml")
    assert (done.exit_code, done.stdout) == (3, "")
    assert "s.json: not a JSON Schema: #/type: expected one of" in str(done.exception) + done.stderr


def test_json_tells_all_and_fits_its_schema(folder):
    schema = json.loads(schema_text("output-validate.v1"))
    (folder / "odd.session.toml").write_bytes(b"\xff")
    (folder / "a.toml").write_text("a = 1\n")
    for files in ([], ["gone"], ["bad.session.toml", "gone", "odd.session.toml", "a.toml"]):
        done = run("--json", *files)
        answer = json.loads(done.stdout)
        jsonschema.Draft202012Validator(schema).validate(answer)
    assert done.exit_code == 3
    assert not answer["valid"]
    bad, gone, _, plain = answer["files"]
    assert [p["key"] for p in bad["problems"]] == [
        "windows[name=editor].layout", "connections.prod.port",
    ]  # fmt: skip
    assert bad["problems"][1] == {
        "severity": "error",
        "rule": "type",
        "key": "connections.prod.port",
        "message": 'expected an integer, got "5432"',
        "hint": "write it without quotes: 5432",
        "line": 10,
        "column": 8,
        "end_line": 10,
        "end_column": 14,
    }
    assert gone["failure"] == {"message": "gone: cannot read: no such file", "hints": []}
    assert (plain["valid"], plain["schema"]) == (True, None)


def test_github_annotates_lines(folder):
    (folder / "a,b:c%.toml").write_text("a = '\n")
    done = run("--format=github", "bad.session.toml", "a,b:c%.toml", "gone")
    assert done.exit_code == 3
    lines = done.stdout.splitlines()
    assert lines[1] == (
        "::error file=bad.session.toml,line=10,endLine=10,col=8,endColumn=13,"
        'title=sessionctl type::connections.prod.port: expected an integer, got "5432" '
        "(hint: write it without quotes: 5432)"
    )
    assert lines[2].startswith("::error file=a%2Cb%3Ac%25.toml,line=1,")
    assert lines[3] == "::error file=gone,title=sessionctl unreadable::cannot read: no such file"


def test_github_names_no_column_at_the_end_of_several_lines(folder):
    (folder / "a.session.toml").write_text('schema_version = 1\nname = "a"\nid = """\nx\n"""\n')
    line = run("--format=github", "a.session.toml").stdout
    assert ",line=3,endLine=5,col=6,title=" in line


def test_sarif_is_a_log_of_one_run(folder):
    done = run("--format=sarif", "bad.session.toml", "gone", "good.session.toml")
    assert done.exit_code == 3
    log = json.loads(done.stdout)
    (one,) = log["runs"]
    assert log["version"] == "2.1.0"
    assert one["tool"]["driver"]["rules"] == [{"id": "enum"}, {"id": "type"}]
    assert one["invocations"] == [
        {
            "executionSuccessful": False,
            "toolExecutionNotifications": [
                {"level": "error", "message": {"text": "gone: cannot read: no such file"}}
            ],
        }
    ]
    result = one["results"][1]
    assert (result["ruleId"], result["level"]) == ("type", "error")
    (location,) = result["locations"]
    assert location["logicalLocations"] == [{"fullyQualifiedName": "connections.prod.port"}]
    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": "bad.session.toml"},
        "region": {"startLine": 10, "startColumn": 8, "endLine": 10, "endColumn": 14},
    }
    (folder / "a b.toml").write_text("=")
    (result,) = json.loads(run("--format=sarif", "a b.toml").stdout)["runs"][0]["results"]
    (location,) = result["locations"]
    assert location["physicalLocation"]["artifactLocation"]["uri"] == "a%20b.toml"
    assert "logicalLocations" not in location


def test_json_and_a_format_exclude_each_other(folder):
    done = main_inside("validate", "--json", "--format=sarif", cwd=folder)
    assert done.returncode == 2
    assert "--json and --format exclude each other" in done.stderr


def test_colours_mark_the_caret(folder):
    done = run("--color", "bad.session.toml")
    assert "\x1b[1;31m^^^^^^\x1b[0m" in done.stdout
    (folder / "warned.session.toml").write_text(WARNED)
    assert "\x1b[1;33m^^^^^^^^\x1b[0m" in run("--color", "warned.session.toml").stdout


def test_a_place_in_the_schema_line_is_told_in_front(folder):
    (folder / "a.toml").write_text("#:schema ./nope.json\n")
    done = run("a.toml")
    assert done.exit_code == 3
    assert done.stdout.startswith(
        "a.toml:1:10: error[unreadable]: ./nope.json: cannot read: no such file\n  hint: fix"
    )


def test_a_failure_of_the_schema_is_told_for_the_file(folder):
    (folder / "s.json").write_text('{"$ref": "#"}')
    done = run("--schema", "s.json", "good.session.toml")
    assert done.exit_code == 3
    assert done.stdout == (
        "good.session.toml: error[unreadable]: "
        "s.json: refers to itself without end, or is nested too deep\n"
    )


@pytest.mark.parametrize("name", ["good.session.toml", "bad.session.toml"])
def test_sessions_are_checked_without_anything_heavy(folder, name):
    loaded = modules_after("validate", name, cwd=folder)
    assert "sessionctl.services.documents.validation" in loaded
    assert not loaded & HEAVY
    if name == "good.session.toml":
        assert not loaded & {"difflib", "json", "sessionctl.core.schema.words.report"}


def test_the_help_of_validate_loads_no_schema():
    assert "sessionctl.core.schema" not in modules_after("validate", "--help")
