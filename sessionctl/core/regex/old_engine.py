"""Old engine: expressions for the first releases of Python 3.11, whose ``re`` has a fault.

Until 3.11.5 a possessive repeat of a group, as in ``(?:a|"(?!""))*+``, goes on behind an attempt
that failed half-way (python/cpython#106052), so that strings of several lines seem never to end. An
atomic group around a greedy repeat means the same, and is right there; it takes more memory.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from typing import Any

_REPEATS = (")*+", ")++", ")?+", "}+")


def is_affected(source: str) -> bool:
    """Return whether an expression may have a possessive repeat of a group."""
    return any(repeat in source for repeat in _REPEATS)


def compiled(source: str, flags: int) -> re.Pattern[str]:
    """Return what ``re.compile(source, flags)`` should, without such a repeat."""
    import _sre  # type: ignore[import-not-found]
    import re._compiler as compiler  # type: ignore[import-not-found]
    import re._parser as parser  # type: ignore[import-not-found]

    tree = parser.parse(source, flags)
    _without_possessive_groups(tree, parser)
    state = tree.state
    by_number: list[str | None] = [None] * state.groups
    for name, number in state.groupdict.items():
        by_number[number] = name
    made: re.Pattern[str] = _sre.compile(
        source,
        flags | state.flags,
        compiler._code(tree, flags),
        state.groups - 1,
        state.groupdict,
        tuple(by_number),
    )
    return made


def _without_possessive_groups(tree: Any, parser: Any) -> None:
    for place, (kind, value) in enumerate(tree.data):
        for inner in _inner(value, parser):
            _without_possessive_groups(inner, parser)
        if kind is parser.POSSESSIVE_REPEAT and not _is_single(value[-1], parser):
            greedy = parser.SubPattern(tree.state, [(parser.MAX_REPEAT, value)])
            tree.data[place] = (parser.ATOMIC_GROUP, greedy)


def _inner(value: Any, parser: Any) -> list[Any]:
    if isinstance(value, parser.SubPattern):
        return [value]
    if isinstance(value, (tuple, list)):
        return [found for one in value for found in _inner(one, parser)]
    return []


def _is_single(item: Any, parser: Any) -> bool:
    """Return whether a repeated item is one character, which is repeated in another way."""
    single = (parser.LITERAL, parser.NOT_LITERAL, parser.ANY, parser.IN)
    return len(item.data) == 1 and item.data[0][0] in single
