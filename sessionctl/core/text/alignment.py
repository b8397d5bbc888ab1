"""Alignment of two sequences, and the three-way merge of sequences built on it."""

from __future__ import annotations

from sessionctl.core.named_tuple import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

# Beyond this many differences a gap is anchored at its unique elements first: the
# search for the shortest edit costs its square.
_MAX_DIFFERENCES = 400
# What all searches of one alignment may cost together, and what they may cost for each element:
# then gaps are cut at their unique elements alone, and at last are replaced whole.
_SMALL_GAP = 32
_STEPS = 500_000
_STEPS_EACH = 16
_ANCHOR_STEPS_EACH = 64


class Hunk(NamedTuple):
    """``before[a:b]`` was replaced by ``after[c:d]``; either may be empty."""

    a: int
    b: int
    c: int
    d: int


class Chunk(NamedTuple):
    """A stretch of a three-way merge: ranges of base, ours and theirs, and who changed it.

    ``changed`` is "" (nobody), "ours", "theirs", "both" (to the same) or "conflict".
    """

    changed: str
    base: slice
    ours: slice
    theirs: slice


def hunks(before: Sequence[Hashable], after: Sequence[Hashable]) -> list[Hunk]:
    """Return what was replaced between two sequences, in order, by a short edit script.

    An insertion or deletion that could stand at several places stands at the last one,
    as git's does.
    """
    found: list[Hunk] = []
    a = c = 0
    for start, other, size in _matches(before, after):
        if a < start or c < other:
            found.append(Hunk(a, start, c, other))
        a, c = start + size, other + size
    if a < len(before) or c < len(after):
        found.append(Hunk(a, len(before), c, len(after)))
    return _slide(before, after, found)


def merge_chunks(
    base: Sequence[Hashable], ours: Sequence[Hashable], theirs: Sequence[Hashable]
) -> list[Chunk]:
    """Return the three-way merge of ``ours`` and ``theirs`` as chunks that cover them.

    Changes that touch each other are one chunk (git's rule); equal changes are no
    conflict.
    """
    left, right = hunks(base, ours), hunks(base, theirs)
    chunks: list[Chunk] = []
    position = ours_at = theirs_at = i = j = 0
    while i < len(left) or j < len(right):
        first_i, first_j = i, j
        if j == len(right) or (i < len(left) and left[i].a <= right[j].a):
            start, end = left[i].a, left[i].b
            i += 1
        else:
            start, end = right[j].a, right[j].b
            j += 1
        while True:
            if i < len(left) and left[i].a <= end and (j > first_j or left[i].a < end):
                end = max(end, left[i].b)
                i += 1
            elif j < len(right) and right[j].a <= end and (i > first_i or right[j].a < end):
                end = max(end, right[j].b)
                j += 1
            else:
                break
        if start > position:
            size = start - position
            chunks.append(_same(position, ours_at, theirs_at, size))
            ours_at += size
            theirs_at += size
        ours_end = ours_at + (end - start) + sum(h.d - h.c - h.b + h.a for h in left[first_i:i])
        theirs_end = (
            theirs_at + (end - start) + sum(h.d - h.c - h.b + h.a for h in right[first_j:j])
        )
        if i == first_i:
            changed = "theirs"
        elif j == first_j:
            changed = "ours"
        else:
            is_same = ours[ours_at:ours_end] == theirs[theirs_at:theirs_end]
            changed = "both" if is_same else "conflict"
        chunks.append(
            Chunk(
                changed,
                slice(start, end),
                slice(ours_at, ours_end),
                slice(theirs_at, theirs_end),
            )
        )
        position, ours_at, theirs_at = end, ours_end, theirs_end
    if position < len(base):
        chunks.append(_same(position, ours_at, theirs_at, len(base) - position))
    return chunks


def _same(base: int, ours: int, theirs: int, size: int) -> Chunk:
    return Chunk(
        "", slice(base, base + size), slice(ours, ours + size), slice(theirs, theirs + size)
    )


def _matches(
    before: Sequence[Hashable], after: Sequence[Hashable]
) -> Iterator[tuple[int, int, int]]:
    """Yield the stretches both sequences share: start, start in the other, length."""
    size = len(before) + len(after)
    search_steps = _STEPS + _STEPS_EACH * size
    anchor_steps = _STEPS + _ANCHOR_STEPS_EACH * size
    stack = [(0, len(before), 0, len(after))]
    while stack:
        a, b, c, d = stack.pop()
        if a < 0:  # a finished match, kept on the stack for its order
            yield -a - 1, c, d
            continue
        size = _common_prefix(before, a, b, after, c, d)
        if size:
            yield a, c, size
            a, c = a + size, c + size
        tail = _common_suffix(before, a, b, after, c, d)
        if tail:
            b, d = b - tail, d - tail
            stack.append((-b - 1, 0, d, tail))
        if a == b or c == d or _share_nothing(before, a, b, after, c, d):
            continue
        if search_steps > 0:
            script, steps = _shortest_edit(before, a, b, after, c, d)
            search_steps -= steps
            if script is not None:
                yield from script
                continue
        anchor_steps -= b - a + d - c
        anchors = _unique_anchors(before, a, b, after, c, d) if anchor_steps > 0 else []
        if anchors:
            edges = [*anchors, (b, d)]
            for (start, other), (end, other_end) in reversed(
                list(zip([(a, c), *anchors], edges, strict=True))
            ):
                stack.append((start, end, other, other_end))


def _share_nothing(
    before: Sequence[Hashable], a: int, b: int, after: Sequence[Hashable], c: int, d: int
) -> bool:
    """Return whether a large gap has nothing to match: a search would take the square to see it."""
    return b - a + d - c > _SMALL_GAP and {*before[a:b]}.isdisjoint(after[c:d])


def _common_prefix(
    before: Sequence[Hashable], a: int, b: int, after: Sequence[Hashable], c: int, d: int
) -> int:
    size = 0
    limit = min(b - a, d - c)
    while size < limit and before[a + size] == after[c + size]:
        size += 1
    return size


def _common_suffix(
    before: Sequence[Hashable], a: int, b: int, after: Sequence[Hashable], c: int, d: int
) -> int:
    size = 0
    limit = min(b - a, d - c)
    while size < limit and before[b - 1 - size] == after[d - 1 - size]:
        size += 1
    return size


def _shortest_edit(
    before: Sequence[Hashable], a: int, b: int, after: Sequence[Hashable], c: int, d: int
) -> tuple[list[tuple[int, int, int]] | None, int]:
    """Return the matches of Myers' greedy O(ND) search, and how many steps that took.

    None in the place of the matches: D grew too large.
    """
    n, m = b - a, d - c
    furthest = {1: 0}
    history: list[dict[int, int]] = []
    for distance in range(min(n + m, _MAX_DIFFERENCES) + 1):
        step: dict[int, int] = {}
        for diagonal in range(-distance, distance + 1, 2):
            down = furthest.get(diagonal + 1, -1)
            right = furthest.get(diagonal - 1, -1)
            x = down if diagonal == -distance or right < down else right + 1
            y = x - diagonal
            if x > n or y > m or x < 0 or y < 0:
                continue
            while x < n and y < m and before[a + x] == after[c + y]:
                x += 1
                y += 1
            step[diagonal] = x
            if x == n and y == m:
                history.append(step)
                return _backtrack(history, a, c, n, m), distance * distance // 2
        history.append(step)
        furthest = {**furthest, **step}
    return None, len(history) ** 2 // 2


def _backtrack(
    history: list[dict[int, int]], a: int, c: int, n: int, m: int
) -> list[tuple[int, int, int]]:
    found: list[tuple[int, int, int]] = []
    x, y = n, m
    for distance in range(len(history) - 1, 0, -1):
        earlier = history[distance - 1]
        diagonal = x - y
        down = earlier.get(diagonal + 1, -1)
        right = earlier.get(diagonal - 1, -1)
        is_insertion = diagonal == -distance or right < down
        start = down if is_insertion else right + 1
        if x > start:
            found.append((a + start, c + start - diagonal, x - start))
        x = down if is_insertion else right
        y = x - (diagonal + 1 if is_insertion else diagonal - 1)
    return found[::-1]


def _unique_anchors(
    before: Sequence[Hashable], a: int, b: int, after: Sequence[Hashable], c: int, d: int
) -> list[tuple[int, int]]:
    """Return pairs of elements unique on both sides, in one order on both (patience)."""
    places: dict[Hashable, int] = {}
    for index in range(c, d):
        places[after[index]] = -1 if after[index] in places else index
    seen: dict[Hashable, int] = {}
    for index in range(a, b):
        seen[before[index]] = -1 if before[index] in seen else index
    pairs = [(i, places[e]) for e, i in seen.items() if i >= 0 and places.get(e, -1) >= 0]
    return [pairs[index] for index in longest_rising([place for _, place in pairs])]


def longest_rising(numbers: Sequence[int]) -> list[int]:
    """Return the places of a longest rising part of ``numbers`` (all different), in order."""
    from bisect import bisect_left

    ends: list[int] = []
    last: list[int] = []
    previous: list[int] = []
    for index, number in enumerate(numbers):
        slot = bisect_left(ends, number)
        previous.append(last[slot - 1] if slot else -1)
        ends[slot : slot + 1] = [number]
        last[slot : slot + 1] = [index]
    chain: list[int] = []
    index = last[-1] if last else -1
    while index >= 0:
        chain.append(index)
        index = previous[index]
    return chain[::-1]


def _slide(before: Sequence[Hashable], after: Sequence[Hashable], found: list[Hunk]) -> list[Hunk]:
    slid: list[Hunk] = []
    for index, (a, b, c, d) in enumerate(found):
        limit = found[index + 1].a if index + 1 < len(found) else len(before)
        other_limit = found[index + 1].c if index + 1 < len(found) else len(after)
        if a == b:
            while b < limit and d < other_limit and after[c] == after[d]:
                a, b, c, d = a + 1, b + 1, c + 1, d + 1
        elif c == d:
            while b < limit and d < other_limit and before[a] == before[b]:
                a, b, c, d = a + 1, b + 1, c + 1, d + 1
        slid.append(Hunk(a, b, c, d))
    return slid
