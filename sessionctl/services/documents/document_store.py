"""Document store: saves files, and joins edits that come at the same time by key."""

from __future__ import annotations

from sessionctl.system.store.store import Store, Upkeep

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from sessionctl.core.settings import Settings
    from sessionctl.system.store.archive import Archive

__all__ = ["merge_edits", "open_store"]


def open_store(
    directory: str | None, settings: Callable[[], Settings | None] | None = None
) -> Store:
    """Return the store with its state in ``directory``; None keeps no backups.

    ``settings`` is asked, now and then, for what says how much is to be kept; None drops
    nothing.
    """

    def drop_old(archive: Archive) -> None:
        from sessionctl.services.documents import cleanup

        found = settings() if settings is not None else None
        if found is not None:
            cleanup.drop_old(archive, cleanup.retention_of(found))

    def clean_all() -> None:
        from sessionctl.services.documents.cleanup import plan_cleanup
        from sessionctl.services.plan.runner import run

        found = settings() if settings is not None else None
        if found is not None:
            run(plan_cleanup(store, found), 0)

    store = Store(directory, merge_edits, Upkeep(drop_old, clean_all))
    return store


def merge_edits(name: str, base: str, disk: str, new: str) -> str | None:
    """Return ``disk`` with the changes of ``new``; None where they clash.

    Two edits of a session that are valid alone but not together clash too.

    Raises:
      ParseError: ``disk`` is not TOML.
    """
    from sessionctl.services.merging.three_way import MergeOptions, merge_texts

    result = merge_texts((base, disk, new), MergeOptions().for_file(name))
    if result.method == "text":  # one of them is not TOML: which?
        from sessionctl.core.toml.document import Document

        Document.parse(disk, name)
        return None
    return result.text if result.is_clean else None
