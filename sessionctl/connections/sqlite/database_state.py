"""Database state: what belongs to one connection to an SQLite database, and how it is restored."""

from __future__ import annotations

# ruff: noqa: PTH110
import os

from sessionctl.connections.connection_adapter import ResumeReport

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from sessionctl.core.values import Table

# What a connection says for itself alone; the rest stands in the file or cannot be read back.
_PRAGMAS = (
    "analysis_limit", "automatic_index", "busy_timeout", "cache_size",
    "cell_size_check", "checkpoint_fullfsync", "defer_foreign_keys", "foreign_keys", "fullfsync",
    "ignore_check_constraints", "journal_size_limit", "legacy_alter_table", "locking_mode",
    "mmap_size", "query_only", "read_uncommitted", "recursive_triggers",
    "reverse_unordered_selects", "secure_delete", "synchronous", "temp_store", "threads",
    "trusted_schema", "writable_schema",
)  # fmt: skip
_BUILT_IN = ("main", "temp")


def capture_state(connection: sqlite3.Connection, fresh: Table) -> Table:
    """Return the state of a connection: what differs from ``fresh``, which it began with."""
    state: Table = {}
    pragmas = read_pragmas(connection)
    before = fresh.get("pragmas")
    before = before if isinstance(before, dict) else {}
    changed = {key: value for key, value in pragmas.items() if before.get(key) != value}
    known = _table_of(fresh, "attached")
    attached = {key: file for key, file in _attached(connection) if known.get(key) != file}
    functions = sorted(set(_functions(connection)) - set(_list_of(fresh, "functions")))
    tables = sorted(_temporary_tables(connection))
    parts: Table = {
        "pragmas": changed,
        "attached": {**attached},
        "functions": list(functions),
        "temporary": list(tables),
        "in_transaction": connection.in_transaction,
    }
    state.update({key: value for key, value in parts.items() if value})
    return state


def fresh_state(connection: sqlite3.Connection) -> Table:
    """Return what a new connection has, to tell later what was changed."""
    return {
        "pragmas": read_pragmas(connection),
        "functions": list(_functions(connection)),
        "attached": {**dict(_attached(connection))},
    }


def resume_state(connection: sqlite3.Connection, state: Table) -> ResumeReport:
    """Bring ``state`` back on a new connection, and say what was lost."""
    import sqlite3

    restored: list[str] = []
    lost: list[str] = []
    needs_user: list[str] = []
    present = dict(_attached(connection))
    for name, file in _table_of(state, "attached").items():
        if present.get(name) == file:
            continue
        if not os.path.exists(str(file)):
            needs_user.append(f"attached database {name}: its file is not there: {file}")
            continue
        try:
            connection.execute("ATTACH DATABASE ? AS " + quoted_name(name), (str(file),))
        except sqlite3.Error as error:
            needs_user.append(f"attached database {name}: {error}")
        else:
            restored.append(f"attached database {name}")
    for name, value in _table_of(state, "pragmas").items():
        (restored if set_pragma(connection, name, value) else lost).append(f"pragma {name}")
    lost += [f"function {name}" for name in _list_of(state, "functions")]
    lost += [f"temporary table {name}" for name in _list_of(state, "temporary")]
    if state.get("in_transaction") is True:
        lost.append("the open transaction: what was not committed is rolled back")
    return ResumeReport(tuple(restored), tuple(lost), tuple(needs_user))


def read_pragmas(connection: sqlite3.Connection) -> Table:
    """Return the pragmas of a connection that say something for it alone."""
    found: Table = {}
    for name in _PRAGMAS:
        row = connection.execute(f"PRAGMA {name}").fetchone()
        if row is not None and isinstance(row[0], str | int):
            found[name] = row[0]
    return found


def set_pragma(connection: sqlite3.Connection, name: str, value: object) -> bool:
    """Set a pragma and return whether it took the value; one that says nothing back did."""
    import sqlite3

    try:
        connection.execute(f"PRAGMA {quoted_name(name)} = {pragma_word(value)}").fetchall()
        row = connection.execute(f"PRAGMA {quoted_name(name)}").fetchone()
    except sqlite3.Error:
        return False
    return row is None or not isinstance(value, int) or row[0] == int(value)


def pragma_word(value: object) -> str:
    """Return the value of a pragma as a statement takes it, whatever is in it."""
    text = str(int(value)) if isinstance(value, bool) else str(value)
    is_number = text.isascii() and text.removeprefix("-").isdigit()
    return text if is_number else "'" + text.replace("'", "''") + "'"


def quoted_name(name: str) -> str:
    """Return a name as a statement takes it, whatever is in it."""
    return '"' + name.replace('"', '""') + '"'


def _attached(connection: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    for _, name, file in connection.execute("PRAGMA database_list"):
        if name not in _BUILT_IN and file:
            yield name, file


def _functions(connection: sqlite3.Connection) -> list[str]:
    rows = connection.execute("SELECT DISTINCT name FROM pragma_function_list WHERE NOT builtin")
    return sorted(str(name) for (name,) in rows)


def _temporary_tables(connection: sqlite3.Connection) -> list[str]:
    rows = connection.execute("SELECT name FROM sqlite_temp_master WHERE type = 'table'")
    return [str(name) for (name,) in rows]


def _table_of(state: Table, key: str) -> Table:
    found = state.get(key)
    return found if isinstance(found, dict) else {}


def _list_of(state: Table, key: str) -> list[str]:
    found = state.get(key)
    return [str(item) for item in found] if isinstance(found, list) else []
