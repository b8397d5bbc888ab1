"""Client state: what a connection to Redis was set to, captured and brought back."""

from __future__ import annotations

from sessionctl.connections.connection_adapter import ResumeReport

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from sessionctl.connections.deadline import Deadline
    from sessionctl.connections.redis.redis_handle import RedisHandle
    from sessionctl.core.values import Table

_SHOWN = 5


def capture(handle: RedisHandle, deadline: Deadline) -> Table:
    """Return the state; where a command waits or is queued, the last one, and what waits."""
    state = dict(handle.captured)
    if not handle.is_busy:
        told = _client_info(handle, deadline)
        state = {
            "database": int(told.get("db") or 0),
            "client_name": told.get("name", ""),
            "user": told.get("user", ""),
            "protocol": int(told.get("resp") or 2),
        }
    state |= _subscriptions(handle)
    handle.captured = {key: value for key, value in state.items() if value not in ("", [])}
    more: Table = {}
    if handle.client.is_queueing:
        more["transaction"] = True
    if handle.client.is_watching:
        more["watched"] = True
    if command := handle.blocked():
        more["blocked"] = command
    return handle.captured | more


def resume(handle: RedisHandle, state: Table, deadline: Deadline) -> ResumeReport:
    """Bring ``state`` back; no command of the user is sent again."""
    restored: list[str] = []
    lost: list[str] = []
    needs_user: list[str] = []
    told = _client_info(handle, deadline)
    if "database" in state:
        if told.get("db") != str(state["database"]):
            handle.ask(deadline, "SELECT", str(state["database"]))
        restored.append(f"database: {state['database']}")
    if "client_name" in state:
        if told.get("name") != state["client_name"]:
            handle.ask(deadline, "CLIENT SETNAME", str(state["client_name"]))
        restored.append(f"client name: {state['client_name']}")
    for key, name, now in (("user", "user", "user"), ("protocol", "protocol", "resp")):
        if key in state and told.get(now):
            if told[now] == str(state[key]):
                restored.append(f"{name}: {state[key]}")
            else:
                needs_user.append(f"{name}: {state[key]}, now {told[now]}")
    _resubscribe(handle, state, deadline, restored, lost)
    if state.get("transaction"):
        lost.append("the open transaction (MULTI): nothing of it was carried out, unless EXEC was")
    if state.get("watched"):
        lost.append("watched keys (WATCH)")
    if "blocked" in state:
        lost.append(f"the command that waited: {state['blocked']}; what it took is unknown")
    return ResumeReport(tuple(restored), tuple(lost), tuple(needs_user))


def _resubscribe(
    handle: RedisHandle, state: Table, deadline: Deadline, restored: list[str], lost: list[str]
) -> None:
    channels, patterns = (_names(state, key) for key in ("channels", "patterns"))
    if not channels and not patterns:
        return
    with handle.bounded(deadline):
        if channels:
            handle.subscription.subscribe(*channels)
        if patterns:
            handle.subscription.psubscribe(*patterns)
        handle.subscription.await_pong(handle.subscription.say_ping(), deadline)
    now = _subscriptions(handle)
    for word, key, names in (
        ("SUBSCRIBE", "channels", channels),
        ("PSUBSCRIBE", "patterns", patterns),
    ):
        standing = set(_names(now, key))
        restored.extend(f"{word} {name}" for name in names if name in standing)
        lost.extend(f"{word} {name}" for name in names if name not in standing)
    lost.append(f"messages that were published meanwhile: {_some([*channels, *patterns])}")


def _subscriptions(handle: RedisHandle) -> Table:
    found: dict[str, set[str]] = {"channels": set(), "patterns": set()}
    for subscription in handle.client.subscriptions:
        for key, names in subscription.names().items():
            found[key].update(names)
    return {key: [*sorted(names)] for key, names in found.items()}


def _client_info(handle: RedisHandle, deadline: Deadline) -> dict[str, str]:
    """Return what the server knows of this connection; nothing where it may not be asked."""
    import redis

    try:
        answer = handle.ask(deadline, "CLIENT", "INFO")
    except (redis.exceptions.ResponseError, redis.exceptions.NoPermissionError):
        return {}  # before version 6.2, or not allowed
    if isinstance(answer, dict):
        return {str(key): str(value) for key, value in answer.items()}
    text = answer.decode() if isinstance(answer, bytes) else str(answer)
    pairs = (word.partition("=") for word in text.split())
    return {key: value for key, _, value in pairs}


def _names(state: Table, key: str) -> list[str]:
    found = state.get(key)
    return [str(name) for name in found] if isinstance(found, list) else []


def _some(names: list[Any]) -> str:
    shown = ", ".join(map(str, names[:_SHOWN]))
    return shown if len(names) <= _SHOWN else f"{shown} and {len(names) - _SHOWN} more"
