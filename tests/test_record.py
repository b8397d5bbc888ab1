"""Records of what commands answer: another answer fails, and each section has its test."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from sessionctl.cli.app import app
from sessionctl.errors import EditError, FileError
from tests.record import note, read_record, recorded
from tests.world import CHECKOUT


def run_in(folder, *commands):
    """Run commands as the test ``test_a.py::test_it`` in ``folder`` would."""
    item = SimpleNamespace(
        path=folder / "test_a.py", nodeid="test_a.py::test_it", funcargs={"tmp_path": folder}
    )
    with recorded(item):
        for command in commands:
            CliRunner().invoke(app, [str(part) for part in command])
        note("0123abcd and more")


def test_another_answer_than_that_of_the_record_fails(tmp_path):
    file, session = tmp_path / "records" / "a.txt", tmp_path / "x.toml"
    session.write_text("a = 1\nb = [2, 3]\n")
    file.parent.mkdir()
    good = (
        "## test_it\n$ get TMP_PATH/x.toml a\n1\n[0]\n"
        '$ get --json TMP_PATH/x.toml b\n{\n  "schema": "sessionctl/v1",\n  "command": "get",\n'
        '  "file": "TMP_PATH/x.toml",\n  "key": "b",\n  "value": [2, 3]\n}\n[0]\n'
        "HASH and more\n## test_other\nx\n"
    )
    commands = ("get", session, "a"), ("get", "--json", session, "b")
    run_in(tmp_path)  # without a record all is well
    file.write_text(good)
    assert list(read_record(file)) == ["test_it", "test_other"]
    run_in(tmp_path, *commands)
    for changed in (commands[:1], [*commands, commands[0]], [("get", session, "c"), commands[1]]):
        with pytest.raises(pytest.fail.Exception, match="it is not what the record has"):
            run_in(tmp_path, *changed)
    file.write_text(good.replace("test_it", "test_its"))
    run_in(tmp_path)


def test_another_error_than_that_of_the_record_fails(tmp_path):
    file = tmp_path / "records" / "a.txt"
    file.parent.mkdir()
    file.write_text("## test_it\nFileError: f: gone\n  hint: look\n  hint: go\nHASH and more\n")

    def run(error):
        item = SimpleNamespace(
            path=tmp_path / "test_a.py", nodeid="test_a.py::test_it", funcargs={}
        )
        with recorded(item):
            with pytest.raises(type(error)):
                raise error
            note("0123abcd and more")

    run(FileError("f: gone", hints=["look", "go"]))
    for other in (
        FileError("f: gone"), FileError("f: is gone", hints=["look", "go"]),
        FileError("f: gone", hints=["go", "look"]), EditError("f: gone", hints=["look", "go"]),
        KeyError("f: gone"),
    ):  # fmt: skip
        with pytest.raises(pytest.fail.Exception, match="it is not what the record has"):
            run(other)


def test_each_section_of_a_record_is_of_a_test_that_is_there():
    found = sorted(CHECKOUT.joinpath("tests").rglob("records/*.txt"))
    assert len(found) > 20
    for file in found:
        module = file.parent.parent / f"test_{file.stem}.py"
        code = module.read_text()
        for name in read_record(file):
            function = name.rpartition("::")[2].partition("[")[0]
            assert re.search(rf"^ *def {function}\(", code, re.MULTILINE), (module, name)
