"""A conflict for people: its sides as lines, the changed words with the roles of colours."""

from __future__ import annotations

import re
from typing import NamedTuple

from sessionctl.core.diff.word_changes import word_pieces
from sessionctl.core.render.folding import fold
from sessionctl.core.text.alignment import hunks
from sessionctl.core.text.lines import split_lines
from sessionctl.core.text.plural import counted
from sessionctl.core.text.source import visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessionctl.core.diff.word_changes import Line

_INDENT = "  "
_NAME_WIDTH = 8
_MOST_LINES = 12
_CONTEXT = 1
_MOST_SHOWN = 40
_INDENT_OF_TEXT = 10
# On a narrow terminal the texts stand further left.
_NARROW = 60
_NARROW_INDENT = 4
# In more lines than these a mark shows which changed, without colours too.
_SEEN_AT_ONCE = 3
_MARK = "> "
_NO_MARK = "  "
# Of a stretch that did not change so many characters are shown at each end.
_MARGINS = (20, 60)
_KEY = re.compile(r"\s*[^=\"']*=\s*")


class ShownSide(NamedTuple):
    """One side of a conflict as it may be shown.

    ``label`` is what it is called, ``text`` its source with the secrets masked, ``remarks``
    what is wrong with it.
    """

    name: str
    label: str
    text: str
    remarks: tuple[str, ...] = ()


def render_sides(sides: Sequence[ShownSide], width: int = 0) -> list[Line]:
    """Return the sides one below the other, each compared with the first.

    Of a long text the lines that changed are shown, marked, with some around them. Lines
    are folded at ``width`` cells, where it is given.
    """
    lines: list[Line] = []
    texts = _without_blanks([side.text for side in sides])
    indent = _NARROW_INDENT if 0 < width < _NARROW else _INDENT_OF_TEXT
    lead = " " * indent
    margin = max(_MARGINS[0], min(width // 2 or _MARGINS[1], _MARGINS[1]))
    for index, (side, text) in enumerate(zip(sides, texts, strict=True)):
        name = f"{_INDENT}{side.name:<{_NAME_WIDTH}}"
        head = [(name if side.label else name.rstrip(), "heading"), (visible(side.label), "dim")]
        lines += _folded([head], width, indent)
        # The first is compared with the last: so that it is cut like the others.
        before = texts[0] if index else texts[-1]
        body = _changed_lines(before, text, margin, is_first=index == 0) if text else []
        body = [[(lead, ""), *line] for line in body or [[("(nothing)", "dim")]]]
        body += [[(f"{lead}! {visible(remark)}", "warning")] for remark in side.remarks]
        lines += _folded(body, width, indent + len(_INDENT))
    return lines


def _folded(lines: list[Line], width: int, indent: int) -> list[Line]:
    return [part for line in lines for part in fold(line, width, indent)] if width else lines


def _without_blanks(texts: list[str]) -> list[str]:
    """Return the texts without the blank lines they all begin with."""
    while any(texts) and all(text.startswith(("\n", "\r\n")) for text in texts if text):
        texts = [text.partition("\n")[2] for text in texts]
    return texts


def _changed_lines(before: str, after: str, margin: int, *, is_first: bool) -> list[Line]:
    old, new = ([line.rstrip("\r\n") for line in split_lines(t)] for t in (before, after))
    lines: list[Line] = [[(visible(line), "")] for line in new]
    near: set[int] = set()
    changed: set[int] = set()
    for hunk in hunks(old, new):
        near.update(range(max(0, hunk.c - _CONTEXT), min(len(new), hunk.d + _CONTEXT)))
        changed.update(range(hunk.c, hunk.d))
        is_paired = hunk.b - hunk.a == hunk.d - hunk.c
        for offset, index in enumerate(range(hunk.c, hunk.d)):
            if is_paired:
                lines[index] = _words(old[hunk.a + offset], new[index], margin, is_first=is_first)
            elif not is_first:
                lines[index] = [(visible(new[index]), "added")]
    if len(lines) > _SEEN_AT_ONCE:
        lines = [
            [(_MARK, "added") if index in changed and not is_first else (_NO_MARK, ""), *line]
            for index, line in enumerate(lines)
        ]
    return lines if len(lines) <= _MOST_LINES else _cut(lines, near)


def _words(before: str, after: str, margin: int, *, is_first: bool) -> Line:
    """Return a line with what changed in it; of the first side nothing did."""
    # The key stays, whatever is cut.
    key = _KEY.match(after)
    lead = key[0] if key is not None and before.startswith(key[0]) else ""
    pieces = word_pieces(before[len(lead) :], after[len(lead) :], margin)[1]
    line: Line = [(visible(lead), ""), *pieces] if lead else pieces
    return [("".join(text for text, _ in line), "")] if is_first else line


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
    return [(f"{_NO_MARK}... {counted(count, 'line')}", "dim")]
