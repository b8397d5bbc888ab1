"""Vault reach: a sidecar whose vault is neither in its directory nor in one above."""

from __future__ import annotations

import os
import time
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from sessionctl.core.filename import (
    RECIPIENTS_FILE,
    VAULT_FOLDER,
    VAULT_INFO_FILE,
    is_session_name,
    is_sidecar_name,
    session_name,
)
from sessionctl.core.keypath import KeyPath
from sessionctl.core.problem import Problem, Span
from sessionctl.core.secrets.sidecar import Sidecar
from sessionctl.core.text.lazy_pattern import late
from sessionctl.core.text.shellwords import path_word
from sessionctl.core.toml.document import Document
from sessionctl.errors import SessionctlError
from sessionctl.services.secrets.access.open_vault import read_vault_info
from sessionctl.services.secrets.access.secret_place import find_place, find_root
from sessionctl.system.files.text import read_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from sessionctl.services.secrets.access.secret_place import SecretPlace

OUT_OF_REACH = "vault-out-of-reach"
_VAULT = KeyPath(("vault",))
_MOST_FOLDERS = 2_000
_SETTLED_NS = 2_000_000_000
"""A directory changed less long ago may change again without another time."""
_ID = late(r"""(?m)^id[ \t]*=[ \t]*["']([0-9a-fA-F-]{16,64})["']""")


def reach_problem(file: str, text: str) -> Problem | None:
    """Return what is wrong where nobody can open the secrets of ``file``; None where all is well.

    ``file`` is a session or a sidecar with the content ``text``. The session and its sidecar
    were moved or copied without their vault, which is looked for in the work tree.
    """
    name = os.path.basename(file)  # noqa: PTH119
    session = file
    if is_sidecar_name(name):
        session = os.path.join(os.path.dirname(file), session_name(name))  # noqa: PTH118, PTH120
    elif not is_session_name(name):
        return None
    try:
        place = find_place(session)
        sidecar = Sidecar.parse(read_text(place.sidecar), str(place.sidecar))
        info = read_vault_info(place)
    except (SessionctlError, OSError):
        return None  # reported where these files are checked
    if place.has_vault or info is not None or not sidecar.entries:
        return None
    message = "the vault that its secrets are sealed for is not here, nor in a directory above"
    return Problem(OUT_OF_REACH, message, _span(file, text), hint=_hint(place, sidecar.vault))


def left_behind(file: str) -> str:
    """Return the command that brings the session ``file`` and its secrets together, or "".

    That is for one that was moved, whose sidecar stayed where it was.
    """
    try:
        found = _ID.search(read_text(file))
        place = find_place(file)
    except (SessionctlError, OSError):
        return ""
    if found is None:
        return ""
    for folder in _folders(place.folder):
        for name in folder.strays:
            sidecar = folder.path / name
            if not _is_of(sidecar, found[1]):
                continue
            if _reaches(place.folder, sidecar):
                return _move(sidecar, place.sidecar)
            return _move(place.session, sidecar.with_name(session_name(name)))
    return ""


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


def _hint(place: SecretPlace, vault: str) -> str:
    files = " ".join(path_word(str(path)) for path in (place.session, place.sidecar))
    for folder in _folders(place.folder):
        if _names(folder.path, vault):
            target = os.path.relpath(folder.path)
            return f"move them below their vault: mv -- {files} {path_word(target)}"
    return (
        f"copy {RECIPIENTS_FILE} and {VAULT_FOLDER} from where they were,"
        f" into {path_word(str(place.root))}"
    )


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


def _folders(start: Path) -> Iterator[_Folder]:
    """Yield the directories of the work tree around ``start``."""
    tops = (one for one in (start, *start.parents) if (one / ".git").exists())
    waiting = [str(top) for top in islice(tops, 1)]
    for _ in range(_MOST_FOLDERS):
        if not waiting:
            return
        path = waiting.pop()
        try:
            folder = _folder_at(path)
        except OSError:
            continue
        yield folder
        waiting += [os.path.join(path, name) for name in reversed(folder.folders)]  # noqa: PTH118


def _folder_at(path: str) -> _Folder:
    """Return what is in a directory, read again only once it was changed.

    Every session without a sidecar asks about all of them.
    """
    changed_ns = os.stat(path).st_mtime_ns  # noqa: PTH116
    if time.time_ns() - changed_ns < _SETTLED_NS:
        return _read_folder.__wrapped__(path, changed_ns)
    return _read_folder(path, changed_ns)


@lru_cache(maxsize=2 * _MOST_FOLDERS)
def _read_folder(path: str, _changed_ns: int) -> _Folder:
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
