"""Session state: what a session of PostgreSQL was set to, captured and brought back.

A server does not list settings that it has no definition of (``SET app.user = 'ada'``), nor what
``lastval`` would say: of these nothing is known, kept or reported.
"""

from __future__ import annotations

import json
from typing import NamedTuple

from sessionctl.connections.connection_adapter import ResumeReport
from sessionctl.connections.postgres.postgres_failure import ServerError
from sessionctl.core.scan.masked_values import literal_secrets

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from sessionctl.connections.deadline import Deadline
    from sessionctl.connections.postgres.postgres_handle import PostgresHandle
    from sessionctl.core.values import Table

_CAPTURE = """
SELECT pg_catalog.json_build_object(
  'database', pg_catalog.current_database(),
  'user', session_user,
  'role', pg_catalog.current_setting('role'),
  'settings', (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(
      name, setting) ORDER BY name)
    FROM pg_catalog.pg_settings WHERE source = 'session'),
  'channels', (SELECT pg_catalog.json_agg(channel ORDER BY channel)
    FROM pg_catalog.pg_listening_channels() AS channel),
  'prepared', (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(
      name, statement, from_sql, parameter_types::text[]) ORDER BY prepare_time, name)
    FROM pg_catalog.pg_prepared_statements),
  'temporary', (SELECT pg_catalog.json_agg(relname ORDER BY relname) FROM pg_catalog.pg_class
    WHERE relnamespace = pg_catalog.pg_my_temp_schema() AND relkind IN ('r', 'v', 'm', 'p', 'S')),
  'locks', (SELECT pg_catalog.count(*) FROM pg_catalog.pg_locks
    WHERE locktype = 'advisory' AND pid = pg_catalog.pg_backend_pid() AND granted),
  'cursors', (SELECT pg_catalog.json_agg(name ORDER BY name)
    FROM pg_catalog.pg_cursors WHERE is_holdable AND name <> '')
)
"""
_SMALL_CAPTURE = "SELECT current_database(), session_user, current_setting('search_path')"
_SET = "SELECT pg_catalog.set_config($1, $2, false)"
_OWN_PREPARED = "_pg3_"
"""How psycopg names what it prepares by its own choice, and prepares again by its own choice."""

_SHOWN = 5
_NOT_SET_AGAIN = frozenset({"role", "session_authorization", "transaction_isolation",
                            "transaction_read_only", "transaction_deferrable"})  # fmt: skip
_POOLED = "the pooler shares sessions among its clients"


def capture(handle: PostgresHandle, deadline: Deadline) -> Table:
    """Return the state of the session; inside a transaction, the last one is returned."""
    if handle.is_busy:
        return {**handle.captured, "in_transaction": True}
    if handle.is_pooled:
        [(database,)] = handle.ask(deadline, "SELECT pg_catalog.current_database()")
        return {"database": database or "", "pooled": True}
    try:
        [(text,)] = handle.ask(deadline, _CAPTURE)
    except ServerError:  # one of those that speak the protocol and lack the catalogue
        [row] = handle.ask(deadline, _SMALL_CAPTURE)
        database, user, path = (value or "" for value in row)
        return {"database": database, "user": user, "settings": {"search_path": path}}
    handle.captured = _state(json.loads(text or "{}"))
    return handle.captured


def _state(found: dict[str, Any]) -> Table:
    state: Table = {"database": found["database"], "user": found["user"]}
    withheld: list[str] = []
    settings = {}
    for name, value in found["settings"] or ():
        if name in _NOT_SET_AGAIN:
            continue
        if literal_secrets({name: value}, in_session=False):
            withheld.append(f"setting {name}")
        else:
            settings[name] = value
    prepared = []
    for name, statement, from_sql, types in found["prepared"] or ():
        if name.startswith(_OWN_PREPARED) and not from_sql:
            continue
        if literal_secrets({"statement": statement}, in_session=False):
            withheld.append(f"prepared statement {name}")
        else:
            text = statement if from_sql else _prepare(name, types, statement)
            prepared.append({"name": name, "statement": text})
    if found["role"] not in (None, "none"):
        state["role"] = found["role"]
    if found["locks"]:
        state["advisory_locks"] = found["locks"]
    more = {
        "settings": settings,
        "channels": found["channels"],
        "prepared": prepared,
        "temporary": found["temporary"],
        "cursors": found["cursors"],
        "withheld": withheld,
    }
    return state | {key: value for key, value in more.items() if value}


class _Report(NamedTuple):
    restored: list[str]
    lost: list[str]
    needs_user: list[str]

    def frozen(self) -> ResumeReport:
        return ResumeReport(tuple(self.restored), tuple(self.lost), tuple(self.needs_user))


def resume(handle: PostgresHandle, state: Table, deadline: Deadline) -> ResumeReport:
    """Bring ``state`` back; what was prepared is prepared, and no statement is run again."""
    report = _Report([], _lost(state), list(handle.unmet))
    _resume_database(handle, state, deadline, report)
    if handle.is_pooled:
        _leave_out(state, report)
        return report.frozen()
    if "user" in state:
        [(user,)] = handle.ask(deadline, "SELECT session_user")
        if user != state["user"]:
            report.needs_user.append(f"session user: {state['user']}, now {user}")
    for name, value in _table(state, "settings").items():
        _resume_setting(handle, name, str(value), deadline, report)
    for each in _list(state, "prepared"):
        what = f"prepared statement {each['name']}"
        _try(handle, str(each["statement"]), what, deadline, report)
    channels = [str(channel) for channel in _list(state, "channels")]
    for channel in channels:
        _try(handle, f"LISTEN {_identifier(channel)}", f"LISTEN {channel}", deadline, report)
    if channels:
        report.lost.append(f"notifications that were sent meanwhile: {_some(channels)}")
    if "role" in state:
        _resume_setting(handle, "role", str(state["role"]), deadline, report)
    report.needs_user.extend(f"{what}: set it again" for what in _list(state, "withheld"))
    return report.frozen()


def _resume_database(
    handle: PostgresHandle, state: Table, deadline: Deadline, report: _Report
) -> None:
    if "database" in state:
        [(database,)] = handle.ask(deadline, "SELECT pg_catalog.current_database()")
        if database == state["database"]:
            report.restored.append(f"database: {database}")
        else:
            report.needs_user.append(f"database: {state['database']}, now {database}")


def _resume_setting(
    handle: PostgresHandle, name: str, value: str, deadline: Deadline, report: _Report
) -> None:
    try:
        [(now,)] = handle.ask(deadline, _SET, name, value)
    except ServerError as error:
        report.needs_user.append(f"{name}: refused ({error.sqlstate})")
        return
    # What the settings of an extension hold may be the user's; the server's have no secrets.
    report.restored.append(f"setting {name}" if "." in name else f"{name}: {now}")


def _try(
    handle: PostgresHandle, statement: str, what: str, deadline: Deadline, report: _Report
) -> None:
    try:
        handle.ask(deadline, statement)
    except ServerError as error:
        # The words of the server may quote a value of the statement.
        report.lost.append(f"{what}: refused ({error.sqlstate})")
    else:
        report.restored.append(what)


def _lost(state: Table) -> list[str]:
    lost = []
    if state.get("in_transaction"):
        lost.append("the open transaction: whether its last statement was carried out is unknown")
    if names := _list(state, "temporary"):
        lost.append(f"temporary tables: {_some(names)}")
    if names := _list(state, "cursors"):
        lost.append(f"cursors: {_some(names)}")
    if count := state.get("advisory_locks"):
        lost.append(f"advisory locks: {count}")
    return lost


def _leave_out(state: Table, report: _Report) -> None:
    """Report as lost what of ``state`` belongs to a session, which a pooler does not keep."""
    report.lost.extend(f"{name}: {_POOLED}" for name in _table(state, "settings"))
    names = ["role"] if "role" in state else []
    names += [f"LISTEN {channel}" for channel in _list(state, "channels")]
    names += [f"prepared statement {each['name']}" for each in _list(state, "prepared")]
    report.lost.extend(f"{name}: {_POOLED}" for name in names)


def wanted_of_pooled(settings: Iterable[str]) -> tuple[str, ...]:
    """Return a sentence on each key of a connection that a pooler cannot keep."""
    found = [key for key in ("search_path", "role") if key in settings]
    return tuple(f"{key}: not set, for {_POOLED}; set it for the user at the server"
                 for key in found)  # fmt: skip


def _prepare(name: str, types: list[str] | None, statement: str) -> str:
    listed = f" ({', '.join(types)})" if types else ""
    return f"PREPARE {_identifier(name)}{listed} AS {statement}"


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _table(state: Table, key: str) -> Table:
    found = state.get(key)
    return found if isinstance(found, dict) else {}


def _list(state: Table, key: str) -> list[Any]:
    found = state.get(key)
    return found if isinstance(found, list) else []


def _some(names: list[Any]) -> str:
    shown = ", ".join(map(str, names[:_SHOWN]))
    return shown if len(names) <= _SHOWN else f"{shown} and {len(names) - _SHOWN} more"
