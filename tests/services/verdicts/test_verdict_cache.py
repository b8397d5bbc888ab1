"""Verdicts that are remembered: only what is the same in everything, and never a wrong one."""

from __future__ import annotations

import json
import os
import subprocess

import pytest

from sessionctl.core.session.secret_problems import StoredNames
from sessionctl.services.documents.file_validation import check_files
from sessionctl.services.documents.schema_choice import SchemaChooser
from sessionctl.services.documents.validation import Validator
from sessionctl.services.machine import Machine
from sessionctl.services.verdicts import verdict_cache
from sessionctl.services.verdicts.user_verdicts import user_verdicts
from tests.call_log import log_calls

SCHEMA = {"properties": {"port": {"$ref": "port.json#/$defs/port"}}}
PORT = {"$defs": {"port": {"type": "integer"}}}
SESSION = 'schema_version = 1\nname = "api"\n'


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(verdict_cache, "_LEAST", 0)
    write("s.json", json.dumps(SCHEMA))
    write("port.json", json.dumps(PORT))
    return tmp_path


@pytest.fixture
def checks(monkeypatch):
    """The names of the files that were really checked."""
    from sessionctl.services.documents import validation

    return log_calls(monkeypatch, validation, "_problems", lambda source, *_: source.name)


def write(name, text):
    with open(name, "w", encoding="utf-8") as stream:
        stream.write(text)


def machine(**environ):
    return Machine({**os.environ, **environ}, user_id=os.getuid())


def validity(*names, schema="s.json", **environ):
    verdicts = user_verdicts(machine(**environ))
    schemas = SchemaChooser.of_file(schema) if schema else SchemaChooser()
    found = [file.is_valid for file in check_files(names, Validator(schemas, verdicts))]
    verdicts.keep()
    return found


def test_an_unchanged_file_is_not_checked_again_by_another_process(checks):
    write("a.toml", "port = 1\n")
    assert validity("a.toml") == [True]
    assert validity("a.toml") == [True]
    assert checks == ["a.toml"]


def test_a_file_that_is_not_valid_is_checked_each_time(checks):
    write("a.toml", "port = 'x'\n")
    assert validity("a.toml") == validity("a.toml") == [False]
    assert checks == ["a.toml"] * 2


def test_a_file_with_nothing_but_warnings_is_checked_each_time(checks):
    write("a.toml", "#:schema https://example.org/s.json\na = 1\n")
    assert validity("a.toml", schema=None) == validity("a.toml", schema=None) == [True]
    assert checks == ["a.toml"] * 2


def _file():
    write("a.toml", "port = 'x'\n")


def _schema():
    write("s.json", json.dumps({"properties": {"port": {"type": "string"}}}))


def _what_the_schema_refers_to():
    write("port.json", json.dumps({"$defs": {"port": {"type": "string"}}}))


@pytest.mark.parametrize("change", [_file, _schema, _what_the_schema_refers_to])
def test_whatever_changes_is_checked_again(change):
    write("a.toml", "port = 1\n")
    assert validity("a.toml") == [True]
    change()
    assert validity("a.toml") == [False]


@pytest.mark.parametrize("what", ["__version__", "_RULES", "sources", "python"])
def test_no_verdict_of_another_program_is_trusted(checks, monkeypatch, what):
    write("a.toml", "port = 1\n")
    validity("a.toml")
    if what == "__version__":
        monkeypatch.setattr(verdict_cache, "__version__", "0.0.1")
    elif what == "_RULES":
        monkeypatch.setattr(verdict_cache, "_RULES", b"other")
    elif what == "python":
        monkeypatch.setattr("sys.version", "4.0")
    else:
        monkeypatch.setattr(verdict_cache, "_marks", lambda _folder: iter([b"written anew"]))
    assert validity("a.toml") == [True]
    assert checks == ["a.toml"] * 2


def test_a_text_is_valid_only_as_what_it_was_checked_as(checks):
    write("a.toml", SESSION + "nonsense = 1\n")
    write("a.session.toml", SESSION + "nonsense = 1\n")
    assert validity("a.toml", schema=None) == [True]
    assert validity("a.session.toml", schema=None) == [False]
    assert validity("a.toml", schema="s.json") == [True]
    assert len(checks) == 3


def test_a_session_is_checked_again_when_other_secrets_are_stored(checks):
    text = SESSION + '[connections.p]\ndriver = "postgres"\npassword = { secret = "p" }\n'
    verdicts = user_verdicts(machine())
    validator = Validator(verdicts=verdicts)

    def errors(stored):
        return len(validator.check_text("a.session.toml", text, stored).errors)

    assert errors(StoredNames(("p",), "")) == errors(StoredNames(("p",), "")) == 0
    assert len(checks) == 1
    assert errors(StoredNames((), "")) == 1
    assert errors(None) == 0


def cache_file(home):
    return home / "cache" / "sessionctl" / "verdicts"


def test_what_is_kept_is_digests_alone(home):
    write("a.toml", "port = 1 # hunter2\n")
    validity("a.toml")
    data = cache_file(home).read_bytes()
    assert len(data) == 32
    assert b"hunter2" not in data


@pytest.mark.parametrize("data", [b"", b"x", b"\0" * 32, b"\xff" * 5000, b"valid\n" * 100])
def test_a_cache_that_holds_anything_else_changes_no_answer(home, data):
    write("good.toml", "port = 1\n")
    write("bad.toml", "port = 'x'\n")
    validity("good.toml")
    cache_file(home).write_bytes(data)
    assert validity("good.toml", "bad.toml") == [True, False]
    cache_file(home).unlink()
    assert validity("good.toml", "bad.toml") == [True, False]


def test_a_cache_within_a_repository_is_not_used(folder, checks):
    subprocess.run(["git", "init", "-q", "."], check=True)
    write("a.toml", "port = 1\n")
    inside = str(folder / "cache")
    validity("a.toml", XDG_CACHE_HOME=inside)
    validity("a.toml", XDG_CACHE_HOME=inside)
    assert checks == ["a.toml"] * 2
    assert not (folder / "cache").exists()


def test_a_home_that_is_a_repository_still_has_a_cache(folder, checks, home):
    subprocess.run(["git", "init", "-q", str(home)], check=True)
    write("a.toml", "port = 1\n")
    validity("a.toml")
    validity("a.toml")
    assert checks == ["a.toml"]


@pytest.mark.parametrize("by", ["environment", "file"])
def test_a_user_may_do_without(home, checks, by):
    write("a.toml", "port = 1\n")
    environ = {}
    if by == "environment":
        environ["SESSIONCTL_VALIDATE_CACHE"] = "false"
    else:
        (home / "config" / "sessionctl").mkdir(parents=True)
        (home / "config" / "sessionctl" / "config.toml").write_text("[validate]\ncache = false\n")
    validity("a.toml", **environ)
    assert not cache_file(home).exists()


def test_a_project_has_no_say_in_it(home):
    write(".sessionctl.toml", "[validate]\ncache = false\n")
    write("a.toml", "port = 1\n")
    validity("a.toml")
    assert cache_file(home).exists()


def test_for_a_few_small_files_the_cache_is_not_even_opened(home, monkeypatch):
    monkeypatch.setattr(verdict_cache, "_LEAST", 40_000)
    write("a.toml", "port = 1\n")
    assert validity("a.toml") == [True]
    assert not cache_file(home).exists()


def test_how_many_changes_there_are_is_known_again_below_a_limit():
    pairs = [("a = 1\n", f"a = {number}\n", "toml") for number in range(20)]
    first = user_verdicts(machine())
    for number, pair in enumerate(pairs):
        assert first.count(*pair) is None
        first.add_count(*pair, number)
    for make in (lambda: first, lambda: user_verdicts(machine())):
        verdicts = make()
        expected = [*range(16), None, None, None, None]
        assert [verdicts.count(*pair) for pair in pairs] == expected
        assert verdicts.count("a = 1\n", "a = 3\n", "session") is None
        assert verdicts.count("a = 3\n", "a = 1\n", "toml") is None
        first.keep()


def test_for_a_little_nothing_is_remembered(monkeypatch):
    monkeypatch.setattr(verdict_cache, "_LEAST", 10)
    verdicts = user_verdicts(machine())
    assert verdicts.digest("123456789", None, ()) is None
    assert verdicts.digest("0", None, ()) is not None
    small = user_verdicts(machine())
    small.add_count("a", "b", "toml", 1)
    assert small.count("a", "b", "toml") is None
