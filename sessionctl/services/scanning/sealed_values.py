"""Sealed values: the values of sealed secrets, found wherever they were typed."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.core.filename import SESSION_SUFFIX
from sessionctl.core.scan.known_values import KnownValues
from sessionctl.errors import FileError, SessionctlError
from sessionctl.services.secrets.stored_names import has_sidecar
from sessionctl.system.files.session_files import find_sessions, is_directory

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from sessionctl.services.secrets.access.vault_keeper import VaultKeeper


class SealedValues(NamedTuple):
    """The values that could be opened, and why others could not ("" where all could)."""

    values: KnownValues | None
    skipped: str = ""


def sealed_sessions(names: Iterable[str], own: Iterable[str] = ()) -> list[str]:
    """Return the sessions with a sidecar among ``names``, and in and below directories.

    Not looked into are the directories of sessionctl's ``own`` files.
    """
    found: list[str] = []
    for name in names:
        try:
            is_folder = is_directory(name)
            files = [f.path for f in find_sessions(name, own=own)] if is_folder else [name]
        except FileError:
            continue
        found += [file for file in files if SESSION_SUFFIX in file and has_sidecar(file)]
    return found


def known_values(keeper: VaultKeeper, files: Iterable[str]) -> SealedValues:
    """Return the values of the secrets of ``files``, as far as a key opens them.

    Whether they may be used does not matter here, nor is anything remembered.
    """
    from sessionctl.services.secrets.access.open_vault import open_vault
    from sessionctl.services.secrets.access.session_secrets import SessionSecrets, open_entry

    values: list[str] = []
    skipped = ""
    for file in files:
        try:
            secrets = SessionSecrets(keeper, file)
            vault = open_vault(keeper.keyring, secrets.place)
            entries = secrets.sidecar.entries.values() if secrets.sidecar else ()
            opened = [open_entry(entry, vault) for entry in entries]
        except (SessionctlError, ValueError) as error:
            skipped = error.message if isinstance(error, SessionctlError) else "a damaged entry"
            continue
        texts = (found[0].value.text for found in opened if found is not None)
        values += [text for text in texts if text]
    return SealedValues(KnownValues(values) if values else None, skipped)
