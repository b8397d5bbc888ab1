"""Warm place: where drivers of one git process find the one that stays, and who may ask it.

A directory for the user alone, named by the process of git, holds two named pipes: ``ask``
takes a line, ``answer`` gives its lines back. A shell uses both without starting a program.
The pipes are this user's and of mode 600, so the kernel lets nobody else open them; who asks
says its process, and the kernel is asked whether that is a child of the same git.
"""

from __future__ import annotations

# pathlib costs start-up: plain os calls here.
# ruff: noqa: PTH102, PTH106, PTH108, PTH116, PTH118, PTH123, PTH208
import os
import select
import stat
from typing import NamedTuple

from sessionctl.system.files.private_directories import make_private, refuse_foreign

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

ASK, ANSWER, LOCK, TEXT = "ask", "answer", "lock", "text"
_MAX_ASKED = 65_536


class Caller(NamedTuple):
    """What the kernel knows of a process: who owns it, who started it, and with what."""

    user: int
    parent: int
    environ: Mapping[str, str]
    folder: tuple[int, int]
    umask: str


def read_caller(process: int) -> Caller | None:
    """Return what the kernel knows of a process; None where it is gone, or not this user's."""
    try:
        with open(f"/proc/{process}/status", encoding="utf-8", errors="replace") as stream:
            lines = dict(line.partition(":")[::2] for line in stream)
        with open(f"/proc/{process}/environ", "rb") as stream:
            entries = os.fsdecode(stream.read()).split("\0")
        place = os.stat(f"/proc/{process}/cwd")
        return Caller(
            int(lines["Uid"].split()[1]),
            int(lines["PPid"]),
            dict(entry.partition("=")[::2] for entry in entries if "=" in entry),
            (place.st_dev, place.st_ino),
            lines.get("Umask", "").strip(),
        )
    except (OSError, KeyError, ValueError):
        return None


def place_of(environ: Mapping[str, str], process: int) -> str:
    """Return the directory for the children of ``process``, as the shell looks for it."""
    caches = environ.get("XDG_CACHE_HOME") or f"{environ.get('HOME') or '/'}/.cache"
    return f"{environ.get('XDG_RUNTIME_DIR') or caches}/sessionctl/git-{process}"


class WarmPlace:
    """The directory and its pipes, open; made by the process that answers."""

    def __init__(self, directory: str, *, is_cache: bool) -> None:
        """Make the directory; one that nobody answers in is removed first.

        Among the caches those above it are made too; a directory of the system is there.

        Raises:
          OSError: it cannot be made, is not this user's alone, or another process answers.
        """
        self.directory = directory
        above = os.path.dirname(directory)  # noqa: PTH120
        if is_cache or os.path.isdir(os.path.dirname(above)):  # noqa: PTH112, PTH120
            make_private(above)
        refuse_foreign(above)
        _remove_stale(directory)
        os.mkdir(directory, 0o700)
        for name in (ASK, ANSWER):
            os.mkfifo(os.path.join(directory, name), 0o600)
        # Open for both, so that neither ends when a shell closes its end.
        both = os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC
        self.ask = os.open(os.path.join(directory, ASK), both)
        self.answer = os.open(os.path.join(directory, ANSWER), both & ~os.O_NONBLOCK)

    def read_line(self, timeout_ms: int, *ends: int) -> str | None:
        """Return the next line; None after the time, or when one of ``ends`` is at its end."""
        poll = select.poll()
        for descriptor in (self.ask, *ends):
            poll.register(descriptor, select.POLLIN)
        ready = {descriptor for descriptor, _ in poll.poll(timeout_ms)}
        if self.ask not in ready or ready.intersection(ends):
            return None
        line = b""
        while not line.endswith(b"\n") and len(line) < _MAX_ASKED:
            poll = select.poll()
            poll.register(self.ask, select.POLLIN)
            if not poll.poll(1000):
                break
            line += os.read(self.ask, _MAX_ASKED)
        return os.fsdecode(line)

    def reply(self, text: str) -> None:
        """Give an answer, of at most what a pipe holds, and let the next one ask."""
        # Before the answer: whoever has read it may ask again at once.
        self._remove(LOCK)
        os.write(self.answer, os.fsencode(text))

    def write_text(self, name: str, content: bytes) -> None:
        """Write a text for the user alone; those of earlier calls are removed."""
        for old in os.listdir(self.directory):
            if old.startswith(TEXT):
                self._remove(old)
        path = os.path.join(self.directory, name)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        with open(os.open(path, flags, 0o600), "wb") as stream:
            stream.write(content)

    def remove(self) -> None:
        """Remove the directory, and the one above it where it is empty."""
        _remove_all(self.directory)
        try:
            os.rmdir(os.path.dirname(self.directory))  # noqa: PTH120
        except OSError:
            return

    def _remove(self, name: str) -> None:
        try:
            os.unlink(os.path.join(self.directory, name))
        except OSError:
            return


def _remove_stale(directory: str) -> None:
    """Remove what a process left that is gone.

    Raises:
      OSError: a process answers there, or the directory is another's.
    """
    try:
        status = os.lstat(directory)
    except FileNotFoundError:
        return
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid():
        raise PermissionError(directory)
    try:
        # Nobody has it open for reading: this fails.
        os.close(os.open(os.path.join(directory, ASK), os.O_WRONLY | os.O_NONBLOCK))
    except OSError:
        _remove_all(directory)
    else:
        raise FileExistsError(directory)


def _remove_all(directory: str) -> None:
    try:
        for name in os.listdir(directory):
            os.unlink(os.path.join(directory, name))
        os.rmdir(directory)
    except OSError:
        return
