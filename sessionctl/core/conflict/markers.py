"""Conflict markers: git's diff3 form, around whole lines."""

from __future__ import annotations

from sessionctl.core.named_tuple import NamedTuple

DEFAULT_MARKER_SIZE = 7


class Labels(NamedTuple):
    """What the sides are called behind the markers: a branch, a commit, a file."""

    ours: str = "ours"
    base: str = "base"
    theirs: str = "theirs"


class MarkerStyle(NamedTuple):
    """How a conflict is written: labels, marker size, line end."""

    labels: Labels = Labels()
    marker_size: int = DEFAULT_MARKER_SIZE
    newline: str = "\n"


def conflict_block(base: str, ours: str, theirs: str, style: MarkerStyle) -> str:
    """Return the three texts between diff3 markers; each begins on a line of its own."""
    size, newline = style.marker_size, style.newline

    def marker(character: str, label: str = "") -> str:
        shown = " ".join(label.split())
        return character * size + (f" {shown}" if shown else "") + newline

    def closed(text: str) -> str:
        return text + newline if text and not text.endswith("\n") else text

    return "".join(
        [
            marker("<", style.labels.ours),
            closed(ours),
            marker("|", style.labels.base),
            closed(base),
            marker("="),
            closed(theirs),
            marker(">", style.labels.theirs),
        ]
    )
