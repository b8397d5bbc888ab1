"""Backup undo: what saves changed in a file that git does not have, by the texts kept of it.

An undo is a change too, and says in its word which change it took back; so the list of
changes alone tells what can be undone next, and what can be redone.
"""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.core.text.shellwords import last_words, path_word
from sessionctl.core.toml.document import Document
from sessionctl.errors import EditError
from sessionctl.services.history.backups import NEVER_IN_FILE, REDOING, SLIPPED, UNDO, word_of
from sessionctl.system.files.text import decode_text
from sessionctl.system.store.archive_entry import NOTHING, address_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.system.store.archive import Archive
    from sessionctl.system.store.archive_entry import ArchiveEntry

SAVED = "saved"
BY_HAND = "by-hand"
REDO = "redo"

_RENAME = "rename"
_NOT_CHANGES = NEVER_IN_FILE | {SLIPPED, "left"}


class ArchivedChange(NamedTuple):
    """A change to take back: the texts before and after it.

    ``kind`` is one of the words of this module, ``by`` the command that made the change, ""
    for a person. ``undo_word`` is what the change that takes it back is to be called.
    """

    kind: str
    before: str
    after: str
    undo_word: str
    by: str = ""


def step_back(archive: Archive, file: str, text: str | None, *, redo: bool) -> ArchivedChange:
    """Return the next change to take back, or with ``redo`` the last undo.

    ``text`` is what the file holds, None where it is not there.

    Raises:
      EditError: there is none.
      FileError: what is kept cannot be read.
    """
    done, undone, last = _standing(archive.entries())
    if redo:
        if not undone:
            raise EditError(f"{file}: no undo to revert", hints=["see 'sessionctl undo --help'"])
        undo = undone[-1]
        before, after = _texts(archive, file, undo)
        return ArchivedChange(REDO, before, after, f"{REDOING}{undo.token}", word_of(undo.why))
    if last is None:
        raise EditError(
            f"{file}: nothing to undo: it is not in git, and no backup of it is kept",
            hints=[f"see what can be restored: sessionctl recover {path_word(file)}"],
        )
    if last.after != (NOTHING if text is None else address_of(text.encode())):
        written = decode_text(archive.read(last.after), file)
        return ArchivedChange(BY_HAND, written, text or "", f"{UNDO}0")
    if not done:
        raise EditError(
            f"{file}: no older change to undo",
            hints=[f"see what there was: sessionctl backups list {path_word(file)}"],
        )
    while len(done) > 1 and _is_renaming_and_back(archive, file, *done[-2:]):
        done = done[:-2]
    change = done[-1]
    if change.why == _RENAME:
        raise _renamed(archive, file, change)
    if change.before == NOTHING:
        raise EditError(
            f"{file}: '{change.why}' began the file, there is nothing before it",
            hints=[f"take the file away: rm {path_word(file)}"],
        )
    before, after = _texts(archive, file, change)
    return ArchivedChange(SAVED, before, after, f"{UNDO}{change.token}", word_of(change.why))


def _is_renaming_and_back(
    archive: Archive, file: str, one: ArchiveEntry, other: ArchiveEntry
) -> bool:
    if not one.why == other.why == _RENAME:
        return False
    return _name_of(_texts(archive, file, one)[0]) == _name_of(_texts(archive, file, other)[1])


def _name_of(text: str) -> str:
    return str(Document.parse(text).value.get("name", ""))


def _renamed(archive: Archive, file: str, change: ArchiveEntry) -> EditError:
    """Return why a renaming is not undone here: it changed much more than this text."""
    name = last_words(_name_of(_texts(archive, file, change)[0]))
    return EditError(
        f"{file}: the last change renamed it, with all that belongs to it",
        hints=[f"rename it back: sessionctl rename {path_word(file)} {name}"],
    )


def _standing(
    entries: list[ArchiveEntry],
) -> tuple[list[ArchiveEntry], list[ArchiveEntry], ArchiveEntry | None]:
    """Return the changes that stand, the undos that stand, and the newest change of all."""
    done: list[ArchiveEntry] = []
    undone: list[tuple[ArchiveEntry, ArchiveEntry | None]] = []
    last = None
    for entry in entries:
        if entry.why in _NOT_CHANGES or entry.after == NOTHING:
            continue
        last = entry
        if entry.why.startswith(UNDO):
            token = entry.why.removeprefix(UNDO)
            taken = next((change for change in done if change.token == token), None)
            done = [change for change in done if change is not taken]
            undone.append((entry, taken))
        elif entry.why.startswith(REDOING):
            token = entry.why.removeprefix(REDOING)
            done += [taken for undo, taken in undone if undo.token == token and taken is not None]
            undone = [(undo, taken) for undo, taken in undone if undo.token != token]
        else:
            done.append(entry)
    return done, [undo for undo, _ in undone], last


def _texts(archive: Archive, file: str, entry: ArchiveEntry) -> tuple[str, str]:
    """Return the texts before and after a change."""
    before, after = (decode_text(archive.read(one), file) for one in (entry.before, entry.after))
    return before, after
