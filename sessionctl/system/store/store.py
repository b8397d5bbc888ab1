"""Store: the one way in which a document is written, and nothing of it or of others is lost.

A save goes through these steps, and may be cut short after any of them:

1. lock the document (the lock file lies in its archive, for the exchange changes the file);
2. read it: what is not what the caller had read is someone else's edit, merged by key;
3. put the old and the new text into the archive, and the change on its list;
4. write the new text to a temporary file beside the document, and read it back;
5. exchange the two, and look at what was displaced: an edit that slipped in since step 2
   is merged and written again; where it clashes it is put back, and the caller is told;
6. wait until the directory is on the disk, and remove the displaced file.

A save that was cut short is settled by the next one, or by ``recover``.
"""

from __future__ import annotations

# ruff: noqa: PTH118
import os

from sessionctl.core.named_tuple import NamedTuple
from sessionctl.errors import ChangedError, FileError
from sessionctl.system.files.pinned_folder import is_below, make_folders, pinned
from sessionctl.system.files.private_directories import is_older
from sessionctl.system.files.text import encode_text, real_path, refuse_irregular
from sessionctl.system.os_errors import cannot
from sessionctl.system.store.archive import Archive
from sessionctl.system.store.archive_entry import key_of
from sessionctl.system.store.availability import UNAVAILABLE, no_backup_note
from sessionctl.system.store.displacement import DocumentPlace
from sessionctl.system.store.lock import Lock
from sessionctl.system.store.save import Saving

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sessionctl.system.store.save import Merge

    Note = tuple[str, str]
    PathText = str | os.PathLike[str]

_WEEK_S = 7 * 24 * 60 * 60
_MANY = 64
_EVERY = 16
"""Old changes are dropped from so many on, at every so-many-th save."""


class Upkeep(NamedTuple):
    """What keeps the state directory small.

    ``drop_old`` is called with the archive of a document that is locked, now and then;
    ``clean_all`` once a week.
    """

    drop_old: Callable[[Archive], None]
    clean_all: Callable[[], None]


class SaveResult(NamedTuple):
    """What a save did.

    ``text`` is what the file holds now: the text to save, and with ``is_merged`` also the
    edits that others had made meanwhile. ``notes`` are what the user should know, each
    with a next step or "".
    """

    is_changed: bool
    text: str
    is_merged: bool = False
    notes: tuple[Note, ...] = ()


class Store:
    """Where documents are saved.

    ``directory`` is the state directory; with None, or one that cannot be made, documents
    are saved as safely but no backup is kept, and the result says so.

    ``merge(name, base, disk, new)`` returns the text that has the changes of both ``disk``
    and ``new`` since ``base``, or None where they clash; it raises ``DocumentError`` where
    ``disk`` is not TOML (half written, perhaps). Without it, every change clashes.
    """

    def __init__(
        self,
        directory: str | None,
        merge: Merge | None = None,
        upkeep: Upkeep | None = None,
    ) -> None:
        """Take the state directory, what joins two edits, and what drops old changes."""
        self.directory = directory
        self._merge = merge
        self._upkeep = upkeep

    def save(
        self,
        path: PathText,
        text: str,
        *,
        expected: str | None = None,
        why: str = "save",
        within: str = "",
    ) -> SaveResult:
        """Make ``text`` the content of a file, with what others changed meanwhile.

        The file keeps its mode, owner and extended attributes; a symlink stays one, and the
        file it leads to is written. A text that exists already is not written.

        Args:
          path: the file; its directory must be there.
          text: the whole content.
          expected: the content that was read before; changes since are merged. None takes
            whatever is there, or nothing, for what was expected.
          why: the word for this change in the list of backups, such as the command.
          within: the directory that no symlink may lead the file out of; "" for none.

        Raises:
          ChangedError: someone else changed the same; the file has that, and ``text`` is
            in the archive.
          FileError: the file or its backup cannot be written; the file is as it was.
        """
        name = os.fspath(path)
        new = encode_text(text, name)
        known = None if expected is None else encode_text(expected, name)
        try:
            with self._opened(name, within) as saving:
                is_changed, is_merged, data = saving.save(new, known, why)
                self._clean_up(name, saving.notes)
                if is_merged:
                    both = "someone else changed it meanwhile; the file has both changes"
                    saving.notes.append((f"{name}: {both}", ""))
                notes = tuple(saving.notes)
        except OSError as error:
            raise cannot("write", name, error) from error
        notes += tuple(note for note in self._clean_all() if note not in notes)
        return SaveResult(is_changed, data.decode(), is_merged, notes)

    def restore(
        self,
        path: PathText,
        data: bytes,
        *,
        expected: bytes | None,
        why: str = "restore",
        within: str = "",
    ) -> tuple[Note, ...]:
        """Make exactly ``data`` the content of a file, nothing merged; return notes as a save.

        Args:
          path: the file.
          data: the whole content.
          expected: what the file holds; None for a file that is not there.
          why: the word for this change in the list of backups.
          within: the directory that no symlink may lead the file out of; "" for none.

        Raises:
          ChangedError: it holds something else, or is there.
          FileError: the file or its backup cannot be written; the file is as it was.
        """
        name = os.fspath(path)
        try:
            with self._opened(name, within) as saving:
                if expected is not None:
                    saving.save(data, expected, why, may_merge=False)
                    return tuple(saving.notes)
                is_made, notes = saving.create(data, why), tuple(saving.notes)
        except OSError as error:
            raise cannot("write", name, error) from error
        if not is_made:
            raise ChangedError(f"{name}: someone else made it meanwhile; nothing was written")
        return notes

    def make_directory_of(self, path: PathText, *, below: str) -> None:
        """Make the directories of a file that are missing below the directory ``below``.

        That one itself is not made, and nothing behind a symlink that leads nowhere: the
        file cannot be written then.

        Raises:
          FileError: one cannot be made.
        """
        name = os.fspath(path)
        try:
            make_folders(os.path.dirname(name), below)  # noqa: PTH120
        except OSError as error:
            raise cannot("write", name, error) from error

    def create(self, path: PathText, text: str, *, why: str = "new") -> None:
        """Make a new file that holds ``text``, wholly or not at all.

        Raises:
          FileError: something exists already, or it cannot be written.
        """
        name = os.fspath(path)
        new = encode_text(text, name)
        try:
            with self._opened(name) as saving:
                is_made = saving.create(new, why)
        except OSError as error:
            raise cannot("write", name, error) from error
        if not is_made:
            hint = "choose another name, or remove it first"
            raise FileError(f"{name}: there is already a file", hints=[hint])

    def keep(self, path: PathText, text: str, *, why: str, is_durable: bool = True) -> str:
        """Put a text of a document into its archive, and return its address.

        Without ``is_durable`` it survives a crash, but a power cut only after ``sync_newest``
        of the archive.

        Raises:
          FileError: it cannot be kept.
        """
        name = os.fspath(path)
        archive = self.archive(path)
        try:
            archive.make(is_durable=is_durable)
            with Lock(archive.lock_path, name):
                data = encode_text(text, name)
                address = archive.record(None, data, why, is_durable=is_durable).after
                self._clean_up(name, [])  # nobody saves what is only watched
                return address
        except OSError as error:
            raise cannot("keep a backup", name, error) from error

    def settle(self, path: PathText) -> tuple[Note, ...]:
        """Finish what a save of the file left undone when it was cut short.

        Returns what is to be said about it, as the notes of a save.

        Raises:
          FileError: the file cannot be read or written.
        """
        name = os.fspath(path)
        if self.directory is None or not self.archive(path).is_there:
            return ()
        try:
            with self._opened(name) as saving:
                saving.settle(is_thorough=True)
                return tuple(saving.notes)
        except OSError as error:
            raise cannot("write", name, error) from error

    def archive(self, path: PathText) -> Archive:
        """Return what is kept of a file; nothing is made on the disk.

        Raises:
          FileError: there is no state directory, or the path leads back to itself.
        """
        name = os.fspath(path)
        if self.directory is None:
            raise FileError(
                f"{name}: no backups are kept: there is no state directory",
                hints=["set HOME or XDG_STATE_HOME"],
            )
        own = self._archive_of_name(name)
        try:
            found = self._archive(real_path(name))
        except OSError as error:
            if own is not None:
                return own
            raise cannot("read", name, error) from error
        return found if own is None or found.is_there else own

    def _archive_of_name(self, name: str) -> Archive | None:
        """Return what is kept of the file that stood where a link leads to nothing now."""
        if not os.path.islink(name) or os.path.exists(name):  # noqa: PTH110, PTH114
            return None
        folder, base = os.path.split(os.path.abspath(name))  # noqa: PTH100
        archive = self._archive(os.path.join(os.path.realpath(folder), base))
        return archive if archive.is_there else None

    def archives(self) -> Iterator[Archive]:
        """Yield what is kept of every document, in no order; damaged ones are left out."""
        documents = os.path.join(self.directory or os.devnull, "documents")
        try:
            keys = os.listdir(documents)  # noqa: PTH208
        except OSError:
            return
        for key in keys:
            directory = os.path.join(documents, key)
            try:
                with open(os.path.join(directory, "path"), "rb") as stream:  # noqa: PTH123
                    target = os.fsdecode(stream.read().removesuffix(b"\n"))
            except OSError:
                continue
            if key_of(target) == key:
                yield Archive(directory, target)

    def _clean_up(self, name: str, notes: list[Note]) -> None:
        """Drop old changes of a document that is locked, when there are many."""
        if self._upkeep is None or self.directory is None:
            return
        archive = self.archive(name)
        count = archive.count()
        if count < _MANY or count % _EVERY:
            return
        try:
            self._upkeep.drop_old(archive)
        except FileError as error:
            notes.append((error.message, error.hints[0] if error.hints else "sessionctl gc"))

    def _clean_all(self) -> tuple[Note, ...]:
        """Clean up after all documents, once a week; what cannot be done waits for ``gc``.

        Returns what hinders it where that has a next step.
        """
        if self._upkeep is None or self.directory is None:
            return ()
        stamp = os.path.join(self.directory, "cleaned")
        try:
            is_due = is_older(stamp, _WEEK_S)
            if is_due is not False:
                # First, so that nobody else begins too; the very first time nothing is old.
                os.close(os.open(stamp, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600))
                os.utime(stamp)
            if is_due:
                self._upkeep.clean_all()
        except FileError as error:
            return ((error.message, error.hints[0]),) if error.hints else ()
        except OSError:
            pass
        return ()

    def _archive(self, target: str) -> Archive:
        assert self.directory is not None
        return Archive(os.path.join(self.directory, "documents", key_of(target)), target)

    def _opened(self, name: str, within: str = "") -> _LockedDocument:
        target = real_path(name)
        if within and not is_below(target, within):
            raise FileError(f"{name}: not written, a symlink leads out of {within}")
        refuse_irregular(target, name)
        archive = None if self.directory is None else self._archive(target)
        return _LockedDocument(name, target, archive, self._merge)


class _LockedDocument:
    """A document, locked for one save; without an archive where none can be made.

    A class, since contextlib costs start-up.
    """

    def __init__(
        self, name: str, target: str, archive: Archive | None, merge: Merge | None
    ) -> None:
        self._name = name
        self._target = target
        self._archive = archive
        self._merge = merge
        self._lock: Lock | None = None
        self._pin = pinned(target)

    def __enter__(self) -> Saving:
        notes = [] if self._archive else [no_backup_note(self._name, "")]
        archive = self._archive and self._locked(self._archive, notes)
        try:
            place = DocumentPlace(self._name, self._target, self._pin.__enter__())
        except BaseException:
            self._unlock()
            raise
        return Saving(place, archive, self._merge, notes)

    def _locked(self, archive: Archive, notes: list[Note]) -> Archive | None:
        lock = Lock(archive.lock_path, self._name)
        try:
            archive.make()
            lock.__enter__()
        except OSError as error:
            if error.errno not in UNAVAILABLE:
                raise archive.cannot("keep a backup", error) from error
            notes.append(no_backup_note(self._name, archive.directory, error))
            return None
        self._lock = lock
        return archive

    def __exit__(self, *_: object) -> None:
        try:
            self._pin.__exit__()
        finally:
            self._unlock()

    def _unlock(self) -> None:
        if self._lock is not None:
            self._lock.__exit__(None, None, None)
            self._lock = None
