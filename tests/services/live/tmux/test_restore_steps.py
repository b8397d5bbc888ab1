"""The plan of a restore, step by step, and what each step says of what became of it."""

from __future__ import annotations

import os
from types import SimpleNamespace

import pytest

from sessionctl.core.session.session import SecretRef
from sessionctl.core.workspace.workspace import Workspace, WorkspacePane, WorkspaceWindow
from sessionctl.errors import ToolError
from sessionctl.services.live.tmux.restore_steps import (
    NO_DIRECTORY,
    CheckLayout,
    Finish,
    LeaveUnset,
    LinkWindow,
    OpenPane,
    OpenSession,
    SetValues,
    StartProgram,
    plan_restore,
    shown_command,
)
from sessionctl.services.live.tmux.typed_start import TypingState
from sessionctl.services.live.unset_secrets import unset_note
from sessionctl.services.plan.plan import GuardedStep, StepGroup
from tests.together import together

HERE = os.getcwd()


class Tools:
    """A restore that went as it is told; what is asked of it is noted."""

    def __init__(self, state=TypingState.TYPED, *, runs=True, problems=(), pane=None):
        self.state, self.runs, self.problems, self.asked = state, runs, problems, []
        self.programs = SimpleNamespace(spec=lambda _place: pane or WorkspacePane())
        self.order = SimpleNamespace(workspace=Workspace("a", "/", (WorkspaceWindow("w\x07"),)))

    def open_session(self):
        self.asked.append("session")

    def pane(self, place):
        self.asked.append(place)

    def typed(self, _place):
        return self.state

    def is_running(self, place):
        self.asked.append(("running", place))
        return self.runs

    def problems_of(self, *place):
        self.asked.append(place)
        return self.problems

    def misplaced(self):
        return {0}

    def finish(self):
        return self.problems


def said(step, tools):
    """Return the notes of a step, or why it failed."""
    try:
        return list(step.carry_out(tools) or ())
    except ToolError as error:
        return error.message


def test_the_session_is_opened():
    tools = Tools()
    assert said(OpenSession("a", "/", True), tools) == []
    assert tools.asked == ["session"]


@together("window, pane, asked", [(None, None, (-1, None)), (0, None, (0, None)), (2, 1, (2, 1))])
def test_what_tmux_refused_to_set_is_a_note(window, pane, asked):
    tools = Tools(problems=["bad value"])
    assert said(SetValues(("x",), window, pane), tools) == [("bad value", "")]
    assert tools.asked == [asked]


def test_secrets_stay_unset_and_that_is_said_where_it_was_allowed():
    secrets = {"A": "db.password"}
    assert said(LeaveUnset(secrets, True), Tools()) == [unset_note(secrets)]
    assert said(LeaveUnset(secrets, False), Tools()) == []


def test_a_pane_is_opened_where_it_should_be_or_that_is_said():
    tools = Tools()
    assert said(OpenPane(1, 2, HERE), tools) == []
    assert tools.asked == [(1, 2)]
    assert said(OpenPane(1, 2, f"{HERE}/no\x07ne"), tools) == f"{NO_DIRECTORY}, opened in {HERE}"


RISKY = WorkspacePane(run="echo a\nrm -r x\necho b")


@together(
    "step, tools, found",
    [
        (StartProgram(0, 1, ("vi",), True), Tools(), []),
        (StartProgram(0, 1, ("vi",), True), Tools(runs=False),
         "it does not run: it ended, or could not be started"),
        (StartProgram(0, 1, ("vi",), True), Tools(TypingState.WAITING),
         "its shell was not ready in time; nothing was typed"),
        (StartProgram(0, 1, ("vi",), True), Tools(TypingState.FAILED), "its pane is gone"),
        # A line of a shell may end at once; a program of its own may not.
        (StartProgram(0, 1, "ls", True), Tools(runs=False), []),
        (StartProgram(0, 1, "ls", False), Tools(runs=False),
         "it does not run: it ended, or could not be started"),
        (StartProgram(0, 1, "a\x03b", True), Tools(),
         "it has control characters, which act as keys; nothing was typed"),
        (StartProgram(0, 1, "a\x03b", False), Tools(), []),
        (StartProgram(0, 1, ("vi",), True, False), Tools(runs=False), []),
        (StartProgram(0, 1, RISKY.run, True, False), Tools(pane=RISKY),
         "1 more to type behind what can do harm: enter that first"),
        (StartProgram(0, 1, RISKY.run, True, False), Tools(pane=RISKY._replace(start="type")), []),
    ],
    ids=str,
)  # fmt: skip
def test_a_program_runs_or_it_is_said_why_not(step, tools, found):
    assert said(step, tools) == found


def test_a_window_is_linked_arranged_and_finished_or_it_is_said():
    assert said(LinkWindow(3, "b:1"), Tools()) == []
    tools = Tools(problems=["no such window", "x"])
    assert said(LinkWindow(3, "b:1"), tools) == "tmux: no such window"
    assert tools.asked == [(3, None)]
    assert said(Finish(), tools) == [("no such window", ""), ("x", "")]
    assert said(CheckLayout(0), tools) == [
        ("window w\u2407: its panes are not arranged as they were saved", "")
    ]
    assert said(CheckLayout(1), tools) == []


def test_the_plan_of_a_restore():
    panes = (
        WorkspacePane(cwd=HERE, run=("vi", "a")),
        WorkspacePane(cwd=HERE, run=("top",), shell=False, start="skip", env={"A": "1"}),
        WorkspacePane(cwd="/no/such", run="make", is_allowed=False, options={"x": True}),
        WorkspacePane(cwd=HERE),
    )  # fmt: skip
    windows = (
        WorkspaceWindow("one", panes, number=2, env={"S": SecretRef("db")}),
        WorkspaceWindow("two", (panes[3],), is_allowed=False, options={"y": False}),
        WorkspaceWindow("three", link="b:1"),
    )
    workspace = Workspace("a", "/r", windows, env={"B": "2"}, options={"mouse": True})
    trust = "it was not allowed yet"
    first = StepGroup(
        "window 2 one",
        (
            LeaveUnset({"S": "db"}, True),
            OpenPane(0, 0, HERE), StartProgram(0, 0, ("vi", "a"), True),
            OpenPane(0, 1, HERE), SetValues(("A",), 0, 1),
            GuardedStep(StartProgram(0, 1, ("top",), False), 'the file says so: start = "skip"'),
            OpenPane(0, 2, "/no/such"),
            GuardedStep(SetValues(("x",), 0, 2), trust, permission="trust"),
            GuardedStep(StartProgram(0, 2, "make", True, False), trust, permission="trust"),
            OpenPane(0, 3, HERE), CheckLayout(0),
        ),
        goes_on=True,
    )  # fmt: skip
    second = StepGroup(
        "window two",
        (GuardedStep(SetValues(("y",), 1), trust, permission="trust"), OpenPane(1, 0, HERE)),
        goes_on=True,
    )
    third = StepGroup("window three", (LinkWindow(2, "b:1"),), goes_on=True)
    groups = StepGroup("windows", (first, second, third, Finish()), goes_on=True)
    assert plan_restore(workspace, is_new=True) == (
        OpenSession("a", "/r", True), SetValues(("mouse", "B")), groups,
    )  # fmt: skip
    assert plan_restore(workspace, is_new=False) == (OpenSession("a", "/r", False), groups)


@together(
    "run, text",
    [(("vi", "a b"), "vi 'a b'"), ("a\nb", "a\\nb"), ("a\x07", "a\u2407"), ("x" * 1000, None)],
)
def test_a_command_is_shown_in_a_line(run, text):
    shown = shown_command(run)
    if text is None:
        assert shown.endswith("...")
        assert len(shown) < 300
    else:
        assert shown == text


def test_it_is_said_before_what_each_step_does():
    with pytest.raises(ToolError):
        LinkWindow(0, "x").carry_out(Tools(problems=["y"]))
    assert StartProgram(0, 1, ("vi",), True, False).render() == "type, not enter, in pane 2: vi"
    assert StartProgram(0, 1, ("vi",), True).data() == {
        "action": "start-program", "pane": 1, "run": ["vi"], "in_shell": True,
    }  # fmt: skip
    assert StartProgram(0, 1, "ls", False, False).data()["action"] == "type-program"
    assert OpenPane(0, 1, "/x").render() == "open pane 2 in /x"
    assert SetValues(("a", "b\x07")).render() == "set a, b\u2407"
