"""The formats that strings are held to; the others only describe."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

MOMENT_FORMATS = {
    "datetime": frozenset({"date-time", "date-time-local", "partial-date-time"}),
    "date": frozenset({"date", "date-local", "full-date"}),
    "time": frozenset({"time", "time-local", "partial-time"}),
}
"""The formats that TOML's own dates and times satisfy, by the type's name."""


def has_format(name: object, text: str) -> bool:
    """Return whether ``text`` has the format ``name``; an unknown format holds for any text."""
    check = _CHECKS.get(str(name))
    if check is None:
        return True
    try:
        return check(text)
    except ValueError:
        return False


def _is_date(text: str) -> bool:
    from datetime import date

    return re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) is not None and bool(
        date.fromisoformat(text)
    )


def _is_time(text: str) -> bool:
    from datetime import time

    match = re.fullmatch(
        r"([0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.[0-9]+)?(?:[zZ]|[+-]([0-9]{2}:[0-9]{2}))", text
    )
    if match is None:
        return False
    # A leap second is a time too.
    moments = (match[1].replace(":60", ":59"), match[2] or "00:00")
    return all(time.fromisoformat(moment) is not None for moment in moments)


def _is_date_time(text: str) -> bool:
    return len(text) > 10 and text[10] in "Tt" and _is_date(text[:10]) and _is_time(text[11:])


def _is_ip(version: int) -> Callable[[str], bool]:
    def check(text: str) -> bool:
        import ipaddress

        return ipaddress.ip_address(text).version == version and "%" not in text

    return check


def _is_uuid(text: str) -> bool:
    return re.fullmatch(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", text) is not None


_CHECKS: dict[str, Callable[[str], bool]] = {
    "date": _is_date,
    "date-time": _is_date_time,
    "ipv4": _is_ip(4),
    "ipv6": _is_ip(6),
    "time": _is_time,
    "uuid": _is_uuid,
}
