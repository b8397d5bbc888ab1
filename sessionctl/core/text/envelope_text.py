"""Envelope text: what git stores of a file whose content is somewhere else, or encrypted."""

from __future__ import annotations

import codecs

# Git LFS; openssl's salted base64, as transcrypt writes it; PEM and the armor of age and
# PGP; age; git-crypt.
_BEGINNINGS = (
    b"version https://git-lfs.github.com/spec/",
    b"U2FsdGVkX1",
    b"-----BEGIN ",
    b"age-encryption.org/",
    b"\0GITCRYPT\0",
)
_FAMILIES = (
    (b"\0GITCRYPT\0", "git-crypt"),
    (b"version https://git-lfs.github.com/spec/", "lfs"),
    (b"U2FsdGVkX1", "crypt"),
)
_SEALED_ARMOR = (b"-----BEGIN AGE ENCRYPTED", b"-----BEGIN PGP MESSAGE")
_LOOKED_AT = 8192
_FEWEST = 4
_FIRST_LINE = 16
_DIGITS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_BASE64 = rb"(?:[A-Za-z0-9+/]{16,76}={0,2}\r?\n?)+"


def is_envelope(data: bytes) -> bool:
    """Return whether ``data`` stands for a text, and no person could have written it."""
    if not data:
        return False
    if data.startswith(_BEGINNINGS) or b"\0" in data:
        return True
    try:
        data.decode()
    except UnicodeDecodeError:
        return True
    return _is_base64(data)


def hides_text(data: bytes) -> bool:
    """Return whether nothing can be read in ``data``, though it may stand for a text.

    A private key can be read, and so can a text of an older encoding.
    """
    if data.startswith(b"-----BEGIN "):
        return data.startswith(_SEALED_ARMOR)
    if b"\0" in data[:_LOOKED_AT] or data.startswith(_BEGINNINGS):
        return True
    return _is_base64(data)


def _is_base64(data: bytes) -> bool:
    if data[:_FIRST_LINE].translate(None, _DIGITS):
        return False  # most texts; the expression has to look at the others
    import re

    return re.fullmatch(_BASE64, data) is not None


def filter_family(data: bytes) -> str:
    """Return the filter of git that writes what ``data`` begins with, or ""."""
    return next((name for begin, name in _FAMILIES if data.startswith(begin)), "")


def as_utf8(data: bytes) -> bytes:
    """Return a text in UTF-16 as UTF-8; anything else is returned as it is."""
    encoding = _encoding(data)
    try:
        return data.decode(encoding).lstrip("\ufeff").encode() if encoding else data
    except UnicodeError:
        return data


def _encoding(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    head = data[:_LOOKED_AT]
    if len(head) < 2 * _FEWEST or b"\0" not in head:
        return ""
    # Nearly all letters of a TOML file are of ASCII: every other byte is zero.
    for encoding, zeros, others in (
        ("utf-16-le", head[1::2], head[::2]),
        ("utf-16-be", head[::2], head[1::2]),
    ):
        if zeros.count(0) > len(zeros) * 0.8 and others.count(0) == 0:
            return encoding
    return ""
