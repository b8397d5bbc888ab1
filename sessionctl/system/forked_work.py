"""Forked work: parts of one piece of work, each in a copy of this process, on all processors."""

from __future__ import annotations

import os
import select
import signal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType

_CHUNK = 1 << 16
_STOPS = (signal.SIGINT, signal.SIGTERM)


def processors() -> int:
    """Return on how many processors this process may run."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class ForkedWork:
    """The copies at work; at the end of the block no conflicts left, whatever happened.

    What a copy changes, it changes for itself; only its lines come back. One that fails, or that
    cannot be started, has no more lines.
    """

    def __init__(self, parts: int, work: Callable[[int], Iterator[bytes]]) -> None:
        """Let ``work`` yield the lines of each part, by its number, in a process of its own."""
        self._parts = parts
        self._work = work
        self._children: list[int] = []
        self._rests: dict[int, bytes] = {}

    def __enter__(self) -> ForkedWork:
        try:
            for part in range(self._parts):
                # A signal between the start of a copy and the note of it would leave it behind.
                before = signal.pthread_sigmask(signal.SIG_BLOCK, _STOPS)
                try:
                    self._start(part)
                finally:
                    signal.pthread_sigmask(signal.SIG_SETMASK, before)
        except OSError:  # no more processes: the others have enough to do
            pass
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._stop()

    def read(self) -> list[bytes]:
        """Wait for lines and return them, without their ends; none: all copies have ended."""
        lines: list[bytes] = []
        while self._rests and not lines:
            ready, _, _ = select.select(list(self._rests), [], [])
            for descriptor in ready:
                data = os.read(descriptor, _CHUNK)
                *whole, self._rests[descriptor] = (self._rests[descriptor] + data).split(b"\n")
                lines += whole
                if not data:
                    del self._rests[descriptor]
                    os.close(descriptor)
        return lines

    def _start(self, part: int) -> None:
        reading, writing = os.pipe()
        try:
            child = os.fork()
        except OSError:
            os.close(reading)
            os.close(writing)
            raise
        if not child:
            self._run(part, reading, writing)
        os.close(writing)
        self._children.append(child)
        self._rests[reading] = b""

    def _run(self, part: int, reading: int, writing: int) -> None:
        """Do one part and end the process, without anything that is for its original to do."""
        code = 1
        try:
            for number in _STOPS:
                signal.signal(number, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPS)
            for descriptor in (reading, *self._rests):
                os.close(descriptor)
            for line in self._work(part):
                os.write(writing, line + b"\n")
            code = 0
        finally:
            os._exit(code)

    def _stop(self) -> None:
        for descriptor in self._rests:
            os.close(descriptor)
        self._rests = {}
        for child in self._children:
            os.kill(child, signal.SIGKILL)  # it is not waited for yet, so nobody has its number
        for child in self._children:
            os.waitpid(child, 0)
        self._children = []
