"""Sync memory: on which text both sides agreed last, and what the file could not be given.

Both are kept in the document's archive, as changes of their own: the newest agreed text is
the base, and a pending one counts while it is newer.
"""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.core.retention import BASE, PENDING
from sessionctl.errors import FileError, SessionctlError
from sessionctl.system.files.text import decode_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.system.store.archive import Archive
    from sessionctl.system.store.archive_entry import ArchiveEntry
    from sessionctl.system.store.store import Store


class AgreedState(NamedTuple):
    """What was kept of one document; ``time_ns`` is when the live side was so, 0 for never.

    ``is_damaged`` tells that more was kept, and cannot be read any more.
    """

    base: str | None = None
    pending: str | None = None
    time_ns: int = 0
    is_damaged: bool = False

    @property
    def live(self) -> str | None:
        """The text of the live side, as it was last known."""
        return self.base if self.pending is None else self.pending


class SyncMemory:
    """What is remembered of one document; without a state directory, nothing."""

    def __init__(self, store: Store, file: str) -> None:
        self._store = store
        self._file = file
        self._can_keep = store.directory is not None

    def recall(self) -> AgreedState:
        """Return what is remembered; what cannot be read any more is forgotten."""
        if not self._can_keep:
            return AgreedState()
        newest: dict[str, ArchiveEntry] = {}
        try:
            archive = self._store.archive(self._file)
            for entry in archive.entries():
                newest[entry.why] = entry
        except FileError:
            return AgreedState(is_damaged=True)
        base, pending = newest.get(BASE), newest.get(PENDING)
        if pending is not None and base is not None and pending < base:
            pending = None
        latest = pending or base
        texts = _text_of(archive, base), _text_of(archive, pending)
        lost = [entry for entry, text in zip((base, pending), texts, strict=True)
                if entry is not None and text is None]  # fmt: skip
        time_ns = 0 if latest is None else latest.time_ns
        return AgreedState(*texts, time_ns, is_damaged=bool(lost))

    def keep_base(self, text: str, *, is_durable: bool = True) -> None:
        """Remember the text on which both sides agree; nothing is pending then.

        Without ``is_durable`` it survives a power cut only once ``sync_base`` was called.

        Raises:
          FileError: it cannot be kept.
        """
        self._keep(text, BASE, is_durable=is_durable)

    def sync_base(self) -> None:
        """Wait until what was kept is on the disk.

        Raises:
          FileError: it cannot be kept.
        """
        if self._can_keep:
            self._store.archive(self._file).sync_newest(BASE)

    def keep_pending(self, text: str) -> None:
        """Remember a text of the live side that the file cannot be given now.

        Raises:
          FileError: it cannot be kept.
        """
        self._keep(text, PENDING)

    def _keep(self, text: str, why: str, *, is_durable: bool = True) -> None:
        if self._can_keep:
            self._store.keep(self._file, text, why=why, is_durable=is_durable)


def _text_of(archive: Archive, entry: ArchiveEntry | None) -> str | None:
    if entry is None:
        return None
    try:
        return decode_text(archive.read(entry.after), archive.target)
    except SessionctlError:
        return None
