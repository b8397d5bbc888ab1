"""Host calls: callbacks run on the host's own thread, whoever asks for them.

A host with an event loop gives ``wake``, a function that lets the loop run another one soon and
may be called from any thread (``loop.call_soon_threadsafe``). Without it, callbacks run in the
thread that asks, one at a time.
"""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from contextlib import contextmanager

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    Wake = Callable[[Callable[[], None]], object]

_TURN_S = 0.05


class HostGoneError(Exception):
    """The loop of the host did not run the callback in time."""


class HostCalls:
    """Calls into the host; made in the host's thread."""

    def __init__(self, wake: Wake | None = None, *, patience_s: float = 30.0) -> None:
        self._wake = wake
        self._patience_s = patience_s
        self._thread = threading.get_ident()
        self._process = os.getpid()
        self._turn = threading.RLock()
        self._arrived = threading.Condition()
        self._waiting: deque[_HostCall] = deque()
        self.short = threading.RLock()
        """For what takes no time; a signal handler may come in between."""

    @property
    def has_loop(self) -> bool:
        """Whether callbacks wait for the host's event loop."""
        return self._wake is not None

    @property
    def is_here(self) -> bool:
        """Whether this is the host's thread, or any thread will do."""
        return self._wake is None or threading.get_ident() == self._thread

    @property
    def is_own_thread(self) -> bool:
        """Whether this is the thread that made the workspace."""
        return threading.get_ident() == self._thread

    def renew(self) -> None:
        """Forget locks whose threads ``fork`` did not copy: nobody would ever release them."""
        if self._process != os.getpid():
            self._process, self._thread = os.getpid(), threading.get_ident()
            self._turn, self.short = threading.RLock(), threading.RLock()
            self._arrived, self._waiting = threading.Condition(), deque()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Keep callbacks of other threads out; a host with a loop needs no such thing."""
        self.renew()
        with self._turn:
            yield

    def call(self, work: Callable[[], Any]) -> Any:
        """Return what ``work`` returns in the host's thread; raises what it raises.

        Raises:
          HostGoneError: the host did not come to it.
        """
        if self.is_here:
            with self._turn:
                return work()
        call = _HostCall(work)
        self._send(call)
        if not call.is_done.wait(self._patience_s):
            call.is_dropped = True
            raise HostGoneError(f"the host was busy for {self._patience_s:g} s")
        return call.answer()

    def post(self, work: Callable[[], Any]) -> None:
        """Let ``work`` be done in the host's thread soon; what it raises is dropped."""
        self.renew()
        if self.is_here:
            with self._turn:
                try:
                    _HostCall(work).run()
                except BaseException:
                    # sys.exit() ends the thread that it runs in: not the one that saves.
                    if self.is_own_thread:
                        raise
        else:
            self._send(_HostCall(work))

    def wait(self, condition: Callable[[], bool], timeout_s: float) -> bool:
        """Wait until ``condition`` holds; in the host's thread its calls are done meanwhile."""
        end = time.monotonic() + timeout_s
        while not condition():
            left = end - time.monotonic()
            if left <= 0:
                return False
            with self._arrived:
                if not self._waiting:
                    self._arrived.wait(min(left, _TURN_S))
            if self.is_here:
                self.drain()
        return True

    def apart(self, work: Callable[[], bool], timeout_s: float) -> bool:
        """Return what ``work`` returns; the host's callbacks are made meanwhile."""
        if self.is_here and not self.has_loop:
            return work()
        answers: list[bool] = []
        thread = threading.Thread(target=lambda: answers.append(work()), daemon=True)
        thread.start()
        self.wait(lambda: not thread.is_alive(), timeout_s + 1)
        return bool(answers and answers[0])

    def drain(self) -> None:
        """Do what is waiting; for the host's thread."""
        while True:
            with self._arrived:
                if not self._waiting:
                    return
                call = self._waiting.popleft()
            if not call.is_dropped:
                call.run()

    def _send(self, call: _HostCall) -> None:
        with self._arrived:
            self._waiting.append(call)
            self._arrived.notify_all()
        assert self._wake is not None
        try:
            self._wake(self.drain)
        except RuntimeError:  # the loop is closed; who waits for it in its thread still drains
            return


class _HostCall:
    """One call on its way."""

    def __init__(self, work: Callable[[], Any]) -> None:
        self._work = work
        self._value: Any = None
        self._error: BaseException | None = None
        self.is_done = threading.Event()
        self.is_dropped = False

    def run(self) -> None:
        try:
            self._value = self._work()
        except Exception as error:  # noqa: BLE001 - a callback of the host; given to who asked
            self._error = error
        finally:
            self.is_done.set()

    def answer(self) -> Any:
        if self._error is not None:
            raise self._error
        return self._value
