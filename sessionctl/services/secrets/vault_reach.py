"""Vault reach: a sidecar whose vault is neither in its directory nor in one above."""

from __future__ import annotations

# Of thousands of sessions each asks: plain os calls here.
# ruff: noqa: PTH110, PTH114, PTH116, PTH118, PTH120
import os
import time
from pathlib import Path

from sessionctl.core.filename import (
    RECIPIENTS_FILE,
    VAULT_FOLDER,
    VAULT_INFO_FILE,
    is_session_name,
    is_sidecar_name,
    session_name,
    sidecar_name,
)
from sessionctl.core.keypath import KeyPath
from sessionctl.core.memory import remembered
from sessionctl.core.named_tuple import NamedTuple
from sessionctl.core.problem import Problem, Span
from sessionctl.core.regex.lazy_pattern import late
from sessionctl.core.secrets.sidecar import Sidecar
from sessionctl.core.text.shellwords import path_word
from sessionctl.core.toml.document import Document
from sessionctl.errors import SessionctlError
from sessionctl.services.secrets.access.secret_place import find_place, find_root
from sessionctl.services.secrets.access.vault_info import read_vault_info
from sessionctl.system.files.text import read_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from sessionctl.core.secrets.trust_book import TrustBook
    from sessionctl.services.secrets.access.secret_place import SecretPlace

OUT_OF_REACH = "vault-out-of-reach"
_VAULT = KeyPath(("vault",))
_MOST_FOLDERS = 2_000
_SETTLED_NS = 2_000_000_000
"""A directory changed less long ago may change again without another time."""
_LONG_NS = 2_000_000
_HOLDS = 20
"""What a search found that took ``_LONG_NS`` holds for so many times as long."""
_ID = late(r"""(?m)^id[ \t]*=[ \t]*["']([0-9a-fA-F-]{16,64})["']""")


def reach_problem(file: str, text: str, book: TrustBook | None = None) -> Problem | None:
    """Return what is wrong where nobody can open the secrets of ``file``; None where all is well.

    ``file`` is a session or a sidecar with the content ``text``. The session and its sidecar
    were moved or copied without their vault, which is looked for in the work tree, and where
    ``book`` says that it was used on this machine. Another vault that is here instead may be
    the same with a newer key: that is a warning, unless theirs is found.
    """
    name = os.path.basename(file)  # noqa: PTH119
    session = file
    if is_sidecar_name(name):
        session = os.path.join(os.path.dirname(file), session_name(name))
    elif not is_session_name(name):
        return None
    try:
        place = find_place(session)
        sidecar = Sidecar.parse(read_text(place.sidecar), str(place.sidecar))
        info = read_vault_info(place)
    except (SessionctlError, OSError):
        return None  # reported where these files are checked
    if not sidecar.entries or (info is not None and info.recipient == sidecar.vault):
        return None
    home = _home_of(sidecar.vault, place, book)
    span, severity = _span(file, text), "error"
    if place.has_vault or info is not None:
        if info is None:
            return None
        message = "its secrets are sealed for another vault than the one here"
        severity = "error" if home is not None else "warning"
        hint = _way_back(place, home) if home is not None else _look(place)
        message += "" if home is not None else ", or for an older key of it"
    else:
        message = "the vault that its secrets are sealed for is not here, nor in a directory above"
        hint = _way_together(place, home, is_known=book is not None)
    return Problem(OUT_OF_REACH, message, span, hint=hint, severity=severity)


def is_same_vault(one: SecretPlace, other: SecretPlace) -> bool:
    """Return whether two places have one vault, as far as they say which theirs is."""
    try:
        infos = read_vault_info(one), read_vault_info(other)
    except (SessionctlError, OSError):
        return True
    return infos[0] is None or infos[1] is None or infos[0].recipient == infos[1].recipient


def left_behind(file: str) -> str:
    """Return the command that brings the session ``file`` and its secrets together, or "".

    That is for one that was moved, whose sidecar stayed where it was.
    """
    try:
        strays = _STRAYS.around(_folder_of(file))
        if not strays:
            return ""
        place = find_place(file)
        found = _ID.search(read_text(file))
    except (SessionctlError, OSError):
        return ""
    if found is None:
        return ""
    for sidecar in strays:
        if not _is_of(sidecar, found[1]):
            continue
        if _reaches(place.folder, sidecar):
            return _move(sidecar, place.sidecar)
        return _move(place.session, sidecar.with_name(session_name(sidecar.name)))
    return ""


def _folder_of(session: str) -> str:
    """Return the directory of ``find_place``, found sooner where nothing is a link."""
    folder, name = os.path.split(session)
    beside = os.path.join(folder, sidecar_name(name))
    if os.path.islink(session) or os.path.islink(beside):
        return str(find_place(session).folder)
    return os.path.realpath(folder)


def _reaches(folder: Path, sidecar: Path) -> bool:
    """Return whether the vault of ``sidecar`` is that of ``folder``."""
    try:
        vault = Sidecar.parse(read_text(sidecar), str(sidecar)).vault
    except SessionctlError:
        return False
    return _names(find_root(folder), vault)


def _is_of(sidecar: Path, session: str) -> bool:
    try:
        return session in read_text(sidecar)
    except SessionctlError:
        return False


def _move(source: Path, target: Path) -> str:
    words = (path_word(os.path.relpath(path)) for path in (source, target))
    return f"mv -- {' '.join(words)}"


def _span(file: str, text: str) -> Span:
    """Return where the vault is named, or the first secret."""
    try:
        document = Document.parse(text, file)
    except SessionctlError:
        return Span(0, 0)
    if _VAULT in document and is_sidecar_name(os.path.basename(file)):  # noqa: PTH119
        return document.span(_VAULT)
    found = text.find("secret")
    return Span(max(found, 0), max(found, 0) + len("secret"))


def _home_of(vault: str, place: SecretPlace, book: TrustBook | None) -> Path | None:
    """Return where the vault of a sidecar lies: in this work tree, or used on this machine."""
    for folder in _folders(_top_of(str(place.folder))):
        if _names(folder.path, vault):
            return folder.path
    pin = None if book is None else book.vaults.get(vault)
    places = map(Path, () if pin is None else pin.places)
    return next((folder for folder in places if _names(folder, vault)), None)


def _way_back(place: SecretPlace, home: Path) -> str:
    files = " ".join(path_word(str(path)) for path in (place.session, place.sidecar))
    return f"move them below their vault: mv -- {files} {path_word(os.path.relpath(home))}"


def _way_together(place: SecretPlace, home: Path | None, *, is_known: bool) -> str:
    """Return the command for a session without any vault: that of another repository comes."""
    if home is None:
        where = "" if is_known else f"; where that is: {_look(place)}"
        return (
            f"copy {RECIPIENTS_FILE} and {VAULT_FOLDER} from where they were,"
            f" into {path_word(str(place.root))}{where}"
        )
    top = _top_of(str(place.folder))
    if top is not None and home.is_relative_to(top):
        return _way_back(place, home)
    names = (home / name for name in (RECIPIENTS_FILE, VAULT_FOLDER))
    words = " ".join(path_word(str(path)) for path in names if path.exists())
    return f"copy their vault here: cp -R -- {words} {path_word(str(place.root))}"


def _look(place: SecretPlace) -> str:
    return f"sessionctl secret doctor {path_word(str(place.session))}"


def _top_of(start: str) -> str | None:
    """Return the top of the work tree around ``start``, None outside of one."""
    while not os.path.exists(os.path.join(start, ".git")):
        above = os.path.dirname(start)
        if above == start:
            return None
        start = above
    return start


def _names(folder: Path, vault: str) -> bool:
    info = folder / VAULT_FOLDER / VAULT_INFO_FILE
    try:
        return vault in read_text(info)
    except SessionctlError:
        return False


class _Folder(NamedTuple):
    """A directory: those in it, and ``strays``, the sidecars whose session is not beside them."""

    path: Path
    folders: tuple[str, ...]
    strays: tuple[str, ...]


def _folders(top: str | None) -> Iterator[_Folder]:
    """Yield the directories of the work tree ``top``."""
    waiting = [] if top is None else [top]
    for _ in range(_MOST_FOLDERS):
        if not waiting:
            return
        path = waiting.pop()
        try:
            folder = _folder_at(path)
        except OSError:
            continue
        yield folder
        waiting += [os.path.join(path, name) for name in reversed(folder.folders)]


class _Strays:
    """The sidecars of the last work tree that were left behind.

    Thousands of sessions without a sidecar ask about the same directories. What a long search
    found holds for a while, so that all of them together wait little longer than for one.
    """

    def __init__(self) -> None:
        self._top: str | None = None
        self._found: tuple[Path, ...] = ()
        self._until_ns = 0

    def around(self, start: str) -> tuple[Path, ...]:
        """Return those of the work tree around ``start``, in the order of its directories."""
        began_ns = time.monotonic_ns()
        top = _top_of(start)
        if top != self._top or began_ns >= self._until_ns:
            folders = _folders(top)
            self._found = tuple(one.path / name for one in folders for name in one.strays)
            took_ns = time.monotonic_ns() - began_ns
            is_long = took_ns >= _LONG_NS
            self._top = top
            self._until_ns = began_ns + (_HOLDS * took_ns if is_long else 0)
        return self._found


_STRAYS = _Strays()


def _folder_at(path: str) -> _Folder:
    """Return what is in a directory, read again only once it was changed.

    Every session without a sidecar asks about all of them.
    """
    changed_ns = os.stat(path).st_mtime_ns
    if time.time_ns() - changed_ns < _SETTLED_NS:
        return _read_now(path, changed_ns)
    return _read_folder(path, changed_ns)


def _read_now(path: str, _changed_ns: int) -> _Folder:
    with os.scandir(path) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    names = {entry.name for entry in entries}
    folders = tuple(
        entry.name
        for entry in entries
        if entry.is_dir(follow_symlinks=False) and entry.name not in (".git", VAULT_FOLDER)
    )
    strays = tuple(
        entry.name
        for entry in entries
        if is_sidecar_name(entry.name) and session_name(entry.name) not in names
    )
    return _Folder(Path(path), folders, strays)


_read_folder = remembered(2 * _MOST_FOLDERS)(_read_now)
