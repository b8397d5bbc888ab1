"""Recovery: everything that a document can be brought back to, from whatever source."""

from __future__ import annotations

# pathlib costs start-up: plain os calls here.
import os
from typing import NamedTuple

from sessionctl.core.retention import BASE, PENDING
from sessionctl.core.text.shellwords import path_word
from sessionctl.errors import EditError, SessionctlError
from sessionctl.services.documents.document_comparison import Comparison, DocumentVersion, compare
from sessionctl.services.documents.draft import keep_draft
from sessionctl.services.history.backups import (
    NEVER_IN_FILE,
    REFUSED,
    SLIPPED,
    Backup,
    bytes_now,
    list_backups,
    read_backup,
)
from sessionctl.system.files.text import decode_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sessionctl.system.store.store import Note, Store

BACKUP = "backup"
GIT = "git"
_COMMITS = 50


class RecoveryCandidate(NamedTuple):
    """A text that a file can be brought back to.

    ``source`` is ``BACKUP`` or ``GIT``; ``id`` names it on the command line; ``time_s`` is
    in seconds since 1970; ``why`` the command that wrote it, or the subject of the commit.
    """

    source: str
    id: str
    time_s: float
    why: str
    data: bytes
    is_now: bool


GONE = "gone"
DRAFT = "draft"
"""What ``Pending`` says beside the words for changes: the file is not there, a draft is."""

_WAITING = (PENDING, REFUSED, DRAFT, SLIPPED)


class Pending(NamedTuple):
    """A document with something that is not in its file.

    ``kinds`` are ``GONE``, ``DRAFT`` and words for changes: ``PENDING``, ``REFUSED``,
    ``SLIPPED``. ``failure`` is why what is kept of it cannot be read.
    """

    file: str
    kinds: tuple[str, ...] = ()
    failure: str = ""


def candidates(store: Store, file: str, environ: Mapping[str, str]) -> list[RecoveryCandidate]:
    """Return what ``file`` can be brought back to: backups and commits, each newest first.

    Backups that cannot be read any more are left out.

    Raises:
      FileError: the file, or what is kept of it, cannot be read.
    """
    now = bytes_now(file)
    found = []
    backups = [] if store.directory is None else list_backups(store, file)
    for backup in backups:
        try:
            data = read_backup(store, file, backup)
        except SessionctlError:
            continue
        found.append(_of_backup(backup, data))
    return [*found, *_commits(file, environ, now)]


def find_candidate(found: Sequence[RecoveryCandidate], file: str, word: str) -> RecoveryCandidate:
    """Return the candidate that ``word`` names: an id, or a number counted from 1.

    Raises:
      EditError: there is none, or there are several.
    """
    hints = [f"see what there is: sessionctl recover {path_word(file)}"]
    others = [candidate for candidate in found if not candidate.is_now]
    if word.isascii() and word.isdigit() and len(word) < 4:
        if 1 <= int(word) <= len(others):
            return others[int(word) - 1]
        raise EditError(f"{file}: there is no number {word}", hints=hints)
    named = [one for one in found if one.id.startswith(word) or (word and word.startswith(one.id))]
    if len({one.data for one in named}) == 1:
        return named[0]
    what = "more than one text begins with" if named else "there is no text"
    raise EditError(f"{file}: {what} {word}", hints=hints)


def preview_bytes(file: str, name: str, data: bytes) -> Comparison:
    """Return what changes in the file when it is brought back to ``data``, called ``name``.

    Raises:
      ParseError: one of the two is not TOML.
    """
    name = f"{file}@{name}"
    before = DocumentVersion(file, decode_text(bytes_now(file) or b"", file))
    return compare(before, DocumentVersion(name, decode_text(data, name)))


def settle(store: Store, file: str) -> tuple[Note, ...]:
    """Finish a save that was cut short, keep an edit that was; return what is to be said.

    Raises:
      FileError: the file cannot be read or written.
    """
    if store.directory is None:
        return ()
    keep_draft(store, file)
    return store.settle(file)


def settle_all(store: Store) -> list[tuple[str, Note]]:
    """Finish every save that was cut short; return what is to be said, by file."""
    told: list[tuple[str, Note]] = []
    for archive in store.archives():
        try:
            told += [(archive.target, note) for note in settle(store, archive.target)]
        except SessionctlError as error:
            told.append((archive.target, (error.message, "")))
    return told


def pending(store: Store) -> list[Pending]:
    """Return the documents with something that is not in their file, sorted by path."""
    found = []
    for archive in store.archives():
        one = _pending_of(store, archive.target)
        if one.kinds or one.failure:
            found.append(one)
    return sorted(found)


def _pending_of(store: Store, file: str) -> Pending:
    try:
        backups = list_backups(store, file)
    except SessionctlError as error:
        return Pending(file, failure=error.message)
    if not os.path.lexists(file):
        if all(backup.why == REFUSED for backup in backups):  # it never was
            return Pending(file, (REFUSED,) if backups else ())
        return Pending(file, (GONE,))
    written = max((b.time_ns for b in backups if b.why not in {*NEVER_IN_FILE, SLIPPED}), default=0)
    agreed = max((b.time_ns for b in backups if b.why == BASE), default=0)
    since = {PENDING: agreed}
    late = {
        b.why
        for b in backups
        if b.why in _WAITING and b.time_ns >= since.get(b.why, written) and not b.is_now
    }
    return Pending(file, tuple(why for why in _WAITING if why in late))


def _of_backup(backup: Backup, data: bytes) -> RecoveryCandidate:
    return RecoveryCandidate(
        BACKUP, backup.id, backup.time_ns / 1e9, backup.why, data, backup.is_now
    )


def _commits(file: str, environ: Mapping[str, str], now: bytes | None) -> list[RecoveryCandidate]:
    """Return the texts that commits gave the file; none where git has none."""
    from datetime import datetime

    from sessionctl.services.git.file_place import place_of
    from sessionctl.services.history.commit_history import read_steps
    from sessionctl.system.git.file_commits import SYMLINK, read_blob

    try:
        place = place_of(file, environ)
        steps = read_steps(place, file)[:_COMMITS]
        found = []
        for step in steps:
            if step.after is None or step.after.mode == SYMLINK:
                continue
            data = read_blob(place.git, step.after, as_checked_out=True)
            time_s = datetime.fromisoformat(step.commit.date).timestamp()
            subject = " ".join(step.commit.subject.split())
            commit = RecoveryCandidate(GIT, step.commit.short, time_s, subject, data, data == now)
            found.append(commit)
    except SessionctlError:
        return []
    return found
