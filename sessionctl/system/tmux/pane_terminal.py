"""The terminal of a pane: whether a shell reads from it, and text put on it from outside."""

from __future__ import annotations

import os
import termios
from contextlib import contextmanager

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_LOCAL_FLAGS = 3


def is_edited(tty: str) -> bool:
    """Return whether a line editor reads from the terminal: neither canonical nor echoing.

    That is how bash, zsh and fish leave it while they wait for a command, and nothing before
    them does: what is typed then is neither shown twice nor read by a start-up file.
    """
    try:
        with _opened(tty, os.O_RDONLY) as descriptor:
            flags = termios.tcgetattr(descriptor)[_LOCAL_FLAGS]
    except (OSError, termios.error):
        return False
    return not flags & (termios.ICANON | termios.ECHO)


def write_to(tty: str, data: bytes) -> bool:
    """Show ``data`` on the terminal as if its program had written it; return whether it was."""
    try:
        with _opened(tty, os.O_WRONLY) as descriptor:
            while data:
                data = data[os.write(descriptor, data) :]
    except OSError:
        return False
    return True


@contextmanager
def _opened(tty: str, flags: int) -> Iterator[int]:
    descriptor = os.open(tty, flags | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
