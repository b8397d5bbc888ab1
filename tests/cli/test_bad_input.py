"""Bad input of every kind: the documented exit code, a place, no traceback, nothing changed."""

from __future__ import annotations

import io
import itertools
import json
import re

import pytest

from sessionctl.__main__ import main
from tests.bad_inputs import BAD_INPUTS, OBJECTS, TEXTS, UNREADABLE, VERY_DEEP, snapshot
from tests.together import together
from tests.world import run_sessionctl

CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


@pytest.fixture
def run(capfd):
    def call(*arguments):
        code = main([str(argument) for argument in arguments])
        return code, *capfd.readouterr()

    return call


def assert_clean(*outputs):
    for text in outputs:
        assert not CONTROL.search(text), repr(CONTROL.search(text))
        assert "Traceback" not in text
        assert "bug of sessionctl" not in text
        assert "hunter2" not in text


def test_there_are_more_than_fifty_kinds():
    assert len(BAD_INPUTS) > 100


@together("name", BAD_INPUTS)
def test_validate_names_the_place_and_changes_nothing(name, tmp_path, run):
    bad = BAD_INPUTS[name]
    path = bad.make(tmp_path)
    before = snapshot(tmp_path)
    code, out, err = run("validate", path)
    assert code == bad.exit_code, out + err
    assert_clean(out, err)
    assert snapshot(tmp_path) == before
    place = f":{bad.place}" if bad.place else ""
    assert f"{place}: error[{bad.rule}]: " in out.replace("\n", " ")
    if bad.place:
        assert f"{path}{place}: error[{bad.rule}]: " in out
    assert re.search(r"^1 file: (0 valid, )1 (invalid|could not be checked)", err, re.MULTILINE)


@together("name", BAD_INPUTS)
@together("form", ["--json", "--format=github", "--format=sarif"])
def test_every_form_tells_the_same(name, form, tmp_path, run):
    bad = BAD_INPUTS[name]
    path = bad.make(tmp_path)
    code, out, err = run("validate", form, path)
    assert code == bad.exit_code
    assert_clean(out, err)
    if form == "--json":
        (file,) = json.loads(out)["files"]
        assert file["file"] == str(path)
        assert not file["valid"]
        found = [(p["rule"], f"{p['line']}:{p['column']}") for p in file["problems"]]
        assert (bad.rule, bad.place) in found if bad.kind != "read" else file["failure"]
    elif form == "--format=sarif":
        (log,) = json.loads(out)["runs"]
        assert bool(log["results"]) == (bad.kind != "read")
        assert log["invocations"][0]["executionSuccessful"] == (bad.kind != "read")
    else:
        assert all(
            line.startswith(("::error file=", "::warning file=")) for line in out.splitlines()
        )
        assert out


@together("name", [name for name, bad in TEXTS.items() if bad.kind != "read"])
def test_stdin_is_told_as_a_file_is(name, tmp_path, monkeypatch, run):
    bad = TEXTS[name]
    content = bad.make(tmp_path).read_bytes()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))
    code, out, err = run("validate", "-")
    assert code == bad.exit_code
    assert f"<stdin>:{bad.place}: error[{bad.rule}]: " in out
    assert_clean(out, err)


def test_a_process_of_its_own_reads_stdin_too(tmp_path):
    done = run_sessionctl("validate", "-", stdin="a = 1\nb = [\n")
    assert done.returncode == 1
    assert "<stdin>:" in done.stdout


def test_all_of_them_in_one_run_are_all_told(tmp_path, run):
    paths = []
    for number, bad in enumerate(TEXTS.values()):
        directory = tmp_path / str(number)
        directory.mkdir()
        paths.append(bad.make(directory))
    code, out, err = run("validate", *paths)
    assert code == 3
    assert_clean(out, err)
    for path, bad in zip(paths, TEXTS.values(), strict=True):
        assert f"{path}:{bad.place}: error[{bad.rule}]: " in out


COMMANDS = {
    "diff": lambda path: ("diff", path, path),
    "fmt": lambda path: ("fmt", path),
    "fmt --check": lambda path: ("fmt", "--check", path),
    "get": lambda path: ("get", path, "name"),
    "set": lambda path: ("set", path, "name", "x"),
    "show": lambda path: ("show", path),
    "unset": lambda path: ("unset", path, "name"),
    "validate": lambda path: ("validate", path),
}


OTHERS = [name for name in COMMANDS if name != "validate"]


@together("name, command", list(zip(UNREADABLE, itertools.cycle(OTHERS), strict=False)))
def test_other_commands_refuse_what_they_cannot_read(name, command, tmp_path, run):
    assert_refused(UNREADABLE[name], command, tmp_path, run)


@pytest.mark.slow
@together("command", OTHERS)
@together("name", UNREADABLE)
def test_each_other_command_refuses_each_of_them(command, name, tmp_path, run):
    assert_refused(UNREADABLE[name], command, tmp_path, run)


@pytest.mark.slow
@together("command", COMMANDS)
@together("name", VERY_DEEP)
def test_what_nests_very_deeply_is_refused_too(command, name, tmp_path, run):
    assert_refused(VERY_DEEP[name], command, tmp_path, run)


def assert_refused(bad, command, tmp_path, run):
    path = bad.make(tmp_path)
    before = snapshot(tmp_path)
    code, out, err = run(*COMMANDS[command](path))
    assert snapshot(tmp_path) == before
    assert_clean(out, err)
    assert code == bad.exit_code
    said = out if command == "validate" else err
    assert f":{bad.place}: " in said if bad.place else "error: " in said


@together("name", OBJECTS)
def test_merge_refuses_what_it_cannot_read(name, tmp_path, run):
    path = OBJECTS[name].make(tmp_path)
    (tmp_path / "fine").write_text("a = 1\n")
    before = snapshot(tmp_path)
    code, out, err = run("merge", tmp_path / "fine", path, tmp_path / "fine")
    assert snapshot(tmp_path) == before
    assert_clean(out, err)
    assert code == 3
