"""Storing: the store of documents, which joins edits that come at the same time by key."""

from __future__ import annotations

from sessionctl.system.store import Saved, Store

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from sessionctl.core.retention import Retention
    from sessionctl.system.archive import Archive

__all__ = ["Saved", "Store", "merge_edits", "open_store"]


def open_store(
    directory: str | None, retention: Callable[[], Retention | None] | None = None
) -> Store:
    """Return the store with its state in ``directory``; None keeps no backups.

    ``retention`` is asked, now and then, what is to be kept; None drops nothing.
    """

    def clean(archive: Archive) -> None:
        from sessionctl.services.cleaning import drop_old

        kept = retention() if retention is not None else None
        if kept is not None:
            drop_old(archive, kept)

    return Store(directory, merge_edits, clean)


def merge_edits(name: str, base: str, disk: str, new: str) -> str | None:
    """Return ``disk`` with the changes of ``new``; None where they clash.

    Two edits of a session that are valid alone but not together clash too.

    Raises:
      ParseError: ``disk`` is not TOML.
    """
    from sessionctl.services.merging import How, merge_texts

    result = merge_texts((base, disk, new), How().for_file(name))
    if result.method == "text":  # one of them is not TOML: which?
        from sessionctl.core.toml.document import Document

        Document.parse(disk, name)
        return None
    return result.text if result.is_clean else None
