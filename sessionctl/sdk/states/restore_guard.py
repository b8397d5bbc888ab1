"""Restore guard: a state that ended its host while it was applied is not applied again."""

from __future__ import annotations

# One small file: plain os calls here.
# ruff: noqa: PTH118
import os
from contextlib import contextmanager, suppress

from sessionctl.errors import SessionctlError
from sessionctl.system.files.private_directories import make_private
from sessionctl.system.files.text import read_text, write_text
from sessionctl.system.store.archive_entry import address_of, key_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


class RestoreGuard:
    """Notes which state is being applied, before the host sees it.

    Without a state directory nothing is noted, and nothing refused.
    """

    def __init__(self, state_directory: str | None, file: str, app: str) -> None:
        directory = None if state_directory is None else os.path.join(state_directory, "restoring")
        key = key_of(f"{os.path.realpath(file)}\0{app}")
        self._path = None if directory is None else os.path.join(directory, key)

    def is_suspect(self, text: str) -> bool:
        """Return whether the host ended while it was given this state."""
        if self._path is None:
            return False
        try:
            return digest(text) in read_text(self._path).split()
        except (OSError, SessionctlError):
            return False

    @contextmanager
    def applying(self, text: str) -> Iterator[None]:
        """Apply a state in this context; only where it ends, by an error or well, is it clear."""
        self.note(text)
        yield
        self.clear()

    def note(self, text: str) -> None:
        """Write down that a state is about to be applied."""
        if self._path is None:
            return
        with suppress(OSError, SessionctlError):
            make_private(os.path.dirname(self._path))  # noqa: PTH120
            write_text(self._path, f"{digest(text)}\n")

    def clear(self) -> None:
        """Take the note back: the host lives."""
        if self._path is None:
            return
        with suppress(OSError):
            os.unlink(self._path)  # noqa: PTH108


def digest(text: str) -> str:
    """Return what tells one state from another."""
    return address_of(text.encode("utf-8", "surrogatepass"))
