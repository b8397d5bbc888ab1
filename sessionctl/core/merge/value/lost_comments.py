"""Lost comments: those that should have survived a merge and are not in its result."""

from __future__ import annotations

from collections import Counter


def lost_comments(base: str, ours: str, theirs: str, result: str) -> list[str]:
    """Return the comments that should have survived the merge and did not."""
    old, mine, other, got = map(comment_lines, (base, ours, theirs, result))
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


def comment_lines(text: str) -> Counter[str]:
    """Return the whole-line comments of ``text``, stripped, with how often each stands."""
    if "#" not in text:
        return Counter()
    lines = (line.strip() for line in text.split("\n"))
    return Counter(line for line in lines if line.startswith("#"))
