"""Directories as text, with no file system."""

from __future__ import annotations

from sessionctl.core.session.directories import is_rooted, joined, normal, with_home
from tests.together import together


@together(
    "path, home, text",
    [
        ("/home/ada", "/home/ada", "~"), ("/home/ada/x", "/home/ada", "~/x"),
        ("/home/adam", "/home/ada", "/home/adam"), ("/x", "", "/x"), ("x", "/home/ada", "x"),
    ],
)  # fmt: skip
def test_the_home_directory_is_written_as_a_tilde(path, home, text):
    assert with_home(path, home) == text


@together(
    "path, text",
    [
        ("", ""), (".", "."), ("a/.", "a"), ("a//b", "a/b"), ("a/b/..", "a"), ("a/..", "."),
        ("..", ".."), ("../..", "../.."), ("../a/../b", "../b"), ("~/..", "~/.."), ("/", "/"),
        ("/..", "/"), ("/../a", "/a"), ("/a/../..", "/"), ("//a", "/a"), ("a/", "a"),
        ("$P/..", "."),
    ],
)  # fmt: skip
def test_a_path_is_written_without_detours(path, text):
    assert normal(path) == text


@together(
    "base, path, text",
    [
        ("", "a/./b", "a/b"), ("", "", ""), ("a", "", "a"), ("a/.", "", "a"), ("a", "b", "a/b"),
        ("a", "..", "."), ("a", "/b/.", "/b"), ("a", "~/b", "~/b"), ("a", "$P/b", "$P/b"),
        ("/", "a", "/a"), ("~", "a", "~/a"),
    ],
)  # fmt: skip
def test_a_path_is_seen_from_where_its_base_is(base, path, text):
    assert joined(base, path) == text
    assert is_rooted(path) is (path[:1] in ("/", "~", "$") and path != "")
