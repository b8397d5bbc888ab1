"""Archive: the private directory of one document, with every text that was in its place.

It lies under the state directory, readable by its owner alone (0700, files 0600), for a
text may hold a secret that was typed by mistake::

    documents/KEY/path          the document's real path
    documents/KEY/lock          held by whoever writes the document
    documents/KEY/ADDRESS       a text, named by its content, byte for byte
    documents/KEY/TIME-TOKEN-BEFORE-AFTER-WHY   an empty file: one change of the document

A change is listed, and both its texts are on the disk, before the document is touched. So
the list is the journal as well: TOKEN names the temporary file of the change, and where
that is still beside the document, the change was cut short.
"""

from __future__ import annotations

# pathlib costs more start-up than a single edit may spend: plain os calls here.
# ruff: noqa: PTH105, PTH108, PTH110, PTH112, PTH116, PTH118, PTH120, PTH123, PTH208
import errno
import os

from sessionctl.errors import FileError
from sessionctl.system.files.private_directories import (
    is_older,
    make_private,
    refuse_foreign,
    remove_tree,
    sync_names,
)
from sessionctl.system.files.temporary import remove_quietly
from sessionctl.system.os_errors import reason_of
from sessionctl.system.store.archive_entry import (
    ADDRESS_LENGTH,
    NOTHING,
    ArchiveEntry,
    address_of,
    is_entry,
    new_token,
    read_entry,
)

DRAFT = "draft"
"""The directory in an archive where a copy of the document is edited by hand."""

_NEW = "new."
_HOUR_S = 3600
_NOWHERE = frozenset({errno.ELOOP, errno.ENAMETOOLONG, errno.ENOENT, errno.ENOTDIR})
"""Where the directory of an archive cannot be, and nothing is kept."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


class Archive:
    """What is kept of one document; nothing is made on the disk before ``make``."""

    def __init__(self, directory: str, target: str) -> None:
        """Name the archive in ``directory`` of the document whose real path is ``target``."""
        self.directory = directory
        self.target = target

    @property
    def lock_path(self) -> str:
        """The lock file of the document."""
        return os.path.join(self.directory, "lock")

    @property
    def is_there(self) -> bool:
        """Whether anything is kept."""
        return os.path.isdir(self.directory)

    def make(self, *, is_durable: bool = True) -> None:
        """Make the directory, where it is not there yet; raises ``OSError``."""
        make_private(self.directory, is_durable=is_durable)
        refuse_foreign(self.directory)
        if not os.path.exists(os.path.join(self.directory, "path")):
            self._put("path", os.fsencode(self.target) + b"\n", is_durable=is_durable)

    def entries(self, newest: int = 0) -> list[ArchiveEntry]:
        """Return the changes, the oldest first, or only so many of the ``newest``.

        None where there is no archive.

        Raises:
          FileError: it cannot be read.
        """
        try:
            names = os.listdir(self.directory)
        except OSError as error:
            if error.errno in _NOWHERE:
                return []
            raise self.cannot("read", error) from error
        return [read_entry(name) for name in sorted(filter(is_entry, names))[-newest:]]

    def count(self) -> int:
        """Return how many changes there are."""
        try:
            return sum(map(is_entry, os.listdir(self.directory)))
        except OSError:
            return 0

    def record(
        self,
        before: bytes | None,
        after: bytes | None,
        why: str,
        *,
        token: str = "",
        is_durable: bool = True,
    ) -> ArchiveEntry:
        """Put both texts and the change between them on the disk, and return the change.

        Without ``is_durable`` they survive a crash, but a power cut only after ``sync``.

        Raises:
          FileError: they cannot be kept; the document is untouched.
        """
        import time

        try:
            old, new = (self._keep(data, is_durable=is_durable) for data in (before, after))
            entry = ArchiveEntry(time.time_ns(), token or new_token(), old, new, why)
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
            os.close(os.open(self._path(entry.file_name), flags, 0o600))
            if is_durable:
                sync_names(self.directory)
        except OSError as error:
            raise self.cannot("keep a backup", error) from error
        return entry

    def sync(self, entry: ArchiveEntry) -> None:
        """Wait until a change and its texts are on the disk; raises ``FileError``."""
        try:
            for address in {entry.before, entry.after} - {NOTHING}:
                self._sync(address)
            sync_names(self.directory)
        except OSError as error:
            raise self.cannot("keep a backup", error) from error

    def sync_newest(self, why: str) -> None:
        """Wait until the newest change of that kind, and the archive, are on the disk.

        One that was dropped meanwhile need not be there. Raises ``FileError``.
        """
        entries = [entry for entry in self.entries() if entry.why == why]
        try:
            if entries:
                self._sync("path")
                self.sync(entries[-1])
                sync_names(os.path.dirname(self.directory))
        except OSError as error:
            if error.errno not in _NOWHERE:
                raise self.cannot("keep a backup", error) from error

    def _sync(self, name: str) -> None:
        descriptor = os.open(self._path(name), os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def keep(self, data: bytes) -> str:
        """Put a text on the disk, where it is not yet, and return its address.

        Raises:
          FileError: it cannot be kept.
        """
        try:
            address = self._keep(data, is_durable=True)
            sync_names(self.directory)
        except OSError as error:
            raise self.cannot("keep a backup", error) from error
        return address

    def forget(self, entry: ArchiveEntry) -> None:
        """Take a change off the list; its texts stay until the archive is cleaned."""
        remove_quietly(self._path(entry.file_name))

    def read(self, address: str) -> bytes:
        """Return the text at ``address``.

        Raises:
          FileError: it is not there, cannot be read, or is damaged.
        """
        try:
            with open(self._path(address), "rb", buffering=0) as stream:
                data = stream.read()
        except OSError as error:
            raise self.cannot(f"read the text {address[:8]}", error) from error
        if address_of(data) != address:
            raise FileError(f"{self._path(address)}: damaged, it is not the text that was kept")
        return data

    def prune(self, dropped: Sequence[ArchiveEntry]) -> int:
        """Drop changes, and the texts that no other change has; return the bytes set free.

        The document must be locked.

        Raises:
          FileError: something cannot be removed.
        """
        gone = set(dropped)
        used = {address for e in self.entries() if e not in gone for address in (e.before, e.after)}
        freed = 0
        try:
            for entry in dropped:
                os.unlink(self._path(entry.file_name))
            for name in os.listdir(self.directory):
                path = self._path(name)
                is_text = len(name) == ADDRESS_LENGTH and name not in used
                if is_text or (name.startswith(_NEW) and is_older(path, _HOUR_S)):
                    freed += os.stat(path).st_size
                    os.unlink(path)
        except OSError as error:
            raise self.cannot("remove", error) from error
        return freed

    def rewrite(self, edit: Callable[[bytes], bytes]) -> int:
        """Put ``edit(text)`` in the place of every text that it changes; return how many.

        What is in the directory of drafts is such a text too. The changes stay on the list,
        between the new texts. The document must be locked.

        Raises:
          FileError: a text cannot be read or written; run again, it goes on.
        """
        entries = self.entries()
        used = {address for e in entries for address in (e.before, e.after)} - {NOTHING}
        moved: dict[str, str] = {}
        try:
            for address in used:
                new = edit(self.read(address))
                if address_of(new) != address:
                    moved[address] = self._keep(new, is_durable=True)
            for entry in entries:
                self._rename(entry, moved)
            if moved:
                sync_names(self.directory)
            for address in moved:
                os.unlink(self._path(address))
            return len(moved) + self._rewrite_drafts(edit)
        except OSError as error:
            raise self.cannot("rewrite", error) from error

    def _rewrite_drafts(self, edit: Callable[[bytes], bytes]) -> int:
        count = 0
        if not os.path.isdir(self._path(DRAFT)):
            return count
        for name in os.listdir(self._path(DRAFT)):
            draft = os.path.join(DRAFT, name)
            with open(self._path(draft), "rb") as stream:
                data = stream.read()
            if edit(data) != data:
                self._put(draft, edit(data))
                count += 1
        return count

    def _rename(self, entry: ArchiveEntry, moved: Mapping[str, str]) -> None:
        before, after = (moved.get(one, one) for one in (entry.before, entry.after))
        new = entry._replace(before=before, after=after)
        if new != entry:
            os.replace(self._path(entry.file_name), self._path(new.file_name))

    def sizes(self) -> dict[str, int]:
        """Return the size in bytes of every text, by its address."""
        try:
            entries = list(os.scandir(self.directory))
        except OSError:
            return {}
        return {e.name: e.stat().st_size for e in entries if len(e.name) == ADDRESS_LENGTH}

    def size_bytes(self) -> int:
        """Return how much room the archive takes."""
        try:
            return sum(entry.stat().st_size for entry in os.scandir(self.directory))
        except OSError:
            return 0

    def remove(self) -> None:
        """Remove the archive with all that is kept; the document must be locked.

        Raises:
          FileError: something cannot be removed.
        """
        try:
            # The lock last: who waits for it sees that it is gone, and begins anew.
            remove_tree(self.directory, last="lock")
        except OSError as error:
            raise self.cannot("remove", error) from error

    def _keep(self, data: bytes | None, *, is_durable: bool) -> str:
        if data is None:
            return NOTHING
        address = address_of(data)
        try:
            with open(self._path(address), "rb", buffering=0) as stream:
                if stream.read() == data:
                    return address
        except FileNotFoundError:
            pass
        self._put(address, data, is_durable=is_durable)
        return address

    def _put(self, name: str, data: bytes, *, is_durable: bool = True) -> None:
        """Write a file of the archive, wholly or not at all."""
        new = self._path(f"{_NEW}{new_token()}")
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        try:
            with open(os.open(new, flags, 0o600), "wb") as stream:
                stream.write(data)
                stream.flush()
                if is_durable:
                    os.fsync(stream.fileno())
            os.replace(new, self._path(name))
        except BaseException:
            remove_quietly(new)
            raise

    def _path(self, name: str) -> str:
        return os.path.join(self.directory, name)

    def cannot(self, what: str, error: OSError) -> FileError:
        """Return the error that says why something cannot be done with the archive."""
        from sessionctl.system.store.availability import archive_hints

        left = "the file is as it was" if os.path.lexists(self.target) else "no file was made"
        return FileError(
            f"{self.target}: cannot {what} in {self.directory}: {reason_of(error)}; {left}",
            hints=archive_hints(self.directory, error),
        )
