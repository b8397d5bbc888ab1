"""Rewrap: others may read, or no longer; the vault is written for who is left.

Adding a recipient encrypts the vault key to one more and touches no sidecar. Removing one
makes a new vault key, encrypts every entry anew and marks the values as known. All of it
is computed and verified in memory; a ``VaultChange`` says what is then written.
"""

from __future__ import annotations

from pathlib import Path

from sessionctl.core.filename import SIDECAR_SUFFIX
from sessionctl.core.secrets.agefile import MAX_READERS, NotAgeError
from sessionctl.core.secrets.envelope import EnvelopeError
from sessionctl.core.secrets.sidecar import Sidecar
from sessionctl.errors import UsageError
from sessionctl.services.secrets.access.open_vault import (
    encrypt_entry,
    info_text,
    new_vault_key,
    open_keys,
    wrap,
)
from sessionctl.services.secrets.access.secret_place import find_root, near
from sessionctl.services.secrets.access.session_secrets import open_entry
from sessionctl.services.secrets.readers.vault_change import (
    RewrappedEntry,
    UnvouchedEntry,
    VaultChange,
)
from sessionctl.services.secrets.secret_steps import WriteSecretFile, needed_writes
from sessionctl.system import age
from sessionctl.system.files.session_files import find_sessions
from sessionctl.system.files.text import read_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from sessionctl.core.secrets.recipients import Recipients
    from sessionctl.core.secrets.sidecar import SidecarEntry
    from sessionctl.core.secrets.vault_keys import VaultKey
    from sessionctl.services.secrets.access.open_vault import OpenVault
    from sessionctl.services.secrets.access.secret_place import SecretPlace
    from sessionctl.services.secrets.access.vault_keeper import VaultKeeper


def plan_rewrap(
    keeper: VaultKeeper,
    place: SecretPlace,
    vault: OpenVault,
    recipients: Recipients,
    *,
    before: str | None,
) -> VaultChange:
    """Return what letting just ``recipients`` read changes, with the vault key that is.

    ``before`` is the text of the recipients file, None where there is none.

    Raises:
      UsageError, ToolError: a recipient cannot be encrypted to.
      GuardError: the vault did not verify.
    """
    keys = [key.key for key in vault.keys]
    return _plan(keeper, place, vault, vault, keys, recipients, before)


def plan_new_key(
    keeper: VaultKeeper,
    place: SecretPlace,
    vault: OpenVault,
    recipients: Recipients,
    *,
    before: str | None,
    is_exposed: bool,
) -> VaultChange:
    """Return what a new vault key for ``recipients`` changes, all entries with it.

    With ``is_exposed`` somebody who may no longer read knows the key that is: every value
    is marked until it is set anew.

    Raises:
      UsageError, ToolError: a recipient cannot be encrypted to.
      FileError, ParseError, DocumentError: a sidecar cannot be read.
      GuardError: something did not verify.
    """
    today = keeper.context.today
    old = vault.current.key._replace(replaced=today, is_exposed=is_exposed)
    new = new_vault_key(today)
    keys = [new, old, *(key.key for key in vault.keys[1:])]
    opened = open_keys(keys)._replace(identities=vault.identities)
    return _plan(keeper, place, vault, opened, keys, recipients, before)


def plan_finish(
    keeper: VaultKeeper, place: SecretPlace, vault: OpenVault, recipients: Recipients
) -> VaultChange:
    """Return what is left of a change of the vault key that was broken off.

    Raises as ``plan_new_key`` does.
    """
    given_up = keeper.trust_file.book.vaults[vault.current.recipient].continues
    writes, moved, left = _sidecars(keeper, place, given_up, vault)
    info = _info_write(place, vault.current.recipient, recipients)
    return VaultChange(
        place,
        vault,
        given_up,
        recipients.keys,
        needed_writes([*writes, info]),
        moved,
        left,
    )


def _plan(
    keeper: VaultKeeper,
    place: SecretPlace,
    source: OpenVault,
    vault: OpenVault,
    keys: list[VaultKey],
    recipients: Recipients,
    before: str | None,
) -> VaultChange:
    if not recipients.keys:
        raise UsageError(f"{place.recipients}: no one could read the secrets")
    if len(recipients.keys) >= MAX_READERS:
        raise UsageError(f"{place.recipients}: {MAX_READERS} readers or more, fewer are read")
    wrapped = wrap(keys, recipients.keys, keeper.context.prompt)
    _check_opens(wrapped, place, source)
    writes = [
        WriteSecretFile(place.recipients, before, recipients.text),
        WriteSecretFile(place.vault, read_text(place.vault) if place.has_vault else None, wrapped),
    ]
    moved: tuple[RewrappedEntry, ...] = ()
    left: tuple[UnvouchedEntry, ...] = ()
    if vault is not source:
        sidecars, moved, left = _sidecars(keeper, place, source.current.recipient, vault)
        writes += sidecars
    writes.append(_info_write(place, vault.current.recipient, recipients))
    return VaultChange(
        place,
        vault._replace(readers=frozenset(recipients.keys)),
        source.current.recipient,
        recipients.keys,
        needed_writes(writes),
        moved,
        left,
    )


def _check_opens(wrapped: str, place: SecretPlace, source: OpenVault) -> None:
    """Refuse a vault that the identity which opened the old one does not open.

    A plug-in is not asked once more, for it may ask a person.
    """
    quiet = [one for one in source.identities if one.is_quiet]
    if len(quiet) == len(source.identities) and age.decrypt(wrapped.encode(), quiet) is None:
        raise UsageError(
            f"{place.recipients}: the key that opens the secrets here would be locked out",
            hints=["let another recipient do that"],
        )


def _info_write(place: SecretPlace, vault: str, recipients: Recipients) -> WriteSecretFile:
    before = read_text(place.vault_info) if place.vault_info.exists() else None
    return WriteSecretFile(place.vault_info, before, info_text(vault, recipients.keys))


def find_sidecars(place: SecretPlace, own: Iterable[str] = ()) -> list[Path]:
    """Return the sidecars whose vault is that of ``place``, each once, sorted.

    Not looked into are the directories of sessionctl's ``own`` files.
    """
    there = find_sessions(str(place.root), own=own, suffix=SIDECAR_SUFFIX)
    found = {Path(one.path).resolve() for one in there}
    return sorted(path for path in found if find_root(path.parent) == place.root.resolve())


def _sidecars(
    keeper: VaultKeeper, place: SecretPlace, given_up: str, vault: OpenVault
) -> tuple[list[WriteSecretFile], tuple[RewrappedEntry, ...], tuple[UnvouchedEntry, ...]]:
    """Return the sidecars with the entries of the key ``given_up`` encrypted to the current."""
    writes: list[WriteSecretFile] = []
    moved: list[RewrappedEntry] = []
    left: list[UnvouchedEntry] = []
    own = keeper.context.machine.own_places
    for path in map(near, find_sidecars(place, own)):
        before = Sidecar.parse(read_text(path), str(path))
        results = [_move(keeper, path, entry, given_up, vault) for entry in before.entries.values()]
        left += [result for result in results if isinstance(result, UnvouchedEntry)]
        of_here = [result for result in results if isinstance(result, RewrappedEntry)]
        moved += of_here
        after = before.put_all([result.entry for result in of_here])
        writes.append(
            WriteSecretFile(path, before.text, after.with_vault(vault.current.recipient).text)
        )
    return writes, tuple(moved), tuple(left)


def _move(
    keeper: VaultKeeper, path: Path, entry: SidecarEntry, given_up: str, vault: OpenVault
) -> RewrappedEntry | UnvouchedEntry | None:
    """Return an entry of the key that is given up encrypted to the current one.

    Only what that key sealed is sealed anew; None stands for one that is moved already.
    """
    try:
        opened = open_entry(entry, vault)
    except (NotAgeError, EnvelopeError) as error:
        return UnvouchedEntry(path, entry.name, str(error))
    if opened is None:
        return UnvouchedEntry(path, entry.name, "no vault key opens it")
    envelope, key = opened
    if key is vault.current:
        return None
    if key.recipient != given_up:
        return UnvouchedEntry(path, entry.name, "it is encrypted to an older vault key")
    if envelope.tag and not envelope.is_sealed_by(key.seal):
        return UnvouchedEntry(path, entry.name, "its seal is false")
    new = encrypt_entry(
        envelope._replace(tag=""), vault.current.recipient, vault if envelope.tag else None
    )
    is_known = envelope.origin in vault.exposed
    rotate = entry.rotate or (keeper.context.today if is_known else "")
    # By the name of its block: a swapped entry is as wrong after as it was before.
    new = new._replace(name=entry.name, rotate=rotate)
    return RewrappedEntry(path, envelope.session, new, envelope.generation)
