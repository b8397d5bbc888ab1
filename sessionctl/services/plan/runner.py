"""Runner: carries out a plan, or rehearses it, and reports on each of its steps."""

from __future__ import annotations

from sessionctl.core.light_enum import Enum
from sessionctl.core.light_typing import Generic
from sessionctl.core.named_tuple import NamedTuple
from sessionctl.errors import SessionctlError
from sessionctl.services.plan.plan import GuardedStep, SkipStep, StepGroup, Tools, indented

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from typing import Any

    from sessionctl.services.plan.plan import Note, Plan, PlanNode, Step

_AFTER_FAILURE = "a step before it failed"


class StepStatus(Enum):
    """What became of a step; ``PLANNED`` is all that a rehearsal does."""

    PLANNED = "planned"
    DONE = "done"
    SKIPPED = "skipped"
    FAILED = "failed"


class StepOutcome(NamedTuple):
    """What became of one step, or of a group: then ``parts`` has its steps.

    ``notes`` are what the user should know, each with a next step or ""; ``reason`` is why it
    was skipped; ``error`` why it failed.
    """

    step: PlanNode[Any]
    status: StepStatus
    notes: tuple[Note, ...] = ()
    reason: str = ""
    error: SessionctlError | None = None
    parts: tuple[StepOutcome, ...] = ()

    def data(self) -> dict[str, object]:
        """Return it as plain data for JSON: the step's, and what became of it."""
        data = self.step.data() | {
            "status": self.status.value,
            "reason": self.error.message if self.error else self.reason or None,
            "notes": [text for text, _ in self.notes],
        }
        return data | {"steps": _data(self.parts)} if self.parts else data

    def lines(self, depth: int = 0) -> list[str]:
        """Return it as lines of text; what was not done says why."""
        text = self.step.render()
        if text and not self.parts:
            first, newline, rest = text.partition("\n")
            if self.status is StepStatus.SKIPPED:
                text = f"skip: {first}: {self.reason}{newline}{rest}"
            elif self.error is not None:
                text = f"failed: {first}: {self.error.message}{newline}{rest}"
        lines = indented(text, depth)
        for part in self.parts:
            lines += part.lines(depth + bool(text))
        return lines


class PlanReport(NamedTuple):
    """What became of a plan: an outcome for each of its steps, in their order."""

    outcomes: tuple[StepOutcome, ...] = ()

    def leaves(self) -> Iterator[StepOutcome]:
        """Give the outcomes of the steps, those in groups too, without the groups."""
        return _leaves(self.outcomes)

    def having(self, status: StepStatus) -> tuple[StepOutcome, ...]:
        """Return the outcomes of the steps with ``status``."""
        return tuple(outcome for outcome in self.leaves() if outcome.status is status)

    @property
    def done(self) -> tuple[StepOutcome, ...]:
        """The steps that were done."""
        return self.having(StepStatus.DONE)

    @property
    def skipped(self) -> tuple[StepOutcome, ...]:
        """The steps that were not done, with their reasons."""
        return self.having(StepStatus.SKIPPED)

    @property
    def failures(self) -> tuple[SessionctlError, ...]:
        """Why steps failed, in their order."""
        return tuple(outcome.error for outcome in self.leaves() if outcome.error is not None)

    @property
    def notes(self) -> tuple[Note, ...]:
        """What the user should know, and the next step or "", each once, in order."""
        return tuple(dict.fromkeys(note for outcome in self.leaves() for note in outcome.notes))

    @property
    def exit_code(self) -> int:
        """The highest exit code of the failures; 0 without any."""
        return max((error.exit_code for error in self.failures), default=0)

    def check(self) -> PlanReport:
        """Return the report; raise the first failure, if there was one."""
        for error in self.failures:
            raise error
        return self

    def data(self) -> list[dict[str, object]]:
        """Return the outcomes as plain data for JSON, as ``plan_data`` does the steps."""
        return _data(self.outcomes)

    def lines(self) -> list[str]:
        """Return the outcomes as lines of text, a tree by indentation."""
        return [line for outcome in self.outcomes for line in outcome.lines()]


def run(
    plan: Plan[Tools],
    tools: Tools,
    *,
    granted: Collection[str] = (),
    watch: Callable[[StepOutcome], None] | None = None,
) -> PlanReport:
    """Carry out the steps in their order, and return what became of each.

    A failure is reported, not raised; after one the rest is skipped. ``granted`` are the
    permissions that guarded steps may use; ``watch`` is called after each step that was
    carried out, to show the progress.
    """
    return PlanReport(_Run(tools, granted, watch).outcomes(plan))


def rehearse(plan: Plan[Tools], *, granted: Collection[str] = ()) -> PlanReport:
    """Return the report of a dry run: nothing is done, each step is planned or skipped."""
    return PlanReport(_Run[None](None, granted, None, is_dry=True).outcomes(plan))


def decline(plan: Plan[Tools], reason: str) -> PlanReport:
    """Return the report of a plan that was not carried out at all, for ``reason``."""
    return PlanReport(tuple(_skipped(step, reason) for step in plan))


class _Run(Generic[Tools]):
    """One run of a plan, with what all its steps share."""

    def __init__(
        self,
        tools: Any,
        granted: Collection[str],
        watch: Callable[[StepOutcome], None] | None,
        *,
        is_dry: bool = False,
    ) -> None:
        self.tools = tools
        self.granted = granted
        self.watch = watch
        self.is_dry = is_dry

    def outcomes(self, plan: Plan[Any], *, goes_on: bool = False) -> tuple[StepOutcome, ...]:
        found: list[StepOutcome] = []
        has_failed = False
        for step in plan:
            outcome = _skipped(step, _AFTER_FAILURE) if has_failed else self._outcome(step)
            has_failed |= outcome.status is StepStatus.FAILED and not goes_on
            found.append(outcome)
        return tuple(found)

    def _outcome(self, step: PlanNode[Any]) -> StepOutcome:
        match step:
            case StepGroup():
                parts = self.outcomes(step.steps, goes_on=step.goes_on)
                usual = StepStatus.PLANNED if self.is_dry else StepStatus.DONE
                return StepOutcome(step, _status_of(parts, usual), parts=parts)
            case GuardedStep():
                if step.permission and step.permission in self.granted:
                    return self._outcome(step.step)._replace(step=step)
                return _skipped(step, step.reason, step.hint)
        outcome = StepOutcome(step, StepStatus.PLANNED) if self.is_dry else self._done(step)
        if self.watch is not None:
            self.watch(outcome)
        return outcome

    def _done(self, step: Step[Any]) -> StepOutcome:
        try:
            notes = step.carry_out(self.tools)
        except SkipStep as skip:
            return _skipped(step, skip.reason, skip.hint)
        except SessionctlError as error:
            return StepOutcome(step, StepStatus.FAILED, error=error)
        return StepOutcome(step, StepStatus.DONE, tuple(notes or ()))


def _skipped(step: PlanNode[Any], reason: str, hint: str = "") -> StepOutcome:
    """Return that a step was skipped, a group with all its steps."""
    group = step.step if isinstance(step, GuardedStep) else step
    parts: tuple[StepOutcome, ...] = ()
    if isinstance(group, StepGroup):
        parts = tuple(_skipped(part, reason, hint) for part in group.steps)
    notes = ((reason, hint),) if hint else ()
    return StepOutcome(step, StepStatus.SKIPPED, notes, reason, parts=parts)


def _status_of(parts: tuple[StepOutcome, ...], usual: StepStatus) -> StepStatus:
    """Return the status of a group: the worst, but skipped only when all of it was."""
    statuses = {part.status for part in parts}
    if StepStatus.FAILED in statuses:
        return StepStatus.FAILED
    return StepStatus.SKIPPED if statuses == {StepStatus.SKIPPED} else usual


def _data(outcomes: tuple[StepOutcome, ...]) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for outcome in outcomes:
        if outcome.parts and not outcome.step.render():
            found += _data(outcome.parts)
        else:
            found.append(outcome.data())
    return found


def _leaves(outcomes: tuple[StepOutcome, ...]) -> Iterator[StepOutcome]:
    for outcome in outcomes:
        if outcome.parts:
            yield from _leaves(outcome.parts)
        else:
            yield outcome
