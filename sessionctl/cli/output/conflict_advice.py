"""Advice on conflicts: the commands that settle them by a policy."""

from __future__ import annotations

from sessionctl.core.text.shellwords import quoted
from sessionctl.core.text.source import visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessionctl.core.keypath import KeyPath
    from sessionctl.core.merge import MergeResult

    Offers = Sequence[tuple[KeyPath | None, Sequence[str]]]

_MOST_ADVICE = 5
_PURPOSES = {
    "max": "for the higher version",
    "union": "to keep both",
    "usual": "for what people mostly choose",
}


def merge_advice(result: MergeResult, command: str) -> list[str]:
    """Return the commands that settle the conflicts of a merge, one for each policy.

    ``command`` takes a path and a policy in ``--prefer``, as ``sessionctl resolve FILE`` does.
    """
    offers = [(conflict.path, conflict.offers) for conflict in result.conflicts]
    return offer_advice(offers, command)


def offer_advice(offers: Offers, command: str) -> list[str]:
    """Return the commands that take up what is offered to conflicts, one for each policy.

    ``offers`` holds the key path of each conflict, and the policies that would settle it.
    """
    found: dict[str, list[str]] = {}
    for path, ways in offers:
        for way in ways:
            found.setdefault(way, []).append(str(path))
    lines = []
    for way, paths in found.items():
        what = _PURPOSES[way]
        if len(paths) == len(offers) > 1:
            paths = ["*"]
        elif len(paths) > _MOST_ADVICE:
            what += f" ({_MOST_ADVICE} of {len(paths)} such places)"
        words = [f"--prefer {quoted(visible(f'{path}={way}'))}" for path in paths[:_MOST_ADVICE]]
        lines.append(f"{what}: {command} {' '.join(words)}")
    return lines
