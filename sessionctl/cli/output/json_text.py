"""JSON text of answers: plain data out of TOML values, and no raw control character."""

from __future__ import annotations

import json
import math
import re
from datetime import date, time
from enum import Enum
from pathlib import PurePath

from sessionctl.core.keypath import KeyPath
from sessionctl.core.light_enum import Enum as LightEnum
from sessionctl.core.scan.veil import veiled
from sessionctl.core.values import moment_text

_ENUMS = (Enum, LightEnum)
_UNSAFE = re.compile("[\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")


def render_json(value: object) -> str:
    """Return ``value`` as indented JSON that is safe to show on a terminal."""
    text = json.dumps(plain(value), indent=2, ensure_ascii=False, allow_nan=False)
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def render_line(value: object) -> str:
    """Return ``value`` as JSON on one line, as safe as that of ``render_json``."""
    text = json.dumps(plain(value), ensure_ascii=False, allow_nan=False)
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def plain(value: object) -> object:
    """Return ``value`` made of what JSON knows.

    Dates and times become strings in TOML's form, ``nan``, ``inf`` and ``-inf`` strings,
    key paths their text, named tuples and mappings objects, enumerations their value.
    """
    if isinstance(value, str) and not isinstance(value, _ENUMS):
        return veiled(value)
    if value is None or (isinstance(value, (bool, int)) and not isinstance(value, _ENUMS)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, (KeyPath, PurePath)):
        return veiled(str(value))
    if isinstance(value, (date, time)):
        return moment_text(value)
    if isinstance(value, _ENUMS):
        return value.value
    if isinstance(value, dict):
        return {veiled(str(key)): plain(item) for key, item in value.items()}
    if hasattr(value, "_asdict"):
        return plain(value._asdict())
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item) for item in value]
    raise TypeError(f"no JSON form for {type(value).__name__}")
