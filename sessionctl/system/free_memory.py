"""Free memory: what a process that runs for long does not use any more goes back to the system."""

from __future__ import annotations

from contextlib import suppress


def give_back() -> None:
    """Return what was freed to the system, where the C library keeps it and can be asked.

    That is glibc: between texts of many sizes it would keep some megabytes for ever.
    """
    import ctypes

    with suppress(OSError, AttributeError):  # musl, macOS: they return it without being asked
        ctypes.CDLL(None).malloc_trim(0)
