"""Backtracking: how many steps Python's search for a pattern may need, at the worst.

``re`` tries alternatives one after another. That is quick for nearly every pattern that people
write, and without end for some: what those may cost is read from the parsed pattern.
"""

from __future__ import annotations

import re
from importlib import import_module
from itertools import pairwise
from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Items = list[tuple[Any, Any]]

# The parser of re itself; it has no public name since sre_parse has gone (Python 3.11 to 3.14).
_parser = import_module("re._parser")
op = import_module("re._constants")

_FEW = 64
_SIMPLE = (op.LITERAL, op.NOT_LITERAL, op.ANY, op.IN)
REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)


class PatternCost(NamedTuple):
    """At most ``ways * length ** degree`` steps; ``degree`` is None for no such limit."""

    ways: int
    degree: int | None

    def is_within(self, steps: int, length: int) -> bool:
        """Return whether a search in a text of ``length`` stays within ``steps``."""
        if self.degree is None or self.ways > steps:
            return False
        return self.degree == 0 or bool(self.ways * max(length, 1) ** self.degree <= steps)


def parsed(pattern: str) -> Any:
    """Return the parsed form of a pattern of Python's ``re``; raises ``re.error``."""
    return _parser.parse(pattern)


def cost_of(tree: Any) -> PatternCost:
    """Return what a search for a parsed pattern may cost."""
    items = list(tree)
    is_anchored = bool(items) and items[0] in (
        (op.AT, op.AT_BEGINNING),
        (op.AT, op.AT_BEGINNING_STRING),
    )
    if not tree.state.flags & ~re.UNICODE and _is_plain(items):
        cost = PatternCost(1, 0)
    else:
        cost = _sequence(items)
    if is_anchored or cost.degree is None:
        return cost
    return cost._replace(degree=cost.degree + 1)  # from each place of the text anew


def _sequence(items: Items) -> PatternCost:
    ways, degree = 1, 0
    for item in items:
        cost = _item(item)
        if cost.degree is None:
            return cost
        ways, degree = ways * cost.ways, degree + cost.degree
    return PatternCost(ways, degree)


def _item(item: tuple[Any, Any]) -> PatternCost:
    code, operand = item
    if code in _SIMPLE or code is op.AT:
        return PatternCost(1, 0)
    if code is op.BRANCH:
        costs = [_sequence(list(branch)) for branch in operand[1]]
        degrees = [cost.degree for cost in costs]
        if None in degrees:
            return PatternCost(1, None)
        return PatternCost(
            sum(cost.ways for cost in costs), max(d for d in degrees if d is not None)
        )
    if code is op.SUBPATTERN:
        return _sequence(list(operand[3]))
    if code in (op.ASSERT, op.ASSERT_NOT):
        return _sequence(list(operand[1]))
    if code is op.ATOMIC_GROUP:
        return _sequence(list(operand))
    if code is op.GROUPREF:
        return PatternCost(1, 1)
    if code in REPEATS:
        return _repeat(*operand)
    return PatternCost(1, None)


def _repeat(least: int, most: int, body: Any) -> PatternCost:
    inner = _sequence(list(body))
    if inner.degree is None:
        return inner
    if most == 1:
        return inner._replace(ways=inner.ways + 1 - least)
    has_choice = inner != (1, 0)
    if has_choice and least == most and most <= _FEW:
        return PatternCost(inner.ways**most, inner.degree * most)
    shortest, longest = body.getwidth()
    if has_choice or shortest != longest or not shortest:
        return PatternCost(1, None)
    if most - least < _FEW:
        return PatternCost(most - least + 1, 0)
    return PatternCost(1, 1)


# -- patterns that never have two ways to go on -----------------------------------------

_PLACES = 200
_LAST = 0x10FFFF
_SPACES = (
    (9, 13), (28, 32), (0x85, 0x85), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A),
    (0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000),
)  # fmt: skip

TYPE_CHECKING = False
if TYPE_CHECKING:
    Ranges = tuple[tuple[int, int], ...]


class _Part(NamedTuple):
    """Where a part of a pattern may begin and end, by the numbers of its characters."""

    first: frozenset[int]
    last: frozenset[int]
    is_empty: bool


class _AmbiguousPatternError(Exception):
    """The pattern is not known to be plain."""


def _is_plain(items: Items) -> bool:
    """Return whether the next character always decides how the search goes on.

    That is so when no two characters of the pattern that may come next (Glushkov's places)
    can be the same. Such a search never goes back, but to give up.
    """
    builder = _Places()
    try:
        whole = builder.sequence(items)
        builder.compare(whole.first)
        for following in builder.follow:
            builder.compare(frozenset(following))
    except _AmbiguousPatternError:
        return False
    return True


class _Places:
    """The characters of a pattern, numbered, and which may follow which."""

    def __init__(self) -> None:
        self.ranges: list[Ranges] = []
        self.follow: list[set[int]] = []

    def compare(self, places: frozenset[int]) -> None:
        """Raise ``_AmbiguousPatternError`` where two of ``places`` share a character."""
        spans = sorted(span for place in places for span in self.ranges[place])
        for (_, end), (start, _) in pairwise(spans):
            if start <= end:
                raise _AmbiguousPatternError

    def sequence(self, items: Items) -> _Part:
        whole = _Part(frozenset(), frozenset(), is_empty=True)
        for item in items:
            whole = self._joined(whole, self._part(item))
        return whole

    def _joined(self, one: _Part, two: _Part) -> _Part:
        self._connect(one.last, two.first)
        return _Part(
            one.first | two.first if one.is_empty else one.first,
            two.last | one.last if two.is_empty else two.last,
            one.is_empty and two.is_empty,
        )

    def _connect(self, last: frozenset[int], first: frozenset[int]) -> None:
        for place in last:
            if not first.isdisjoint(self.follow[place]):
                raise _AmbiguousPatternError  # two ways to the same character: (a+)+
            self.follow[place] |= first

    def _part(self, item: tuple[Any, Any]) -> _Part:
        code, operand = item
        if code in _SIMPLE:
            return self._place(ranges_of(item))
        if code is op.AT:
            return _Part(frozenset(), frozenset(), is_empty=True)
        if code is op.SUBPATTERN and not operand[1] and not operand[2]:
            return self.sequence(list(operand[3]))
        if code is op.BRANCH:
            parts = [self.sequence(list(branch)) for branch in operand[1]]
            if sum(part.is_empty for part in parts) > 1:
                raise _AmbiguousPatternError
            return _Part(
                frozenset().union(*(part.first for part in parts)),
                frozenset().union(*(part.last for part in parts)),
                any(part.is_empty for part in parts),
            )
        if code in REPEATS:
            least, most, body = operand
            part = self.sequence(list(body))
            if part.is_empty:
                raise _AmbiguousPatternError
            if most > 1:
                self._connect(part.last, part.first)
            return part._replace(is_empty=least == 0)
        raise _AmbiguousPatternError

    def _place(self, ranges: Ranges) -> _Part:
        if len(self.ranges) >= _PLACES:
            raise _AmbiguousPatternError
        self.ranges.append(ranges)
        self.follow.append(set())
        here = frozenset({len(self.ranges) - 1})
        return _Part(here, here, is_empty=False)


def ranges_of(item: tuple[Any, Any]) -> Ranges:
    """Return the characters that one item of a parsed pattern stands for, as ranges."""
    code, operand = item
    if code is op.LITERAL:
        return ((operand, operand),)
    if code is op.NOT_LITERAL:
        return _complement(((operand, operand),))
    if code is op.ANY:
        return _complement(((10, 10),))
    spans: list[tuple[int, int]] = []
    is_negated = False
    for kind, value in operand:
        if kind is op.NEGATE:
            is_negated = True
        elif kind is op.LITERAL:
            spans.append((value, value))
        elif kind is op.RANGE:
            spans.append((value[0], value[1]))
        elif kind is op.CATEGORY and value is op.CATEGORY_SPACE:
            spans += _SPACES
        elif kind is op.CATEGORY and value is op.CATEGORY_NOT_SPACE:
            spans += _complement(_SPACES)
        else:
            raise _AmbiguousPatternError
    merged = _merged(spans)
    return _complement(merged) if is_negated else merged


def _merged(spans: list[tuple[int, int]]) -> Ranges:
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return tuple(found)


def _complement(spans: Ranges) -> Ranges:
    found = []
    position = 0
    for start, end in spans:
        if start > position:
            found.append((position, start - 1))
        position = end + 1
    if position <= _LAST:
        found.append((position, _LAST))
    return tuple(found)
