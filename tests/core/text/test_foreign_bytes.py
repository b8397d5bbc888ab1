"""Which bytes of a text are not UTF-8, and which other encoding all of it may have."""

from __future__ import annotations

from sessionctl.core.text.foreign_bytes import foreign_bytes, other_encoding
from tests.together import together


@together(
    ("data", "found"),
    [
        (b"", []),
        (b"abc\n", []),
        ("é\n".encode(), []),
        (b"a\xe9b\n", [(1, 2, 0xE9)]),
        ("aé".encode() + b"\x80\n\n\xff", [(1, 3, 0x80), (3, 1, 0xFF)]),
        (b"\xef\xbb\xbf\xe9", [(1, 1, 0xE9)]),
        (b"x\r\n\xc3", [(2, 1, 0xC3)]),
    ],
)
def test_a_byte_that_is_not_utf_8_has_a_line_and_a_column(data, found):
    assert list(foreign_bytes(data)) == found


@together(
    ("data", "encoding"),
    [
        ("a = 1".encode("utf-16"), "UTF-16"),
        (b"\xfe\xff" + "a".encode("utf-16-be"), "UTF-16"),
        (b"\xff\xfea", ""),
        (b"\xff\xfe\0\0", ""),
        (b"caf\xe9 x", "LATIN1"),
        (b"caf\xe9", ""),
        (b"caf\xc1 \xc1", "LATIN1"),
        (b"caf\xc2", ""),
        ("é".encode() + b" \xe9 ", ""),
        (b"\xe9 \0", ""),
        (b"\x93caf\xe9\x94 ", ""),
        (b"\x93caf\x94 ", "WINDOWS-1252"),
        (b"\x81 ", ""),
        (b"\xc2\x20\x80 ", "WINDOWS-1252"),
        (b"\xe1\x80 ", ""),
        (b"\xe1\xbf ", "LATIN1"),
        (b"\xa0 ", "LATIN1"),
    ],
)
def test_all_of_a_text_may_be_of_one_other_encoding(data, encoding):
    assert other_encoding(data) == encoding
