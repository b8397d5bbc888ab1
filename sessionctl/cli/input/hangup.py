"""Hangup: a terminal that goes away, or a plain kill, ends a command as Ctrl-C does."""

from __future__ import annotations

import signal
from contextlib import contextmanager

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType
    from typing import NoReturn

_HANGUPS = (signal.SIGHUP, signal.SIGTERM)


@contextmanager
def hangups_interrupt() -> Iterator[None]:
    """Let SIGHUP and SIGTERM raise KeyboardInterrupt, so that what was made is removed."""
    before = {number: signal.signal(number, _interrupt) for number in _HANGUPS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt
