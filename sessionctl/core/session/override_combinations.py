"""Override combinations: which overrides can hold together on some machine.

Conditions name hosts, with ``*``, and operating systems. The hosts are told apart by reading all
patterns at the same time, letter by letter, as far as that leads to anything new.
"""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from sessionctl.core.session.session import os_key

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TypeAlias

    from sessionctl.core.session.session import Override
    from sessionctl.core.values import Value

    Reading: TypeAlias = tuple[tuple[frozenset[int], ...], frozenset[str] | None]
    """How far each pattern was read, and which of them fit what stands before the first dot."""

MOST_COMBINATIONS = 64
_MOST_READINGS = 1000


class OverrideCombinations(NamedTuple):
    """Sets of overrides, by their numbers, that hold together on some machine, small ones first.

    ``is_whole`` says that these are all.
    """

    sets: tuple[tuple[int, ...], ...]
    is_whole: bool


def combinations_of(overrides: Sequence[Override]) -> OverrideCombinations:
    """Return which of ``overrides`` can hold together; the empty set is left out."""
    patterns = sorted({text for item in overrides for text in _texts(item.when.get("host"))})
    hosts, is_whole = _host_classes(patterns)
    systems = {os_key(text) for item in overrides for text in _texts(item.when.get("os"))}
    found = {
        tuple(n for n, item in enumerate(overrides) if _holds(item, fitting, system))
        for fitting in hosts
        for system in (*sorted(systems), "")
    }
    ordered = sorted(found - {()}, key=lambda numbers: (len(numbers), numbers))
    whole = is_whole and len(ordered) <= MOST_COMBINATIONS
    return OverrideCombinations(tuple(ordered[:MOST_COMBINATIONS]), whole)


def _holds(override: Override, fitting: frozenset[str], system: str) -> bool:
    for key, wanted in override.when.items():
        texts = list(_texts(wanted))
        if key == "host":
            fits = any(text in fitting for text in texts)
        else:
            fits = key == "os" and any(os_key(text) == system for text in texts)
        if not fits:
            return False
    return bool(override.when)


def _texts(value: Value | None) -> Iterator[str]:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, str):
            yield item.lower()


def _host_classes(patterns: Sequence[str]) -> tuple[set[frozenset[str]], bool]:
    """Return the sets of patterns that some host fits, and whether these are all.

    A pattern fits a host by its whole name, or by what stands before the first dot.
    """
    used = set("".join(patterns))
    other = next(chr(code) for code in range(0x61, 0x10000) if chr(code) not in used)
    first: Reading = (tuple(_closed(pattern, {0}) for pattern in patterns), None)
    seen: set[Reading] = {first}
    waiting = deque([first])
    found: set[frozenset[str]] = set()
    while waiting:
        reading = waiting.popleft()
        for letter in sorted(_letters(patterns, reading, other)):
            following = _read(patterns, reading, letter)
            found.add(_fitting(patterns, following[0]) | (following[1] or frozenset()))
            if following in seen:
                continue
            if len(seen) >= _MOST_READINGS:
                return found, False
            seen.add(following)
            waiting.append(following)
    return found, True


def _letters(patterns: Sequence[str], reading: Reading, other: str) -> set[str]:
    """Return the letters that make a difference next, and one that none of the patterns has."""
    found = {other, "."}
    for pattern, places in zip(patterns, reading[0], strict=True):
        found.update(pattern[place] for place in places if place < len(pattern))
    return found - {"*"}


def _read(patterns: Sequence[str], reading: Reading, letter: str) -> Reading:
    places, short = reading
    if letter == "." and short is None:
        short = _fitting(patterns, places)
    return tuple(map(_step, patterns, places, letter * len(patterns))), short


def _step(pattern: str, places: frozenset[int], letter: str) -> frozenset[int]:
    if not places:
        return places
    after: set[int] = set()
    for place in places:
        if place < len(pattern):
            if pattern[place] == "*":
                after.add(place)
            elif pattern[place] == letter:
                after.add(place + 1)
    return _closed(pattern, after)


def _closed(pattern: str, places: set[int]) -> frozenset[int]:
    found = set(places)
    for place in range(len(pattern)):
        if place in found and pattern[place] == "*":
            found.add(place + 1)
    return frozenset(found)


def _fitting(patterns: Sequence[str], places: Sequence[frozenset[int]]) -> frozenset[str]:
    pairs = zip(patterns, places, strict=True)
    return frozenset(pattern for pattern, there in pairs if len(pattern) in there)
