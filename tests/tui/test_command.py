"""The command ``ui``: where there is no terminal, no Textual, no file."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import pytest

from sessionctl.cli.app import run
from sessionctl.cli.output.console import Console
from sessionctl.errors import ToolError, UsageError
from tests.world import run_sessionctl


class Terminal:
    """A stream that says it is a terminal."""

    encoding = "utf-8"

    def isatty(self):
        return True

    def write(self, text):
        return len(text)

    def flush(self):
        pass


@pytest.fixture
def terminal(monkeypatch):
    # Not in sys itself: pytest puts its own streams there before each phase of a test.
    streams = SimpleNamespace(stdin=Terminal(), stdout=Terminal(), stderr=Terminal())
    monkeypatch.setattr("sessionctl.cli.commands.ui.sys", streams)
    monkeypatch.setenv("TERM", "xterm-256color")


def test_what_is_no_terminal_is_a_usage_error_with_what_works_there():
    done = run_sessionctl("ui")
    assert done.returncode == 2
    assert done.stdout == ""
    assert "not a terminal" in done.stderr
    assert "hint: without screens: sessionctl list" in done.stderr


@pytest.mark.parametrize("term", ["dumb", ""])
def test_a_terminal_without_screens_is_refused(terminal, monkeypatch, term):
    monkeypatch.setenv("TERM", term)
    with pytest.raises(UsageError, match="cannot show screens"):
        run(["ui"], Console())


def test_without_textual_the_extra_is_named(terminal, monkeypatch):
    for name in [name for name in sys.modules if name.startswith(("sessionctl.tui", "textual"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "textual", None)
    monkeypatch.setitem(sys.modules, "textual.app", None)
    with pytest.raises(ToolError) as raised:
        run(["ui"], Console())
    command = f"{sys.executable} -m pip install 'textual>=8'"
    assert raised.value.hints == (f"install it: {command}",)
    assert "Textual" in raised.value.message


def test_a_path_that_is_not_there_is_refused(terminal):
    with pytest.raises(UsageError, match="nowhere: no such file"):
        run(["ui", "nowhere"], Console())


def test_the_help_of_the_command_loads_no_textual():
    done = run_sessionctl("ui", "--help")
    assert done.returncode == 0
    assert "pip install 'sessionctl[ui]'" in done.stdout
