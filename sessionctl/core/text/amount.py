"""Amount: how large something is, in words."""

from __future__ import annotations

_UNITS = ("bytes", "KB", "MB")


def size(number_bytes: int) -> str:
    """Return a size in few digits, such as "12.3 KB"."""
    value = float(number_bytes)
    for unit in _UNITS[:-1]:
        if value < 1000:
            return f"{value:.0f} {unit}" if unit == "bytes" else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} {_UNITS[-1]}"
