"""Likeness: how much of two tables is equal, and which of many belong together."""

from __future__ import annotations

from collections import Counter

from sessionctl.core.merge.moves.content import is_edited_text, share_a_word, weight

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Hashable

    from sessionctl.core.merge.moves.content import Keys

    Content = Counter[tuple[Keys, Hashable]]

# Tables that share less of their content are two tables, as git has it for files.
_ALIKE = 0.5
# Half of both cannot be equal where one has more than three times as much.
_TIMES = 3

# One equal value may be a chance; two under the same names are not.
MIN_EQUAL = 2


def likeness(
    source: Keys,
    target: Keys,
    old: Content,
    new: Content,
) -> float:
    """Return how much of two tables is equal, 0 when that is not enough to be one table."""
    # Tables of very different sizes are not alike, and comparing each with each takes long.
    if _TIMES * min(len(old), len(new)) < max(len(old), len(new)):
        return 0
    equal = old & new
    nearer = _nearer(new - equal)
    there = dict(nearer.keys()) | dict((new - equal).keys())
    equal += (old - equal) & nearer
    rest = old - equal
    edited = sum(is_edited_text(value, there.get(path)) for path, value in rest)
    edited += _renamed_count(rest, there)
    score = 2 * (equal.total() + edited) / (old.total() + new.total())
    count = edited + sum(weight(value) for _, value in equal)
    is_near = share_a_word(source[-1:], target[-1:])
    # Of few values a name in common and nothing changed makes up for it: keys may be gone or new.
    is_part = equal.total() == min(old.total(), new.total())
    is_sure = count >= MIN_EQUAL or (is_part and is_near)
    is_sure |= score == 1 and share_a_word(source[-1:], target)
    # [deps.lint] and [deps.group.lint] with the same keys are one, though one value changed.
    is_sure |= is_near and {k for k, _ in old} == {k for k, _ in new}
    return score if is_sure and score >= _ALIKE else 0


def _renamed_count(gone: Content, new: dict[Keys, Hashable]) -> int:
    """Return how many values have a name that only got another word."""
    names: dict[tuple[Keys, Hashable], list[str]] = {}
    for path, value in new.items():
        names.setdefault((path[:-1], value), []).append(path[-1])
    return sum(
        any(share_a_word(path[-1:], (name,)) for name in names.get((path[:-1], value), ()))
        for path, value in gone
        if path
    )


def _nearer(leaves: Content) -> Content:
    """Return the leaves of sub-tables as they would be without: a header may have come between."""
    return Counter({(path[1:], leaf): n for (path, leaf), n in leaves.items() if len(path) > 1})


def best_pairs(scores: dict[tuple[Keys, Keys], float]) -> dict[Keys, Keys]:
    """Return the pairs in which each is the one best partner of the other."""
    best: list[dict[Keys, list[float]]] = [{}, {}]
    for pair, score in scores.items():
        for side, path in zip(best, pair, strict=True):
            side.setdefault(path, []).append(score)
    return {
        source: target
        for (source, target), score in scores.items()
        if all(
            score == max(side[path]) and side[path].count(score) == 1
            for side, path in zip(best, (source, target), strict=True)
        )
    }
