"""Naming journal: which session is being renamed or copied, so that a cut one is finished."""

from __future__ import annotations

# Small files by their keys: plain os calls here.
# ruff: noqa: PTH110, PTH118, PTH208
import os

from sessionctl.core.filename import sidecar_name
from sessionctl.core.named_tuple import NamedTuple
from sessionctl.core.secrets.sidecar import Sidecar
from sessionctl.core.sha256 import sha256
from sessionctl.core.toml.document import Document
from sessionctl.errors import FileError, SessionctlError
from sessionctl.system.files.private_directories import make_private
from sessionctl.system.files.temporary import remove_quietly
from sessionctl.system.files.text import read_bytes, read_text, remove_file, write_text
from sessionctl.system.os_errors import cannot
from sessionctl.system.store.archive_entry import key_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.system.store.store import Store

_FOLDER = "naming"


class NamingEntry(NamedTuple):
    """One naming: real paths ``old`` and ``new``, and what is to be done once ``new`` is there.

    ``removals`` are paths with the digest of what they held, ``states`` real paths with the
    name of the session. ``made`` is the digest of the session that is made.
    """

    old: str
    new: str
    removals: tuple[tuple[str, str], ...] = ()
    states: tuple[tuple[str, str], ...] = ()
    is_sealed: bool = False
    made: str = ""

    @classmethod
    def of_json(cls, text: str) -> NamingEntry:
        """Return the entry that ``text`` has; raises ``ValueError`` or ``TypeError``."""
        import json

        data = json.loads(text)
        removals, states = (
            tuple((str(a), str(b)) for a, b in data[key]) for key in ("removals", "states")
        )
        pair, made = (str(data["old"]), str(data["new"])), str(data.get("made", ""))
        return cls(*pair, removals, states, bool(data["is_sealed"]), made)


class NamingJournal:
    """The namings that were begun and not finished yet."""

    def __init__(self, directory: str | None) -> None:
        self._folder = os.path.join(directory, _FOLDER) if directory else ""

    def entries(self) -> list[NamingEntry]:
        """Return what was begun; a file that cannot be read counts for nothing."""
        try:
            names = sorted(os.listdir(self._folder)) if self._folder else []
        except OSError:
            return []
        found = []
        for name in names:
            if name.endswith(".json"):
                try:
                    found.append(NamingEntry.of_json(read_text(os.path.join(self._folder, name))))
                except (SessionctlError, ValueError, TypeError, KeyError):
                    continue
        return found

    def find(self, old: str, new: str) -> NamingEntry | None:
        """Return the naming of ``old`` to ``new`` that was begun."""
        pair = (own_path(old), own_path(new))
        return next((one for one in self.entries() if (one.old, one.new) == pair), None)

    def begin(self, entry: NamingEntry) -> None:
        """Write the entry, durably; raises ``FileError``."""
        if self._folder:
            try:
                make_private(self._folder)
            except OSError as error:
                raise cannot("write", self._folder, error) from error
            import json

            write_text(self._path(entry.new), json.dumps(entry._asdict()) + "\n")

    def end(self, new: str) -> None:
        """Remove the entry of the naming to ``new``."""
        if self._folder:
            remove_quietly(self._path(new))

    def _path(self, new: str) -> str:
        return os.path.join(self._folder, f"{key_of(new)}.json")


def own_path(path: str) -> str:
    """Return the real path of the directory entry itself: a link is not followed."""
    folder, base = os.path.split(path)
    return os.path.join(os.path.realpath(folder or "."), base)


def digest_of(text: str) -> str:
    """Return the digest of a text, by which it is known again."""
    digest: str = sha256(text.encode()).hexdigest()
    return digest


def is_made(entry: NamingEntry | None) -> bool:
    """Return whether a naming that seals secrets had made the new session when it was cut.

    It is made last of all that is new: its sidecar is there, and belongs to it. What somebody
    else made in its place, or changed since, is not it.
    """
    if entry is None or not entry.is_sealed:
        return False
    try:
        text = read_text(entry.new)
        given = Document.parse(text).value.get("id")
        sidecar = Sidecar.parse(read_text(sidecar_name(entry.new)))
    except SessionctlError:
        return False
    return digest_of(text) == entry.made and sidecar.session == given


def forget_undone(directory: str | None, old: str, new: str) -> None:
    """Remove the note of a naming that failed before anything of ``new`` was made."""
    new = own_path(new)
    is_made = os.path.lexists(new) or os.path.lexists(sidecar_name(new))
    if os.path.lexists(old) and not is_made:
        NamingJournal(directory).end(new)


def clear_cut_copy(store: Store, old: str, new: str) -> None:
    """Remove the secrets that a cut naming sealed for ``new``; their text stays in the backups.

    Raises:
      FileError: they cannot be removed.
    """
    entry = NamingJournal(store.directory).find(old, new)
    sidecar = sidecar_name(new)
    if entry is None or not entry.is_sealed or not os.path.exists(old) or os.path.lexists(new):
        return
    if not os.path.lexists(sidecar):
        return
    data = read_bytes(sidecar)
    archive = store.archive(sidecar)
    archive.make()
    archive.record(data, None, "left")
    try:
        remove_file(sidecar, expected=data.decode())
    except UnicodeDecodeError as error:
        raise FileError(f"{sidecar}: there is already a file") from error
