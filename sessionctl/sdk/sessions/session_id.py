"""Session id: the random name of a session; nobody can guess one."""

from __future__ import annotations

import os
import re

_SHAPE = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_LENGTH = 16


def new_session_id() -> str:
    """Return a new id: a random UUID (version 4), from the system's source of secrets."""
    # The module uuid asks which system this is first: that loads half a megabyte.
    random = bytearray(os.urandom(_LENGTH))
    random[6] = random[6] & 0x0F | 0x40  # RFC 9562, 5.4: version 4
    random[8] = random[8] & 0x3F | 0x80  # and its variant
    digits = random.hex()
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def is_session_id(text: object) -> bool:
    """Return whether ``text`` has the shape of an id."""
    return isinstance(text, str) and _SHAPE.fullmatch(text) is not None
