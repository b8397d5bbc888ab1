"""A schema that asks for too much delays no end, and costs its steps once, not for each file."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time

import pytest

from sessionctl.core.schema import loader
from sessionctl.core.schema.check import budget
from sessionctl.core.schema.check.budget import SPENT_PART, STEPS
from sessionctl.errors import SessionctlError
from sessionctl.services.documents.schema_source import SchemaReader
from sessionctl.services.documents.validation import Validator
from sessionctl.services.scanning.file_scan import Scanner
from sessionctl.services.watching.file_reading import ContentCheck
from tests.hostile_schemas import doubling

TEXT = '#:schema h.json\nschema_version = 1\nname = "a"\na = 1\nb = 2\n'
PROGRAM = """
import sys
from pathlib import Path
from sessionctl.core.schema.check import budget

budget.STEPS = budget.MOST_STEPS = 1 << 60
marker = Path(sys.argv.pop(1))
renew = budget.Budget.renew

def begin(self, size=0):
    renew(self, size)
    marker.touch()

budget.Budget.renew = begin
from sessionctl.__main__ import main
sys.exit(main())
"""


def _in_a_check_without_end(tmp_path, *words):
    """Start the program with limits that are never reached; return it once a check has begun."""
    marker = tmp_path / "begun"
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(marker), *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    end = time.monotonic() + 60
    while not marker.exists():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end
        time.sleep(0.02)
    return process


@pytest.fixture
def hostile(tmp_path):
    """Return a directory with two files whose schema is never done, in this century."""
    folder = tmp_path / "sessions"
    folder.mkdir()
    (folder / "h.json").write_text(json.dumps(doubling("allOf", 60)))
    for name in ("a", "b"):
        (folder / f"{name}.session.toml").write_text(TEXT)
    patterns = {f"^k.*x{n}y": {"x-secret": True} for n in range(4000)}
    (folder / "p.json").write_text(json.dumps({"patternProperties": patterns}))
    keys = "".join(f"k{n} = 'v'\n" for n in range(20_000))
    (folder / "keys.toml").write_text(f"#:schema p.json\n{keys}")
    return folder


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_a_watch_in_the_middle_of_a_check(hostile, tmp_path, number):
    process = _in_a_check_without_end(tmp_path, "watch", str(hostile))
    try:
        process.send_signal(number)
        _, errors = process.communicate(timeout=20)
    finally:
        process.kill()
    assert process.returncode == 0, errors
    assert "Traceback" not in errors


@pytest.mark.parametrize("command", ["validate", "status", "scan", "watch --dry-run"])
def test_ctrl_c_ends_a_command_in_the_middle_of_a_check(hostile, tmp_path, command):
    words = ["secret", "scan"] if command == "scan" else command.split()
    process = _in_a_check_without_end(tmp_path, *words, str(hostile))
    try:
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)
    finally:
        process.kill()
    assert process.returncode == 130, errors
    assert "Traceback" not in errors


def _files(folder, count):
    for n in range(count):
        (folder / f"{n}.session.toml").write_text(TEXT.replace('"a"', f'"a{n}"'))


@pytest.fixture
def steps(monkeypatch):
    """Return a list that gets the limit of each check that begins."""
    limits = []
    renew = budget.Budget.renew

    def noted(self, size=0):
        renew(self, size)
        limits.append(self.limit)

    monkeypatch.setattr(budget.Budget, "renew", noted)
    return limits


def test_the_files_after_the_first_one_get_few_steps(hostile, steps):
    validator = Validator()
    checked = [validator.check_text(str(hostile / f"{n}.session.toml"), TEXT) for n in range(3)]
    assert [limit < STEPS // SPENT_PART * 2 for limit in steps] == [False, True, True]
    first, second, third = (one.failure.message for one in checked)
    assert "the limit for one document" in first
    assert "this schema used all of them on" in second
    assert str(hostile / "0.session.toml") in third


@pytest.mark.slow
def test_a_file_that_needs_few_steps_is_checked_all_the_same(hostile):
    schema = doubling("allOf", 60)
    schema["if"] = {"required": ["b"]}
    schema["then"] = {"$ref": schema.pop("$ref")}
    (hostile / "h.json").write_text(json.dumps(schema))
    validator = Validator()
    assert validator.check_text(str(hostile / "a.session.toml"), TEXT).failure
    simple = TEXT.replace("b = 2\n", "")
    checked = validator.check_text(str(hostile / "b.session.toml"), simple)
    assert checked.is_valid
    assert checked.failure is None


@pytest.mark.slow
def test_a_copy_of_the_schema_is_known_by_its_content(hostile, tmp_path, steps):
    other = tmp_path / "other"
    other.mkdir()
    (other / "copy.json").write_text((hostile / "h.json").read_text())
    check = ContentCheck()
    check(str(hostile / "a.session.toml"), TEXT.encode())
    check(str(other / "b.session.toml"), TEXT.replace("h.json", "copy.json").encode())
    assert steps[1] < steps[0] // 2


@pytest.mark.slow
def test_a_schema_that_was_edited_has_all_steps_again(hostile, steps):
    check = ContentCheck()
    check(str(hostile / "a.session.toml"), TEXT.encode())
    (hostile / "h.json").write_text("{}")
    assert check(str(hostile / "a.session.toml"), TEXT.encode()).is_valid
    assert steps[0] == steps[1]


def test_a_schema_that_cannot_be_looked_through_is_not_looked_through_again(hostile, monkeypatch):
    monkeypatch.setattr("sessionctl.core.schema.loader.LOAD_STEPS", 100)
    loads = []
    load = loader.load_schema
    monkeypatch.setattr(loader, "load_schema", lambda *given: loads.append(1) or load(*given))
    schema = {"$ref": "other.json"}
    (hostile / "h.json").write_text(json.dumps(schema))
    (hostile / "other.json").write_text(json.dumps({"allOf": [{}] * 1000}))
    reader = SchemaReader()
    said = []
    for _ in range(3):
        with pytest.raises(SessionctlError) as caught:
            reader.read(str(hostile / "h.json"))
        said.append(caught.value.message)
    assert loads == [1]
    assert len(set(said)) == 1
    (hostile / "other.json").write_text("{}")
    assert reader.read(str(hostile / "h.json")) is not None


def test_each_scan_of_a_file_has_steps_of_its_own(tmp_path, monkeypatch):
    """A schema that many files share knows the secret fields of the last one too."""
    (tmp_path / "s.json").write_text(
        json.dumps({"patternProperties": {"^pin[0-9]*$": {"x-secret": True}}})
    )
    for n in range(30):
        (tmp_path / f"{n}.toml").write_text(f'#:schema s.json\npin{n} = "4{n:02}1"\n')
    monkeypatch.setattr("sessionctl.core.schema.loader.LOAD_STEPS", 40)
    found = list(Scanner().scan_paths([str(tmp_path)]))
    assert len(found) == 30
    assert all(checked.problems for checked in found)
