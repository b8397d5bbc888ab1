"""Connection memory: what happened to the connections of a session, outside of its file."""

from __future__ import annotations

# One small file a session: plain os calls here.
# ruff: noqa: PTH101, PTH118, PTH120
import json
import os
import time
from contextlib import contextmanager
from typing import Any, NamedTuple

from sessionctl.connections.keeping.target import Recollection
from sessionctl.core.scan.text_scan import without_secrets
from sessionctl.core.toml.document import Document
from sessionctl.core.toml.write.value_writer import render_value
from sessionctl.errors import SessionctlError
from sessionctl.system.files.private_directories import make_private
from sessionctl.system.files.text import read_text, write_text
from sessionctl.system.os_errors import cannot
from sessionctl.system.store.archive_entry import key_of
from sessionctl.system.store.lock import Lock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from sessionctl.connections.connection_adapter import PeerIdentity
    from sessionctl.core.values import Table, Value

FOLDER = "connections"
MOST_EVENTS = 50
MOST_RECENTS = 5
_FORMAT = 1
_RECENTS = "recents.json"
_LAST_MOMENT_S = 1e11


class ConnectionRecord(NamedTuple):
    """What is remembered of one connection.

    ``status`` is the last change of its state, ``events`` are the last ones, newest last; both
    hold "at" (seconds since 1970), "state" and "reason". ``opens``, ``failures`` and ``losses``
    count. ``driver`` is that by which ``state`` was captured.
    """

    driver: str = ""
    state: str = ""
    peer: str = ""
    peer_text: str = ""
    status: dict[str, Any] = {}  # noqa: RUF012 - never changed in place
    events: list[dict[str, Any]] = []  # noqa: RUF012
    opens: int = 0
    failures: int = 0
    losses: int = 0
    is_favourite: bool = False


class RecentUse(NamedTuple):
    """A connection that was opened, or not, a while ago."""

    file: str
    name: str
    at: float
    ok: bool


class ConnectionMemory:
    """The records of one session's connections; without a state directory nothing is kept.

    A session is known by its ``id``, one without by the real path of its file. Files are for
    the user alone (mode 0600), and hold no secrets.
    """

    def __init__(self, state_directory: str | None, file: str, session_id: str = "") -> None:
        self._folder = None if state_directory is None else os.path.join(state_directory, FOLDER)
        self._file = file
        key = key_of(f"id:{session_id}" if session_id else os.path.realpath(file))
        self._path = None if self._folder is None else os.path.join(self._folder, f"{key}.json")

    def records(self) -> dict[str, ConnectionRecord]:
        """Return all records by the names of the connections; none where they are damaged."""
        return {} if self._path is None else _read(self._path)

    def record(self, name: str) -> ConnectionRecord:
        """Return what is remembered of ``name``; an empty record where that is nothing."""
        return self.records().get(name, ConnectionRecord())

    def recall(self, name: str, driver: str) -> Recollection:
        """Return the state that ``name`` had; none where it was captured by another driver."""
        record = self.record(name)
        if record.driver != driver:
            return Recollection()
        try:
            state = Document.parse(f"state = {record.state or '{}'}\n").value["state"]
        except SessionctlError:
            state = {}
        state = state if isinstance(state, dict) else {}
        return Recollection(state, record.peer, record.peer_text)

    def keep_state(self, name: str, driver: str, state: Table, peer: PeerIdentity) -> None:
        """Remember the state of a connection, without what looks like a secret.

        Raises:
          FileError: it cannot be written.
        """
        clean = _without_secrets(state)
        text = render_value(clean) if isinstance(clean, dict) else "{}"
        before = self.record(name)
        after = before._replace(
            driver=driver, state=text, peer=peer.key, peer_text=without_secrets(peer.text)
        )
        if after != before:
            with self._changing() as records:
                record = records.get(name, ConnectionRecord())
                records[name] = record._replace(
                    **{
                        field: getattr(after, field)
                        for field in ("driver", "state", "peer", "peer_text")
                    }
                )

    def note(self, name: str, state: str, reason: str, *, count: str = "") -> None:
        """Remember a change of state; ``count`` is "opens", "failures" or "losses".

        Raises:
          FileError: it cannot be written.
        """
        event = {"at": round(time.time(), 3), "state": state, "reason": without_secrets(reason)}
        with self._changing() as records:
            record = records.get(name, ConnectionRecord())
            events = [*record.events, event][-MOST_EVENTS:]
            record = record._replace(status=event, events=events)
            if count:
                record = record._replace(**{count: getattr(record, count) + 1})
            records[name] = record

    def mark(self, name: str, *, is_favourite: bool) -> None:
        """Remember whether ``name`` is a favourite; raises ``FileError``."""
        with self._changing() as records:
            record = records.get(name, ConnectionRecord())
            records[name] = record._replace(is_favourite=is_favourite)

    def forget(self, name: str) -> bool:
        """Forget all that is remembered of ``name``; return whether that was anything."""
        if name not in self.records():
            return False
        with self._changing() as records:
            records.pop(name, None)
        return True

    # -- recents ---------------------------------------------------------------------------

    def recents(self) -> list[RecentUse]:
        """Return what this user opened last in any session, newest first."""
        if self._folder is None:
            return []
        return _read_recents(os.path.join(self._folder, _RECENTS))

    def note_use(self, name: str, *, ok: bool) -> None:
        """Remember that ``name`` was opened, or could not be; raises ``FileError``."""
        if self._folder is None:
            return
        path = os.path.join(self._folder, _RECENTS)
        use = RecentUse(os.path.abspath(self._file), name, round(time.time(), 3), ok)  # noqa: PTH100
        with self._locked(path):
            others = [one for one in _read_recents(path) if one[:2] != use[:2]]
            data = {"format": _FORMAT, "recents": [use, *others][:MOST_RECENTS]}
            self._write(path, data)

    # -- files -----------------------------------------------------------------------------

    @contextmanager
    def _changing(self) -> Iterator[dict[str, ConnectionRecord]]:
        if self._path is None:
            yield {}
            return
        with self._locked(self._path):
            records = _read(self._path)
            yield records
            data = {name: record._asdict() for name, record in records.items()}
            self._write(
                self._path,
                {
                    "format": _FORMAT,
                    "file": os.path.abspath(self._file),  # noqa: PTH100
                    "connections": data,
                },
            )

    @contextmanager
    def _locked(self, path: str) -> Iterator[None]:
        try:
            make_private(os.path.dirname(path))
            with Lock(f"{path}.lock", self._file):
                yield
        except OSError as error:
            raise cannot("remember the state of its connections", self._file, error) from error

    @staticmethod
    def _write(path: str, data: object) -> None:
        text = json.dumps(data, ensure_ascii=True, indent=1)
        write_text(path, text + "\n", is_durable=False)
        os.chmod(path, 0o600)


def _read(path: str) -> dict[str, ConnectionRecord]:
    """Return the records in a file; a record that is not as we write it is left out."""
    try:
        data = json.loads(read_text(path))
        tables = data["connections"] if data["format"] == _FORMAT else {}
        records = {str(name): _record(table) for name, table in tables.items()}
    except (SessionctlError, ValueError, TypeError, KeyError, AttributeError):
        return {}
    return {name: record for name, record in records.items() if record is not None}


def _record(table: object) -> ConnectionRecord | None:
    empty = ConnectionRecord()._asdict()
    if not isinstance(table, dict):
        return None
    known = {key: item for key, item in table.items() if key in empty}
    if any(type(item) is not type(empty[key]) for key, item in known.items()):
        return None
    record = ConnectionRecord(**known)
    events = [*record.events, *([record.status] if record.status else [])]
    return record if all(map(_is_event, events)) else None


def _is_event(event: object) -> bool:
    if not isinstance(event, dict) or event.keys() != {"at", "state", "reason"}:
        return False
    return _is_moment(event["at"]) and all(isinstance(event[k], str) for k in ("state", "reason"))


def _is_moment(value: object) -> bool:
    # Else the calendar has no day for it.
    return type(value) in (int, float) and 0 <= value < _LAST_MOMENT_S  # type: ignore[operator]


def _read_recents(path: str) -> list[RecentUse]:
    try:
        found: list[object] = list(json.loads(read_text(path))["recents"])
    except (SessionctlError, ValueError, TypeError, KeyError):
        return []
    return [RecentUse(*one) for one in found if isinstance(one, list) and _is_use(one)]


def _is_use(parts: list[object]) -> bool:
    if len(parts) != len(RecentUse._fields):
        return False
    file, name, at, ok = parts
    return isinstance(file, str) and isinstance(name, str) and _is_moment(at) and type(ok) is bool


def _without_secrets(value: Value) -> Value:
    if isinstance(value, dict):
        return {key: _without_secrets(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_without_secrets(item) for item in value]
    return without_secrets(value) if isinstance(value, str) else value
