"""What a merge says of its conflicts and decisions: every line whole."""

from __future__ import annotations

from sessionctl.core.conflict.conflict import Conflict, ConflictKind
from sessionctl.core.keypath import KeyPath
from sessionctl.core.merge import Labels, merge
from sessionctl.core.render.merge_text import (
    change_words,
    conflict_lines,
    conflict_reason,
    decision_lines,
    followed_lines,
)
from tests.together import together

LABELS = Labels("main", "base", "topic")
BASE = '[dev]\na = 1\nb = "x"\n\n[z]\nq = 1\n'


@together(
    "kind, words",
    [
        (ConflictKind.BOTH_MODIFIED, "both sides changed it"),
        (ConflictKind.BOTH_ADDED, "both sides added it, not alike"),
        (ConflictKind.DELETED_BY_US, "deleted in main, changed in topic"),
        (ConflictKind.DELETED_BY_THEM, "deleted in topic, changed in main"),
        (ConflictKind.TYPE_CHANGED, "both sides changed it, to different types"),
        (ConflictKind.INVALID, "valid on both sides, but not together"),
        (ConflictKind.OPAQUE, "both sides changed these lines"),
    ],
)
def test_the_reason_of_a_conflict(kind, words):
    conflict = Conflict(kind, KeyPath(["a"]), "1", "2", "3")
    assert conflict_reason(conflict, LABELS) == words


@together(
    "base, side, words",
    [
        (None, None, ""),
        ("", "", ""),
        (None, "a = 1\n", "added"),
        ("a = 1\n", None, "deleted"),
        ("a = 1\n", "a = 1\n", "unchanged"),
        ("a = 1\n", "a = \n", "changed"),
        ("a = \n", "a = 1\n", "changed"),
        ("a = 10\n", "a = 1_0\n", "spelled differently"),
        ("a = 1\n", "a = 1 # why\n", "comment changed"),
        ("a = 1\n", "a = 2\n", "value changed"),
        ("a = 1\nb = 1\n", "b = 2\n", "deleted a, changed b"),
        ("a = 1\n", "a = 2\nb = 3\n", "changed a, added b"),
        ("[[w]]\nname = 'a'\n[[w]]\nname = 'b'\n", "[[w]]\nname = 'b'\n[[w]]\nname = 'a'\n",
         "moved w[name=a]"),
        ("[a]\nx = 1\ny = 2\n", "[b]\nx = 1\ny = 2\n", "renamed a"),
        ("[t]\na=1\nb=1\nc=1\n", "[t]\na=2\nb=2\nc=2\n", "changed t.a, changed t.b, changed t.c"),
        ("[t]\na=1\nb=1\nc=1\nd=1\n", "[t]\na=2\nb=2\nc=2\nd=2\n",
         "changed t.a, changed t.b, changed t.c and 1 more"),
        ("[t]\na=1\nb=1\n", "# why\n[t]\na=2\nb=1\n", "changed t.a"),
    ],
)  # fmt: skip
def test_what_a_side_did(base, side, words):
    assert change_words(base, side) == words


MOVED = BASE.replace("[dev]", "[tool.dev]")


@together(
    "ours, theirs, lines",
    [
        (BASE.replace("a = 1", "a = 2"), BASE.replace("a = 1", "a = 3"),
         ["f:2:1: conflict[both-modified]: dev.a: both sides changed it"]),
        (BASE.replace("a = 1\n", ""), BASE.replace("a = 1", "a = 3"),
         ["f:2:1: conflict[deleted-by-us]: dev.a: deleted in main, changed in topic"]),
        (BASE.replace("a = 1", "a = 0x1"), BASE.replace("a = 1", "a = 1 # why"), []),
        (MOVED, "[z]\nq = 1\n",
         ["f:1:1: conflict[deleted-by-them]: tool.dev: deleted in topic, moved in main "
          "(main: moved to tool.dev; topic: deleted with its table)"]),
        (MOVED, BASE.replace("[dev]", "[test]"),
         [f"f:{place}: both sides moved it, to two places "
          "(main: moved to tool.dev; topic: renamed to test)"
          for place in ("1:1: conflict[deleted-by-them]: tool.dev",
                        "8:1: conflict[deleted-by-us]: test")]),
        ("x = \n", BASE, []),
        ("x = \n", "x = y\n", ["f:1:1: conflict[opaque]: both sides changed these lines"]),
    ],
)  # fmt: skip
def test_a_conflict_is_one_line(ours, theirs, lines):
    result = merge(BASE, ours, theirs, labels=LABELS)
    assert conflict_lines(result, "f", LABELS) == lines


@together(
    "policy, ours, theirs, lines",
    [
        ("", "a = 2\n", "a = 3\n", []),
        ("theirs", "a = 2\n", "a = 3\n", ["f:1:1: resolved[theirs]: a"]),
        ("a=max", "x = 1\na = 2\n", "x = 1\na = 3\n", ["f:2:1: resolved[max]: a (a=max)"]),
        ("ours", "", "a = 3\n", ["f: resolved[ours]: a"]),
        ("ours", "a = \n", "a = 3\n", ["f: resolved[ours]: lines that are not TOML"]),
        ("usual", "", "", []),
    ],
)
def test_a_decision_is_one_line(policy, ours, theirs, lines):
    assert decision_lines(merge("a = 1\n", ours, theirs, policy=policy), "f") == lines


def test_what_followed_is_one_line():
    theirs = BASE.replace("a = 1", "a = 2")
    line = "tool.dev: the other side moved it here from dev; the change there follows"
    assert followed_lines(merge(BASE, MOVED, theirs), "f") == [f"f:1:1: {line}"]
    # With a conflict elsewhere the text is no TOML, and has no places.
    one, other = MOVED.replace("q = 1", "q = 2"), theirs.replace("q = 1", "q = 3")
    assert followed_lines(merge(BASE, one, other), "f") == [f"f: {line}"]
    need = """\
[package]
version = "1.4.0"

[need]
core = { path = "../core", version = "1.4.0" }
text = { path = "../text", version = "1.4.0" }
"""
    ours = need + 'net = { path = "../net", version = "1.4.0" }\n'
    result = merge(need, ours, need.replace("1.4.0", "1.5.0"))
    assert followed_lines(result, "f") == [
        'f:7:36: need.net.version: "1.4.0" follows the release of the other side to "1.5.0"'
    ]
    assert followed_lines(merge(BASE, theirs, BASE), "f") == []
