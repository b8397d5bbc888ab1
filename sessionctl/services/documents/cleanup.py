"""Cleaning: drop what was kept of documents long enough, never the last good text."""

from __future__ import annotations

import os
import time
from typing import NamedTuple

from sessionctl.core.filename import is_session_name
from sessionctl.core.retention import Retention, retained
from sessionctl.errors import DocumentError, SessionctlError
from sessionctl.system.files.text import decode_text
from sessionctl.system.store.archive_entry import NOTHING
from sessionctl.system.store.lock import Lock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.settings import Settings
    from sessionctl.services.documents.document_store import Store
    from sessionctl.system.store.archive import Archive
    from sessionctl.system.store.archive_entry import ArchiveEntry

_DAY_NS = 24 * 60 * 60 * 10**9


class CleanupPlan(NamedTuple):
    """What is to be dropped of one document.

    ``dropped`` changes; with ``is_whole`` everything, for its file is long gone.
    ``freed_bytes`` is the room that sets free.
    """

    archive: Archive
    dropped: tuple[ArchiveEntry, ...]
    is_whole: bool
    freed_bytes: int

    @property
    def file(self) -> str:
        """The path of the document."""
        return self.archive.target


def retention_of(settings: Settings) -> Retention:
    """Return what the settings say is kept of a document."""
    names = ("backups.count", "backups.days", "backups.bases")
    return Retention(*map(settings.integer, names))


def plan_cleaning(store: Store, settings: Settings, now_ns: int | None = None) -> list[CleanupPlan]:
    """Return what can go of every document, sorted by path; nothing is removed."""
    now_ns = time.time_ns() if now_ns is None else now_ns
    oldest_ns = now_ns - settings.integer("backups.missing_days") * _DAY_NS
    plans = []
    for archive in store.archives():
        entries = archive.entries()
        newest_ns = entries[-1].time_ns if entries else 0
        if not os.path.lexists(archive.target) and newest_ns < oldest_ns:
            size = archive.size_bytes()
            plans.append(CleanupPlan(archive, tuple(entries), is_whole=True, freed_bytes=size))
            continue
        dropped = _old(archive, entries, retention_of(settings), now_ns)
        freed = _freed(archive, entries, dropped)
        if dropped or freed:
            plans.append(CleanupPlan(archive, dropped, is_whole=False, freed_bytes=freed))
    return sorted(plans, key=lambda plan: plan.file)


def carry_out(plans: list[CleanupPlan], *, timeout_s: float = 30.0) -> list[SessionctlError]:
    """Drop what is planned; return what went wrong, the other documents being done.

    A document that somebody writes is waited for ``timeout_s`` seconds.
    """
    failures: list[SessionctlError] = []
    for plan in plans:
        try:
            with Lock(plan.archive.lock_path, plan.file, timeout_s=timeout_s):
                if plan.is_whole and plan.archive.entries() == list(plan.dropped):
                    plan.archive.remove()
                elif not plan.is_whole:
                    plan.archive.prune(plan.dropped)
        except (OSError, SessionctlError) as error:
            failures.append(
                error if isinstance(error, SessionctlError) else plan.archive.cannot("clean", error)
            )
    return failures


def drop_old(archive: Archive, retention: Retention) -> None:
    """Drop the old changes of one document, which is locked; raises ``FileError``."""
    dropped = _old(archive, archive.entries(), retention, time.time_ns())
    if dropped:
        archive.prune(dropped)


def _old(
    archive: Archive, entries: list[ArchiveEntry], retention: Retention, now_ns: int
) -> tuple[ArchiveEntry, ...]:
    kept = retained(entries, now_ns, retention, lambda index: _is_good(archive, entries[index]))
    return tuple(entry for index, entry in enumerate(entries) if index not in kept)


def _freed(archive: Archive, entries: list[ArchiveEntry], dropped: tuple[ArchiveEntry, ...]) -> int:
    gone = set(dropped)
    used = {address for e in entries if e not in gone for address in (e.before, e.after)}
    return sum(size for address, size in archive.sizes().items() if address not in used)


def _is_good(archive: Archive, entry: ArchiveEntry) -> bool:
    """Tell whether a change leads back to a text that is valid, and not empty."""
    return any(_is_valid(archive, one) for one in (entry.before, entry.after) if one != NOTHING)


def _is_valid(archive: Archive, address: str) -> bool:
    from sessionctl.core.problem import errors_of
    from sessionctl.core.schema.verdict import validate
    from sessionctl.core.toml.document import Document

    try:
        document = Document.parse(decode_text(archive.read(address), archive.target))
    except (DocumentError, SessionctlError):
        return False
    if not document.value:
        return False
    if not is_session_name(os.path.basename(archive.target)):  # noqa: PTH119
        return True
    return not errors_of(validate(document))
