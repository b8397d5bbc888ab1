"""Plan view: the steps of a plan as a tree, each with what became of it so far."""

from __future__ import annotations

from typing import NamedTuple

from textual.containers import VerticalScroll
from textual.widgets import Static

from sessionctl.core.scan.text_scan import without_secrets
from sessionctl.services.plan.plan import GuardedStep, StepGroup
from sessionctl.services.plan.runner import StepStatus
from sessionctl.tui.widgets.shown_text import text_of_lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

    from textual.app import ComposeResult

    from sessionctl.core.render.drawing import Charset, Line
    from sessionctl.services.plan.plan import Plan, PlanNode
    from sessionctl.services.plan.runner import StepOutcome

_SIGNS = {
    StepStatus.PLANNED: ("\u00b7", ".", "dim"),
    StepStatus.DONE: ("\u2713", "+", "good"),
    StepStatus.SKIPPED: ("-", "-", "changed"),
    StepStatus.FAILED: ("\u2717", "x", "error"),
}


class _PlanRow(NamedTuple):
    """A step or the title of a group, and how deep it is in the tree."""

    node: PlanNode[Any]
    text: str
    depth: int
    is_group: bool


class PlanView(VerticalScroll):
    """A plan; as it is carried out, each step gets a sign, and a reason where it was not done."""

    DEFAULT_CSS = """
    PlanView { height: 1fr; padding: 0 1; }
    """
    can_focus = True

    def __init__(self, charset: Charset) -> None:
        super().__init__()
        self._charset = charset
        self._rows: list[_PlanRow] = []
        self._outcomes: dict[int, StepOutcome] = {}
        self._before: Sequence[Line] = ()
        self._after: Sequence[Line] = ()
        self._static = Static("", markup=False)

    def compose(self) -> ComposeResult:
        """Give the tree."""
        yield self._static

    def show_plan(self, plan: Plan[Any], before: Sequence[Line] = ()) -> None:
        """Show a plan of which nothing done, below lines ``before`` it."""
        self._rows = list(_rows(plan, 0))
        self._outcomes = {}
        self._before, self._after = before, ()
        self.draw()

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show lines in the place of a plan."""
        self._rows, self._before, self._after = [], lines, ()
        self.draw()

    def take(self, outcome: StepOutcome) -> None:
        """Show what became of a step."""
        self._outcomes[id(outcome.step)] = outcome
        self.draw()

    def finish(self, outcomes: Iterable[StepOutcome], after: Sequence[Line]) -> None:
        """Show what became of all steps, those that were skipped too, and lines below."""
        for outcome in outcomes:
            self._outcomes[id(outcome.step)] = outcome
        self._after = after
        self.draw()
        self.call_after_refresh(self.scroll_end, animate=False)

    def draw(self) -> None:
        """Draw it anew."""
        lines = [*self._before, *(self._line(row) for row in self._rows)]
        lines += [[], *self._after] if self._after else []
        text = text_of_lines(lines)
        text.no_wrap = False
        self._static.update(text)

    def _line(self, row: _PlanRow) -> Line:
        indent = "  " * row.depth
        if row.is_group:
            return [(f"{indent}{row.text}", "key")]
        outcome = self._outcomes.get(id(row.node))
        if outcome is None and isinstance(row.node, GuardedStep):
            return [(f"{indent}! ", "warning"), (row.text, ""), (f"  {row.node.reason}", "warning")]
        status = StepStatus.PLANNED if outcome is None else outcome.status
        sign, plain, role = _SIGNS[status]
        line: Line = [(f"{indent}{plain if self._charset.is_ascii else sign} ", role)]
        line.append((row.text, ""))
        if outcome is not None and outcome.error is not None:
            line.append((f"  failed: {outcome.error.message}", "error"))
        elif outcome is not None and status is StepStatus.SKIPPED:
            line.append((f"  skipped: {outcome.reason}", "changed"))
        return line


def _rows(plan: Plan[Any], depth: int) -> Iterator[_PlanRow]:
    for node in plan:
        inner = node.step if isinstance(node, GuardedStep) else node
        text = without_secrets(node.render())
        if isinstance(inner, StepGroup):
            is_shown = bool(text) and depth + 1 and text != "windows"
            if is_shown:
                yield _PlanRow(node, text, depth, is_group=True)
            yield from _rows(inner.steps, depth + int(bool(is_shown)))
        elif text:
            yield _PlanRow(node, text, depth, is_group=False)
