"""Which schema a file is held to, and what is known of it afterwards."""

from __future__ import annotations

import json

import pytest

from sessionctl.errors import FileError, SessionctlError
from sessionctl.services.documents.file_validation import check_file, check_files
from sessionctl.services.documents.schema_choice import SchemaChooser
from sessionctl.services.documents.schema_source import (
    described_session,
    read_schema,
    shipped_text,
    shipped_titles,
)
from sessionctl.services.documents.validation import Validator
from tests.schema_cases import GOOD

NUMBERS = {"type": "object", "additionalProperties": {"type": "integer"}}
URN = "urn:sessionctl:schema:session:v1"


@pytest.fixture
def write(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def call(name, content):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return name

    return call


def check(name, schema_file=None):
    schemas = SchemaChooser() if schema_file is None else SchemaChooser.of_file(schema_file)
    return check_file(name, Validator(schemas))


def rules(checked):
    return [problem.rule for problem in checked.problems]


def test_a_session_is_held_to_the_shipped_schema(write):
    checked = check(write("a.session.toml", GOOD))
    assert (checked.is_valid, checked.schema, checked.problems) == (True, "session", ())
    checked = check(write("b.session.toml", "a = 1\n"))
    assert not checked.is_valid
    assert "unknown-key" in rules(checked)


def test_a_file_of_another_name_is_only_parsed(write):
    checked = check(write("a.toml", "a = 1\n"))
    assert (checked.is_valid, checked.schema) == (True, "")
    assert rules(check(write("b.toml", "a = \n"))) == ["syntax"]


def test_the_schema_that_is_asked_for_holds_for_every_file(write):
    schema = write("s.json", NUMBERS)
    assert rules(check(write("a.toml", "a = ''\n"), schema_file=schema)) == ["type"]
    text = f"#:schema {URN}\nname = ''\n"
    checked = check(write("b.session.toml", text), schema_file=schema)
    assert (rules(checked), checked.schema) == (["type"], "s.json")


@pytest.mark.parametrize(
    "head",
    [
        "#:schema ./s.json\n",
        "#:schema s.json\n",
        "#:schema\ts.json  # with a word\n",
        "# a comment\n\n  #:schema ./s.json\n",
        "# a comment\r\n\r\n#:schema ./s.json\r\n",
        "\ufeff#:schema ./s.json\n",
        "#:schemas.json\n#:schema ./s.json\n",
    ],
)
def test_a_directive_names_a_schema_beside_the_document(write, head):
    write("dir/s.json", NUMBERS)
    checked = check(write("dir/a.toml", f"{head}a = ''\n"))
    assert rules(checked) == ["type"]
    assert checked.schema.endswith("s.json")


@pytest.mark.parametrize("head", ["a = 1\n#:schema ./nope.json\n", "# :schema ./nope.json\n"])
def test_what_is_no_directive_is_a_comment(write, head):
    assert check(write("a.toml", head)).is_valid


def test_a_directive_may_be_a_file_address(write, tmp_path):
    write("s.json", NUMBERS)
    checked = check(write("a.toml", f"#:schema file://{tmp_path}/s.json\na = ''\n"))
    assert rules(checked) == ["type"]


@pytest.mark.parametrize(
    "address",
    [
        URN,
        "https://json.schemastore.org/sessionctl-session-v1.json",
        "./schemas/session.v1.schema.json",
        "..\\session.v1.schema.json",
        "https://example.org/x/session.v1.draft-07.schema.json",
    ],
)
@pytest.mark.parametrize("name", ["a.session.toml", "a.toml"])
def test_the_shipped_schema_is_known_by_its_id_and_its_file_name(write, address, name):
    checked = check(write(name, f"#:schema {address}\nname = 'a'\n"))
    assert (rules(checked), checked.schema) == (["missing-key"], "session")


def test_a_schema_on_the_network_is_not_fetched_but_told(write):
    checked = check(write("a.toml", "#:schema https://example.org/x.json\na = 1\n"))
    assert checked.is_valid
    (problem,) = checked.problems
    assert (problem.rule, problem.severity) == ("schema", "warning")
    assert checked.place(problem) == (1, 1, 1, 36)
    assert problem.message == (
        "schemas are not fetched from the network; only the syntax was checked"
    )
    checked = check(write("a.session.toml", "#:schema https://example.org/x.json\na = 1\n"))
    assert "checked as a session" in checked.problems[0].message + checked.problems[1].message
    assert "unknown-key" in rules(checked)


def test_a_directive_that_leads_nowhere_is_told_at_its_place(write):
    checked = check(write("a.session.toml", "#:schema ./nope.json\nname = 'a'\n"))
    assert not checked.is_valid
    assert checked.problems == ()
    assert checked.failure.message.startswith("a.session.toml:1:10: ./nope.json: cannot read")
    assert "fix the '#:schema' line, or check with --schema FILE" in checked.failure.hints


def test_a_schema_is_read_once(write, monkeypatch):
    write("s.json", NUMBERS)
    names = [write(f"{n}.toml", "#:schema s.json\na = 1\n") for n in "abc"]
    validator = Validator()
    assert check_file(names[0], validator).is_valid
    monkeypatch.setattr("sessionctl.services.documents.schema_source.read_schema", None)
    assert [c.is_valid for c in check_files(names, validator)] == [True] * 3


def test_directories_stand_for_their_sessions_and_files_are_checked_once(write):
    write("b/x.session.toml", GOOD)
    write("b/c/y.session.toml", "")
    write("b/z.toml", "=")
    found = list(check_files(["b", "b/x.session.toml", "gone", "z.toml"], Validator()))
    assert [c.name for c in found] == ["b/c/y.session.toml", "b/x.session.toml", "gone", "z.toml"]
    assert [c.is_valid for c in found] == [False, True, False, False]
    assert found[2].failure.message == "gone: cannot read: no such file"


def test_a_directory_that_cannot_be_read_is_told(write, monkeypatch):
    def refuse(_directory, **_asked):
        raise FileError("b: cannot read the directory: permission denied")

    write("b/x.session.toml", GOOD)
    monkeypatch.setattr("sessionctl.services.documents.file_validation.find_sessions", refuse)
    (checked,) = check_files(["b"], Validator())
    assert checked.failure.message == "b: cannot read the directory: permission denied"


def test_text_that_is_not_utf_8_has_a_place_and_no_excerpt(tmp_path):
    path = tmp_path / "a.toml"
    path.write_bytes(b"a = 1\nb = '\xff'\n")
    checked = check(str(path))
    (problem,) = checked.problems
    assert checked.place(problem) == (2, 6, 2, 6)
    assert checked.excerpts() == [[]]


def test_an_excerpt_masks_secrets_of_the_schema_and_of_the_syntax(write):
    text = GOOD.replace('{ secret = "prod.password" }', '"hunter2"').replace("5432", "'x'")
    checked = check(write("a.session.toml", text))
    assert rules(checked) == ["type", "secret-key"]
    shown = "\n".join("\n".join(excerpt) for excerpt in checked.excerpts())
    assert "hunter2" not in shown
    assert "password = ***" in shown
    checked = check(write("b.toml", "password = hunter2\n"))
    assert checked.excerpts() == [["  |", "1 | password = ***", "  |            ^^^"]]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "s.json:1:2: not JSON: expecting property name enclosed in double quotes"),
        ("", "s.json:1:1: not JSON: expecting value"),
        ("[" * 100_000, "s.json: not JSON that can be read: nested too deep"),
        ("1" * 5000, "s.json: not JSON that can be read: a number has too many digits"),
        ("[]", "s.json: not a JSON Schema: expected an object at the top"),
        ('{"type": 1}', "s.json: not a JSON Schema: #/type: expected"),
        (
            '{"$ref": "https://example.org/x"}',
            "s.json: #/$ref: refers to https://example.org/x, which",
        ),
    ],
)
def test_a_schema_that_cannot_be_used_is_told_with_its_place(write, content, message):
    write("s.json", content)
    with pytest.raises(SessionctlError) as caught:
        SchemaChooser.of_file("s.json")
    assert caught.value.message.startswith(message)
    assert caught.value.exit_code == 3


def test_a_schema_may_begin_with_a_byte_order_mark(write):
    assert read_schema(write("s.json", '\ufeff{"type": "object"}')).data == {"type": "object"}


def test_a_schema_that_fails_while_it_is_applied_is_told(write):
    schema = write("s.json", {"$ref": "#"})
    checked = check(write("a.toml", "a = 1"), schema_file=schema)
    assert checked.failure.message == "s.json: refers to itself without end, or is nested too deep"


def test_the_shipped_schemas_are_listed_and_printed():
    assert shipped_titles()["session.v1"] == "sessionctl session, version 1"
    assert json.loads(shipped_text("session")) == described_session().data
    assert shipped_text("session", draft_07=True) == shipped_text("session.v1.draft-07")
    for name, draft_07 in (("nope", False), ("output-validate.v1", True)):
        with pytest.raises(SessionctlError, match="no schema") as caught:
            shipped_text(name, draft_07=draft_07)
        assert caught.value.exit_code == 2
