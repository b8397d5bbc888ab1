"""sessionctl explain and sessionctl schema, as a user sees them."""

from __future__ import annotations

import json

import jsonschema
import pytest
from click.testing import CliRunner

from sessionctl.cli.app import app
from sessionctl.resources import schema_names, schema_text
from tests.main_inside import main_inside

START = """\
windows.panes.start: a string
  What restoring does with 'run': start it; type it into the shell without
  pressing Enter (of several lines, after the last); or skip it.
  allowed  "run", "type", "skip"
  default  "run"
  example  "type"
"""


def run(*arguments, **extra):
    return CliRunner().invoke(app, list(arguments), **extra)


def test_a_key_is_explained():
    done = run("explain", "windows.panes.start")
    assert (done.exit_code, done.output) == (0, START)


def test_a_table_lists_its_keys():
    lines = run("explain", "overrides.when").stdout.splitlines()
    assert lines[0] == "overrides.when: a table, required"
    at = lines.index("Keys:")
    assert lines[at + 1].startswith("  host  The host name, or several")
    assert any(line.startswith("  os    The operating system") for line in lines)


def test_without_a_key_the_whole_session_is_explained():
    done = run("explain")
    assert done.stdout.startswith("a session: a table\n")
    assert "\n  schema_version  The version of the session format" in done.stdout
    assert "Required." in done.stdout


def test_a_key_of_several_kinds_of_tables_is_explained_for_each():
    done = run("explain", "connections.prod.port")
    assert "connections.prod.port: an integer, in a Redis connection\n" in done.stdout
    assert done.stdout.count("\n\n") == 4


def test_a_key_that_may_hold_anything_has_no_type():
    done = run("explain", "preferences")
    assert done.stdout.startswith("preferences: a table\n")


def test_an_unknown_key_names_the_nearest():
    done = main_inside("explain", "windows.panes.strat")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        'sessionctl: error: windows.panes.strat: "windows.panes" has no key strat\n'
        "sessionctl: hint: did you mean windows.panes.start?\n"
    )


def test_a_malformed_key_is_a_mistake_of_usage():
    assert main_inside("explain", "a..b").returncode == 2


@pytest.mark.parametrize("key", ["", "windows", "connections.c.password", "schema_version"])
def test_json_fits_its_schema(key):
    answer = json.loads(run("explain", "--json", key).stdout)
    jsonschema.Draft202012Validator(json.loads(schema_text("output-explain.v1"))).validate(answer)
    assert answer["key"] == key


def test_keys_are_completed():
    def complete(word):
        done = main_inside(
            env={
                "_SESSIONCTL_COMPLETE": "bash_complete",
                "COMP_WORDS": f"sessionctl explain {word}",
                "COMP_CWORD": "2",
            }
        )
        return done.stdout.split()

    assert complete("win") == ["plain,windows"]
    assert complete("windows.panes.st") == ["plain,windows.panes.start"]
    assert complete("windows.panes.si") == ["plain,windows.panes.size"]
    assert complete("nope.x") == []


def test_a_schema_is_printed_byte_for_byte():
    assert run("schema", "print").output == schema_text("session.v1")
    assert run("schema", "print", "session").output == schema_text("session.v1")
    assert run("schema", "print", "--draft-07").output == schema_text("session.v1.draft-07")
    assert run("schema", "print", "output-validate.v1").output == schema_text("output-validate.v1")


def test_an_unknown_schema_is_a_mistake_of_usage():
    done = main_inside("schema", "print", "nope")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "sessionctl: error: schema: no schema nope is shipped\n"
        "sessionctl: hint: see them: sessionctl schema list\n"
    )


def test_the_schemas_are_listed():
    lines = run("schema", "list").stdout.splitlines()
    assert [line.split()[0] for line in lines] == schema_names()
    answer = json.loads(run("schema", "list", "--json").stdout)
    schema = json.loads(schema_text("output-schema-list.v1"))
    jsonschema.Draft202012Validator(schema).validate(answer)
    assert [item["name"] for item in answer["schemas"]] == schema_names()
