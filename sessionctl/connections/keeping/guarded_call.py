"""Guarded call: work in a thread of its own, left behind where it does not return in time.

A driver may hang in a call whatever timeout it was given: a server that is stopped still has its
packets acknowledged. What hangs is ended by closing its connection from another thread.
"""

from __future__ import annotations

import queue
import threading

from sessionctl.connections.deadline import DeadlineError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    Result = TypeVar("Result")

GRACE_S = 0.25
"""How long after its deadline a call may still return before it is cut off."""


class CallThread:
    """One thread that does one call after another, in order, until it is let go."""

    def __init__(self, name: str) -> None:
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name=f"sessionctl {name}", daemon=True)
        self._thread.start()

    def put(self, job: Callable[[], None]) -> None:
        """Do ``job`` after what was put before; it handles its own errors."""
        self._jobs.put(job)

    def let_go(self) -> None:
        """End the thread after what it does now, however long that takes; nobody waits."""
        self._jobs.put(None)

    def join(self, timeout_s: float) -> None:
        """Wait until it has ended, for ``timeout_s`` at most."""
        self._thread.join(timeout_s)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()


def in_background(job: Callable[[], None], name: str) -> None:
    """Do ``job``, which handles its own errors, in a thread that nobody waits for."""
    threading.Thread(target=job, name=f"sessionctl {name}", daemon=True).start()


def call_within(call: Callable[[], Result], seconds: float, rescue: Callable[[], None]) -> Result:
    """Return what ``call`` returns, or raise what it raises, within ``seconds`` and the grace.

    Where it does not return, ``rescue`` is begun in another thread (it closes what hangs), and
    it may return for a last moment; then it is left behind.

    Raises:
      DeadlineError: it did not return.
    """
    outcome: list[tuple[Result | None, BaseException | None]] = []
    is_done = threading.Event()

    def work() -> None:
        try:
            outcome.append((call(), None))
        except BaseException as error:  # noqa: BLE001 - it is raised where it was waited for
            outcome.append((None, error))
        is_done.set()

    in_background(work, "call")
    if not is_done.wait(seconds + GRACE_S):
        in_background(rescue, "rescue")
        raise DeadlineError(f"no answer within {seconds:.3g} s")
    result, error = outcome[0]
    if error is not None:
        raise error
    return result  # type: ignore[return-value]
