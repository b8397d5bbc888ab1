"""Path patterns: which key paths they fit."""

from __future__ import annotations

from sessionctl.core.keypath import KeyPath
from sessionctl.core.pathpattern import PathPattern
from tests.together import together

LAYOUT = "windows[name=editor].layout"


@together(
    ("pattern", "path"),
    [
        ("a", "a"),
        ("a", "a.b.c"),
        ("a.*", "a.b"),
        ("a.*", "a.b.c"),
        ("a.**", "a"),
        ("a.**", "a.b.c"),
        ("*.c", "a.b.c"),
        ("a*c", "a.b.c"),
        ("*", "a"),
        ("**", "a.b"),
        (".**", '"".b'),
        ("windows.*", LAYOUT),
        ("windows.layout", LAYOUT),
        ("windows[name=editor].*", LAYOUT),
        ("windows[name=*].layout", LAYOUT),
        ("windows[0]", "windows[0].cwd"),
        ('"a b".*', '"a b".c'),
    ],
)
def test_a_pattern_fits_what_it_names_and_what_is_below(pattern, path):
    found = KeyPath.parse(path) if path != '"".b' else KeyPath(["", "b"])
    if pattern == ".**":
        assert not PathPattern(pattern).fits(found)
        return
    assert PathPattern(pattern).fits(found)


@together(
    ("pattern", "path"),
    [
        ("a.b", "a"),
        ("a", "ab"),
        ("a", "b.a"),
        ("a.*", "a"),
        ("a.**", "ab"),
        ("windows[name=logs].*", LAYOUT),
        ("", "a"),
        ("a.b", '"a.b"'),
        ("a?", "ab"),
    ],
)
def test_a_pattern_does_not_fit_anything_else(pattern, path):
    assert not PathPattern(pattern).fits(KeyPath.parse(path))


def test_a_star_alone_also_fits_what_has_no_key():
    assert PathPattern("*").fits(())
    assert not PathPattern("a*").fits(())


def test_patterns_are_equal_when_their_texts_are():
    assert PathPattern("a.*") == PathPattern("a.*")
    assert len({PathPattern("a"), PathPattern("a"), PathPattern("b")}) == 2
    assert PathPattern("a") != "a"
    assert repr(PathPattern("a")) == "PathPattern('a')"
