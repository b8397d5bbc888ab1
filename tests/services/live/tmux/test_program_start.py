"""How the pane of a restore begins, what is typed into it, and whether it runs what it should."""

from __future__ import annotations

import os
from types import SimpleNamespace

import pytest

from sessionctl.core.workspace.workspace import Workspace, WorkspacePane, WorkspaceWindow
from sessionctl.services.live.tmux import program_start as module
from sessionctl.services.live.tmux.program_start import (
    MadePane,
    ProgramStart,
    RestoreOrder,
    existing_directory,
    private_place,
    shell_in,
)
from sessionctl.services.live.tmux.typed_start import TypedInput, TypingState
from sessionctl.services.live.tmux.window_commands import PaneStart, process_words
from tests.played_time import play_time
from tests.together import together


def started(tmp_path, *panes, old_texts=()):
    workspace = Workspace("a", "/", (WorkspaceWindow("w", panes),))
    order = RestoreOrder(workspace, str(tmp_path / "scripts"), old_texts=dict(old_texts))
    start = ProgramStart(None, None, order)
    start.know_shell("/bin/bash", "")
    start.made = {(0, n): MadePane("@1", f"%{n}", 10 + n, f"/t{n}") for n in range(len(panes))}
    return start


@together(
    "command, shell",
    [
        ("", "bash"), ("zsh -l", "zsh"), ("exec $SHELL -l", "bash"), ("'${SHELL}'", "bash"),
        ("reattach-to-user-namespace -l fish", "fish"), ("top", ""), ("bash -c zsh", "zsh"),
    ],
)  # fmt: skip
def test_the_shell_that_is_typed_into(tmp_path, command, shell):
    start = started(tmp_path)
    start.know_shell("/bin/bash", command)
    assert (start.shell, start._typed_shell) == ("/bin/bash", shell)
    if command:
        assert shell_in(command, "/bin/bash") == shell


HERE = os.getcwd()


@together(
    "facts, words, lines",
    [
        ({}, (), ()),
        ({"run": ("vi", "a b")}, (), (" command vi 'a b'",)),
        ({"run": ("vi", "a"), "shell": False}, ("vi", "a"), ()),
        ({"run": ("vi",), "shell": False}, process_words(["vi"]), ()),
        ({"run": "make\nls", "shell": False}, ("make\nls",), ()),
        ({"run": "make\nls"}, (), ("make", "ls")),
        ({"run": ("vi", "a"), "resume": ("nvim", "b")}, (), (" command nvim b",)),
        ({"run": ("vi", "a"), "resume": ()}, (), ()),
        ({"run": ("vi", "a"), "shell": False, "start": "type"}, (), (" command vi a",)),
        ({"run": ("vi", "a"), "start": "skip"}, (), ()),
        ({"run": ("vi", "a"), "is_allowed": False}, (), ()),
        ({"run": ("vi", "a"), "shell": ("zsh", "-l")}, ("zsh", "-l"), (" command vi a",)),
        # A directory that is gone: nothing is started elsewhere than it was.
        ({"run": ("vi", "a"), "shell": False, "cwd": "/no/such"}, (), (" command vi a",)),
    ],
    ids=str,
)  # fmt: skip
def test_a_pane_begins_with_its_program_or_is_typed_into(tmp_path, facts, words, lines):
    pane = WorkspacePane(**{"cwd": HERE, "env": {"A": "1"}, **facts})
    start = started(tmp_path, pane)
    begun = start.start(pane)
    cwd = "/" if pane.cwd == "/no/such" else HERE
    env = {"A": "1"} if pane.is_allowed else {}
    assert begun == PaneStart(cwd, words, env)
    found = start.inputs()
    if not lines:
        assert found == []
        return
    shell = "zsh" if isinstance(pane.shell, tuple) else "bash"
    is_entered = pane.beginning == "run" and cwd == pane.cwd
    assert found == [TypedInput("%0", 10, "/t0", shell, lines, is_entered)]


def test_an_old_text_is_shown_also_where_nothing_is_typed(tmp_path):
    start = started(
        tmp_path, WorkspacePane(cwd=HERE), WorkspacePane(cwd=HERE), old_texts={(0, 1): "old"}
    )
    assert start.inputs() == [TypedInput("%1", 11, "/t1", "bash", (), True, "old")]
    start.take({"%1": TypingState.FAILED})
    assert (start.typed("%1"), start.typed("%0")) == (TypingState.FAILED, TypingState.TYPED)


def test_scripts_are_put_where_no_one_else_may_write(tmp_path):
    place = str(tmp_path / "scripts")
    assert private_place(place) == place
    assert os.stat(place).st_mode & 0o777 == 0o700
    assert private_place(place) == place
    os.chmod(place, 0o770)
    other = private_place(place)
    assert other != place
    assert os.stat(other).st_mode & 0o777 == 0o700
    os.rmdir(other)
    (tmp_path / "link").symlink_to(tmp_path)
    other = private_place(str(tmp_path / "link"))
    assert other != str(tmp_path / "link")
    os.rmdir(other)


@together(
    "path, found",
    [("/", "/"), ("", "/"), ("/no/such/dir", "/"), ("no/such", "/"), (HERE, HERE),
     (f"{HERE}/none/x", HERE)],
)  # fmt: skip
def test_the_nearest_directory_that_is_there(path, found):
    assert existing_directory(path) == found


@pytest.fixture
def clock(monkeypatch):
    return play_time(monkeypatch, module)


@together(
    "facts, programs, runs, took_s",
    [
        # The pane's program by the moment from which it runs: its argv and process.
        ({"run": ("vi", "a")}, [(0.5, ("vi", "a"), 20)], True, 0.5),
        ({"run": ("vi", "a")}, [], False, 3.0),
        ({"run": "make"}, [(0.2, ("cc",), 20)], True, 0.2),
        ({"run": ("x",), "resume": ("wrapper",)}, [(0.2, ("y",), 20)], True, 0.2),
        # A wrapper has a second to become what it wraps.
        ({"run": ("vi", "a")}, [(0.1, ("env", "vi"), 20), (0.6, ("vi", "a"), 20)], True, 0.6),
        ({"run": ("vi", "a")}, [(0.1, ("top",), 20)], True, 1.1),
        ({"run": ("vi", "a")}, [(0.1, ("top",), 10)], True, 0.1),
    ],
    ids=str,
)  # fmt: skip
def test_a_pane_runs_what_it_should_or_is_given_up(
    tmp_path, monkeypatch, clock, facts, programs, runs, took_s
):
    clock.now = 0.0
    pane = WorkspacePane(cwd=HERE, **facts)
    start = started(tmp_path, pane, WorkspacePane(cwd=HERE))

    def find(_table, pid, _words, shell):
        assert (pid, shell) == (10, "/bin/bash")
        there = [one for one in programs if one[0] <= clock.now + 1e-9]
        _, argv, process = there[-1] if there else (0, None, 0)
        return SimpleNamespace(run=argv, process=process)

    monkeypatch.setattr(module, "find_program", find)
    assert start.is_running((0, 0)) is runs
    assert clock.now == pytest.approx(took_s, abs=0.03)
    assert start.is_running((0, 1)) is False  # a shell alone is nothing to wait for
    assert clock.now == pytest.approx(took_s, abs=0.03)
