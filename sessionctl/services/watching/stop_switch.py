"""Stop switch: a signal ends a watch at any moment but those in which something is written."""

from __future__ import annotations

from contextlib import contextmanager
from threading import get_ident

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


class WatchInterrupt(BaseException):
    """A watch was broken off where it only read or waited: nothing is half done."""


class StopSwitch:
    """Breaks off what only reads and waits, and lets what is being written be finished.

    A look at a huge file, a merge or a slow disk need not be waited for. A signal handler
    runs in the thread of the loop: there, ``stop`` raises.
    """

    def __init__(self) -> None:
        self.is_stopped = False
        self._thread = 0
        self._finishing = 0

    def arm(self) -> None:
        """From now on this thread may be broken off."""
        self._thread = get_ident()

    def disarm(self) -> None:
        """Let no thread be broken off any more."""
        self._thread = 0

    @property
    def is_here(self) -> bool:
        """Whether this is the thread that may be broken off."""
        return self._thread == get_ident()

    @contextmanager
    def finishing(self) -> Iterator[None]:
        """Let all that is done within be finished, whatever signal comes.

        Raises:
          WatchInterrupt: at the end, when one came.
        """
        self._finishing += 1
        try:
            yield
        finally:
            self._finishing -= 1
        if self.is_stopped:
            self._break_off()

    def stop(self) -> None:
        """End the watch, at once where that is possible; may be called by a signal handler.

        Raises:
          WatchInterrupt: this is the thread of the watch, and it is writing nothing.
        """
        self.is_stopped = True
        self._break_off()

    def _break_off(self) -> None:
        if self.is_here and not self._finishing:
            self._thread = 0  # once: what ends in good order is not broken off
            raise WatchInterrupt


UNSTOPPED = StopSwitch()
"""That of what no signal ends: it is never armed."""
