"""Content: what stands in a table, as leaves that can be counted and compared."""

from __future__ import annotations

import re
from collections import Counter

from sessionctl.core.identity import freeze
from sessionctl.core.values import is_array_of_tables

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Iterator

    from sessionctl.core.values import Table, Value

    Keys = tuple[str, ...]

# Of this many characters a text is long.
_LONG = 24

# Stands for any place in an array: no key is the empty text by chance.
_ITEM = ""

_WORDS = re.compile(r"[^\W_]+")


def nodes_of(value: Value, path: Keys) -> Iterator[tuple[Keys, Value]]:
    """Yield ``value`` and all that lies in its tables, each with its path, outermost first."""
    yield path, value
    if isinstance(value, dict):
        for key, child in value.items():
            yield from nodes_of(child, (*path, key))


def leaves_of(value: Value, path: Keys = ()) -> Counter[tuple[Keys, Hashable]]:
    """Return what tells a table from another: each leaf with its path in the table.

    What the items of an array of tables hold counts, whatever their order.
    """
    found: Counter[tuple[Keys, Hashable]] = Counter()
    rest: list[tuple[Keys, Value]] = [(path, value)]
    while rest:
        place, one = rest.pop()
        if isinstance(one, dict):
            rest += [((*place, key), child) for key, child in one.items()]
        elif isinstance(one, list) and is_array_of_tables(one):
            rest += [((*place, _ITEM), item) for item in one]
        else:
            found[place, freeze(one)] += 1
    return found


def weight(leaf: Hashable) -> int:
    """Return for how many values one leaf counts: a long text for two.

    One equal number or word may be chance; an equal long text is not.
    """
    return 2 if isinstance(leaf, str) and len(leaf) >= _LONG else 1


def is_edited_text(one: Hashable, other: Hashable) -> bool:
    """Return whether two long texts are versions of one: most words are in both."""
    if not isinstance(one, str) or not isinstance(other, str) or min(len(one), len(other)) < _LONG:
        return False
    words = [Counter(_WORDS.findall(text)) for text in (one, other)]
    return 4 * (words[0] & words[1]).total() >= 3 * max(words[0].total(), words[1].total())


def is_table(value: Value | None) -> bool:
    """Return whether ``value`` is a table or an array of tables."""
    return isinstance(value, dict) or (isinstance(value, list) and is_array_of_tables(value))


def share_a_word(one: Keys, other: Keys) -> bool:
    """Return whether two names have a word in common, as dev-dependencies and group.dev have."""
    words = [
        {word.casefold() for key in keys for word in _WORDS.findall(key)} for keys in (one, other)
    ]
    return bool(words[0] & words[1])


def find_at(table: Table, path: Keys) -> Value | None:
    """Return what sits at ``path``, None when nothing does."""
    value: Value | None = table
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def starts_with(path: Keys, prefix: Keys) -> bool:
    """Return whether ``path`` is ``prefix`` or lies below it."""
    return path[: len(prefix)] == prefix


def is_within(path: Keys, places: Collection[Keys]) -> bool:
    """Return whether ``path`` is one of ``places``, which is a set or a dict, or lies below one."""
    return any(path[:length] in places for length in range(1, len(path) + 1))


def moved_path(path: Keys, moves: dict[Keys, Keys]) -> Keys:
    """Return where ``path`` is after ``moves``: the longest of them that holds it counts."""
    for length in range(len(path), 0, -1):
        target = moves.get(path[:length])
        if target is not None:
            return target + path[length:]
    return path
