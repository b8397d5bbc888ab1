"""Trust in words: what a session file starts, what is new, and what is gone."""

from __future__ import annotations

from pathlib import Path

from sessionctl.errors import UsageError
from sessionctl.services.live.trust import TrustStore

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from sessionctl.cli.output.console import Console
    from sessionctl.core.session.startup import StartItem
    from sessionctl.services.live.trust import TrustReview
    from sessionctl.services.machine import Machine


def user_trust(machine: Machine) -> TrustStore:
    """Return this user's record of trusted files.

    Raises:
      UsageError: there is no home to keep it in.
    """
    if machine.state is None:
        raise UsageError("there is no home directory to store it in", hints=["set HOME"])
    return TrustStore(Path(machine.state))


def print_review(console: Console, review: TrustReview) -> None:
    """Write what is new and what is gone, as a diff has it, each with its window and pane."""
    for item in review.gone:
        console.out(console.style(f"- {_line(item)}", "removed"))
    for item in review.new:
        console.out(console.style(f"+ {_line(item)}", "added"))


def item_data(items: Iterable[StartItem]) -> list[dict[str, object]]:
    """Return ``items`` as plain data for JSON."""
    return [
        {"kind": item.kind, "where": item.where, "text": item.text, "risk": item.risk or None}
        for item in items
    ]


def _line(item: StartItem) -> str:
    risk = f"   ({item.risk}; typed, not run)" if item.risk else ""
    from sessionctl.core.text.lookalike import unmistakable

    return unmistakable(f"{item.where}: {item.text}{risk}")
