"""Restore failures: what a restore could not do, each with its window, a directory only once."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.core.text.plural import counted
from sessionctl.core.text.source import visible
from sessionctl.services.live.tmux.restore_steps import NO_DIRECTORY, OpenPane

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sessionctl.errors import SessionctlError
    from sessionctl.services.plan.runner import StepOutcome

_MOST_WINDOWS = 3


class _Failure(NamedTuple):
    """A step that failed, and the title of the window it belongs to, "" for none."""

    window: str
    outcome: StepOutcome
    error: SessionctlError


def failure_lines(outcomes: Iterable[StepOutcome]) -> list[str]:
    """Return the failures of a restore as lines, in their order.

    Panes whose directory is missing are one line for each directory.
    """
    lines: list[str] = []
    panes: dict[str, dict[str, list[int]]] = {}
    for failure in _failures(outcomes, ""):
        step, message = failure.outcome.step, failure.error.message
        if isinstance(step, OpenPane) and message.startswith(NO_DIRECTORY):
            line = f"{visible(step.cwd)}: {message}"
            if line not in panes:
                lines.append(line)
            panes.setdefault(line, {}).setdefault(failure.window, []).append(step.pane + 1)
        else:
            lines.append(": ".join(filter(None, (failure.window, step.render(), message))))
    return [f"{line} ({_places(panes[line])})" if line in panes else line for line in lines]


def _failures(outcomes: Iterable[StepOutcome], window: str) -> Iterator[_Failure]:
    for outcome in outcomes:
        if outcome.error is not None:
            yield _Failure(window if outcome.step.render() else "", outcome, outcome.error)
        yield from _failures(outcome.parts, outcome.step.render())


def _places(windows: dict[str, list[int]]) -> str:
    shown = [
        f"{title}: {'pane' if len(numbers) == 1 else 'panes'} {', '.join(map(str, numbers))}"
        for title, numbers in windows.items()
    ]
    left = len(shown) - _MOST_WINDOWS
    more = [f"{counted(left, 'more window')}"] if left > 0 else []
    return "; ".join([*shown[:_MOST_WINDOWS], *more])
