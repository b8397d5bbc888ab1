"""Plan flow: show a plan, ask, then do it; every command that writes or runs goes this way."""

from __future__ import annotations

import sys

from sessionctl.core.named_tuple import NamedTuple
from sessionctl.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from sessionctl.cli.output.console import Console
    from sessionctl.services.plan.plan import Plan, Tools
    from sessionctl.services.plan.runner import PlanReport, StepOutcome

_LONG_LINE = 160
_SHOWN_OF_LINE = 56
DECLINED = "declined"
"""The reason of steps that were skipped because the answer was no."""


class Question(NamedTuple):
    """What a command asks before it carries out its plan.

    ``yes`` is the answer that was given beforehand; ``can_ask`` is false with ``--no-input``.
    Where nobody can answer, ``refusal`` says so; a hint has the line that does it anyway.
    """

    text: str = "Do this?"
    refusal: str = "it asks before changes, and there is no terminal to ask on"
    yes: bool = False
    can_ask: bool = True


class PlanMode(NamedTuple):
    """How a command carries out its plan.

    ``dry_run`` shows it and does nothing; without a ``question`` it is done at once. With
    ``as_json`` nothing is shown and nobody is asked, for the answer is one JSON object.
    ``granted`` are the permissions that guarded steps may use.
    """

    dry_run: bool = False
    as_json: bool = False
    question: Question | None = None
    granted: Collection[str] = ()


def perform(
    console: Console,
    plan: Plan[Tools],
    tools: Tools,
    mode: PlanMode,
    *,
    show: Callable[[PlanReport], None] | None = None,
    watch: Callable[[StepOutcome], None] | None = None,
) -> PlanReport:
    """Show ``plan``, ask, carry it out; return what became of each step.

    It is shown in a dry run and before a question, by ``show`` or else as lines of the answer;
    where it is done at once, only with ``-v``. Failures are in the report, not raised. Where
    the answer is no, every step is skipped as ``DECLINED``.

    Raises:
      UsageError: there is a question, and nobody can answer it.
    """
    from sessionctl.services.plan.runner import decline, rehearse, run

    question = mode.question if plan else None
    if question is not None and mode.as_json:
        question = question._replace(can_ask=False)
    if question is not None and not mode.dry_run:
        check_answerable(console, question)
    asks = question is not None and not question.yes
    if not mode.as_json:
        shown = show if show is not None else lambda report: _show(console, report)
        rehearsal = rehearse(plan, granted=mode.granted)
        if mode.dry_run or asks:
            shown(rehearsal)
        elif show is not shown_already:
            for line in rehearsal.lines():
                console.detail(line)
    if mode.dry_run:
        return rehearse(plan, granted=mode.granted)
    if question is not None and not is_agreed(console, question):
        return decline(plan, DECLINED)
    return run(plan, tools, granted=mode.granted, watch=_counting(console, plan, watch))


def _counting(
    console: Console, plan: Plan[Tools], watch: Callable[[StepOutcome], None] | None
) -> Callable[[StepOutcome], None]:
    """Return what shows how many steps are done, besides what ``watch`` does."""
    from sessionctl.services.plan.plan import count_steps

    total, done = count_steps(plan), 0

    def count(outcome: StepOutcome) -> None:
        nonlocal done
        done += 1
        if watch is not None:
            watch(outcome)
        console.show_progress(done, total)

    return count


def shown_already(_rehearsal: PlanReport) -> None:
    """Show nothing: for a command that shows what would change in its own way."""


def check_answerable(console: Console, question: Question) -> None:
    """Raise ``UsageError`` where nobody can answer ``question``, nor did so beforehand."""
    if question.yes or (question.can_ask and is_someone_there()):
        return
    from sessionctl.cli.input.typed_line import typed_again

    raise UsageError(
        question.refusal,
        hints=[
            f"confirm it: {typed_again(console, '--yes')}",
            f"see what would be done: {typed_again(console, '--dry-run')}",
        ],
    )


def is_agreed(console: Console, question: Question) -> bool:
    """Return whether the answer is yes: given beforehand, or asked at the terminal.

    Raises:
      UsageError: nobody can answer.
    """
    if question.yes:
        return True
    check_answerable(console, question)
    import click

    from sessionctl.cli.input.terminal_prompt import answered

    return answered(console, lambda: click.confirm(question.text, err=True))


def is_someone_there() -> bool:
    """Return whether a question would be seen and answered."""
    return sys.stdin is not None and sys.stdin.isatty()


def print_briefly(console: Console, report: PlanReport) -> None:
    """Print the steps; on a terminal a long line is cut short unless ``-v`` asks for all.

    Only for steps that sessionctl makes up itself: what a file makes run is shown whole. A
    script gets commands that it can run.
    """
    is_cut = False
    is_seen = console.stdout.isatty() and console.verbosity <= 0
    for line in report.lines():
        if len(line) > _LONG_LINE and is_seen:
            is_cut = True
            console.out(f"{line[:_SHOWN_OF_LINE]}... ({len(line):,} characters)")
        else:
            console.out(line)
    if is_cut:
        console.note("see them in full with -v")


def _show(console: Console, report: PlanReport) -> None:
    for line in report.lines():
        console.out(line)
