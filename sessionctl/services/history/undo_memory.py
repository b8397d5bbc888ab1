"""Undo memory: the texts that undo replaced in a file, so that each can come back.

It lies in the git directory, where nothing is committed or pushed from, and is readable
by its owner alone: what was never committed may hold a secret.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import NamedTuple

from sessionctl.system.files.text import read_text, write_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sessionctl.services.git.file_place import FilePlace

_KEPT = 20


class UndoRecord(NamedTuple):
    """One undo: the text before it (None where there was no file) and after it.

    ``commit`` is the commit whose change was taken back, or None; ``newest`` the newest
    one that had changed the file then.
    """

    before: str | None
    after: str
    commit: str | None
    newest: str


class UndoMemory:
    """The last undos of one file, the newest last; at most 20 are kept."""

    def __init__(self, place: FilePlace) -> None:
        """Read what is remembered of the file; what cannot be read counts as nothing."""
        self._path = _path(place)
        self.undone: list[UndoRecord] = []
        try:
            entries = json.loads(read_text(self._path)) if self._path.exists() else []
            self.undone = [UndoRecord(**entry) for entry in entries]
        except (TypeError, ValueError):
            self.undone = []

    def commit_undone_in(self, text: str | None, newest: str) -> str | None:
        """Return the commit that the newest undo took back, if the file is as that left it.

        ``newest`` is the newest commit that changed the file: none may have come since.
        """
        if not self.undone:
            return None
        last = self.undone[-1]
        return last.commit if (last.after, last.newest) == (text, newest) else None

    def push(self, undone: UndoRecord) -> None:
        """Remember an undo.

        Raises:
          FileError: it cannot be written.
        """
        self._write([*self.undone, undone][-_KEPT:])

    def rewrite(self, edit: Callable[[str], str]) -> int:
        """Put ``edit(text)`` in the place of the texts; return how many undos it changed.

        Raises as ``push`` does.
        """
        edited = [
            undone._replace(
                before=None if undone.before is None else edit(undone.before),
                after=edit(undone.after),
            )
            for undone in self.undone
        ]
        changed = sum(new != old for new, old in zip(edited, self.undone, strict=True))
        if changed:
            self._write(edited)
        return changed

    def pop(self) -> None:
        """Forget the newest undo; raises as ``push`` does."""
        self._write(self.undone[:-1])

    def _write(self, undone: list[UndoRecord]) -> None:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_text(self._path, json.dumps([entry._asdict() for entry in undone]))
        self.undone = undone


class RememberUndo(NamedTuple):
    """A step that remembers an undo; it comes before the text is written, and is not shown."""

    memory: UndoMemory
    record: UndoRecord

    def render(self) -> str:
        """Return nothing."""
        return ""

    def data(self) -> dict[str, object]:
        """Return it as plain data, without the texts."""
        return {"action": "remember-undo", "commit": self.record.commit}

    def carry_out(self, _tools: object, /) -> None:
        """Remember it; raises ``FileError``."""
        self.memory.push(self.record)


class ForgetUndo(NamedTuple):
    """A step that forgets the newest undo, once it was taken back; it is not shown."""

    memory: UndoMemory

    def render(self) -> str:
        """Return nothing."""
        return ""

    def data(self) -> dict[str, object]:
        """Return it as plain data."""
        return {"action": "forget-undo"}

    def carry_out(self, _tools: object, /) -> None:
        """Forget it; raises ``FileError``."""
        self.memory.pop()


def _path(place: FilePlace) -> Path:
    folder = place.git.path_in_git_dir("sessionctl-undo")
    return folder / f"{sha256(place.path.encode('utf-8', 'surrogateescape')).hexdigest()[:16]}.json"
