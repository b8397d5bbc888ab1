"""Draft: the copy of a document that a person edits, until it is fit to be saved.

It lies in the document's archive, for the user alone, and under the document's own name, so
that an editor knows what it is. What an editor or a crash leaves there is not lost: the next
``edit`` goes on with it, and ``recover`` offers it.
"""

from __future__ import annotations

# pathlib costs start-up: plain os calls here.
# ruff: noqa: PTH100, PTH104, PTH108, PTH110, PTH112, PTH113, PTH114, PTH116, PTH118, PTH119
import os
import stat
from contextlib import contextmanager
from typing import NamedTuple

from sessionctl.core.diff.content_loss import losses
from sessionctl.core.text.shellwords import path_word
from sessionctl.core.toml.document import Document
from sessionctl.errors import ChangedError, FileError, ParseError
from sessionctl.services.documents.checked_file import CheckedFile
from sessionctl.services.documents.validation import Validator
from sessionctl.services.merging.three_way import MergeOptions, merge_texts
from sessionctl.system.files.private_directories import (
    make_private,
    remove_tree,
    write_private_bytes,
)
from sessionctl.system.files.temporary import remove_quietly
from sessionctl.system.files.text import LIMIT_BYTES, read_bytes, read_text, real_path, write_text
from sessionctl.system.store.archive import DRAFT, Archive
from sessionctl.system.store.availability import UNAVAILABLE, no_backup_note
from sessionctl.system.store.lock import Lock
from sessionctl.system.store.store import SaveResult

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from sessionctl.services.documents.schema_choice import SchemaChooser
    from sessionctl.system.store.store import Store

WHY = "draft"
_BASE = ".base"
_SPARE_BYTES = 4096


class DraftKind(NamedTuple):
    """What a draft is of: the text that a missing file begins with, and what checks it.

    Without a text, there has to be a file.
    """

    first_text: str | None = None
    schemas: SchemaChooser | None = None


_THERE = DraftKind()


class Draft:
    """The copy of ``file`` that is edited; ``base`` is the text it began with.

    ``is_left`` says that an earlier edit left it, with changes in it, ``holds_both`` that a save
    put what others changed meanwhile into it. ``notes`` are not empty
    where the state directory cannot be used and the draft lies in a temporary directory,
    where no later edit looks for it.
    """

    def __init__(
        self,
        store: Store,
        file: str,
        archive: Archive,
        notes: tuple[tuple[str, str], ...] = (),
        kind: DraftKind = _THERE,
    ) -> None:
        """Find the draft of ``file`` in ``archive``, as it was left or not there."""
        self.file = file
        self.notes = notes
        self._store = store
        self._archive = archive
        self._kind = kind
        self._folder = os.path.join(self._archive.directory, DRAFT)
        self.path = os.path.join(self._folder, os.path.basename(self._archive.target))
        self._base_path = os.path.join(self._folder, _BASE)
        self.base = ""
        self.is_left = False
        self.holds_both = False
        self._set_aside()
        if os.path.exists(self.path) and os.path.exists(self._base_path):
            self.base = read_text(self._base_path)
            self.is_left = self.is_changed

    def _set_aside(self) -> None:
        """Put away what an editor left in the place of the copy that is no file."""
        try:
            mode = os.lstat(self.path).st_mode
        except OSError:
            return
        if not stat.S_ISREG(mode):
            os.rename(self.path, f"{self.path}.{os.urandom(4).hex()}")

    @property
    def is_changed(self) -> bool:
        """Whether the copy holds anything else than the text it began with."""
        return os.path.exists(self.path) and read_bytes(self.path) != self.base.encode()

    def begin(self) -> None:
        """Make a new copy of the file; one that was left goes into the archive.

        Raises:
          FileError: the file cannot be read, or the copy not be made.
        """
        self.keep()
        self.is_left = False
        self._archive.make()
        make_private(self._folder)
        self.rebase(self._first_text if self._is_new else read_text(self.file))

    @property
    def _is_new(self) -> bool:
        return self._kind.first_text is not None and not os.path.lexists(self.file)

    @property
    def _first_text(self) -> str:
        return self._kind.first_text or ""

    def rebase(self, base: str, text: str | None = None) -> None:
        """Let the draft stand on ``base`` and hold ``text``, or the same."""
        self.base = base
        for path, content in ((self._base_path, base), (self.path, base if text is None else text)):
            write_text(path, content)
            os.chmod(path, 0o600)  # noqa: PTH101

    def read(self) -> str:
        """Return what the draft holds; raises ``FileError``, or ``ParseError`` for no UTF-8."""
        if os.path.islink(self.path) or not os.path.isfile(self.path):
            hint = f"start again: sessionctl edit {path_word(self.file)}"
            raise FileError(f"{self.path}: the editor left no file here", hints=[hint])
        return read_text(self.path)

    def keep(self) -> None:
        """Put a draft that was left into the archive, where ``recover`` finds it."""
        if not self.is_changed:
            return
        data = read_bytes(self.path)
        with Lock(self._archive.lock_path, self.file):
            known = {entry.after for entry in self._archive.entries() if entry.why == WHY}
            if self._archive.keep(data) not in known:
                self._archive.record(self.base.encode(), data, WHY)

    def remove(self) -> None:
        """Remove the draft."""
        for path in (self.path, self._base_path):
            if os.path.exists(path):
                os.unlink(path)

    # -- looking at it, and saving it -------------------------------------------------------

    def check(self, text: str) -> CheckedFile:
        """Return all that is wrong with ``text`` as the content of the file."""
        return Validator(self._kind.schemas).check_text(self.file, text)

    def losses(self, text: str) -> tuple[str, ...]:
        """Return what ``text`` has lost that the file had, where it is much poorer."""
        try:
            return losses(Document.parse(self.base), Document.parse(text))
        except ParseError:
            return ("it is empty",) if self.base.strip() and not text.strip() else ()

    def save(self, text: str) -> SaveResult:
        """Save ``text`` to the file, with what others changed there meanwhile.

        Raises:
          ChangedError: others changed the same; the draft holds both now, what clashes
            between markers, and stands on the file as it is.
          FileError: it cannot be written; the draft stays.
        """
        try:
            if self._is_new:
                self._store.make_directory_of(os.path.abspath(self.file), below="/")
                self._store.create(self.file, text, why="edit")
                saved = SaveResult(is_changed=True, text=text)
            else:
                saved = self._store.save(self.file, text, expected=self.base, why="edit")
        except ChangedError:
            self._mark_conflicts(text)
            raise
        self.remove()
        return saved

    def _mark_conflicts(self, text: str) -> None:
        from sessionctl.core.merge import Labels

        self.holds_both = os.path.exists(self.file)
        if not self.holds_both:
            return
        disk = read_text(self.file)
        how = MergeOptions(Labels("the file now", "before both", "your edit")).for_file(self.file)
        self.rebase(disk, merge_texts((self.base, disk, text), how).text)


@contextmanager
def editing(store: Store, file: str, kind: DraftKind = _THERE) -> Iterator[Draft]:
    """Give the draft of ``file``, to one process at a time.

    Raises:
      FileError: it is being edited already, or there is no state directory.
    """
    archive, notes = _usable_archive(store, file, can_be_new=kind.first_text is not None)
    try:
        lock = Lock(f"{archive.lock_path}.edit", file, timeout_s=0)
        lock.__enter__()
    except OSError as error:
        raise archive.cannot("keep a draft", error) from error
    except FileError:
        raise FileError(
            f"{file}: it is being edited already, by another 'sessionctl edit'",
            hints=["end that one first"],
        ) from None
    draft = Draft(store, file, archive, notes, kind)
    try:
        yield draft
    finally:
        lock.__exit__(None, None, None)
        if notes and not draft.is_changed:
            remove_tree(archive.directory)


def _usable_archive(
    store: Store, file: str, *, can_be_new: bool
) -> tuple[Archive, tuple[tuple[str, str], ...]]:
    """Return the archive of ``file``, else one in a temporary directory and a note on it."""
    target = real_path(file)
    archive = None if store.directory is None else store.archive(file)
    if not (can_be_new or os.path.exists(file) or (archive and archive.entries())):
        hint = "create a session: sessionctl new NAME"
        raise FileError(f"{file}: cannot read: no such file", hints=[hint])
    if archive is None:
        return _temporary_archive(target), (no_backup_note(file, ""),)
    try:
        archive.make()
        _try_room(archive, file)
    except OSError as error:
        if error.errno not in UNAVAILABLE:
            raise archive.cannot("keep a draft", error) from error
        return _temporary_archive(target), (no_backup_note(file, archive.directory, error),)
    return archive, ()


def _temporary_archive(target: str) -> Archive:
    import tempfile

    return Archive(tempfile.mkdtemp(prefix="sessionctl-edit-"), target)


def _try_room(archive: Archive, file: str) -> None:
    """Raise ``OSError`` where a draft and its base would not fit; nothing is left."""
    size = os.stat(file).st_size if os.path.exists(file) else 0
    if size > LIMIT_BYTES:
        return  # it is refused when it is read
    path = os.path.join(archive.directory, f"{DRAFT}.room")
    try:
        write_private_bytes(path, bytes(2 * size + _SPARE_BYTES))
    finally:
        remove_quietly(path)


def keep_draft(store: Store, file: str) -> None:
    """Put what an edit of ``file`` left behind into the archive, unless it is under way."""
    archive = store.archive(file)
    if not os.path.isdir(os.path.join(archive.directory, DRAFT)):
        return
    try:
        with editing(store, file) as draft:
            draft.keep()
    except FileError:
        return  # somebody is at it
