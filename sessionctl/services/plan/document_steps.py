"""Document steps: write documents through the store, which keeps what was there."""

from __future__ import annotations

import os
from typing import NamedTuple

from sessionctl.system.os_errors import cannot

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.system.store.store import Note, Store


class SaveText(NamedTuple):
    """Change the text of a document from ``before`` to ``after``, with what others changed.

    ``before`` is None for a document that is not there; ``why`` is the word for this change
    in the list of backups. The texts are not printed, for there may be secrets in them.
    """

    file: str
    before: str | None
    after: str
    why: str

    def __repr__(self) -> str:
        return f"SaveText({self.file!r}, why={self.why!r})"

    def render(self) -> str:
        """Return what is done."""
        return f"{'make' if self.before is None else 'change'} {self.file}"

    def data(self) -> dict[str, object]:
        """Return it as plain data, without the texts."""
        return {"action": "save-text", "file": self.file, "new": self.before is None}

    def carry_out(self, store: Store, /) -> tuple[Note, ...]:
        """Write it; return the notes of the save.

        Raises:
          ChangedError: someone else changed the same.
          FileError: it cannot be written, or is there though it should not be.
        """
        if self.before is not None:
            return store.save(self.file, self.after, expected=self.before, why=self.why).notes
        directory = os.path.dirname(self.file)  # noqa: PTH120
        try:
            os.makedirs(directory or ".", exist_ok=True)  # noqa: PTH103
        except OSError as error:
            raise cannot("write", self.file, error) from error
        store.create(self.file, self.after, why=self.why)
        return ()


class RestoreText(NamedTuple):
    """Bring a file back to ``after``, byte for byte; ``name`` is what that text is called.

    ``before`` is what the file holds, None where it is not there; anything else is left
    alone, and the step fails.
    """

    file: str
    name: str
    before: bytes | None
    after: bytes

    def __repr__(self) -> str:
        return f"RestoreText({self.file!r}, {self.name!r})"

    def render(self) -> str:
        """Return what is done."""
        return f"bring {self.file} back to {self.name}"

    def data(self) -> dict[str, object]:
        """Return it as plain data, without the texts."""
        return {"action": "restore-text", "file": self.file, "to": self.name}

    def carry_out(self, store: Store, /) -> tuple[Note, ...]:
        """Write it; return the notes of the save.

        Raises:
          ChangedError: the file was changed meanwhile.
          FileError: it cannot be written.
        """
        return store.restore(self.file, self.after, expected=self.before)
