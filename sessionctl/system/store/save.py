"""Saving: the steps of one save, on a document that is locked; ``store`` tells of them."""

from __future__ import annotations

from sessionctl.core.text.shellwords import path_word
from sessionctl.errors import ChangedError, DocumentError, FileError, SessionctlError
from sessionctl.system.files.stable_read import PAUSES_S, FileReadout, sleep
from sessionctl.system.files.temporary import remove_quietly
from sessionctl.system.files.text import decode_text, put_new
from sessionctl.system.os_errors import reason_of
from sessionctl.system.store.archive_entry import NOTHING, address_of, new_token
from sessionctl.system.store.availability import UNAVAILABLE, no_backup_note
from sessionctl.system.store.displacement import DocumentPlace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from sessionctl.system.store.archive import Archive
    from sessionctl.system.store.archive_entry import ArchiveEntry
    from sessionctl.system.store.displacement import DisplacedFile

    Merge = Callable[[str, str, str, str], str | None]

ROUNDS = 5
"""How often an edit may slip in during one save before the save gives way to it."""

_TRIES = 20
_REPLAYED = 8
_SINCE = "since it was read"
_CHANGED = f"was changed by someone else {_SINCE}"
_BROKEN = f"{_CHANGED}, and is not TOML now"
_LOOK_AGAIN = "look at the file and run the command again"


class Saving:
    """One save of a document; ``notes`` gather what the user should know.

    ``archive`` is None where no backup can be kept. Methods raise ``OSError`` for what the
    system refuses before anything is written.
    """

    def __init__(
        self,
        place: DocumentPlace,
        archive: Archive | None,
        merge: Merge | None,
        notes: list[tuple[str, str]],
    ) -> None:
        """Take the document's place, and what is kept of it."""
        self.notes = notes
        self._place = place
        self._name = place.name
        self._archive = archive
        self._merge = merge
        self._entry: ArchiveEntry | None = None
        self._is_merged = False

    def save(
        self, new: bytes, known: bytes | None, why: str, *, may_merge: bool = True
    ) -> tuple[bool, bool, bytes]:
        """Write ``new`` over ``known``, with what others changed since (or only as it is).

        Returns whether that changed the file, whether edits of others are in it, and what
        the file holds now.

        Raises:
          ChangedError: an edit of someone else clashes with it.
          FileError: what is there cannot be read.
        """
        self.settle()
        if not may_merge:
            self._merge = None
        try:
            return self._save(new, known, why)
        except ChangedError:
            self._keep_refused(new)
            raise

    def _save(self, new: bytes, known: bytes | None, why: str) -> tuple[bool, bool, bytes]:
        rounds = 0
        for attempt in range(_TRIES):
            look, new = self._joined(known, new)
            if look is None:
                if self.create(new, why):
                    return True, self._is_merged, new
                continue
            known = look.data
            if known == new:
                return False, self._is_merged, new
            # Who edits without pause leaves a slow disk no time for four flushes: from the
            # second try on, the list of changes is flushed once the files are exchanged.
            # Until then the text that was displaced is safe in the displaced file.
            displaced = self._put(new, look, why, is_durable=attempt == 0)
            if displaced is None:
                continue
            edit = self._edit_in(displaced, look)
            if edit is None:
                if attempt and self._archive is not None and self._entry is not None:
                    self._archive.sync(self._entry)
                remove_quietly(displaced.path)
                return True, self._is_merged, new
            rounds += 1
            known, new = self._give_back(edit, look.data, new)
            if rounds >= ROUNDS:
                break
        raise self._refusal("is changed by someone else all the time")

    def create(self, new: bytes, why: str) -> bool:
        """Make the file; return whether that was done: False where something is there."""
        token = new_token()
        entry = self._record(None, new, why, token=token)
        temporary = ""
        try:
            temporary = self._place.write_beside(token, new)
            put_new(temporary, self._place.target)
        except FileExistsError:
            self._forget(entry)
            return False
        except OSError:
            if self._keep_refused(new):  # the file never had it
                self._forget(entry)
            raise
        finally:
            remove_quietly(temporary)
        self._place.sync()
        return True

    def settle(self, *, is_thorough: bool = False) -> None:
        """Finish the changes that were cut short: those whose temporary file is still there.

        Usually the newest ones are looked at; ``is_thorough`` finds what any left.
        """
        if self._archive is None:
            return
        for entry in self._archive.entries(newest=0 if is_thorough else _REPLAYED):
            for path, data in self._place.left_of(entry.token):
                self._settle(entry, path, data)
        if not is_thorough:
            return
        for path, data in self._place.leftovers():
            # Of no change that is known any more: kept, though nobody may want it.
            self._archive.record(data, None, "left")
            remove_quietly(path)

    # -- reading and joining -----------------------------------------------------------

    def _joined(self, known: bytes | None, new: bytes) -> tuple[FileReadout | None, bytes]:
        """Return what the file holds, and ``new`` with what changed there since ``known``."""
        for pause_s in (*PAUSES_S, 0.0):
            look = self._place.look()
            if look is None and known is not None:
                raise self._refusal(f"is gone {_SINCE}")
            if look is None or known is None or look.data == known:
                return look, new
            try:
                return look, self._merged(known, look.data, new)
            except DocumentError as error:
                if not pause_s:
                    raise self._refusal(f"{_BROKEN}: {error.message}") from error
            sleep(pause_s)  # half written, perhaps
        raise AssertionError("the last look returns or raises")  # pragma: no cover

    def _merged(self, known: bytes, disk: bytes, new: bytes) -> bytes:
        """Return ``new`` with the changes of ``disk`` since ``known``.

        Raises:
          ChangedError: they clash.
          DocumentError: ``disk`` is not TOML, or it was emptied.
        """
        if disk == new:
            return new
        if self._merge is None:
            raise self._refusal(_CHANGED)
        if known.strip() and not disk.strip():
            raise DocumentError("it is empty")
        base, theirs, ours = (decode_text(data, self._name) for data in (known, disk, new))
        merged = self._merge(self._name, base, theirs, ours)
        if merged is None:
            raise self._refusal(_CHANGED)
        self._is_merged = True
        return merged.encode()

    def _refusal(self, what: str) -> ChangedError:
        message = f"{self._name}: {what}; nothing was written"
        return ChangedError(message, hints=[_LOOK_AGAIN])

    def _keep_refused(self, new: bytes) -> bool:
        """Put a text that cannot be saved into the archive, and return whether that went."""
        if self._archive is None:
            return False
        try:
            look = self._place.look()
            return self._record(look.data if look else None, new, "refused") is not None
        except (OSError, SessionctlError):
            return False

    # -- writing -----------------------------------------------------------------------

    def _put(
        self, new: bytes, look: FileReadout, why: str, *, is_durable: bool = True
    ) -> DisplacedFile | None:
        """List the change, then put ``new`` in the place of what was seen there.

        Returns what that displaced; None, and nothing done, where the file was changed
        since ``look``.
        """
        token = new_token()
        self._entry = self._record(look.data, new, why, token=token, is_durable=is_durable)
        displaced = self._place.put(new, look, token)
        if displaced is None:
            if next(self._place.left_of(token), None) is None:
                self._forget(self._entry)
        elif displaced.other_names:
            self._tell_parted(displaced.other_names)
        return displaced

    def _edit_in(self, displaced: DisplacedFile, expected: FileReadout) -> DisplacedFile | None:
        """Return the edit that was displaced, None where that is the text which was expected.

        The exchange is on the disk then.
        """
        try:
            look = self._place.look_at_displaced(displaced.path, expected)
            if look.data == expected.data:
                self._place.sync()
                if not self._place.is_still(displaced.path, look):
                    look = self._place.look_at_displaced(displaced.path, expected)
        except OSError as error:
            raise FileError(
                f"{self._name}: was written, but {self._place.shown(displaced.path)}, "
                "which it replaced, "
                f"cannot be checked: {reason_of(error)}",
                hints=[f"sessionctl recover {path_word(self._name)}"],
            ) from error
        return None if look.data == expected.data else displaced._replace(data=look.data)

    def _give_back(self, edit: DisplacedFile, known: bytes, new: bytes) -> tuple[bytes, bytes]:
        """Give an edit that slipped in its place again, at once: it is merged as if seen there.

        Returns what is known of the file, and what to write next.

        Raises:
          ChangedError: a newer edit came in, and the two clash with what is to be written.
        """
        ours, refusal = new, None
        for _ in range(_TRIES):
            there = self._place.swap_back(edit.path)
            is_back = there.data == ours
            if is_back and remove_quietly(there.path):
                self._forget(self._entry)
            if not is_back:
                self._record(edit.data, there.data, "slipped")
            # Merged here too, not only when it is seen in its place: in the meantime an
            # editor may have read the file without it, and write that.
            try:
                new = self._merged(known, edit.data, new)
            except (ChangedError, DocumentError):
                refusal = None if is_back else self._refusal(_CHANGED)
            if is_back:
                break
            # Someone wrote over what we had put there: that is newer and gets the place.
            edit, known, ours = there, ours, edit.data
        if refusal is not None:
            raise refusal
        return known, new

    def _record(
        self,
        before: bytes | None,
        after: bytes | None,
        why: str,
        *,
        token: str = "",
        is_durable: bool = True,
    ) -> ArchiveEntry | None:
        """List a change; from here on without an archive where that has no room for it.

        A full disk under the state directory is no reason to refuse an edit elsewhere.
        """
        if self._archive is None:
            return None
        try:
            return self._archive.record(before, after, why, token=token, is_durable=is_durable)
        except FileError as error:
            cause = error.__cause__
            if not isinstance(cause, OSError) or cause.errno not in UNAVAILABLE:
                raise
            self.notes.append(no_backup_note(self._name, self._archive.directory, cause))
            self._archive = None
            return None

    def _forget(self, entry: ArchiveEntry | None) -> None:
        if entry is not None and self._archive is not None:
            self._archive.forget(entry)

    def _tell_parted(self, others: int) -> None:
        names = "another name" if others == 1 else f"{others} other names"
        note = f"{self._name}: it had {names} (hard links), which keep the old text"
        self.notes.append((note, "link them again: ln -f FILE OTHER_NAME"))

    # -- after a save that was cut short -------------------------------------------------

    def _settle(self, entry: ArchiveEntry, path: str, data: bytes) -> None:
        """Settle the change ``entry``, whose temporary file at ``path`` holds ``data``."""
        assert self._archive is not None
        if self._is_torn(entry, data):
            remove_quietly(path)
            return
        if address_of(data) in (entry.before, entry.after):
            self._archive.keep(data)  # the power may have gone before it was there
            remove_quietly(path)
            return
        self._archive.record(data, None, "slipped")
        note = f"{self._name}: an edit came in when a save was cut short"
        look = self._place.look()
        if look is not None and self._join_slipped(entry, data, look):
            self.notes.append((f"{note}; it was merged", ""))
        else:
            self.notes.append(
                (f"{note}, and is not in it", f"sessionctl recover {path_word(self._name)}")
            )
        remove_quietly(path)

    def _is_torn(self, entry: ArchiveEntry, data: bytes) -> bool:
        """Return whether ``data`` is the beginning of the text that was to be written."""
        assert self._archive is not None
        if entry.after == NOTHING:
            return False
        try:
            return self._archive.read(entry.after).startswith(data)
        except FileError:
            return False  # not on the disk when the power went

    def _join_slipped(self, entry: ArchiveEntry, edit: bytes, look: FileReadout) -> bool:
        """Merge an edit that slipped in and was never merged; return whether that went well."""
        assert self._archive is not None
        try:
            before, after = self._archive.read(entry.before), self._archive.read(entry.after)
            merged = self._merged(before, edit, after)
            merged = self._merged(after, look.data, merged)
        except SessionctlError:
            return False
        if merged == look.data:
            return True
        displaced = self._put(merged, look, "merged")
        if displaced is None:
            return False
        late = self._edit_in(displaced, look)
        if late is not None:
            self._give_back(late, look.data, merged)
            return False
        remove_quietly(displaced.path)
        return True
