"""Trust: which commands, directories, variables and options of a session file may take effect.

A file that nobody allowed on this machine starts nothing. What was allowed is remembered outside
the repository, by file and by the digest of each item, so that an edit of a comment or a layout
does not ask again, and of a changed file only what is new is shown. What ``save`` captured here
is allowed by saving it.
"""

from __future__ import annotations

import hashlib
import os
from typing import NamedTuple

from sessionctl.core.keypath import escape_basic
from sessionctl.core.session.session import resolve_overrides
from sessionctl.core.session.startup import StartItem, StartPlace, placed_items, start_items
from sessionctl.core.text.shellwords import path_word
from sessionctl.core.toml.document import Document
from sessionctl.errors import DocumentError, ParseError
from sessionctl.system.files.private_files import PrivateLock, read_private, write_private
from sessionctl.system.files.temporary import remove_quietly

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from sessionctl.core.values import Table

FOLDER = "trusted"
_FORMAT = 1
_LIMIT_BYTES = 64 << 20
_HEAD = "# What this user allowed a session file to start; sessionctl writes this file.\n"


class TrustReview(NamedTuple):
    """What a session file starts or steers now, against what was allowed.

    ``new`` may not take effect yet; ``gone`` was allowed and is not in the file any more.
    """

    allowed: tuple[StartItem, ...]
    new: tuple[StartItem, ...]
    gone: tuple[StartItem, ...]

    @property
    def is_known(self) -> bool:
        """Whether anything of this file was ever allowed here."""
        return bool(self.allowed or self.gone)

    def allows(self, item: StartItem) -> bool:
        """Return whether ``item`` may take effect."""
        return all(item.digest != other.digest for other in self.new)


class TrustedFile(NamedTuple):
    """A session file with everything that it was allowed to start."""

    file: str
    items: tuple[StartItem, ...]


def items_on(value: Table, host: str, os_name: str) -> tuple[StartItem, ...]:
    """Return what the session ``value`` starts or steers on the machine ``host``."""
    return start_items(resolve_overrides(value, host, os_name))


def placed_items_on(
    value: Table, host: str, os_name: str
) -> tuple[tuple[StartPlace, StartItem], ...]:
    """Return what ``items_on`` returns, each with the place it belongs to."""
    return tuple(placed_items(resolve_overrides(value, host, os_name)))


class TrustStore:
    """The session files that this user allowed, one record each in the state directory."""

    def __init__(self, state: Path) -> None:
        """Keep the records in ``state``; nothing is read or written yet."""
        self.folder = state / FOLDER

    def review(self, file: str, items: Iterable[StartItem]) -> TrustReview:
        """Return what of ``items`` was allowed for ``file``, and what is new.

        Raises:
          RefusedError: others may write the record.
          FileError, DocumentError: the record cannot be read.
        """
        now = tuple(items)
        before = self._read(self._record(file))
        known = {item.digest for item in before}
        present = {item.digest for item in now}
        return TrustReview(
            allowed=tuple(item for item in now if item.digest in known),
            new=_once(item for item in now if item.digest not in known),
            gone=_once(item for item in before if item.digest not in present),
        )

    def allow(self, file: str, items: Iterable[StartItem], *, keep: bool = False) -> None:
        """Remember that ``items`` of ``file`` may take effect.

        With ``keep`` what was allowed before stays allowed too; without it, ``items`` are all.

        Raises:
          FileError, RefusedError, DocumentError: the record cannot be written.
        """
        record = self._record(file)
        with PrivateLock(record):
            before = self._read(record)
            after = _once((*items, *(before if keep else ())))
            if {item.digest for item in after} != {item.digest for item in before}:
                write_private(record, _write(_real(file), after), replaces=True)

    def forget(self, file: str) -> bool:
        """Allow ``file`` nothing any more; return whether anything was allowed.

        Raises:
          FileError: the record cannot be removed.
        """
        record = self._record(file)
        if not record.exists():
            return False
        with PrivateLock(record):
            remove_quietly(str(record))
        return True

    def is_known(self, file: str) -> bool:
        """Return whether ``file`` was ever allowed anything, and that was not taken back."""
        return self._record(file).exists()

    def files(self) -> tuple[TrustedFile, ...]:
        """Return the files that were allowed something, by path; damaged records are left out."""
        found = []
        for record in sorted(self.folder.glob("*.toml")) if self.folder.is_dir() else []:
            try:
                text = read_private(record, limit_bytes=_LIMIT_BYTES).text or ""
                value = Document.parse(text, str(record)).value
                found.append(TrustedFile(str(value["file"]), _items(value, record)))
            except (KeyError, ParseError, DocumentError):
                continue
        return tuple(sorted(found))

    def _record(self, file: str) -> Path:
        real = _real(file)
        digest = hashlib.sha256(os.fsencode(real)).hexdigest()[:32]
        return self.folder / f"{digest}.toml"

    def _read(self, record: Path) -> tuple[StartItem, ...]:
        if not record.exists():
            return ()
        text = read_private(record, limit_bytes=_LIMIT_BYTES).text or ""
        return _items(Document.parse(text, str(record)).value, record)


def _real(file: str) -> str:
    return os.path.realpath(file)


def _once(items: Iterable[StartItem]) -> tuple[StartItem, ...]:
    return tuple({item.digest: item for item in reversed(tuple(items))}.values())[::-1]


def _write(file: str, items: Iterable[StartItem]) -> str:
    parts = [_HEAD, f"format = {_FORMAT}\n", f"file = {_quoted(file)}\n"]
    for item in items:
        fields = zip(StartItem._fields, item, strict=True)
        lines = (f"{name} = {_quoted(text)}\n" for name, text in fields if text)
        parts.append("\n[[items]]\n" + "".join(lines))
    return "".join(parts)


def _quoted(text: str) -> str:
    # A path may hold bytes that are not UTF-8; the record only shows it.
    return f'"{escape_basic(text.encode(errors="replace").decode())}"'


def _items(value: Table, record: Path) -> tuple[StartItem, ...]:
    items = value.get("items", [])
    if value.get("format") == _FORMAT and isinstance(items, list):
        read = [_item(item) for item in items if isinstance(item, dict)]
        if len(read) == len(items) and all(item.digest for item in read):
            return tuple(read)
    raise DocumentError(
        f"{record}: not what sessionctl wrote",
        hints=[f"remove it, and the session is asked about again: rm {path_word(str(record))}"],
    )


def _item(table: Table) -> StartItem:
    fields = {name: table.get(name, "") for name in StartItem._fields}
    return StartItem(
        **{name: text if isinstance(text, str) else "" for name, text in fields.items()}
    )
