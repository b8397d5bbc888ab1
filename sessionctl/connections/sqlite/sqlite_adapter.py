"""SQLite adapter: a database in a file, opened by the library that Python brings."""

from __future__ import annotations

# pathlib costs start-up: plain os calls here.
# ruff: noqa: PTH113, PTH118, PTH120, PTH123
import os
from typing import NamedTuple
from urllib.parse import quote

from sessionctl.connections.connection_adapter import (
    API,
    ConnectionFailure,
    Failure,
    FailureKind,
    Health,
    OpenStep,
    PeerIdentity,
    PrintedCommand,
)
from sessionctl.connections.schema_table import schema_table
from sessionctl.connections.sqlite.database_header import (
    SIZE_BYTES,
    header_failure,
    read_header,
)
from sessionctl.connections.sqlite.database_state import (
    capture_state,
    fresh_state,
    pragma_word,
    quoted_name,
    resume_state,
    set_pragma,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from sessionctl.connections.connection_adapter import ConnectionRequest, ResumeReport
    from sessionctl.connections.deadline import Deadline
    from sessionctl.core.values import Table

_BUSY_MS = 5000
_CONFIG = FailureKind.CONFIG


class SqliteHandle(NamedTuple):
    """An open database: ``connection`` is Python's, for whoever holds it."""

    connection: sqlite3.Connection
    file: str
    place: tuple[int, int]
    fresh: Table


class SqliteAdapter:
    """Connections to SQLite databases."""

    kind = "sqlite"
    api = API

    def schema(self) -> Table:
        """Return the schema of its keys."""
        return schema_table(self.kind)

    def open(
        self, request: ConnectionRequest, deadline: Deadline, step: Callable[[OpenStep], None]
    ) -> SqliteHandle:
        """Open the database, attach the others and set the pragmas."""
        import sqlite3

        settings = request.settings
        step(OpenStep.RESOLVE)
        file = _path(request, str(settings.get("file", "")))
        readonly, create = bool(settings.get("readonly")), bool(settings.get("create"))
        head = _head(file, str(settings.get("file", "")), create=create and not readonly)
        failure = header_failure(head, readonly=readonly, accepts_any=request.accepts_any_version)
        if failure is not None:
            raise ConnectionFailure(
                failure._replace(message=f"{settings.get('file')}: {failure.message}")
            )
        step(OpenStep.CONNECT)
        mode = "ro" if readonly else "rwc" if create else "rw"
        connection = sqlite3.connect(
            f"file:{quote(os.fsencode(file))}?mode={mode}",
            uri=True,
            timeout=deadline.timeout_s(_BUSY_MS / 1000),
            isolation_level=None,
            check_same_thread=False,
        )
        try:
            step(OpenStep.VALIDATE)
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            connection.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
            self._configure(connection, request)
            fresh = fresh_state(connection)
        except BaseException:
            connection.close()
            raise
        return SqliteHandle(connection, file, _place(file), fresh)

    def probe(self, handle: SqliteHandle, deadline: Deadline) -> Health:
        """Read from the database, and look whether its file is still the one that was opened."""
        if handle.connection.in_transaction:
            return Health(is_skipped=True)
        place = _place(handle.file)
        if place != handle.place:
            what = "is another one now" if place != (0, 0) else "is gone"
            raise ConnectionFailure(
                Failure(FailureKind.TRANSIENT, f"{handle.file}: the file {what}", key="file")
            )
        import time

        began = time.monotonic()
        (before,) = handle.connection.execute("PRAGMA busy_timeout").fetchone()
        wait_ms = int(deadline.timeout_s(before / 1000 if before else 0.001) * 1000)
        handle.connection.execute(f"PRAGMA busy_timeout = {wait_ms}")
        try:
            handle.connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        finally:
            handle.connection.execute(f"PRAGMA busy_timeout = {before}")
        return Health(time.monotonic() - began)

    def identity(self, handle: SqliteHandle, deadline: Deadline) -> PeerIdentity:
        """Return the database: its path and whose it says to be; a new file is a new run."""
        import sqlite3

        header = read_header(_bytes(handle.file))
        application = 0 if header is None else header.application_id
        key = f"{os.path.realpath(handle.file)}#{application}"
        text = f"SQLite {sqlite3.sqlite_version}, {handle.file}"
        return PeerIdentity(key, text, sqlite3.sqlite_version, str(handle.place[1]))

    def capture(self, handle: SqliteHandle, deadline: Deadline) -> Table:
        """Return attached databases and pragmas, and the names of what cannot come back."""
        return capture_state(handle.connection, handle.fresh)

    def resume(self, handle: SqliteHandle, state: Table, deadline: Deadline) -> ResumeReport:
        """Attach the databases and set the pragmas of ``state``."""
        return resume_state(handle.connection, state)

    def classify(self, error: BaseException) -> Failure:
        """Return what an error of SQLite, of the file or of a deadline means."""
        import sqlite3

        if isinstance(error, ConnectionFailure):
            return error.failure
        if isinstance(error, TimeoutError):
            return Failure(FailureKind.BUSY, "the database did not answer in time")
        if isinstance(error, sqlite3.Error):
            return _sqlite_failure(error)
        if isinstance(error, OSError):
            return _file_failure(error)
        if isinstance(error, MemoryError):  # what Python makes of a statement closed under way
            return Failure(FailureKind.TRANSIENT, "it was closed while a statement ran")
        return Failure(FailureKind.PERMANENT, f"{type(error).__name__}: {error}")

    def close(self, handle: SqliteHandle) -> None:
        """Interrupt what runs, and close."""
        import sqlite3
        import time

        try:
            for _ in range(3):
                # A statement that runs must end first: Python forgets the database when it closes.
                handle.connection.interrupt()
                time.sleep(0.005)
            handle.connection.close()
        except sqlite3.Error:
            return

    def command(self, request: ConnectionRequest) -> PrintedCommand:
        """Return the sqlite3 program with the same file, attachments and pragmas."""
        settings = request.settings
        words = ["sqlite3"]
        if settings.get("readonly"):
            words.append("-readonly")
        for name, file in _table(settings.get("attach")).items():
            path = _path(request, str(file)).replace("'", "''")
            words += ["-cmd", f"ATTACH DATABASE '{path}' AS {quoted_name(name)}"]
        for name, value in _table(settings.get("pragmas")).items():
            words += ["-cmd", f"PRAGMA {name} = {pragma_word(value)}"]
        return PrintedCommand((*words, _path(request, str(settings.get("file", "")))))

    @staticmethod
    def _configure(connection: sqlite3.Connection, request: ConnectionRequest) -> None:
        settings = request.settings
        readonly = bool(settings.get("readonly"))
        for name, file in _table(settings.get("attach")).items():
            path = _path(request, str(file))
            if not os.path.isfile(path):
                raise ConnectionFailure(
                    Failure(_CONFIG, f"{file}: there is no such file", key=f"attach.{name}")
                )
            mode = "ro" if readonly else "rw"
            target = f"file:{quote(os.fsencode(path))}?mode={mode}"
            connection.execute(f"ATTACH DATABASE ? AS {quoted_name(name)}", (target,))
        for name, value in _table(settings.get("pragmas")).items():
            if not set_pragma(connection, name, value):
                message = f"SQLite does not take the value of the pragma {name}"
                raise ConnectionFailure(Failure(_CONFIG, message, key=f"pragmas.{name}"))


def _path(request: ConnectionRequest, file: str) -> str:
    if file == "~" or file.startswith("~/"):
        file = request.home + file[1:]
    return os.path.normpath(os.path.join(request.directory, file))


def _head(file: str, named: str, *, create: bool) -> bytes:
    if os.path.isdir(file):  # noqa: PTH112
        raise ConnectionFailure(Failure(_CONFIG, f"{named}: it is a directory", key="file"))
    if os.path.exists(file):  # noqa: PTH110
        return _bytes(file)
    if create:
        folder = os.path.dirname(file)
        if os.path.isdir(folder):  # noqa: PTH112
            return b""
        raise ConnectionFailure(
            Failure(_CONFIG, f"{folder}: there is no such directory", key="file")
        )
    raise ConnectionFailure(
        Failure(
            _CONFIG,
            f"{named}: there is no such file",
            ("name the right file, or create it: create = true",),
            key="file",
        )
    )


def _bytes(file: str) -> bytes:
    with open(file, "rb") as stream:
        return stream.read(SIZE_BYTES)


def _place(file: str) -> tuple[int, int]:
    try:
        status = os.stat(file)  # noqa: PTH116
    except OSError:
        return (0, 0)
    return (status.st_dev, status.st_ino)


def _file_failure(error: OSError) -> Failure:
    reason = (error.strerror or type(error).__name__).lower()
    name = os.fsdecode(error.filename) if isinstance(error.filename, str | bytes) else ""
    message = f"{name}: {reason}" if name else reason
    return Failure(_CONFIG, message, key="file")


def _sqlite_failure(error: sqlite3.Error) -> Failure:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    text = str(error)
    kinds = {
        5: FailureKind.BUSY,  # SQLITE_BUSY
        6: FailureKind.BUSY,  # SQLITE_LOCKED
        9: FailureKind.TRANSIENT,  # SQLITE_INTERRUPT
        10: FailureKind.TRANSIENT,  # SQLITE_IOERR
        13: FailureKind.TRANSIENT,  # SQLITE_FULL
        3: _CONFIG,  # SQLITE_PERM
        8: _CONFIG,  # SQLITE_READONLY
        14: _CONFIG,  # SQLITE_CANTOPEN
        26: FailureKind.INCOMPATIBLE,  # SQLITE_NOTADB
    }
    kind = kinds.get(code, FailureKind.PERMANENT)
    if text == "Cannot operate on a closed database.":
        kind = FailureKind.TRANSIENT
    if kind is FailureKind.INCOMPATIBLE:
        return Failure(kind, text, found="another kind of file", wanted="SQLite 3", key="file")
    return Failure(kind, text, key="file" if kind is _CONFIG else "")


def _table(value: object) -> Table:
    return value if isinstance(value, dict) else {}
