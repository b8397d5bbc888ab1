"""How a plan is drawn: each step with its sign, what became of it, and why it was not done."""

from __future__ import annotations

from textual.app import App
from textual.widgets import Static

from sessionctl.core.render.drawing import Charset
from sessionctl.errors import FileError
from sessionctl.services.plan.plan import GuardedStep, StepGroup
from sessionctl.services.plan.runner import StepOutcome, StepStatus
from sessionctl.tui.restore.plan_view import PlanView
from tests.together import together
from tests.tui.screens import run


class Step:
    """A step that says what it does."""

    def __init__(self, text):
        self.text = text

    def render(self):
        return self.text


ONE, TWO, THREE, FOUR = (Step(text) for text in ("one", "two", "password=hunter2-Xy9", "four"))
GUARDED = GuardedStep(FOUR, "it was not allowed yet", permission="trust")
PLAN = (
    ONE,
    StepGroup("windows", (StepGroup("window a", (TWO, Step(""))), StepGroup("", (THREE,)))),
    GUARDED,
    GuardedStep(StepGroup("hooks", (ONE,)), "why"),
)


def in_app(act, *, is_ascii=True):
    """Let ``act`` work with a view that is on a screen."""

    class Screens(App):
        def compose(self):
            yield PlanView(Charset(is_ascii))

    async def work():
        async with Screens().run_test() as pilot:
            act(pilot.app.query_one(PlanView))

    run(work())


def lines(view):
    """Return the lines of the steps, each as its pieces."""
    return [view._line(row) for row in view._rows]


def text(view):
    return str(view.query_one(Static).content)


def test_a_plan_is_a_tree_with_a_sign_for_each_step():
    def act(view):
        view.show_plan(PLAN, [[("before", "dim")]])
        dot = ("\u00b7 ", "dim")
        assert lines(view) == [
            [dot, ("one", "")],
            [("window a", "key")],
            [("  \u00b7 ", "dim"), ("two", "")],
            [dot, ("password=***", "")],
            [("! ", "warning"), ("four", ""), ("  it was not allowed yet", "warning")],
            [("hooks", "key")],
            [("  \u00b7 ", "dim"), ("one", "")],
        ]
        assert text(view) == (
            "before\n\u00b7 one\nwindow a\n  \u00b7 two\n\u00b7 password=***\n"
            "! four  it was not allowed yet\nhooks\n  \u00b7 one"
        )
        view.show_lines([[("only ", "dim"), ("this", "")]])
        assert text(view) == "only this"

    in_app(act, is_ascii=False)


@together("is_ascii", [True, False])
def test_what_became_of_each_step(is_ascii):
    done, failed, planned = "+x." if is_ascii else "\u2713\u2717\u00b7"

    def act(view):
        view.show_plan(PLAN)
        view.take(StepOutcome(ONE, StepStatus.DONE))
        view.take(StepOutcome(TWO, StepStatus.FAILED, error=FileError("no space")))
        after = [
            StepOutcome(THREE, StepStatus.PLANNED),
            StepOutcome(GUARDED, StepStatus.SKIPPED, reason="not allowed"),
        ]
        view.finish(after, [[("1 failed", "error")]])
        assert lines(view) == [
            [(f"{done} ", "good"), ("one", "")],
            [("window a", "key")],
            [(f"  {failed} ", "error"), ("two", ""), ("  failed: no space", "error")],
            [(f"{planned} ", "dim"), ("password=***", "")],
            [("- ", "changed"), ("four", ""), ("  skipped: not allowed", "changed")],
            [("hooks", "key")],
            [(f"  {done} ", "good"), ("one", "")],
        ]
        assert text(view).endswith(f"  {done} one\n\n1 failed")
        view.show_plan(())
        assert text(view) == ""

    in_app(act, is_ascii=is_ascii)
