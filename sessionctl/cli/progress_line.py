"""The progress line: how much is done of what lasts, on a terminal, in one line that goes."""

from __future__ import annotations

import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO

_PATIENCE_S = 1.0
_EVERY_S = 0.1
_ERASE = "\r\x1b[K"


class ProgressLine:
    """A line on a terminal that is written anew from time to time; elsewhere nothing at all."""

    def __init__(self, stream: TextIO, doing: str, *, is_wanted: bool = True) -> None:
        """Say ``doing`` on ``stream``, once it lasts longer than a second."""
        self._stream = stream
        self._doing = doing
        self._next = time.monotonic() + _PATIENCE_S if is_wanted and stream.isatty() else None
        self._is_shown = False

    def show(self, done: int, total: int) -> None:
        """Say that ``done`` of ``total`` are done, if it was not just said."""
        if self._next is None:
            return
        now = time.monotonic()
        if now >= self._next:
            self._next = now + _EVERY_S
            self._stream.write(f"{_ERASE}{self._doing}: {done} of {total}")
            self._stream.flush()
            self._is_shown = True

    def clear(self) -> None:
        """Take the line away, for something else is about to be written."""
        if self._is_shown:
            self._stream.write(_ERASE)
            self._stream.flush()
            self._is_shown = False
