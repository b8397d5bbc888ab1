"""Heartbeat: a program on the other side that repeats each line it is sent.

One that runs all the time answers after one round trip; one that is started for each question costs
several, and whatever the files of the login shell do.
"""

from __future__ import annotations

import os
import selectors
import threading

from sessionctl.system.running_process import PipedProcess

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sessionctl.connections.deadline import Deadline

PROGRAM = "exec cat"
_LOOK_S = 0.1
_MOST_BYTES = 1 << 16


class Heartbeat:
    """``cat`` at the end of a connection."""

    def __init__(self, argv: Sequence[str], environ: Mapping[str, str]) -> None:
        """Start it; ``argv`` is the ssh that leads there."""
        self._process = PipedProcess([*argv, PROGRAM], environ)
        self._name = os.urandom(4).hex()
        self._beats = 0
        self._lock = threading.Lock()

    def beat(self, deadline: Deadline, is_over: Callable[[], bool]) -> bool:
        """Return whether it answers; False where it has ended, or ``is_over``.

        Raises:
          DeadlineError: it did not answer in time.
        """
        with self._lock:
            return self._beat(deadline, is_over)

    def end(self) -> None:
        """End it; a beat that waits must have an end by then, or find that it ``is_over``."""
        with self._lock:
            self._process.end()

    def _beat(self, deadline: Deadline, is_over: Callable[[], bool]) -> bool:
        self._beats += 1
        word = f"sessionctl {self._name} {self._beats}\n".encode()
        self._process.write(word)
        text = b""
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.fileno(), selectors.EVENT_READ)
            while word not in text:
                if is_over():
                    return False
                selector.select(deadline.timeout_s(_LOOK_S))
                data = self._process.read()
                if data is None:
                    return False
                text = (text + data)[-_MOST_BYTES:]
        return True
