"""Fine moments: times with more digits than Python keeps, so that none is lost.

TOML allows any number of digits behind the seconds, and Python's types end at microseconds.
These are such types with all digits; two that differ in the last one are two values.
"""

from __future__ import annotations

from datetime import datetime, time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeVar

    from sessionctl.core.values import Value

    Moment = TypeVar("Moment", datetime, time)

_MICRO = 6


class FineTime(time):
    """A time of day with ``digits`` behind the seconds, more than six."""

    digits: str

    def isoformat(self, timespec: str = "auto") -> str:
        """Return the time with all of its digits."""
        del timespec
        return f"{super().isoformat('seconds')}.{self.digits}"


class FineDateTime(datetime):
    """A date and time with ``digits`` behind the seconds, more than six."""

    digits: str

    def isoformat(self, sep: str = "T", timespec: str = "auto") -> str:
        """Return the moment with all of its digits."""
        del timespec
        text = super().isoformat(sep, "seconds")
        seconds = len("0000-00-00T00:00:00")
        return f"{text[:seconds]}.{self.digits}{text[seconds:]}"


def with_digits(moment: Moment, fraction: str) -> Moment:
    """Return ``moment`` with the digits of ``fraction``; as it is when six say all of it."""
    digits = fraction.rstrip("0")
    if len(digits) <= _MICRO:
        return moment
    if isinstance(moment, datetime):
        fine = FineDateTime.combine(moment.date(), moment.timetz())
        fine.digits = digits
        return fine
    clock = FineTime(moment.hour, moment.minute, moment.second, moment.microsecond)
    clock.digits = digits
    return clock


def without_digits(value: Value) -> Value:
    """Return ``value`` with its times cut at microseconds, as ``tomllib`` reads them."""
    if isinstance(value, dict):
        return {key: without_digits(item) for key, item in value.items()}
    if isinstance(value, list):
        return [without_digits(item) for item in value]
    if isinstance(value, FineDateTime):
        return datetime.combine(value.date(), value.timetz())
    if isinstance(value, FineTime):
        return time(value.hour, value.minute, value.second, value.microsecond)
    return value
