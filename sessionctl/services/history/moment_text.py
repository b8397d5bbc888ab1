"""Moment text: a moment in time for people, and for JSON."""

from __future__ import annotations

from datetime import UTC, datetime

_FIRST_S, _LAST_S = -62_135_510_400, 253_402_214_400
"""The years that Python can name, a day short at both ends for the zones; files know others."""


def moment(time_s: float) -> str:
    """Return a time, in seconds since 1970, as people read it: local, to the second."""
    return datetime.fromtimestamp(_sane(time_s)).astimezone().strftime("%Y-%m-%d %H:%M:%S")


def moment_data(time_s: float) -> str:
    """Return a time for JSON: ISO 8601 in UTC."""
    return datetime.fromtimestamp(_sane(time_s), UTC).isoformat(timespec="milliseconds")


def _sane(time_s: float) -> float:
    return max(_FIRST_S, min(time_s, _LAST_S))
