"""A conflict for people: its sides as lines, the changed words with the roles of colours."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.core.diff.words import word_pieces
from sessionctl.core.lines import hunks, split_lines
from sessionctl.core.source import visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessionctl.core.diff.words import Line

_INDENT = "  "
_NAME_WIDTH = 8
_MOST_LINES = 12
_CONTEXT = 2
_MOST_SHOWN = 40


class ShownSide(NamedTuple):
    """One side of a conflict as it may be shown.

    ``label`` is what it is called, ``text`` its source with the secrets masked, ``remarks``
    what is wrong with it.
    """

    name: str
    label: str
    text: str
    remarks: tuple[str, ...] = ()


def render_sides(sides: Sequence[ShownSide]) -> list[Line]:
    """Return the sides one below the other, each compared with the first.

    Of a long text the lines that changed are shown, with some around them.
    """
    lines: list[Line] = []
    first = sides[0].text if len(sides) > 1 else ""
    for index, side in enumerate(sides):
        name = f"{_INDENT}{side.name:<{_NAME_WIDTH}}"
        head = [(name if side.label else name.rstrip(), "heading"), (visible(side.label), "dim")]
        lines.append(head)
        # The first is compared with the last: so that it is cut like the others.
        before = first if index else sides[-1].text
        role = "added" if index else ""
        body = _changed_lines(before, side.text, role) if side.text else []
        lead = " " * len(name)
        lines += [[(lead, ""), *line] for line in body or [[("(nothing)", "dim")]]]
        lines += [[(f"{lead}! {visible(remark)}", "warning")] for remark in side.remarks]
    return lines


def _changed_lines(before: str, after: str, role: str) -> list[Line]:
    old, new = ([line.rstrip("\r\n") for line in split_lines(t)] for t in (before, after))
    lines: list[Line] = [[(visible(line), "")] for line in new]
    near: set[int] = set()
    for hunk in hunks(old, new):
        near.update(range(max(0, hunk.c - _CONTEXT), min(len(new), hunk.d + _CONTEXT)))
        is_paired = hunk.b - hunk.a == hunk.d - hunk.c
        for offset, index in enumerate(range(hunk.c, hunk.d)):
            if role and is_paired:
                lines[index] = word_pieces(old[hunk.a + offset], new[index])[1]
            elif role:
                lines[index] = [(visible(new[index]), role)]
    return lines if len(lines) <= _MOST_LINES else _cut(lines, near)


def _cut(lines: list[Line], near: set[int]) -> list[Line]:
    kept: list[Line] = []
    left_out = 0
    for index, line in enumerate(lines):
        if index not in near:
            left_out += 1
            continue
        kept += [_gap(left_out)] if left_out else []
        left_out = 0
        kept.append(line)
    kept += [_gap(left_out)] if left_out else []
    too_many = len(kept) - _MOST_SHOWN
    return kept if too_many <= 0 else [*kept[:_MOST_SHOWN], _gap(too_many)]


def _gap(count: int) -> Line:
    return [(f"... {count} line{'' if count == 1 else 's'}", "dim")]
