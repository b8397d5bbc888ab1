"""Age files as bytes: which stanzas a header has and what opening it would cost.

Errors of the age library are all of one type and their texts are no interface, so what a
file is gets decided here, before the library sees it. The grammar is that of the age
format, version 1 (https://c2sp.org/age).
"""

from __future__ import annotations

import binascii

from sessionctl.core.named_tuple import NamedTuple
from sessionctl.core.regex.lazy_pattern import late

MAX_WORK_FACTOR = 20
"""The largest scrypt work factor that is tried, log2 N: 20 takes some seconds and 1 GB."""

BEGIN = "-----BEGIN AGE ENCRYPTED FILE-----"
END = "-----END AGE ENCRYPTED FILE-----"

_INTRO = b"age-encryption.org/v1\n"
_SPACE = b" \t\r\n"
_COLUMNS = 64
_MAX_HEADER = 1 << 20
MAX_READERS = 1024
"""The most stanzas of a file for many readers, as a vault is; each may cost a computation."""

MAX_STANZAS = 16
"""The most stanzas of a file of ours for one reader; the age library adds one at random."""

_MAX_ARGUMENTS = 16
# Base64 without padding, in lines of 64 characters and one that is shorter; the bits that
# its last character does not need are zero.
_SHORT_LINE = (
    r"(?:[A-Za-z0-9+/]{4}){0,15}(?:[A-Za-z0-9+/][AQgw]|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048])?\n"
)
_STANZA = late(r"-> ([\x21-\x7e]+(?: [\x21-\x7e]+)*)\n(?:[A-Za-z0-9+/]{64}\n)*" + _SHORT_LINE)
_MAC = late(r"--- [A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]\n")
_MAC_LENGTH = 48
_FACTOR = late(r"[1-9][0-9]?")
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


def read_age_file(data: bytes, *, most_stanzas: int = MAX_READERS) -> AgeFile:
    """Return what ``data``, binary or armored, is as an age file; nothing is decrypted.

    Raises:
      NotAgeError: it is not an age file of version 1, or breaks the grammar, or has more
        than ``most_stanzas``.
    """
    if data.lstrip(_SPACE).startswith(b"-----BEGIN"):
        data = _unarmored(data)
    if not data.startswith(_INTRO):
        if data.startswith(b"age-encryption.org/"):
            raise NotAgeError("an age file of a version that is not known")
        raise NotAgeError("not an age file")
    stanzas, body = _header(data, most_stanzas)
    if len(data) - body < _NONCE_BYTES:
        raise NotAgeError("an age file that was cut off")
    _check_scrypt(stanzas)
    return AgeFile(data, tuple(stanzas))


def _unarmored(data: bytes) -> bytes:
    lines = data.strip(_SPACE).replace(b"\r\n", b"\n").split(b"\n")
    if lines[0] != BEGIN.encode() or lines[-1] != END.encode() or len(lines) < 3:
        raise NotAgeError("an armored age file without its first or last line")
    body = lines[1:-1]
    *full, last = map(len, body)
    if any(length != _COLUMNS for length in full) or not 0 < last <= _COLUMNS:
        raise NotAgeError("an armored age file with a line that is too short or too long")
    text = b"".join(body)
    try:
        decoded = binascii.a2b_base64(text, strict_mode=True)
    except (binascii.Error, ValueError):
        decoded = b""
    if binascii.b2a_base64(decoded, newline=False) != text:
        raise NotAgeError("an armored age file with a character that does not belong")
    return decoded


def _header(data: bytes, most_stanzas: int) -> tuple[list[Stanza], int]:
    """Return the stanzas and where the payload begins."""
    stanzas: list[Stanza] = []
    at = len(_INTRO)
    # A letter for each byte, since the expressions that are compiled ahead are for texts.
    header = data[: _MAX_HEADER + _MAC_LENGTH].decode("latin-1")
    while (stanza := _STANZA.match(header, at, _MAX_HEADER)) is not None:
        kind, *arguments = stanza[1].split(" ")
        if len(stanzas) == most_stanzas or len(arguments) > _MAX_ARGUMENTS:
            raise NotAgeError(f"an age file for more than {most_stanzas} readers")
        stanzas.append(Stanza(kind, tuple(arguments)))
        at = stanza.end()
    mac = _MAC.match(header, at)
    if mac is None or not stanzas:
        raise NotAgeError("an age file whose header is damaged")
    return stanzas, mac.end()


def _check_scrypt(stanzas: list[Stanza]) -> None:
    """Refuse a passphrase beside other ways, as the format does, and a factor not told."""
    if all(stanza.kind != "scrypt" for stanza in stanzas):
        return
    if len(stanzas) != 1:
        raise NotAgeError("an age file with a passphrase beside other recipients")
    arguments = stanzas[0].arguments
    if len(arguments) != 2 or _FACTOR.fullmatch(arguments[1]) is None:
        raise NotAgeError("an age file whose header is damaged")
