"""Cleanup: drop what was kept of documents long enough, never the last good text."""

from __future__ import annotations

import os
import time

from sessionctl.core.filename import is_session_name
from sessionctl.core.named_tuple import NamedTuple
from sessionctl.core.retention import Retention, retained
from sessionctl.core.text.amount import size
from sessionctl.core.text.plural import counted
from sessionctl.errors import DocumentError, SessionctlError
from sessionctl.system.files.text import decode_text
from sessionctl.system.store.archive_entry import NOTHING
from sessionctl.system.store.lock import Lock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.settings import Settings
    from sessionctl.services.plan.plan import Plan
    from sessionctl.system.store.archive import Archive
    from sessionctl.system.store.archive_entry import ArchiveEntry
    from sessionctl.system.store.store import Store

_DAY_NS = 24 * 60 * 60 * 10**9


class Cleanup(NamedTuple):
    """A step that drops what was kept long enough of one document.

    ``dropped`` are the changes that go; with ``is_whole`` everything, for the file is long
    gone. ``freed_bytes`` is the room that this sets free.
    """

    archive: Archive
    dropped: tuple[ArchiveEntry, ...]
    is_whole: bool
    freed_bytes: int

    @property
    def file(self) -> str:
        """The path of the document."""
        return self.archive.target

    def render(self) -> str:
        """Return what goes, and its size."""
        what = counted(len(self.dropped), "old change")
        if self.is_whole:
            what = "everything, the file is long gone"
        return f"{self.file}: {what}, {size(self.freed_bytes)}"

    def data(self) -> dict[str, object]:
        """Return it as plain data."""
        return {
            "action": "clean",
            "file": self.file,
            "changes": len(self.dropped),
            "whole": self.is_whole,
            "freed_bytes": self.freed_bytes,
        }

    def carry_out(self, timeout_s: float, /) -> None:
        """Drop it, unless something was kept of a file that is gone since.

        Raises:
          FileError: it cannot be removed, or is being written for longer than ``timeout_s``.
        """
        try:
            with Lock(self.archive.lock_path, self.file, timeout_s=timeout_s):
                if self.is_whole and self.archive.entries() == list(self.dropped):
                    self.archive.remove()
                elif not self.is_whole:
                    self.archive.prune(self.dropped)
        except OSError as error:
            raise self.archive.cannot("clean", error) from error


def retention_of(settings: Settings) -> Retention:
    """Return what the settings say is kept of a document."""
    names = ("backups.count", "backups.days", "backups.bases")
    return Retention(*map(settings.integer, names))


def plan_cleanup(store: Store, settings: Settings, now_ns: int | None = None) -> Plan[float]:
    """Return the steps that drop what can go of every document, sorted by path.

    They do not depend on each other. Their tools are how many seconds to wait for a document
    that is being written.
    """
    from sessionctl.services.plan.plan import StepGroup

    now_ns = time.time_ns() if now_ns is None else now_ns
    steps = (_cleanup(archive, settings, now_ns) for archive in store.archives())
    found = sorted((step for step in steps if step is not None), key=lambda step: step.file)
    return (StepGroup("", tuple(found), goes_on=True),) if found else ()


def _cleanup(archive: Archive, settings: Settings, now_ns: int) -> Cleanup | None:
    """Return what can go of one document, None when nothing can."""
    oldest_ns = now_ns - settings.integer("backups.missing_days") * _DAY_NS
    entries = archive.entries()
    newest_ns = entries[-1].time_ns if entries else 0
    if not os.path.lexists(archive.target) and newest_ns < oldest_ns:
        return Cleanup(archive, tuple(entries), is_whole=True, freed_bytes=archive.size_bytes())
    dropped = _old(archive, entries, retention_of(settings), now_ns)
    freed = _freed(archive, entries, dropped)
    if not (dropped or freed):
        return None
    return Cleanup(archive, dropped, is_whole=False, freed_bytes=freed)


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
    """Return whether a change leads back to a text that is valid, and not empty."""
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
