"""Lost comments: those that should have survived a merge and are not in its result."""

from __future__ import annotations

from collections import Counter

from sessionctl.core.problem import Span
from sessionctl.core.toml.parse.inline_value import comments_in


def lost_comments(base: str, ours: str, theirs: str, result: str) -> list[str]:
    """Return the comments that should have survived the merge and did not."""
    old, mine, other, got = map(comments_of_value, (base, ours, theirs, result))
    lost: list[str] = []
    for comment in mine.keys() | other.keys():
        b, o, t = old[comment], mine[comment], other[comment]
        # A comment goes when either side takes it out, as a change of one side does; one that both
        # wrote is wanted once.
        if b in (o, t):
            wanted = t if o == b else o
        else:  # each side may have taken out another of several that read the same
            wanted = max(0, o + t - b) if o < b and t < b else min(o, t)
        if got[comment] < wanted:
            lost.append(comment)
    return sorted(lost)


def comments_of_value(text: str) -> Counter[str]:
    """Return the comments of a value, stripped, with how often each stands."""
    return Counter(comments_in(text, Span(0, len(text)))) if "#" in text else Counter()
