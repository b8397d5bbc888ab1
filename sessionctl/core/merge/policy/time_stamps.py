"""Time stamps: which side is the newer, by those beside a value or by the dates of the sides."""

from __future__ import annotations

import re

from sessionctl.core.keypath import ItemKey
from sessionctl.core.merge.policy.versions import order_of_moments, read_moment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime

    from sessionctl.core.keypath import KeyPath, Part
    from sessionctl.core.values import Table, Value

STAMPS = ("updated", "updated_at", "modified", "modified_at", "last_modified", "last_saved")
"""Keys that tell when the table they stand in was last changed."""

_SECONDS = r"[0-9]{1,11}"
_SIDES = {1: "ours", -1: "theirs", 0: ""}


def newer_side(
    path: KeyPath, ours: Table, theirs: Table, dates: tuple[datetime, datetime] | None
) -> str:
    """Return "ours" or "theirs", the one whose value at ``path`` is the newer; "" if untold.

    The nearest table around the value decides in which both sides have a time stamp, and
    not the same one; without any, the dates of the sides do.
    """
    # Inside out: the stamp of a connection says more about its port than that of the session does.
    for length in range(len(path) - 1, -1, -1):
        mine, other = (_at(side, path[:length]) for side in (ours, theirs))
        if isinstance(mine, dict) and isinstance(other, dict):
            for stamp in STAMPS:
                if stamp in mine and stamp in other:
                    side = newer_moment(mine[stamp], other[stamp])
                    if side:
                        return side
    return newer_moment(*dates) if dates else ""


def newer_moment(ours: Value, theirs: Value) -> str:
    """Return the side with the later moment, "" where that cannot be told."""
    return _SIDES[order_of_moments(ours, theirs)]


def read_date(text: str) -> datetime | None:
    """Return the moment that a date, a date-time or a number of seconds since 1970 tells.

    A date without a time is its beginning; where no offset is told, it is UTC.
    """
    from datetime import UTC, datetime, time

    if re.fullmatch(_SECONDS, text):
        return datetime.fromtimestamp(int(text), UTC)
    moment = read_moment(text)
    if moment is None:
        return None
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time())  # type: ignore[arg-type]
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _at(value: Value, path: tuple[Part, ...]) -> Value | None:
    """Return what is at ``path``; None where an item is known by its place only."""
    for part in path:
        if isinstance(part, ItemKey):
            items = value if isinstance(value, list) else []
            tables = [item for item in items if isinstance(item, dict)]
            found = [item for item in tables if str(item.get(part.field)) == part.value]
            if len(found) != 1:
                return None
            value = found[0]
        elif isinstance(value, dict) and part in value:
            value = value[str(part)]
        else:
            return None
    return value
