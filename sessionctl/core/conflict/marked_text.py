"""Marked text: a text with conflict markers read into conflicts, and choices put into it.

Any marker size is known: a block counts when its markers are of one size and in order.
"""

from __future__ import annotations

from bisect import bisect_right

from sessionctl.core.conflict.markers import DEFAULT_MARKER_SIZE, Labels
from sessionctl.core.light_enum import Enum
from sessionctl.core.named_tuple import NamedTuple
from sessionctl.core.problem import Problem, Span
from sessionctl.core.regex.lazy_pattern import MULTILINE, late
from sessionctl.core.text.lines import split_lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterator, Mapping
    from typing import TypeAlias

MARKER_RULE = "conflict-marker"
"""The rule of problems that are conflicts left in a text."""

_MARKER = late(r"\ufeff?(<+|\|+|=+|>+)(?: ([^\r\n]*))?\r?\n?")
_CONFLICT_MARKER = late(r"^(<{7,}|={7,}|>{7,})(?: [^\n]*)?\r?$", MULTILINE)
_LEADS = ("\n<", "\n>", "\n\ufeff<", "\n\ufeff>")
_PARTS = {"<": 0, "|": 1, "=": 2, ">": 3}
_HINT = "fix the markers in an editor"


class Side(Enum):
    """What can be taken of a conflict as it stands; ``BOTH`` is ours, then theirs."""

    OURS = "ours"
    THEIRS = "theirs"
    BASE = "base"
    BOTH = "both"


class CustomText(NamedTuple):
    """A choice that is a text of its own: an edited one, or both sides merged."""

    text: str
    name: str = "edited"


if TYPE_CHECKING:
    Resolution: TypeAlias = Side | CustomText


class MarkedConflict(NamedTuple):
    """One conflict as its markers tell it.

    ``base`` is None where it is not written (git's style "merge"); in the style
    "zdiff3" it may hold lines that stand around the conflict too. ``span`` is the block
    with its markers, ``line`` that of the first one, from 1. Labels are as written.
    """

    base: str | None
    ours: str
    theirs: str
    labels: Labels
    span: Span
    line: int
    marker_size: int = DEFAULT_MARKER_SIZE

    def text_of(self, side: Side) -> str:
        """Return the text that ``side`` gives; without a base, base gives nothing."""
        match side:
            case Side.OURS:
                return self.ours
            case Side.THEIRS:
                return self.theirs
            case Side.BASE:
                return self.base or ""
            case _:
                return self.ours + self.theirs


class MarkedText(NamedTuple):
    """A text and the conflicts marked in it, in their order.

    ``problems`` are markers that belong to no conflict that can be read: a nested
    block, one that does not end, or whose parts are not told apart.
    """

    text: str
    conflicts: tuple[MarkedConflict, ...]
    problems: tuple[Problem, ...] = ()

    def resolve(self, choices: Mapping[int, Resolution]) -> str:
        """Return the text with the conflicts of ``choices``, by their index, resolved so.

        The others keep their markers, all else its bytes.
        """
        return self.with_spans({i: self.chosen(i, choice) for i, choice in choices.items()})[0]

    def chosen(self, index: int, choice: Resolution) -> str:
        """Return the text that ``choice`` puts in the place of conflict ``index``."""
        return self.conflicts[index].text_of(choice) if isinstance(choice, Side) else choice.text

    def resolved(self, side: Side) -> str:
        """Return the text with every conflict resolved by ``side``."""
        return self.resolve(dict.fromkeys(range(len(self.conflicts)), side))

    def with_spans(self, texts: Mapping[int, str]) -> tuple[str, list[Span]]:
        """Return the text with conflicts replaced by ``texts``, and where each now is."""
        parts: list[str] = []
        spans: list[Span] = []
        position = length = 0
        for index, conflict in enumerate(self.conflicts):
            start, end = conflict.span
            text = texts.get(index, self.text[start:end])
            parts += [self.text[position:start], text]
            length += start - position + len(text)
            spans.append(Span(length - len(text), length))
            position = end
        parts.append(self.text[position:])
        return "".join(parts), spans


def read_conflicts(text: str) -> MarkedText:
    """Read the conflicts that are marked in ``text``, in any of git's styles."""
    return _MarkerReader(text).run()


def whole_conflicts(text: str) -> list[Span]:
    """Return where the first marker of each conflict stands, of any marker size.

    Only whole conflicts count, because a line of ``=`` alone may be text.
    """
    found: list[Span] = []
    begin: re.Match[str] | None = None
    is_parted = False
    for marker in _CONFLICT_MARKER.finditer(text):
        kind, size = marker[1][0], len(marker[1])
        if kind == "<":
            begin, is_parted = marker, False
        elif begin is not None and size == len(begin[1]):
            if kind == ">" and is_parted:
                found.append(Span(*begin.span(1)))
                begin = None
            is_parted = kind == "="
    return found


class _Marker(NamedTuple):
    part: int
    size: int
    label: str
    span: Span
    line: int


class _MarkerReader:
    """State of one reading.

    ``skips`` are the sizes of the end markers that still belong to broken conflicts.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.markers = list(_markers(text))
        self.by_size: dict[int, list[int]] = {}
        for index, marker in enumerate(self.markers):
            self.by_size.setdefault(marker.size, []).append(index)
        self.conflicts: list[MarkedConflict] = []
        self.problems: list[Problem] = []
        self.skips: list[int] = []

    def run(self) -> MarkedText:
        at = 0
        while at < len(self.markers):
            marker = self.markers[at]
            if marker.part == 0:
                self.skips.clear()
                at = self._read(at)
                continue
            if marker.part == 3 and marker.size in self.skips:
                self.skips.remove(marker.size)
            elif marker.part == 3 and marker.size == DEFAULT_MARKER_SIZE:
                self._broken(marker, "the end of a conflict that has no beginning")
            at += 1
        return MarkedText(self.text, tuple(self.conflicts), tuple(self.problems))

    def _read(self, at: int) -> int:
        """Read the conflict whose first marker is at ``at``; return where to go on."""
        first = self.markers[at]
        block = [first]
        # Git's own nested conflicts, in the base of a criss-cross merge, have longer
        # markers: they are text of the base.
        alike = self.by_size[first.size]
        for here in alike[bisect_right(alike, at) :]:
            marker = self.markers[here]
            if marker.part == 2 and marker.label:
                continue  # the separator has no label: this is text
            problem = _marker_problem(marker, block)
            if problem:
                if first.size < DEFAULT_MARKER_SIZE:
                    return at + 1  # so short a marker is more likely text
                self._broken(marker, problem)
                self.skips = [first.size] * {0: 2, 3: 0}.get(marker.part, 1)
                return here + 1
            block.append(marker)
            if marker.part == 3:
                self._close(block)
                return here + 1
        if first.size >= DEFAULT_MARKER_SIZE:
            self._broken(first, "this conflict does not end")
        return at + 1

    def _broken(self, marker: _Marker, message: str) -> None:
        self.problems.append(Problem("marker", message, marker.span, hint=_HINT))

    def _close(self, block: list[_Marker]) -> None:
        first, *bars, separator, end = block
        base = None
        if bars:
            base = self.text[bars[0].span.end : separator.span.start]
        self.conflicts.append(
            MarkedConflict(
                base,
                self.text[first.span.end : block[1].span.start],
                self.text[separator.span.end : end.span.start],
                Labels(first.label, bars[0].label if bars else "", end.label),
                Span(first.span.start, end.span.end),
                first.line,
                first.size,
            )
        )


def _markers(text: str) -> Iterator[_Marker]:
    lines = f"\n{text}"
    if not any(lead in lines for lead in _LEADS):  # as in most texts: no conflict begins or ends
        return
    offset = 0
    for number, line in enumerate(split_lines(text), start=1):
        match = _MARKER.fullmatch(line)
        if match is not None:
            span = Span(offset + (line[0] == "\ufeff"), offset + len(line))
            part = _PARTS[match[1][0]]
            yield _Marker(part, len(match[1]), match[2] or "", span, number)
        offset += len(line)


def _marker_problem(marker: _Marker, block: list[_Marker]) -> str:
    """Return why ``marker`` cannot come next in ``block``, "" when it can."""
    line, last = block[0].line, block[-1].part
    if marker.part == 0:
        return f"a conflict inside the one of line {line}"
    if marker.part <= last:
        what = "second separator" if marker.part == 2 else "base in the wrong place"
        return f"a {what} in the conflict of line {line}"
    if marker.part == 3 and last < 2:
        return f"the conflict of line {line} has no separator"
    return ""
