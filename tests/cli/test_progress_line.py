"""The progress line: on a terminal, after a second, and gone before anything else is written."""

from __future__ import annotations

import io
import os
import sys
import time

import pytest

from sessionctl.cli import progress_line
from sessionctl.cli.output.console import Console
from sessionctl.cli.progress_line import ProgressLine
from tests import pseudo_terminal

ERASE = "\r\x1b[K"


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def clock(monkeypatch):
    """Stop the time, and let the line be drawn only when a test says so."""
    times = [100.0]
    monkeypatch.setattr(progress_line.time, "monotonic", lambda: times[0])
    monkeypatch.setattr(progress_line._thread, "start_new_thread", lambda *_: None)
    return times


def test_nothing_is_written_within_the_first_second(clock):
    stream = Terminal()
    line = ProgressLine(stream)
    line.begin("checking")
    clock[0] += 0.9
    line.show(1, 2)
    line._draw()
    line.clear()
    assert stream.getvalue() == ""


def test_it_is_drawn_when_it_changes_and_taken_away_once(clock):
    stream = Terminal()
    line = ProgressLine(stream)
    line.begin("checking")
    clock[0] += 1.05
    for done in (1, 1, 2):
        line.show(done, 2)
        line._draw()
    line.clear()
    line.clear()
    drawn = "".join(f"{ERASE}checking: {done} of 2" for done in (1, 2))
    assert stream.getvalue() == drawn + ERASE


def test_without_a_count_the_seconds_are_counted(clock):
    stream = Terminal()
    line = ProgressLine(stream)
    line.begin("merging")
    for _ in range(2):
        clock[0] += 1.5
        line._draw()
    assert stream.getvalue() == f"{ERASE}merging: 1 s{ERASE}merging: 3 s"


def test_after_something_was_written_it_waits_for_news(clock):
    stream = Terminal()
    line = ProgressLine(stream)
    line.begin("merging")
    clock[0] += 2
    line.clear()
    line._draw()
    assert stream.getvalue() == ""
    line.show(3, 4)
    line._draw()
    assert stream.getvalue() == f"{ERASE}merging: 3 of 4"


def test_while_somebody_is_asked_nothing_is_drawn(clock):
    stream = Terminal()
    line = ProgressLine(stream)
    line.begin("merging")
    clock[0] += 2
    line.rest()
    line.show(3, 4)
    line._draw()
    assert stream.getvalue() == ""


@pytest.mark.parametrize(("stream", "is_wanted"), [(io.StringIO(), True), (Terminal(), False)])
def test_nothing_is_written_elsewhere_or_when_quiet(clock, stream, is_wanted):
    line = ProgressLine(stream, is_wanted=is_wanted)
    line.begin("checking")
    clock[0] += 5
    line.show(1, 2)
    line._draw()
    line.clear()
    assert stream.getvalue() == ""


@pytest.mark.parametrize(
    ("environ", "arguments"),
    [
        ({"TERM": "dumb"}, []),
        ({}, []),
        ({"TERM": "xterm", "CI": "true"}, []),
        ({"TERM": "xterm"}, ["status", "--no-input"]),
        ({"TERM": "xterm"}, ["-q", "status"]),
    ],
)
def test_nobody_sees_it_in_ci_on_a_dumb_terminal_or_where_silence_is_asked_for(environ, arguments):
    console = Console(stderr=Terminal(), environ=environ)
    console.begin([*arguments, "status"])
    assert console.progress is None


def test_what_is_written_to_either_stream_takes_it_away(clock):
    stream = Terminal()
    console = Console(stdout=stream, stderr=stream, environ={"TERM": "xterm"})
    console.begin(["status", "x"])
    assert console.progress is not None
    clock[0] += 2
    console.progress._draw()
    console.out("answer")
    console.progress._draw()
    console.note("talk")
    assert stream.getvalue() == f"{ERASE}looking at files: 2 s" + f"{ERASE}answer\ntalk\n"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["secret", "rekey", "--new-key"], "encrypting secrets again"),
        (["secret", "set", "a"], ""),
        (["--json", "validate"], "checking"),
        (["ui"], ""),
        ([], ""),
    ],
)
def test_commands_that_may_last_have_words(arguments, expected):
    assert progress_line.doing(arguments) == expected


def test_a_slow_command_shows_it_on_a_terminal_and_leaves_nothing(git_repo, tmp_path, monkeypatch):
    """The line is drawn while one long step goes on: here git does not answer for a while."""
    (git_repo.path / "a.toml").write_text("a = 1\n")
    git_repo.run("add", "-A")
    git_repo.run("commit", "-m", "one")
    gate = tmp_path / "gate"
    programs = tmp_path / "bin"
    programs.mkdir()
    git = programs / "git"
    path = os.environ["PATH"]
    git.write_text(
        f'#!/bin/sh\nwhile [ ! -e {gate} ]; do sleep 0.05; done\nPATH="{path}"\nexec git "$@"\n'
    )
    git.chmod(0o755)
    environ = {**os.environ, "PATH": f"{programs}:{path}", "TERM": "xterm", "NO_COLOR": "1"}
    environ.pop("CI", None)
    command = [sys.executable, "-m", "sessionctl", "log", "--no-pager", "a.toml"]
    terminal = pseudo_terminal.Terminal(command, git_repo.path, environ)
    terminal.wait_for("reading history: 1 s")
    gate.touch()
    assert terminal.end() == 0
    screen = terminal.screen.decode()
    before, _, after = screen.rpartition(ERASE)
    assert "reading history" in before
    assert "one" in after
    assert "reading history" not in after


def test_a_quick_command_starts_no_thread_elsewhere(monkeypatch):
    monkeypatch.setattr(
        progress_line._thread, "start_new_thread", lambda *_: pytest.fail("a thread")
    )
    console = Console(stderr=io.StringIO(), environ={"TERM": "xterm"})
    console.begin(["status"])
    console.show_progress(1, 2, "looking")
    console.rest()


def test_the_thread_ends_with_the_command(monkeypatch):
    stream = Terminal()
    line = ProgressLine(stream)
    monkeypatch.setattr(progress_line, "_PATIENCE_S", 0.0)
    monkeypatch.setattr(progress_line, "_EVERY_S", 0.001)
    line.begin("checking")
    end = time.monotonic() + 10
    while "checking" not in stream.getvalue() and time.monotonic() < end:
        time.sleep(0.001)
    line.end()
    assert stream.getvalue().endswith(ERASE)
    length = len(stream.getvalue())
    line.show(1, 2)
    line._draw()
    assert len(stream.getvalue()) == length
