"""Moments in time: for people, and for JSON."""

from __future__ import annotations

from datetime import UTC, datetime


def moment(time_s: float) -> str:
    """Return a time, in seconds since 1970, as people read it: local, to the second."""
    return datetime.fromtimestamp(time_s).astimezone().strftime("%Y-%m-%d %H:%M:%S")


def moment_data(time_s: float) -> str:
    """Return a time for JSON: ISO 8601 in UTC."""
    return datetime.fromtimestamp(time_s, UTC).isoformat(timespec="milliseconds")
