"""Purge: what sessionctl keeps of a file loses the values that were taken out of it."""

from __future__ import annotations

from sessionctl.core.keypath import escape_basic
from sessionctl.core.text.mask import MASK
from sessionctl.errors import GitError
from sessionctl.services.git.file_place import place_of
from sessionctl.services.history.undo_memory import UndoMemory
from sessionctl.system.store.lock import Lock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sessionctl.core.secrets.secret import Secret
    from sessionctl.services.git.file_place import FilePlace
    from sessionctl.system.store.store import Store

_SHORTEST = 6


def purge(store: Store, file: str, environ: Mapping[str, str], secrets: Iterable[Secret]) -> int:
    """Mask values in the backups and in the undos of ``file``; return how many had one.

    Raises:
      FileError: a text cannot be read or written.
    """
    values = list(secrets)
    masked = purge_backups(store, file, values)
    try:
        return masked + purge_undos(place_of(file, environ), values)
    except GitError:
        return masked  # not in a repository: no undo is remembered


def purge_backups(store: Store, file: str, secrets: Iterable[Secret]) -> int:
    """Mask values in every earlier text of ``file`` that is kept; return how many had one.

    Raises:
      FileError: a text cannot be read or written.
    """
    if store.directory is None:
        return 0
    archive = store.archive(file)
    if not archive.is_there:
        return 0
    forms = _forms(secrets)

    def edit(data: bytes) -> bytes:
        for form, shown in forms:
            data = data.replace(form, shown)
        return data

    with Lock(archive.lock_path, file):
        return archive.rewrite(edit)


def purge_undos(place: FilePlace, secrets: Iterable[Secret]) -> int:
    """Mask values in the texts that undo remembers; return how many undos had one.

    Raises:
      FileError: they cannot be written.
    """
    forms = [(old.decode(errors="replace"), new.decode()) for old, new in _forms(secrets)]

    def edit(text: str) -> str:
        for form, shown in forms:
            text = text.replace(form, shown)
        return text

    return UndoMemory(place).rewrite(edit)


def _forms(secrets: Iterable[Secret]) -> list[tuple[bytes, bytes]]:
    """Return the values as they may stand in TOML, the longest first, and what to put there.

    A short one would be found inside of other words; it is looked for between its quotes
    and as the password of an address.
    """
    forms: dict[bytes, bytes] = {}
    mask = MASK.encode()
    for secret in secrets:
        data = secret.reveal()
        for value in (data, escape_basic(data.decode("utf-8", "replace")).encode()):
            if len(value) >= _SHORTEST:
                forms[value] = mask
            else:
                for before, after in ((b'"', b'"'), (b"'", b"'"), (b":", b"@")):
                    forms[before + value + after] = before + mask + after
    return sorted(forms.items(), key=lambda item: len(item[0]), reverse=True)
