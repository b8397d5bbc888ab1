"""Age files as bytes: which stanzas a header has and what opening it would cost.

Errors of the age library are all of one type and their texts are no interface, so what a
file is gets decided here, before the library sees it. The grammar is that of the age
format, version 1 (https://c2sp.org/age).
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import NamedTuple

MAX_WORK_FACTOR = 20
"""The largest scrypt work factor that is tried, log2 N: 20 takes some seconds and 1 GB."""

BEGIN = "-----BEGIN AGE ENCRYPTED FILE-----"
END = "-----END AGE ENCRYPTED FILE-----"

_INTRO = b"age-encryption.org/v1\n"
_SPACE = b" \t\r\n"
_COLUMNS = 64
_MAX_HEADER = 1 << 20
_STANZA = re.compile(rb"-> ([\x21-\x7e]+(?: [\x21-\x7e]+)*)\n")
_BODY_LINE = re.compile(rb"([A-Za-z0-9+/]{0,64})\n")
_MAC = re.compile(rb"--- ([A-Za-z0-9+/]{43})\n")
_FACTOR = re.compile(r"[1-9][0-9]?")
_NONCE_BYTES = 16


class NotAgeError(ValueError):
    """The bytes are not an age file; the message says in what, never quoting them."""


class Stanza(NamedTuple):
    """One way to open a file: its kind ("X25519", "scrypt", "ssh-rsa") and arguments."""

    kind: str
    arguments: tuple[str, ...]


class AgeFile(NamedTuple):
    """An age file: its binary form and the stanzas of its header."""

    data: bytes
    stanzas: tuple[Stanza, ...]

    @property
    def work_factor(self) -> int | None:
        """log2 of the scrypt work that a passphrase costs; None for a file without one."""
        if self.stanzas[0].kind != "scrypt":
            return None
        return int(self.stanzas[0].arguments[1])

    @property
    def needs_passphrase(self) -> bool:
        """Whether a passphrase opens the file, and no identity does."""
        return self.stanzas[0].kind == "scrypt"


def read_age_file(data: bytes) -> AgeFile:
    """Return what ``data``, binary or armored, is as an age file; nothing is decrypted.

    Raises:
      NotAgeError: it is not an age file of version 1, or breaks the grammar.
    """
    if data.lstrip(_SPACE).startswith(b"-----BEGIN"):
        data = _unarmored(data)
    if not data.startswith(_INTRO):
        if data.startswith(b"age-encryption.org/"):
            raise NotAgeError("an age file of a version that is not known")
        raise NotAgeError("not an age file")
    stanzas, body = _header(data)
    if len(data) - body < _NONCE_BYTES:
        raise NotAgeError("an age file that was cut off")
    _check_scrypt(stanzas)
    return AgeFile(data, tuple(stanzas))


def armored(data: bytes) -> str:
    """Return the binary age file ``data`` in its text form, with a last line end."""
    text = base64.b64encode(data).decode()
    lines = [text[at : at + _COLUMNS] for at in range(0, len(text), _COLUMNS)]
    return "\n".join([BEGIN, *lines, END]) + "\n"


def _unarmored(data: bytes) -> bytes:
    lines = data.strip(_SPACE).replace(b"\r\n", b"\n").split(b"\n")
    if lines[0] != BEGIN.encode() or lines[-1] != END.encode() or len(lines) < 3:
        raise NotAgeError("an armored age file without its first or last line")
    body = lines[1:-1]
    *full, last = map(len, body)
    if any(length != _COLUMNS for length in full) or not 0 < last <= _COLUMNS:
        raise NotAgeError("an armored age file with a line that is too short or too long")
    return _decoded(b"".join(body), "an armored age file with a character that does not belong")


def _decoded(text: bytes, what: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NotAgeError(what) from None
    if base64.b64encode(data) != text:  # bits behind the end
        raise NotAgeError(what)
    return data


def _header(data: bytes) -> tuple[list[Stanza], int]:
    """Return the stanzas and where the payload begins."""
    stanzas: list[Stanza] = []
    at = len(_INTRO)
    while (stanza := _STANZA.match(data, at, _MAX_HEADER)) is not None:
        kind, *arguments = stanza[1].decode("ascii").split(" ")
        stanzas.append(Stanza(kind, tuple(arguments)))
        at = _body_end(data, stanza.end())
    mac = _MAC.match(data, at)
    if mac is None or not stanzas:
        raise NotAgeError("an age file whose header is damaged")
    _decoded(mac[1] + b"=", "an age file whose header is damaged")
    return stanzas, mac.end()


def _body_end(data: bytes, at: int) -> int:
    """Return where the body of a stanza ends: behind its first line that is not full."""
    while True:
        line = _BODY_LINE.match(data, at)
        if line is None:
            raise NotAgeError("an age file whose header is damaged")
        at = line.end()
        if len(line[1]) < _COLUMNS:
            padding = b"=" * (-len(line[1]) % 4)
            _decoded(line[1] + padding, "an age file whose header is damaged")
            return at


def _check_scrypt(stanzas: list[Stanza]) -> None:
    """Refuse a passphrase beside other ways, as the format does, and a factor not told."""
    if all(stanza.kind != "scrypt" for stanza in stanzas):
        return
    if len(stanzas) != 1:
        raise NotAgeError("an age file with a passphrase beside other recipients")
    arguments = stanzas[0].arguments
    if len(arguments) != 2 or _FACTOR.fullmatch(arguments[1]) is None:
        raise NotAgeError("an age file whose header is damaged")
