"""Unkept state: what a host had when it ended, and neither its file nor the state directory has."""

from __future__ import annotations

from contextlib import suppress

from sessionctl.errors import FileError, SessionctlError
from sessionctl.services.watching.sync_memory import SyncMemory
from sessionctl.system.files.text import read_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.services.watching.live_document import LiveDocument
    from sessionctl.system.store.store import Store


def check_kept(keeper: LiveDocument, store: Store, file: str) -> None:
    """Check that the last state of ``keeper``, which has ended, comes back with the next start.

    Raises:
      FileError: it is neither in ``file`` nor in the state directory; it says why.
    """
    state = keeper.state
    if state.live is None or state.live == state.base:
        return
    kept = None if store.directory is None else SyncMemory(store, file).recall().live
    with suppress(SessionctlError):
        if state.live in (kept, read_text(file)):
            return
    if state.live == kept:
        return
    why = (state.failure or "it could not be written").removeprefix(f"{file}: ")
    what = f"the last changes are lost, neither the file nor the state directory took them: {why}"
    raise FileError(f"{file}: {what}; make room or give the right to write, then change it again")
