"""Closed streams: what a process that was started without stdin, stdout or stderr works with."""

from __future__ import annotations

import os
import sys


def fill_closed_streams() -> None:
    """Put something in the place of each standard stream that is closed.

    Else the next file that is opened would be the stream, and what is printed would be
    written into it. What is printed to a closed stdout fails, as a full disk does; what is said
    on a closed stderr is dropped; a closed stdin stays one for whoever wants to read it.
    """
    if sys.stdin is None:
        _occupy(0, os.O_RDONLY)
    if sys.stdout is None:
        _occupy(1, os.O_RDONLY)
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    if sys.stderr is None:
        _occupy(2, os.O_WRONLY)
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115


def _occupy(number: int, flags: int) -> None:
    descriptor = os.open(os.devnull, flags)
    if descriptor != number:
        os.dup2(descriptor, number)
        os.close(descriptor)
    os.set_inheritable(number, True)  # noqa: FBT003
