"""What the plain adapter would do with a session, and does: steps, notes and the shell, whole."""

from __future__ import annotations

import os

import pytest

from sessionctl.core.session.session import SecretRef
from sessionctl.core.workspace.workspace import Workspace, WorkspacePane, WorkspaceWindow
from sessionctl.errors import SessionctlError
from sessionctl.services.live.adapters.workspace_adapter import AdapterContext, RestoreRequest
from sessionctl.services.live.plain import plain_adapter
from sessionctl.services.live.plain.plain_adapter import open_plain
from tests.record import note

ENVIRON = {"SHELL": "/bin/bash", "KEPT": "1", "GONE": "1", "PATH": "/nowhere"}


@pytest.fixture
def place(tmp_path, monkeypatch):
    """Return a home with a directory in it; there is a terminal."""
    monkeypatch.setattr(plain_adapter, "_has_terminal", lambda: True)
    (tmp_path / "a b").mkdir()
    monkeypatch.chdir(tmp_path / "a b")
    return tmp_path


def adapter(place, **environ):
    """Return the adapter of a user who lives in ``place``."""
    return open_plain(
        AdapterContext({**ENVIRON, **environ}, home=str(place), scratch=f"{place}/scratch")
    )


def carry_out(plain, workspace):
    """Put down the steps of a plan, the notes of each, and the shell at the end."""
    request = RestoreRequest(workspace)
    for step in plain.plan(request):
        note(f"step {step.text} {step.data()}")
        for text, hint in plain.apply(step, request):
            note(f"  note {text}\n  hint {hint}")
    shell = plain.handover(workspace.name)
    changed = {k: v for k, v in shell.environ.items() if ENVIRON.get(k) != v}
    note(f"shell {shell.argv} in {shell.cwd}")
    note(f"with {changed}, without {sorted(ENVIRON.keys() - shell.environ.keys())}")


def session(root, *panes, **more):
    return Workspace("s", str(root), (WorkspaceWindow("w", panes),), **more)


def test_each_session_becomes_one_shell(place):
    where, other = str(place / "a b"), str(place)
    vim, tail = ("vim", "x y"), "tail -f log | less"
    secret = SecretRef("api.token")
    for workspace in (
        Workspace("s", where, ()),
        session(where, WorkspacePane(), env={"NEW": "2", "GONE": None, "T": secret}),
        session(where, WorkspacePane(cwd=other, env={"KEPT": "3"}), env={"KEPT": "2"}),
        session(where, WorkspacePane(run=vim)),
        session(where, WorkspacePane(run=tail, cwd=where, env={"P": "1", "S": secret})),
        session(where, WorkspacePane(), WorkspacePane(run=vim, cwd=other)),
        session(where, WorkspacePane(run=vim, start="type")),
        session(where, WorkspacePane(run=vim, start="skip")),
        session(where, WorkspacePane(run=vim, resume=("vim", "-S"))),
        session(where, WorkspacePane(run=vim, resume=())),
        session(where, WorkspacePane(run=vim), WorkspacePane(run=tail, cwd=other), env={"A": "1"}),
        session(where, WorkspacePane(run=("true",)), WorkspacePane(cwd=other, is_active=True)),
        Workspace("s", "", (WorkspaceWindow("w", (WorkspacePane(),), env={"W": "1"}),)),
    ):
        note("--")
        carry_out(adapter(place), workspace)
    carry_out(adapter(place, SHELL="zsh"), session(where, WorkspacePane(run=vim)))


def test_what_is_not_there_is_said(place):
    plain = adapter(place)
    request = RestoreRequest(session(place / "none" / "x", WorkspacePane(run=("vim",))))
    first, second = plain.plan(request)
    with pytest.raises(SessionctlError):
        plain.apply(second, request)
    with pytest.raises(SessionctlError):
        plain.apply(first, request)
    shell = plain.handover("s")
    assert (shell.cwd, shell.environ["PWD"]) == (str(place), str(place))
    assert plain_adapter._existing("/no/such") == plain_adapter._existing("x") == "/"
    with pytest.raises(SessionctlError):
        plain.capture(["a", "b"])


def test_a_terminal_is_named_by_its_directory(place, monkeypatch):
    plain = adapter(place)
    assert plain.detect() == (True, ("a b",), "a b")
    monkeypatch.chdir(place)
    assert plain.detect().current == "home"
    monkeypatch.chdir("/")
    assert plain.detect().sessions == ("home",)
    monkeypatch.setattr(plain_adapter, "_has_terminal", lambda: False)
    assert not plain.detect().is_running


def test_what_the_terminal_lacks_is_a_difference(place):
    plain = adapter(place)
    where = str(place / "a b")
    found = plain.capture()[0]
    assert (found.workspace.name, found.workspace.root, found.windows) == (
        "a b", where, ("terminal",),
    )  # fmt: skip
    for workspace in (
        session(where, WorkspacePane(), options={"x": "1"}, group="g"),
        session(where, WorkspacePane(run=("no-such-program",))),
        session(place, WorkspacePane()),
        session(where, WorkspacePane(), env={"NEVER": "1"}),
    ):
        note("--")
        for one in plain.verify(workspace):
            note(str(one))


def test_jobs_of_the_shell_are_panes(place, monkeypatch):
    class Job:
        cwd, run, env, process = "/x", ("vim",), {"A": "1"}.items(), 7

    class State:
        cwd, shell, env = "/y", 5, {"B": "2"}.items()
        jobs = (Job,)

    monkeypatch.setattr(plain_adapter, "read_terminal", lambda *_: State)
    (found,) = adapter(place).capture(["mine"])
    assert found.workspace == Workspace(
        "mine", "/y", (WorkspaceWindow("terminal", (WorkspacePane(cwd="/x", run=("vim",),
        env={"A": "1"}),)),), env={"B": "2"},
    )  # fmt: skip
    assert found[1:4] == ("plain:5", ("terminal",), (("7",),))
    assert os.getpid() == adapter(place).process
