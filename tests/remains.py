"""What a run of the tests leaves behind: processes that live on, zombies, files."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_PATIENCE_S = 20


@dataclass(frozen=True)
class Remnant:
    """A process that is still there: a zombie has no command line."""

    pid: int
    command: str


def processes_of(places: list[Path]) -> list[Remnant]:
    """Return our children, and whoever has one of ``places`` as home, directory or variable.

    A program that went into the background, like a tmux server, is nobody's child any more; its
    environment still says where it came from. Without /proc nothing is found.
    """
    names = [os.fsencode(place) for place in places]
    found = []
    for entry in _PROC.iterdir() if _PROC.is_dir() else ():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            remnant = _remnant(entry, names)
            if remnant is not None:
                found.append(remnant)
    return found


def _remnant(entry: Path, names: list[bytes]) -> Remnant | None:
    try:
        state, parent = (
            (entry / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()[:2]
        )
        command = (entry / "cmdline").read_bytes()
        if int(parent) != os.getpid():
            if state == "Z":
                return None
            around = (entry / "environ").read_bytes() + os.fsencode((entry / "cwd").readlink())
            if not any(name in around for name in names):
                return None
    except OSError:  # it ended meanwhile, or is somebody else's
        return None
    words = command.replace(b"\0", b" ").decode("utf-8", "replace").strip()
    return Remnant(int(entry.name), words or f"a zombie ({state})")


def children() -> frozenset[int]:
    """Return the processes that this one started and has not waited for, zombies too."""
    return frozenset(remnant.pid for remnant in processes_of([]))


def has_processes(home: Path, program: str = "") -> bool:
    """Return whether a process runs, a program in the background too, whose home this is.

    ``program`` is a word of its command line.
    """
    name = b"HOME=" + os.fsencode(home) + b"\0"
    for entry in _PROC.iterdir() if _PROC.is_dir() else ():
        try:
            if entry.name.isdigit() and name in (entry / "environ").read_bytes() + b"\0":
                if program.encode() in (entry / "cmdline").read_bytes():
                    return True
        except OSError:  # it ended meanwhile, or is somebody else's
            continue
    return False


def wait_for_none(
    places: list[Path], patience_s: float = _PATIENCE_S, *, known: frozenset[int] = frozenset()
) -> list[Remnant]:
    """Return the processes that are still there when patience is over, and end them.

    Those in ``known`` may stay.
    """
    end_s = time.monotonic() + patience_s
    while True:
        found = [remnant for remnant in processes_of(places) if remnant.pid not in known]
        if not found or time.monotonic() >= end_s:
            break
        time.sleep(0.05)
    for remnant in found:
        try:
            os.kill(remnant.pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    return found
