"""Placing: what one save does beside a document and in its place."""

from __future__ import annotations

# pathlib costs more start-up than a single edit may spend: plain os calls here.
# ruff: noqa: PTH116, PTH118, PTH119, PTH120
import errno
import os

from sessionctl.core.named_tuple import NamedTuple
from sessionctl.core.text.shellwords import path_word
from sessionctl.errors import FileError
from sessionctl.system.files.stable_read import PAUSES_S, FileReadout, is_same, look_at, sleep
from sessionctl.system.files.temporary import remove_quietly, sync_directory, write_temporary
from sessionctl.system.os_errors import unwritable
from sessionctl.system.store.archive_entry import key_of
from sessionctl.system.store.swap import swap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_KEY_PART = 12
_TEMPORARY = ".tmp"
_SPARE = ".old"


class DisplacedFile(NamedTuple):
    """What stood in the document's place: where it is now, what it holds.

    ``other_names`` counts its other names (hard links).
    """

    path: str
    data: bytes
    other_names: int = 0


class DocumentPlace:
    """The place of a document: its ``name`` in messages, and ``target``, where it is reached.

    That is its real path, or one through its directory that is held open.
    """

    def __init__(self, name: str, real: str, target: str = "") -> None:
        """Take what the document is called, its real path, and how it is reached."""
        self.name = name
        self.target = target or real
        self._directory = os.path.dirname(real)
        self._stem = f".sessionctl-{key_of(real)[:_KEY_PART]}-"

    def shown(self, path: str) -> str:
        """Return the real path of a file beside the document, for messages."""
        return os.path.join(self._directory, os.path.basename(path))

    def look(self) -> FileReadout | None:
        """Return what the document holds; None if it does not exist."""
        return look_at(self.target, self.name)

    def sync(self) -> None:
        """Wait until the names beside the document are on the disk."""
        sync_directory(self.target)

    def is_still(self, path: str, look: FileReadout) -> bool:
        """Return whether the file at ``path`` is still as it was seen."""
        return is_same(path, look)

    def write_beside(self, token: str, data: bytes) -> str:
        """Write ``data`` to a new file beside the document, alike in mode; return its path."""
        try:
            name = f"{self._stem}{token}{_TEMPORARY}"
            temporary = write_temporary(self.target, data, name=name)
        except PermissionError as error:
            raise FileError(
                f"{self.name}: cannot write: its directory may not be written, "
                "and a file is replaced as a whole",
                hints=[f"look at its owner and mode: ls -ld {path_word(self._directory)}"],
            ) from error
        written = look_at(temporary, self.name)
        if written is None or written.data != data:
            remove_quietly(temporary)
            raise OSError(errno.EIO, "what was written reads otherwise")
        return temporary

    def put(self, data: bytes, look: FileReadout, token: str) -> DisplacedFile | None:
        """Put ``data`` in the place of what was seen there; return what it displaced.

        What is returned as displaced was not looked at yet. None, and nothing done, where
        the document was changed since ``look``.
        """
        self._refuse_read_only()
        temporary = self.write_beside(token, data)
        inode = _inode_of(temporary)
        try:
            others = os.stat(self.target).st_nlink - 1
            if not is_same(self.target, look):
                return None
            path = swap(temporary, self.target, self._beside(token, _SPARE))
        except FileNotFoundError:
            return None
        finally:
            # Not by its name alone: that is the displaced file's by now.
            if _inode_of(temporary) == inode:
                remove_quietly(temporary)
        return DisplacedFile(path, look.data, others)

    def _refuse_read_only(self) -> None:
        """Raise ``OSError`` where the document itself must not be written."""
        if os.access(self.target, os.W_OK) or not os.path.exists(self.target):  # noqa: PTH110
            return
        raise unwritable(self.target)

    def swap_back(self, path: str) -> DisplacedFile:
        """Put the displaced file at ``path`` in the document's place again."""
        stem, dot, end = path.rpartition(".")
        spare = _TEMPORARY if f"{dot}{end}" == _SPARE else _SPARE
        where = swap(path, self.target, f"{stem}{spare}")
        look = look_at(where, self.name)
        assert look is not None
        return DisplacedFile(where, look.data)

    def look_at_displaced(self, path: str, expected: FileReadout) -> FileReadout:
        """Return what was displaced, once nobody is in the middle of writing it."""
        for pause_s in (*PAUSES_S, 0.0):
            look = look_at(path, self.name)
            if look is None:
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
            if look.data == expected.data or look.data.strip() or not pause_s:
                return look
            sleep(pause_s)
        raise AssertionError("the last look returns")  # pragma: no cover

    def left_of(self, token: str) -> Iterator[tuple[str, bytes]]:
        """Yield the files that the change of this token left beside the document."""
        for end in (_TEMPORARY, _SPARE):
            path = self._beside(token, end)
            look = look_at(path, self.name) if os.path.lexists(path) else None
            if look is not None:
                yield path, look.data

    def leftovers(self) -> Iterator[tuple[str, bytes]]:
        """Yield the files that saves of this document left beside it.

        One may be that of a save on another machine, under another lock: that save finds
        it gone, and begins anew.
        """
        directory = os.path.dirname(self.target)
        try:
            names = os.listdir(directory)  # noqa: PTH208
        except OSError:
            return
        for name in names:
            path = os.path.join(directory, name)
            if name.startswith(self._stem):
                look = look_at(path, self.name)
                if look is not None:
                    yield path, look.data

    def _beside(self, token: str, end: str) -> str:
        return os.path.join(os.path.dirname(self.target), f"{self._stem}{token}{end}")


def _inode_of(path: str) -> int | None:
    try:
        return os.stat(path).st_ino
    except FileNotFoundError:
        return None
