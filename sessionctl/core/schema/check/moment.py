"""Moment: a date or time of TOML where JSON Schema knows only strings."""

from __future__ import annotations

from sessionctl.core.values import moment_kind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import date, time


class Moment(str):
    """A TOML date or time in RFC 3339 form, which is not the same as a string of that form."""

    __slots__ = ("kind",)
    kind: str

    @classmethod
    def of(cls, value: date | time) -> Moment:
        """Return ``value``, of which ``kind`` is the name of the Python type."""
        moment = cls(value.isoformat())
        moment.kind = moment_kind(value)
        return moment


def plain(value: object) -> object:
    """Return ``value`` with its dates and times as ``Moment``; the rest as it is."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if hasattr(value, "isoformat"):
        return Moment.of(value)  # type: ignore[arg-type]
    return value
