"""The plan of any adapter: what it is asked for, and what is withheld from it."""

from __future__ import annotations

from sessionctl.core.workspace.mapping.agreed_workspace import StandingWorkspace
from sessionctl.core.workspace.workspace import Workspace, WorkspacePane, WorkspaceWindow
from sessionctl.services.live.adapters.adapter_restore import (
    AppliedStep,
    WithheldProgram,
    plan_with,
)
from sessionctl.services.live.adapters.workspace_adapter import AdapterStep
from sessionctl.services.plan.plan import GuardedStep, StepGroup

ONE, TWO, THREE = (AdapterStep(word, f"{word} it", {"n": 1}) for word in ("one", "two", "three"))
SECRET = WorkspacePane(run=("evil",), env={"A": "1"}, is_allowed=False)


class Adapter:
    """An adapter that plans what it is given, and remembers what it was asked."""

    def __init__(self, *steps):
        self.steps, self.asked, self.applied = steps, [], []

    def plan(self, request):
        self.asked.append(request)
        return self.steps

    def apply(self, step, request):
        self.applied.append((step, request))
        return [("a note", "")]


def session(*windows):
    return Workspace("s", "/x", windows)


EDITOR = WorkspaceWindow("ed", (WorkspacePane(run=("vim",)), SECRET))
LOGS = WorkspaceWindow("logs", (WorkspacePane(), WorkspacePane(run="tail -f x", start="skip")))
STANDING = StandingWorkspace(session(WorkspaceWindow("ed", (WorkspacePane(),))), "s", ("@1",))


def test_every_step_is_that_of_the_adapter_with_its_request():
    guarded = GuardedStep(TWO, "why", "how", "trust")
    adapter = Adapter(ONE, StepGroup("both", (TWO, guarded), True), GuardedStep(THREE, "no"))
    plan = plan_with(adapter, session(EDITOR, LOGS), None)
    (request,) = adapter.asked
    first, group, last, *withheld = plan
    assert first == AppliedStep(ONE, request)
    assert (first.render(), first.data()) == (ONE.render(), ONE.data())
    assert group == StepGroup(
        "both",
        (AppliedStep(TWO, request), guarded._replace(step=AppliedStep(TWO, request))),
        True,
    )
    assert last == GuardedStep(AppliedStep(THREE, request), "no")
    assert withheld == [
        GuardedStep(WithheldProgram("window ed, pane 2", ("evil",)), "it was not allowed yet"),
        GuardedStep(
            WithheldProgram("window logs, pane 2", "tail -f x"),
            'the file says so: start = "skip"',
        ),
    ]
    assert withheld[0].step.carry_out(adapter) is None
    assert adapter.applied == []
    assert first.carry_out(adapter) == [("a note", "")]
    assert adapter.applied == [(ONE, request)]


def test_what_was_not_allowed_is_not_in_the_request():
    adapter = Adapter()
    plan_with(adapter, session(EDITOR), None)
    (request,) = adapter.asked
    allowed, withheld = request.workspace.windows[0].panes
    assert (allowed.run, withheld.run, withheld.env) == (("vim",), None, {})
    assert (request.standing, request.is_replacing) == (None, False)


def test_only_what_does_not_stand_is_asked_for_unless_all_is_replaced():
    adapter = Adapter(ONE)
    plan = plan_with(adapter, session(EDITOR, LOGS), STANDING)
    assert [window.name for window in adapter.asked[0].workspace.windows] == ["logs"]
    assert adapter.asked[0].standing == STANDING
    assert len(plan) == 2
    assert plan_with(adapter, session(EDITOR), STANDING) == ()
    assert len(adapter.asked) == 1
    plan_with(adapter, session(EDITOR, LOGS), STANDING, is_replacing=True)
    assert [window.name for window in adapter.asked[1].workspace.windows] == ["ed", "logs"]
    assert adapter.asked[1].is_replacing
    plan_with(adapter, session(), None)
    assert adapter.asked[2].workspace.windows == ()
