"""Diffs and patches of the texts that merges are tested with: real tables, comments and spellings.

``golden/respelled.txt`` lists the pairs whose patch is not after to the byte, because a diff does
not say how a table is spelled, how far a comment is from its value or where a free line stands.
A new case of a merge whose patch is so is one more line there.
"""

from __future__ import annotations

from pathlib import Path

from sessionctl.core.diff.change import CommentChanged, Moved, Renamed
from sessionctl.core.diff.comparison import diff
from sessionctl.core.diff.json_patch import json_patch
from sessionctl.core.diff.patch import patch
from sessionctl.core.values import same_value
from sessionctl.errors import ParseError
from tests.core.diff.test_json_patch import carry_out
from tests.core.diff.test_patch import comment_lines
from tests.core.merge.test_cases import CASES

GOLDEN = Path(__file__).parent / "golden" / "respelled.txt"


def pairs():
    """Yield each side, and the merged text, beside its base."""
    for name, case in CASES.items():
        base, ours, theirs = case.sides
        sides = {"ours": ours, "theirs": theirs, "merged": case.expected}
        for side, text in sides.items():
            try:
                yield f"{name}: {side}", text, diff(base, text)
            except ParseError:
                continue  # with markers in it


def test_a_patch_carries_out_what_a_diff_says():
    respelled, kinds = [], set()
    for name, after, found in pairs():
        patched = patch(found.before, found)
        assert same_value(patched.value, found.after.value), name
        assert comment_lines(patched) == comment_lines(found.after), name
        assert same_value(carry_out(found.before.value, json_patch(found)), found.after.value), name
        if patched.text != after:
            respelled.append(name)
        kinds |= {type(change) for change in found.changes}
    assert kinds >= {CommentChanged, Moved, Renamed}
    assert respelled == GOLDEN.read_text().splitlines()
