"""Age files are told apart by their bytes, before any key is used."""

from __future__ import annotations

import base64
import contextlib

import pyrage
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessionctl.core.secrets.agefile import NotAgeError, read_age_file
from tests.sidecars import in_armor
from tests.together import together

KEY = pyrage.x25519.Identity.generate()
BINARY = pyrage.encrypt(b"x", [KEY.to_public()])
ARMORED = pyrage.encrypt(b"x", [KEY.to_public()], armored=True)
INTRO = b"age-encryption.org/v1\n"
DAMAGED = "an age file whose header is damaged"
EDGE = "an armored age file without its first or last line"
MAC = b"--- " + b"A" * 43 + b"\n" + b"n" * 16


def scrypt(*arguments):
    return INTRO + b"-> scrypt " + " ".join(arguments).encode() + b"\n" + b"A" * 43 + b"\n" + MAC


@pytest.mark.parametrize(
    "data",
    [
        BINARY,
        ARMORED,
        ARMORED.replace(b"\n", b"\r\n"),
        b"\n \t" + ARMORED + b"\n\n",
    ],
    ids=["binary", "armor", "CRLF", "blanks"],
)
def test_a_file_is_read_binary_and_armored(data):
    found = read_age_file(data)
    assert found.stanzas[0].kind == "X25519"
    assert found.work_factor is None
    assert not found.needs_passphrase
    assert pyrage.decrypt(found.data, [KEY]) == b"x"


def test_the_armor_is_that_of_the_library():
    binary = read_age_file(ARMORED).data
    assert in_armor(binary) == ARMORED.decode()
    assert read_age_file(in_armor(BINARY).encode()).data == BINARY


@given(st.binary(max_size=500))
def test_no_bytes_break_the_reader(data):
    for candidate in (data, INTRO + data, b"-----BEGIN AGE ENCRYPTED FILE-----\n" + data):
        with contextlib.suppress(NotAgeError):
            read_age_file(candidate)


def test_a_passphrase_file_tells_its_work_factor_without_any_work():
    found = read_age_file(scrypt("A" * 22, "18"))
    assert found.needs_passphrase
    assert found.work_factor == 18
    assert read_age_file(scrypt("A" * 22, "23")).work_factor == 23


@together(
    ("data", "reason"),
    [
        (b"", "not an age file"),
        (b"hello", "not an age file"),
        (b"age-encryption.org/v2\n", "an age file of a version that is not known"),
        (INTRO, DAMAGED),
        (INTRO + MAC, DAMAGED),
        (BINARY[:60], DAMAGED),
        (BINARY[: BINARY.index(b"---")], DAMAGED),
        (BINARY[: BINARY.index(b"---") + 50], "an age file that was cut off"),
        (INTRO + b"-> X25519 A\n" + b"A" * 64 + b"\n" + MAC, DAMAGED),
        (INTRO + b"-> X25519  A\nAAAA\n" + MAC, DAMAGED),
        (INTRO + b"-> X25519 A\nA\n" + MAC, DAMAGED),
        (INTRO + b"-> X25519 A\nAB\n" + MAC, DAMAGED),
        (INTRO + b"-> X25519 A\nAAAA\n--- " + b"B" * 43 + b"\n" + b"n" * 16, DAMAGED),
        (scrypt("A" * 22), DAMAGED),
        (scrypt("A" * 22, "0"), DAMAGED),
        (scrypt("A" * 22, "018"), DAMAGED),
        (scrypt("A" * 22, "123"), DAMAGED),
        (
            scrypt("A" * 22, "18").replace(MAC, b"-> X25519 A\nAAAA\n" + MAC),
            "an age file with a passphrase beside other recipients",
        ),
        (ARMORED[:-10], EDGE),
        (b"-----BEGIN AGE ENCRYPTED FILE-----\n-----END AGE ENCRYPTED FILE-----", EDGE),
        (ARMORED + b"x", EDGE),
        (b"-----BEGIN PGP MESSAGE-----\n", EDGE),
        (
            ARMORED.replace(b"\n", b"\n\n", 1),
            "an armored age file with a line that is too short or too long",
        ),
        (ARMORED.replace(b"\n", b"A\n", 2), EDGE),
        (
            BINARY[: BINARY.index(b"--- ")] + b"-> X25519 A\nAAAA\n" * 1024 + MAC,
            "an age file for more than 1024 readers",
        ),
        (
            ARMORED[:60] + b"!" + ARMORED[61:],
            "an armored age file with a character that does not belong",
        ),
    ],
    # The key is a new one each time: bytes would give each worker other names.
    ids=lambda value: value if isinstance(value, str) else "bytes",
)
def test_what_is_no_age_file_is_told_apart(data, reason):
    with pytest.raises(NotAgeError) as caught:
        read_age_file(data)
    assert str(caught.value) == reason


def test_bits_behind_the_end_of_an_armor_are_refused():
    data = INTRO + b"-> X25519 A\nAAAA\n" + MAC
    while len(data) % 3 != 1:
        data += b"n"
    text = in_armor(data)
    assert read_age_file(text.encode()).data == data
    body = text.splitlines()[-2]
    assert body.endswith("==")
    wrong = body[:-3] + chr(ord(body[-3]) + 1) + "=="
    assert base64.b64decode(wrong) == base64.b64decode(body)
    with pytest.raises(
        NotAgeError, match="an armored age file with a character that does not belong"
    ):
        read_age_file(text.replace(body, wrong).encode())
