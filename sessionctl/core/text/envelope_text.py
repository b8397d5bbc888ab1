"""Envelope text: what git stores of a file whose content is somewhere else, or encrypted."""

from __future__ import annotations

import re

# Git LFS; openssl's salted base64, as transcrypt writes it; PEM and the armor of age and
# PGP; age; git-crypt.
_BEGINNINGS = (
    b"version https://git-lfs.github.com/spec/",
    b"U2FsdGVkX1",
    b"-----BEGIN ",
    b"age-encryption.org/",
    b"\0GITCRYPT\0",
)
_BASE64 = rb"(?:[A-Za-z0-9+/]{16,76}={0,2}\r?\n?)+"


def is_envelope(data: bytes) -> bool:
    """Tell whether ``data`` stands for a text and is none that a person could have written."""
    if not data:
        return False
    if data.startswith(_BEGINNINGS) or b"\0" in data:
        return True
    try:
        data.decode()
    except UnicodeDecodeError:
        return True
    return re.fullmatch(_BASE64, data) is not None
