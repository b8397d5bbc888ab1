"""Merges of what is not TOML, and of texts with line ends of both kinds."""

from __future__ import annotations

import subprocess

import pytest

from sessionctl.core.conflict.conflict import ConflictKind
from sessionctl.core.conflict.markers import MarkerStyle, conflict_block
from sessionctl.core.keypath import KeyPath
from sessionctl.core.merge import merge
from sessionctl.core.merge.line_merge import merge_lines, whole_conflict
from tests.strategies import is_toml
from tests.together import together
from tests.world import need

STYLE = MarkerStyle()
BROKEN = "a = \nb\nc = 3\nd = 4\ne = 5\n"


def test_what_is_not_toml_is_merged_by_lines():
    result = merge(BROKEN, BROKEN.replace("a = ", "a = ?"), BROKEN.replace("e = 5", "e = 6"))
    assert result.text == "a = ?\nb\nc = 3\nd = 4\ne = 6\n"
    assert result.is_clean
    assert result.method == "text"


@pytest.mark.parametrize("broken", [0, 1, 2])
def test_one_side_that_is_not_toml_is_enough(broken):
    versions = ["x = 1\n", "x = 2\n", "x = 3\n"]
    versions[broken] = "x = \n"
    result = merge(*versions)
    assert result.method == "text"
    assert [conflict.kind for conflict in result.conflicts] == [ConflictKind.OPAQUE]
    assert str(result.conflicts[0].path) == ""


def test_a_clash_of_lines_is_what_git_writes(tmp_path):
    need("git")
    ours, theirs = BROKEN.replace("b\n", "B\n"), BROKEN.replace("b\nc = 3", "x\nc = 4")
    for name, text in (("base", BROKEN), ("ours", ours), ("theirs", theirs)):
        (tmp_path / name).write_text(text)
    done = subprocess.run(
        ["git", "merge-file", "-p", "--diff3", "ours", "base", "theirs"],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
    )
    assert merge(BROKEN, ours, theirs).text == done.stdout


def test_conflict_markers_left_in_a_side_are_kept():
    left = "<<<<<<< HEAD\na = 1\n=======\na = 2\n>>>>>>> topic\nb = 1\n"
    result = merge("a = 0\nb = 1\n", left, "a = 0\nb = 2\n")
    assert "<<<<<<< HEAD\n" in result.text
    assert "b = 2\n" in result.text


# -- one conflict over everything ------------------------------------------------------


def test_a_conflict_over_everything_leaves_out_the_lines_all_agree_on():
    found = whole_conflict("a\nb\nc\n", "a\nB\nc\n", "a\nx\ny\nc\n", STYLE)
    assert found.text == ("a\n<<<<<<< ours\nB\n||||||| base\nb\n=======\nx\ny\n>>>>>>> theirs\nc\n")
    (conflict,) = found.conflicts
    assert found.text[slice(*conflict.span)].startswith("<<<<<<<")
    assert (conflict.base, conflict.ours, conflict.theirs) == ("b\n", "B\n", "x\ny\n")


# The lines of base, ours and theirs, as letters; then what all begin with, what each has there, and
# what all end with.
WHOLE = [
    ("abc", "aBc", "axyc", "a", ("b", "B", "xy"), "c"),
    ("x", "y", "z", "", ("x", "y", "z"), ""),
    ("xb", "yb", "zb", "", ("x", "y", "z"), "b"),
    ("ax", "ay", "az", "a", ("x", "y", "z"), ""),
    ("xabc", "yabc", "abc", "", ("x", "y", ""), "abc"),
    ("abcx", "abcy", "abc", "abc", ("x", "y", ""), ""),
    ("aa", "a", "aaa", "a", ("a", "", "aa"), ""),
    ("aba", "aa", "aca", "a", ("b", "", "c"), "a"),
    ("", "x", "y", "", ("", "x", "y"), ""),
    ("a", "", "ab", "", ("a", "", "ab"), ""),
    ("abab", "ab", "abcab", "ab", ("ab", "", "cab"), ""),
]


@together("base, ours, theirs, head, parts, tail", WHOLE)
def test_a_conflict_over_everything_is_as_short_as_can_be(base, ours, theirs, head, parts, tail):
    def lines(letters):
        return "".join(f"{letter}\n" for letter in letters)

    found = whole_conflict(lines(base), lines(ours), lines(theirs), STYLE)
    (conflict,) = found.conflicts
    texts = [lines(part) for part in parts]
    assert (conflict.kind, conflict.path) == (ConflictKind.OPAQUE, KeyPath())
    assert [one or "" for one in (conflict.base, conflict.ours, conflict.theirs)] == texts
    block = found.text[slice(*conflict.span)]
    assert block == conflict_block(*texts, STYLE)
    assert found.text == lines(head) + block + lines(tail)


def test_a_text_without_a_final_newline_is_closed_within_the_markers():
    found = merge_lines("a", "b", "c", STYLE)
    assert found.text == "<<<<<<< ours\nb\n||||||| base\na\n=======\nc\n>>>>>>> theirs\n"


# -- line ends -------------------------------------------------------------------------


@together(
    ("base", "ours", "theirs", "expected"),
    [
        # all alike
        ("a = 1\r\nb = 1\r\n", "a = 2\r\nb = 1\r\n", "a = 1\r\nb = 2\r\n", "a = 2\r\nb = 2\r\n"),
        # the side that changed them
        ("a = 1\r\nb = 1\r\n", "a = 2\nb = 1\n", "a = 1\r\nb = 2\r\n", "a = 2\nb = 2\n"),
        ("a = 1\nb = 1\n", "a = 2\nb = 1\n", "a = 1\r\nb = 2\r\n", "a = 2\r\nb = 2\r\n"),
        ("a = 1\nb = 1\n", "a = 1\r\nb = 1\r\n", "a = 1\nb = 2\n", "a = 1\r\nb = 2\r\n"),
        # a text of one line or none has no say
        ("a = 1\r\n", "a = 1\r\nb = 1\r\n", "c = 1", "b = 1\r\nc = 1"),
        ("", "a = 1\r\n", "b = 1\r\n", "a = 1\r\nb = 1\r\n"),
        ("a = 1", "a = 1\r\nb = 1", "a = 2", "a = 2\r\nb = 1"),
        ("a = 1", "a = 2", "a = 1\r\nb = 1", "a = 2\r\nb = 1"),
        # mixed ones are left as they are
        (
            "a = 1\r\nb = 1\nc = 1\n",
            "a = 2\r\nb = 1\nc = 1\n",
            "a = 1\r\nb = 2\nc = 1\n",
            "a = 2\r\nb = 2\nc = 1\n",
        ),
    ],
)
def test_line_ends_are_those_of_the_side_that_changed_them(base, ours, theirs, expected):
    result = merge(base, ours, theirs)
    assert result.is_clean
    assert result.text == expected


def test_a_conflict_in_a_text_of_windows_lines_has_its_place_and_its_texts():
    base = "a = 1\r\nb = 1\r\nc = 1\r\n"
    result = merge(base, base.replace("b = 1", "b = 2"), base.replace("b = 1", "b = 3"))
    (conflict,) = result.conflicts
    assert result.text[: conflict.span.start] == "a = 1\r\n"
    assert result.text[conflict.span.end :] == "c = 1\r\n"
    assert (conflict.base, conflict.ours, conflict.theirs) == (
        "b = 1\r\n",
        "b = 2\r\n",
        "b = 3\r\n",
    )
    assert result.resolved("theirs").text == base.replace("b = 1", "b = 3")


def test_the_markers_between_mixed_line_ends_are_those_of_most_lines():
    base = "a = 1\r\nb = 1\r\nc = 1\n"
    result = merge(base, base.replace("a = 1", "a = 2"), base.replace("a = 1", "a = 3"))
    assert result.text.startswith("<<<<<<< ours\r\n")


def test_lines_that_clash_are_all_that_differs_where_a_side_of_them_is_no_toml():
    result = merge(
        "[[w]]\nport = 1\n[c.d]\n",
        "[[w]]\n[[p]]\n  [[w.panes]]\n[c.d]\n[q]\n",
        "[[w]]\n[[w]]\n[q]\n[c.d]\n",
    )
    assert [conflict.kind.value for conflict in result.conflicts] == ["opaque"]
    for side in ("ours", "theirs"):
        assert is_toml(result.resolved(side).text)
        assert result.resolved(side).is_clean
