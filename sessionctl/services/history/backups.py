"""Backups: the earlier texts of a document, and how a person names the one to restore."""

from __future__ import annotations

# pathlib costs start-up: plain os calls here.
# ruff: noqa: PTH110
import os
from typing import NamedTuple

from sessionctl.core.render.masked_text import mask_text
from sessionctl.core.retention import BASE, PENDING
from sessionctl.core.text.near_words import near_hints
from sessionctl.core.text.shellwords import path_word
from sessionctl.errors import EditError, NoRepositoryError, UsageError
from sessionctl.services.documents.document_comparison import Comparison, DocumentVersion, compare
from sessionctl.services.plan.document_steps import RestoreText
from sessionctl.system.files.text import decode_text, read_bytes
from sessionctl.system.store.archive_entry import NOTHING, address_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from sessionctl.services.plan.plan import Plan
    from sessionctl.system.store.archive import Archive
    from sessionctl.system.store.store import Store

HAND = "by hand"
"""Why there is a text that no save of sessionctl wrote."""

REFUSED = "refused"
SLIPPED = "slipped"
NEVER_IN_FILE = frozenset({REFUSED, "draft", BASE, PENDING})
"""Why there are texts that did not become the content of the file by that change."""

UNDO = "undo_"
REDOING = "redo_"
"""How the word for an undo, or for taking one back, begins; what it undid follows."""

_ID_LENGTH = 8


class Backup(NamedTuple):
    """A text that is kept of a document.

    ``id`` is what it is called on the command line: the beginning of its ``address``.
    ``time_ns`` is when it was last written or replaced; ``why`` the command that wrote it,
    or ``HAND``. ``is_now`` tells that the file holds just this.
    """

    id: str
    address: str
    time_ns: int
    why: str
    size_bytes: int
    is_now: bool


def without_git(error: NoRepositoryError, store: Store, file: str) -> NoRepositoryError:
    """Return ``error`` with the way to the versions of ``file`` that sessionctl keeps, if any."""
    if store.directory is None or not store.archive(file).entries():
        return error
    hint = f"see the versions that are kept without git: sessionctl backups list {path_word(file)}"
    return NoRepositoryError(error.message, hints=[hint, *error.hints])


def list_backups(store: Store, file: str) -> list[Backup]:
    """Return what is kept of a file, the newest first.

    Raises:
      FileError: it cannot be read, or there is no state directory.
    """
    archive = store.archive(file)
    now = now_address(file)
    known: dict[str, tuple[int, str]] = {}
    for entry in archive.entries():
        if entry.before != NOTHING:
            why = SLIPPED if entry.why in (SLIPPED, "left") else HAND
            known[entry.before] = (entry.time_ns, known.get(entry.before, (0, why))[1])
        if entry.after != NOTHING and entry.why != SLIPPED:
            known[entry.after] = (entry.time_ns + 1, word_of(entry.why))
    sizes = archive.sizes()
    ids = _short_ids(sizes)
    found = [
        Backup(ids[address], address, time_ns, why, sizes[address], address == now)
        for address, (time_ns, why) in known.items()
        if address in sizes
    ]
    return sorted(found, key=lambda backup: backup.time_ns, reverse=True)


def has_older(store: Store, file: str) -> bool:
    """Return whether another version of a file is kept than the one that it holds."""
    return store.directory is not None and any(not one.is_now for one in list_backups(store, file))


def word_of(why: str) -> str:
    """Return the word for a change without the mark of what it took back."""
    return why.partition("_")[0] if why.startswith((UNDO, REDOING)) else why


def now_address(file: str) -> str:
    """Return the address of what the file holds; ``NOTHING`` where it is not there."""
    data = bytes_now(file)
    return NOTHING if data is None else address_of(data)


def bytes_now(file: str) -> bytes | None:
    """Return what the file holds, None where it is not there; raises ``FileError``."""
    return read_bytes(file) if os.path.exists(file) else None


def find_backup(backups: list[Backup], file: str, word: str) -> Backup:
    """Return the backup that ``word`` names: an id, or a number counted from 1, the newest.

    Raises:
      EditError: there is none, or there are several.
    """
    hints = [f"see what there is: sessionctl backups list {path_word(file)}"]
    others = [backup for backup in backups if not backup.is_now]
    if word.isascii() and word.isdigit() and len(word) < 4:
        if 1 <= int(word) <= len(others):
            return others[int(word) - 1]
        raise EditError(f"{file}: no backup {word}, there are {len(others)}", hints=hints)
    if not word.isalnum():
        raise UsageError(f"expected the id of a backup, or its number, got {word!r}", hints=hints)
    found = [backup for backup in backups if backup.address.startswith(word)]
    if len(found) == 1:
        return found[0]
    what = "more than one backup begins with" if found else "no backup"
    near = [] if found else near_hints(word, [one.id for one in backups], listed="")
    raise EditError(f"{file}: {what} {word}", hints=[*near, *hints])


def read_backup(store: Store, file: str, backup: Backup) -> bytes:
    """Return the text of a backup, byte for byte; raises ``FileError``."""
    return store.archive(file).read(backup.address)


def shown_text(data: bytes, file: str) -> str:
    """Return a text of ``file`` for showing: its secrets masked."""
    return mask_text(data.decode(errors="replace"), file)


def compare_backups(store: Store, file: str, before: Backup, after: Backup | None) -> Comparison:
    """Return what changed from one backup to another, or to the file as it is.

    Raises:
      FileError: one cannot be read.
      ParseError: one is not TOML.
    """
    texts = [_version(store, file, before)]
    if after is not None:
        texts.append(_version(store, file, after))
    else:
        texts.append(DocumentVersion(file, decode_text(bytes_now(file) or b"", file)))
    one, other = texts
    return compare(one, other)


def plan_restore(file: str, name: str, data: bytes) -> Plan[Store]:
    """Return the step that brings the file back to ``data``, which is called ``name``.

    None where it holds just that. What it holds now is kept.

    Raises:
      FileError: the file cannot be read.
    """
    now = bytes_now(file)
    return () if now == data else (RestoreText(file, name, now, data),)


def archive_of(store: Store, file: str) -> Archive:
    """Return what is kept of a file.

    Raises:
      EditError: nothing is.
    """
    archive = store.archive(file)
    if not archive.entries():
        raise EditError(
            f"{file}: no backup of it is kept",
            hints=[f"see what else can be restored: sessionctl recover {path_word(file)}"],
        )
    return archive


def _version(store: Store, file: str, backup: Backup) -> DocumentVersion:
    name = f"{file}@{backup.id}"
    return DocumentVersion(name, decode_text(read_backup(store, file, backup), name))


def _short_ids(addresses: Iterable[str]) -> dict[str, str]:
    """Return for each address as short a beginning as tells it from the others."""
    ordered = sorted(addresses)
    ids = {}
    for index, address in enumerate(ordered):
        length = _ID_LENGTH
        for other in ordered[max(0, index - 1) : index + 2]:
            while other != address and other[:length] == address[:length]:
                length += 1
        ids[address] = address[:length]
    return ids
