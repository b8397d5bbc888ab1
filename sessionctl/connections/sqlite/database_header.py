"""Database header: what the first bytes of a file say of the SQLite database in it."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.connections.connection_adapter import Failure, FailureKind

SIZE_BYTES = 100
_MAGIC = b"SQLite format 3\x00"
_OLD_MAGIC = b"** This file contains an SQLite 2"
_NEWEST = 2
"""The newest file format that SQLite 3 has: 1 is the rollback journal, 2 the write-ahead log."""


class DatabaseHeader(NamedTuple):
    """What a header says: by which format the file may be written and read, and whose it is."""

    write_format: int
    read_format: int
    application_id: int


def read_header(data: bytes) -> DatabaseHeader | None:
    """Return the header in the first bytes of a file; None of an empty file, which is a database.

    The layout is that of https://www.sqlite.org/fileformat.html, section 1.3.
    """
    if not data:
        return None
    padded = data.ljust(SIZE_BYTES, b"\x00")
    return DatabaseHeader(padded[18], padded[19], int.from_bytes(padded[68:72], "big"))


def header_failure(data: bytes, *, readonly: bool, accepts_any: bool) -> Failure | None:
    """Return why a file that begins with ``data`` is no database that can be opened; else None."""
    if not data or data.startswith(_MAGIC):
        header = read_header(data)
        if header is None or accepts_any:
            return None
        return _format_failure(header, readonly=readonly)
    wanted = "SQLite 3"
    if data.startswith(_OLD_MAGIC):
        return Failure(
            FailureKind.INCOMPATIBLE,
            "it is a database of SQLite 2",
            ("convert it: sqlite OLD .dump | sqlite3 NEW",),
            found="SQLite 2",
            wanted=wanted,
            key="file",
        )
    return Failure(
        FailureKind.INCOMPATIBLE,
        "it is not an SQLite database, or it is encrypted",
        ("name another file with the key 'file'",),
        found="another kind of file",
        wanted=wanted,
        key="file",
    )


def _format_failure(header: DatabaseHeader, *, readonly: bool) -> Failure | None:
    newest = header.read_format if readonly else max(header.read_format, header.write_format)
    if newest <= _NEWEST:
        return None
    may_read = header.read_format <= _NEWEST
    advice = "it can still be read: readonly = true" if may_read else "install a newer SQLite"
    return Failure(
        FailureKind.INCOMPATIBLE,
        f"the file is in format {newest} of SQLite, which this one cannot write"
        if may_read
        else f"the file is in format {newest} of SQLite, which this one cannot read",
        (advice,),
        found=f"format {newest}",
        wanted=f"format {_NEWEST} or older",
        key="file",
    )
