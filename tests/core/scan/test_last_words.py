"""What a program said last: its lines in short, plain, without secrets."""

from __future__ import annotations

from sessionctl.core.scan.last_words import last_words
from tests.together import together

KEY = "AGE-SECRET-" + "KEY-1QQQQ"


@together(
    ("said", "secret", "shown"),
    [
        (b"", b"", []),
        (b"one", b"", ["one"]),
        (b"one\n\n  two \t three\r\nfour\rfive\n", b"", ["two three", "four", "five"]),
        (b"\x1b[1;31mred\x1b[0m \x1b]0;title\x07x\x00\x7f\xff", b"", ["red x\ufffd"]),
        (b"postgres://ada:kupfer@web", b"", ["postgres://ada:***@web"]),
        (f"a {KEY} b".encode(), b"", ["a *** b"]),
        (b"it is kupfer, is it?", b"is kupfer", ["it is ***, is it?"]),
        (b"kupf kupferdraht", b"kupf kupferdraht", ["*** ***"]),
        (b"kup", b"kup", ["kup"]),
        (b"x" * 300, b"", ["x" * 300]),
        (b"x" * 301, b"", ["x" * 297 + "..."]),
        (b"y" + b"\n" * 65_536, b"", []),
        (b"y" + b"\n" * 65_535, b"", ["y"]),
    ],
    ids=lambda value: repr(value)[:60],
)  # fmt: skip
def test_the_last_lines_are_shown_in_short(said, secret, shown):
    assert last_words(said, secret) == shown


def test_as_many_lines_are_shown_as_are_asked_for():
    assert last_words(b"a\nb\nc\nd", most=1) == ["d"]
    assert last_words(b"a\nb\nc\nd", most=9) == ["a", "b", "c", "d"]
