"""Amount: how large, or how long ago, something is, in words."""

from __future__ import annotations

_SPANS = (("y", 31_557_600), ("mo", 2_629_800), ("d", 86_400), ("h", 3_600), ("min", 60))
_UNITS = ("bytes", "KB", "MB")


def size(number_bytes: int) -> str:
    """Return a size in few digits, such as "12.3 KB"."""
    if number_bytes == 1:
        return "1 byte"
    value = float(number_bytes)
    for unit in _UNITS[:-1]:
        if value < 1000:
            return f"{value:.0f} {unit}" if unit == "bytes" else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} {_UNITS[-1]}"


def age(seconds: float) -> str:
    """Return how long ago something was in few letters, such as "3 min"; never negative."""
    for unit, length in _SPANS:
        if seconds >= length:
            return f"{int(seconds // length)} {unit}"
    return f"{max(0, int(seconds))} s"
