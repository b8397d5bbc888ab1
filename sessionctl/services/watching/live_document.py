"""Live document: one file kept in step with an application, in a thread of its own."""

from __future__ import annotations

import threading

from sessionctl.core.sync.events import Flush, Recreate, Settle
from sessionctl.services.watching.loop.loop import Loop, StopLoop
from sessionctl.services.watching.replica import Replica
from sessionctl.services.watching.sync_memory import SyncMemory

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sessionctl.core.sync.events import Event
    from sessionctl.core.sync.state import SyncState
    from sessionctl.services.watching.live_side import LiveSide
    from sessionctl.services.watching.loop.watch_keeper import OpenWatcher
    from sessionctl.services.watching.replica import ReplicaContext


class LiveDocument:
    """Keeps a file and a live side in step from ``start`` to ``stop``.

    The live side and ``around.tell`` are called from a thread of its own; all methods
    may be called from any other one, and none of them waits for a disk but ``save``.
    """

    def __init__(
        self,
        file: str,
        live: LiveSide,
        around: ReplicaContext,
        open_watcher: OpenWatcher | None,
        taken_over: str | None = None,
    ) -> None:
        """Take a file, which need not be there yet, and its live side.

        Without ``open_watcher`` the file is looked at twice a second. ``taken_over`` is the text
        of the file that the live side began with, None where it did not read it.
        """
        remembered = SyncMemory(around.store, file).recall()
        if taken_over is not None:
            remembered = remembered._replace(base=taken_over)
        self._loop = Loop(open_watcher, around.clock)
        self._replica = Replica(file, live, around, remembered)
        self._loop.add(self._replica)
        self._thread = threading.Thread(
            target=self._loop.run, args=(self._begin,), name="sessionctl-keeper", daemon=True
        )
        self._has_begun = threading.Event()
        self.pending = remembered.pending
        """What a former live side had and the file was not given, or None."""

    def start(self, timeout_s: float | None = None) -> bool:
        """Begin; return whether both sides were looked at within ``timeout_s``."""
        self._thread.start()
        return self._has_begun.wait(timeout_s)

    def mark_changed(self) -> None:
        """Say that the live side changed; it is saved once it comes to rest."""
        self._loop.live_changed(self._replica)

    def save(self, timeout_s: float = 10.0) -> bool:
        """Save at once; return whether that was done within ``timeout_s``.

        In a callback of the live side it is done once that returned, and the answer is False.
        """
        return self._take(Flush, timeout_s) and not self.state.is_live_dirty

    def settle(self, *, by_file: bool, paths: Sequence[str] = ()) -> None:
        """Settle conflicts, those at ``paths`` or all, by the file or by the live side."""
        self._take(lambda now: Settle(now, by_file, tuple(paths)))

    def recreate(self) -> None:
        """Write a file again that is gone."""
        self._take(Recreate)

    def stop(self, timeout_s: float = 10.0) -> bool:
        """Save, and end; return whether that was done within ``timeout_s``.

        False once it has ended, and in a callback of the live side, which is not waited for.
        """
        if self._is_inside:
            # A callback asks for it: what it changed is saved once it has returned.
            self._take(Flush)
            self._loop.wakeup.send(StopLoop())
            return False
        is_saved = self.save(timeout_s)
        self._loop.stop()
        self._thread.join(timeout_s)
        return is_saved and not self._thread.is_alive()

    @property
    def state(self) -> SyncState:
        """How the document stands; a value."""
        return self._replica.state

    def _begin(self) -> None:
        self._has_begun.set()

    def _take(self, event: Callable[[int], Event], timeout_s: float = 0.0) -> bool:
        """Let the thread take an event; wait until it did, for ``timeout_s``."""
        is_done = threading.Event()
        if not self._thread.is_alive():
            return False

        def work() -> None:
            self._replica.notice(event)
            is_done.set()

        self._loop.call(work)
        if self._is_inside:
            return False
        return is_done.wait(timeout_s) if timeout_s else True

    @property
    def is_alive(self) -> bool:
        """Whether the thread runs; in a copy of the process that ``fork`` made it does not."""
        return self._thread.is_alive()

    def call(self, work: Callable[[], None]) -> None:
        """Let ``work`` be done in the thread soon, in turn with all else; never waits."""
        self._loop.call(work)

    @property
    def _is_inside(self) -> bool:
        return self._thread.ident == threading.get_ident()
