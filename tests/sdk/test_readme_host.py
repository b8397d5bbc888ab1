"""The host in the README: ten lines, and its state is there after kill -9."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tomllib

import pytest

from tests.sdk.conftest import until
from tests.transcripts import blocks
from tests.world import CHECKOUT


@pytest.fixture
def code():
    [block] = blocks(CHECKOUT / "README.md", "python")
    return block.text


def test_it_has_ten_lines_at_most(code):
    assert len([line for line in code.splitlines() if line.strip()]) <= 10


def test_what_changed_is_there_after_kill_9(code, environ, tmp_path):
    environ = {**environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUNBUFFERED": "1"}
    file = tmp_path / "home/config/sessionctl/sessions/notes.session.toml"

    def start(more=""):
        return subprocess.Popen(
            [sys.executable, "-c", code + more],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environ,
        )

    def saved():
        if not file.exists():
            return []
        return tomllib.loads(file.read_text())["apps"]["notes"]["list"].get("notes", [])

    for count in (1, 2):
        with start("    input()  # it runs until it is killed\n") as host:
            until(lambda count=count: len(saved()) == count, saved)
            host.send_signal(signal.SIGKILL)
    with start() as host:
        out, _ = host.communicate(timeout=60)
    assert (out, host.returncode) == ("so far: note 1 note 2\n", 0)
    assert saved() == ["note 1", "note 2", "note 3"]


@pytest.fixture
def run(code, environ):
    """Run the host once, with more code after it; returns what it printed and how it ended."""

    def run(before="", more=""):
        return subprocess.run(
            [sys.executable, "-c", before + code + more],
            capture_output=True,
            text=True,
            env={**environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            timeout=60,
        )

    return run


@pytest.fixture
def notes(tmp_path, code, environ, capsys):
    """Return the session file of the host, which has one note: it ran once, in this process."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environ.items():
            patch.setenv(name, value)
        exec(compile(code, "README.md", "exec"), {})
    assert capsys.readouterr().err == ""
    return tmp_path / "home/config/sessionctl/sessions/notes.session.toml"


def test_a_broken_file_is_said_on_stderr_with_its_place_and_the_next_step(run, notes):
    broken = notes.read_text() + "x = [\n"
    notes.write_text(broken)
    done = run()
    line = len(broken.splitlines())
    assert f"{notes}:{line}:" in done.stderr
    assert f"sessionctl edit {notes}" in done.stderr
    assert f"sessionctl recover {notes}" in done.stderr
    assert (done.returncode, notes.read_text()) == (0, broken)


@pytest.mark.slow
def test_an_emptied_file_is_said_and_the_state_goes_on(run, notes):
    notes.write_text("")
    done = run()
    assert done.stdout == "so far: note 1\n"
    assert f"{notes}:1:1: the file is empty" in done.stderr
    assert f"sessionctl recover {notes}" in done.stderr
    assert run().stdout == "so far: note 1 note 2\n"


def test_a_host_can_silence_what_is_said_of_a_broken_file(run, notes):
    notes.write_text("x = [\n")
    quiet = "import logging; logging.getLogger('sessionctl.sdk').disabled = True\n"
    assert run(quiet).stderr == ""


def test_a_host_that_listens_has_nothing_printed(run, notes):
    notes.write_text("x = [\n")
    before = (
        "import sessionctl\n"
        "opened = sessionctl.Workspace.open\n"
        "def listening(*a, **k):\n"
        "    workspace = opened(*a, **k)\n"
        "    workspace.on_status(lambda event: None)\n"
        "    return workspace\n"
        "sessionctl.Workspace.open = listening\n"
    )
    assert run(before).stderr == ""


# Every write fails, as on a disk without room, once the host is restored.
FULL = """    import errno, sessionctl.system.store.store as store
    from sessionctl.errors import FileError
    def full(*a, **k):
        raise FileError(f"{workspace.file}: no space left on device")
    for name in NAMES:
        setattr(store.Store, name, full)
    with workspace.changing("list"):
        state["notes"] = [*state["notes"], "more"]
"""


def test_what_could_not_be_kept_anywhere_ends_the_block_with_an_error(run, notes):
    done = run(more=FULL.replace("NAMES", "('save', 'restore', 'keep')"))
    assert done.returncode == 1
    last = done.stderr.splitlines()[-1]
    assert last.startswith(f"sessionctl.errors.FileError: {notes}: ")
    assert "no space left" in last
    assert "make room" in last


def test_an_error_of_the_host_itself_is_not_replaced(run, notes):
    full = FULL.replace("NAMES", "('save', 'restore', 'keep')")
    done = run(more=full + "    raise KeyError('its own')\n")
    assert done.stderr.splitlines()[-1] == "KeyError: 'its own'"


@pytest.mark.slow
def test_what_is_kept_in_the_state_directory_is_no_error_and_comes_back(run, notes):
    done = run(more=FULL.replace("NAMES", "('save', 'restore')"))
    assert done.returncode == 0
    assert "failed: " in done.stderr
    assert "more" in run().stdout
