"""Trust file: the trust book of this machine, read and changed under a lock."""

from __future__ import annotations

from sessionctl.core.secrets.trust_book import TrustBook, read_trust, write_trust
from sessionctl.errors import FileError
from sessionctl.system.files.private_files import PrivateLock, read_private, write_private

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

FILE = "trust.toml"


class TrustFile:
    """The trust book in ``trust.toml``; ``book`` is as it was read last."""

    def __init__(self, state: Path) -> None:
        """Read it from the state directory; where it is not there, the book is empty.

        Raises:
          RefusedError: others may read or write it.
          FileError, ParseError, DocumentError: it cannot be read.
        """
        self.path = state / FILE
        self.book = self._read()
        self.failure: FileError | None = None
        """Why the last change could not be written down."""
        self._held: list[Callable[[TrustBook], TrustBook]] | None = None

    def hold(self) -> None:
        """Keep what changes from now on in this process, until ``release``.

        What is only rehearsed, or refused in the end, is not remembered.
        """
        if self._held is None:
            self._held = []

    def release(self) -> None:
        """Write down what was changed since ``hold``."""
        held, self._held = self._held, None
        if held:
            self._write(held)

    def change(self, edit: Callable[[TrustBook], TrustBook]) -> None:
        """Make ``edit`` in the book; nothing is written where it changes nothing.

        A book that cannot be written is no reason to stop: ``failure`` is why.
        """
        if edit(self.book) == self.book:
            return
        if self._held is not None:
            self._held.append(edit)
            self.book = edit(self.book)
            return
        self._write([edit])

    def _write(self, edits: Sequence[Callable[[TrustBook], TrustBook]]) -> None:
        try:
            with PrivateLock(self.path):
                before = after = self._read()
                for edit in edits:
                    after = edit(after)
                if after != before:
                    write_private(self.path, write_trust(after), replaces=True)
            self.book = after
        except FileError as error:
            self.failure = error
            for edit in edits:
                self.book = edit(self.book)

    def _read(self) -> TrustBook:
        if not self.path.exists():
            return TrustBook()
        return read_trust(read_private(self.path).text or "", str(self.path))
