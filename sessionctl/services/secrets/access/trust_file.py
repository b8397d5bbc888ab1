"""Trust file: the trust book of this machine, read and changed under a lock."""

from __future__ import annotations

from sessionctl.core.secrets.trust_book import TrustBook, read_trust, write_trust
from sessionctl.errors import FileError
from sessionctl.system.files.private_files import locked, read_private, write_private

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
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

    def change(self, edit: Callable[[TrustBook], TrustBook]) -> None:
        """Make ``edit`` in the book; nothing is written where it changes nothing.

        A book that cannot be written is no reason to stop: ``failure`` is why.
        """
        if edit(self.book) == self.book:
            return
        try:
            with locked(self.path):
                before = self._read()
                after = edit(before)
                if after != before:
                    write_private(self.path, write_trust(after), replaces=True)
            self.book = after
        except FileError as error:
            self.failure = error
            self.book = edit(self.book)

    def _read(self) -> TrustBook:
        if not self.path.exists():
            return TrustBook()
        return read_trust(read_private(self.path).text or "", str(self.path))
