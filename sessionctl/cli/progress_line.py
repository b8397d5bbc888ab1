"""The progress line: what is being done and how much of it, on a terminal, in one line that goes.

It is there from the first second on and drawn by a thread, so that one long step shows too. What
is written to either stream takes it away; it comes back when there is something new to say.
"""

from __future__ import annotations

# Threads without the module ``threading``: it would cost a quick command as much as its start.
import _thread
import os
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import TextIO

_PATIENCE_S = 1.0
_EVERY_S = 0.1
_ERASE = "\r\x1b[K"
_USUAL = 80
_LEAST = 20
_SILENT = frozenset({"--no-input", "-q", "--quiet"})

DOING = {
    "demo": "preparing the demo",
    "diff": "comparing",
    "doctor": "examining the setup",
    "fmt": "tidying files",
    "import": "reading files of other programs",
    "list": "looking for sessions",
    "log": "reading history",
    "merge": "merging",
    "migrate": "migrating files",
    "recover": "looking for earlier versions",
    "restore": "restoring",
    "save": "saving",
    "secret exec": "decrypting secrets",
    "secret extract": "moving secrets",
    "secret list": "reading secrets",
    "secret rekey": "encrypting secrets again",
    "secret scan": "looking for secrets",
    "recipients add": "wrapping the vault key",
    "recipients rm": "encrypting secrets again",
    "set": "editing",
    "show": "reading",
    "status": "looking at files",
    "sync": "looking at files",
    "undo": "looking for earlier versions",
    "unset": "editing",
    "validate": "checking",
}
"""What is said of commands that may last; others ask, show a screen or run until they are ended."""


class ProgressLine:
    """The line of one process, on stderr, where somebody sees it; elsewhere nothing at all."""

    def __init__(self, stream: TextIO, *, is_wanted: bool = True) -> None:
        """Write on ``stream``, where that is a terminal and the line ``is_wanted``."""
        self._stream = stream
        self._is_wanted = is_wanted and stream.isatty()
        self._lock = _thread.allocate_lock()
        self._has_thread = False
        self._is_ended = False
        self._began = 0.0
        self.doing = ""
        """What is being done."""
        self._count: tuple[int, int] | None = None
        self._shown = ""
        self._has_news = False

    def begin(self, doing: str) -> None:
        """Say what is being done from now on, once it lasts longer than a second."""
        if not self._is_wanted or not doing:
            return
        self._began = time.monotonic()
        self.doing, self._count, self._has_news = doing, None, True
        if not self._has_thread:
            self._has_thread = True
            _thread.start_new_thread(self._draw_all, ())

    def show(self, done: int, total: int) -> None:
        """Say that ``done`` of ``total`` are done."""
        self._count, self._has_news = (done, total), True

    def clear(self) -> None:
        """Take the line away, for something else is about to be written."""
        if not self._has_thread:
            return
        with self._lock:
            self._has_news = False
            if self._shown:
                self._write(_ERASE)
                self._shown = ""

    def rest(self) -> None:
        """Take it away until something begins: somebody is asked, or another program has it."""
        self.doing = ""
        self.clear()

    def end(self) -> None:
        """Take it away for good."""
        self._is_ended = True
        self.rest()

    def _draw_all(self) -> None:
        while not self._is_ended:
            time.sleep(_EVERY_S)
            with self._lock:
                self._draw()

    def _draw(self) -> None:
        lasted_s = time.monotonic() - self._began
        if self._is_ended or not (self.doing and self._has_news) or lasted_s < _PATIENCE_S:
            return
        how_far = f"{int(lasted_s)} s" if self._count is None else "{} of {}".format(*self._count)
        text = f"{self.doing}: {how_far}"[: self._width()]
        if text != self._shown:
            self._shown = text
            self._write(f"{_ERASE}{text}")

    def _width(self) -> int:
        try:
            return max(_LEAST, os.get_terminal_size(self._stream.fileno()).columns) - 1
        except (OSError, ValueError):
            return _USUAL - 1

    def _write(self, text: str) -> None:
        try:
            self._stream.write(text)
            self._stream.flush()
        except (OSError, ValueError):
            self._is_ended = True  # the terminal is gone


def doing(arguments: Sequence[str]) -> str:
    """Return what the command line ``arguments`` does, "" where that is nothing to wait for."""
    words = [word for word in arguments if not word.startswith("-")]
    return DOING.get(" ".join(words[:2])) or DOING.get(words[0] if words else "", "")


def is_seen(environ: Mapping[str, str], arguments: Sequence[str]) -> bool:
    """Return whether a person may look at the terminal, as far as settings say."""
    is_dumb = environ.get("TERM", "dumb") == "dumb"
    return not (is_dumb or environ.get("CI") or not _SILENT.isdisjoint(arguments))
