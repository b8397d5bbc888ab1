"""Connection settings: what keys that all connections have come to."""

from __future__ import annotations

from sessionctl.connections.manager.backoff import INITIAL_S, MULTIPLIER, RetryLimits
from sessionctl.core.values import text_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.values import Table, Value


def limits_of(retry: Value | None) -> RetryLimits:
    """Return what the key ``retry`` of a connection says."""
    if retry is False:
        return RetryLimits(attempts=0)
    if not isinstance(retry, dict):
        return RetryLimits()
    attempts, most = retry.get("attempts"), retry.get("most_s")
    return RetryLimits(
        attempts=attempts if type(attempts) is int else None,
        initial_s=_number(retry.get("initial_s"), INITIAL_S),
        multiplier=_number(retry.get("multiplier"), MULTIPLIER),
        most_s=None if most is None else _number(most, INITIAL_S),
    )


def server_of(settings: Table) -> str:
    """Return the server of a connection, for the circuit: connections to one share it."""
    driver = text_in(settings, "driver")
    url = text_in(settings, "url")
    if url:
        from urllib.parse import urlsplit

        return urlsplit(url).netloc or url
    for key in ("service", "socket", "file"):
        if text_in(settings, key):
            return f"{driver} {text_in(settings, key)}"
    for key in ("hosts", "sentinels"):
        several = settings.get(key)
        if isinstance(several, list) and several:
            return f"{driver} {', '.join(map(str, several))}"
    host, port = text_in(settings, "host") or "localhost", settings.get("port")
    return f"{host}:{port}" if type(port) is int else f"{driver} {host}"


def _number(value: Value | None, default: float) -> float:
    return float(value) if isinstance(value, int | float) else default
