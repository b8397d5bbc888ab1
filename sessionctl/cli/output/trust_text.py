"""Trust in words: what a session file starts, what is new, and what is gone."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

from sessionctl.core.session.startup import DIRECTORY, PROGRAM
from sessionctl.errors import UsageError
from sessionctl.services.live.trust import TrustStore

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from sessionctl.cli.output.console import Console
    from sessionctl.core.session.startup import StartItem
    from sessionctl.services.live.trust import TrustReview
    from sessionctl.services.machine import Machine

_NAME = re.compile(r"[^\s=:]+")


def user_trust(machine: Machine) -> TrustStore:
    """Return this user's record of trusted files.

    Raises:
      UsageError: there is no home to keep it in.
    """
    if machine.state is None:
        raise UsageError("there is no home directory to store it in", hints=["set HOME"])
    return TrustStore(Path(machine.state))


def review_lines(review: TrustReview, *, only_new: bool = False) -> list[tuple[str, str]]:
    """Return what is new and what is gone, as a diff has it, each line with its style.

    What a pane ran, or a variable or option was, stands above what takes its place. An older
    variant of what is allowed is left out; with ``only_new``, for a question about what is to
    be started, so is what nothing takes the place of.
    """
    before: defaultdict[tuple[str, ...], list[StartItem]] = defaultdict(list)
    for item in review.gone:
        before[_slot(item)].append(item)
    for item in review.allowed:
        before.pop(_slot(item), None)
    held = set(map(_slot, review.new))
    deleted = [item for slot, items in before.items() if slot not in held for item in items]
    lines = [] if only_new else [(f"- {_line(item)}", "removed") for item in deleted]
    for item in review.new:
        older = before.get(_slot(item))
        if older:
            lines.append((f"- {_line(older.pop(0))}", "removed"))
        lines.append((f"+ {_line(item)}", "added"))
    return lines


def print_lines(console: Console, lines: Iterable[tuple[str, str]]) -> None:
    """Write what ``review_lines`` returned."""
    for line, style in lines:
        console.out(console.style(line, style))


def item_data(items: Iterable[StartItem]) -> list[dict[str, object]]:
    """Return ``items`` as plain data for JSON."""
    return [
        {"kind": item.kind, "where": item.where, "text": item.text, "risk": item.risk or None}
        for item in items
    ]


def _slot(item: StartItem) -> tuple[str, ...]:
    """Return what an item takes the place of: of a pane its program, else a name."""
    if item.kind in (PROGRAM, DIRECTORY):
        return (PROGRAM, item.where)
    name = _NAME.match(item.text)
    return (item.kind, item.where, name[0] if name else "")


def _line(item: StartItem) -> str:
    risk = f"   ({item.risk}; typed, not run)" if item.risk else ""
    from sessionctl.core.text.lookalike import unmistakable

    return unmistakable(f"{item.where}: {item.text}{risk}")
