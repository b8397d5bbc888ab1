"""What git stores of a file whose content is elsewhere or encrypted is told from a text."""

from __future__ import annotations

import base64

from sessionctl.core.text.envelope_text import as_utf8, filter_family, hides_text, is_envelope
from tests.together import together

LFS = b"version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 1\n"
CRYPT = b"U2FsdGVkX1" + base64.b64encode(bytes(range(60)))
KEY = b"-----BEGIN OPENSSH PRIVATE KEY-----\nb3Blbg==\n"
ARMOR = b"-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n"
MESSAGE = b"-----BEGIN PGP MESSAGE-----\n\nYWdl\n"
AGE = b"age-encryption.org/v1\n-> X25519 a\n"
GIT_CRYPT = b"\0GITCRYPT\0abc"
ENCODED = base64.encodebytes(bytes(range(200)))
LATIN = "größe = 1\n".encode("latin-1")


@together(
    "data, stands_for_a_text, hides_it",
    [
        (b"", False, False),
        (b'name = "api"\n', False, False),
        (b"abcdefghijklmnop\n", True, True),
        (b"abcdefghijklmno\n", False, False),
        (b"abcdefghijklmnop = 1\n", False, False),
        (LFS, True, True),
        (CRYPT, True, True),
        (KEY, True, False),
        (ARMOR, True, True),
        (MESSAGE, True, True),
        (AGE, True, True),
        (GIT_CRYPT, True, True),
        (ENCODED, True, True),
        (ENCODED.replace(b"\n", b"\r\n"), True, True),
        (b"a = 1\n\0", True, True),
        (b" " * 8192 + b"\0", True, False),
        (LATIN, True, False),
    ],
    ids=lambda value: str(value)[:40],
)
def test_no_person_could_have_written_it(data, stands_for_a_text, hides_it):
    assert (is_envelope(data), hides_text(data)) == (stands_for_a_text, hides_it)


@together(
    "data, family",
    [
        (GIT_CRYPT, "git-crypt"),
        (LFS, "lfs"),
        (CRYPT, "crypt"),
        (AGE, ""),
        (b"", ""),
        (b"a = 1", ""),
    ],
    ids=lambda value: str(value)[:40],
)
def test_the_filter_is_known_by_what_it_writes(data, family):
    assert filter_family(data) == family


@together(
    "data, text",
    [
        ("a = 1\n".encode("utf-16"), b"a = 1\n"),
        ("x = 1\n".encode("utf-16"), b"x = 1\n"),
        ("\ufeffa = 1\n".encode("utf-16-be"), b"a = 1\n"),
        ("a = 1\n".encode("utf-16-le"), b"a = 1\n"),
        ("a = 1\n".encode("utf-16-be"), b"a = 1\n"),
        ("größe = 1\n".encode("utf-16-le"), "größe = 1\n".encode()),
        ("größe = 1\n".encode(), "größe = 1\n".encode()),
        ("abc".encode("utf-16-le"), "abc".encode("utf-16-le")),
        ("a = 1\n".encode("utf-16-le") + b"x", "a = 1\n".encode("utf-16-le") + b"x"),
        (b"a\0b" * 9, b"a\0b" * 9),
        (b"\0" * 20, b"\0" * 20),
        (LATIN, LATIN),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_text_of_two_bytes_a_letter_is_read(data, text):
    assert as_utf8(data) == text
