"""Readers: who may read the secrets of a directory - list, add, remove, agree on."""

from __future__ import annotations

from itertools import combinations
from typing import NamedTuple

from sessionctl.core.secrets.recipients import Recipients, fingerprint
from sessionctl.errors import DocumentError, LockedError, RefusedError, UsageError
from sessionctl.services.secrets.access.open_vault import read_recipients, read_vault_info
from sessionctl.services.secrets.readers.foundation import check_seen, found
from sessionctl.services.secrets.readers.rewrap import plan_finish, plan_new_key, plan_rewrap
from sessionctl.services.secrets.secret_writes import Write
from sessionctl.system import age

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from sessionctl.core.secrets.recipients import Recipient
    from sessionctl.services.secrets.access.open_vault import OpenVault
    from sessionctl.services.secrets.access.secret_place import SecretPlace
    from sessionctl.services.secrets.access.vault_keeper import VaultKeeper
    from sessionctl.services.secrets.readers.rewrap import RewrapPlan

_MOST_ADDED = 3
_MOST_TRIES = 20_000


class SecretReader(NamedTuple):
    """One who is listed; ``is_new`` tells that nobody accepted the key on this machine."""

    recipient: Recipient
    is_new: bool


class Readers(NamedTuple):
    """Who may read: those listed, the vault, and whether it is written for just them."""

    recipients: tuple[SecretReader, ...]
    vault: str
    is_pending: bool


class ReaderPlan(NamedTuple):
    """What a change of the readers writes.

    ``state`` is "added", "removed", "pending" (listed, but the vault is written by one who
    has a key), or "unchanged". ``rewrap`` is None where the vault is not written.
    """

    keeper: VaultKeeper
    recipient: Recipient
    state: str
    writes: tuple[Write, ...] = ()
    rewrap: RewrapPlan | None = None
    told: tuple[str, ...] = ()

    def carry_out(self) -> None:
        """Write what is to be written; raises ``FileError`` as its parts do."""
        if self.rewrap is not None:
            self.rewrap.carry_out()
        else:
            self.keeper.write(self.writes)


def list_readers(keeper: VaultKeeper, place: SecretPlace) -> Readers:
    """Return who may read; no key is needed.

    Raises:
      FileError, DocumentError: a file cannot be read.
    """
    listed, info = read_recipients(place), read_vault_info(place)
    recipients = () if listed is None else listed.recipients
    vault = "" if info is None else info.recipient
    pin = keeper.pins.book.vaults.get(vault)
    keys = () if listed is None else listed.keys
    return Readers(
        tuple(
            SecretReader(one, pin is not None and one.key not in pin.recipients)
            for one in recipients
        ),
        vault,
        info is not None and info.wrapped_for != fingerprint(keys),
    )


def plan_add(keeper: VaultKeeper, place: SecretPlace, recipient: Recipient) -> ReaderPlan:
    """Return what letting ``recipient`` read changes: the list and the vault, no sidecar.

    Without a key that opens the vault only the list changes.

    Raises:
      UsageError: the recipient cannot be used.
      RefusedError: the vault is not the trusted one, or others in the list are not accepted.
    """
    age.check_recipient(recipient)
    listed = read_recipients(place)
    if listed is not None and recipient.key in listed.keys:
        return ReaderPlan(keeper, recipient, "unchanged")
    before = None if listed is None else listed.text
    new = (listed or Recipients("", str(place.recipients))).add(recipient)
    try:
        if not place.has_vault:
            keeper.check_none_is_missing(place, "")
            founding = found(keeper, place, more=(recipient,))
            return ReaderPlan(keeper, recipient, "added", (), founding.plan, founding.told)
        vault = keeper.vault(place, "")
    except LockedError:
        if keeper.context.explicit is not None:
            raise
        return ReaderPlan(
            keeper, recipient, "pending", (Write(place.recipients, before, new.text),)
        )
    if listed is not None:
        check_seen(place, listed, _seen(keeper, vault))
    if listed is not None and _lost_somebody(keeper, vault, listed, _wrapped_for(place, vault)):
        raise RefusedError(
            f"{place.recipients}: some who could read are no longer listed",
            hints=["a new vault key keeps them out: sessionctl secret rekey"],
        )
    rewrap = plan_rewrap(keeper, place, vault, new, before=before)
    return ReaderPlan(keeper, recipient, "added", rewrap.writes, rewrap)


def plan_remove_reader(keeper: VaultKeeper, place: SecretPlace, wanted: str) -> ReaderPlan:
    """Return what it changes that ``wanted``, a key or a label, may read no longer.

    There is a new vault key, every entry is encrypted to it, and marked until its value
    is set anew, for the one who is removed knows them all.

    Raises:
      UsageError: there is no such recipient, or nobody would be left.
      LockedError: no identity opens the vault; nothing is changed.
      RefusedError: the vault is not the trusted one, or others in the list are not accepted.
    """
    listed = read_recipients(place)
    if listed is None:
        raise UsageError(
            f"{place.recipients}: no such file", hints=["see: sessionctl recipients list"]
        )
    recipient = listed.find(wanted)
    new = listed.remove(recipient.key)
    if not place.has_vault:
        write = Write(place.recipients, listed.text, new.text)
        return ReaderPlan(keeper, recipient, "removed", (write,))
    vault = keeper.vault(place, "")
    check_seen(place, new, _seen(keeper, vault))
    rewrap = plan_new_key(keeper, place, vault, new, before=listed.text, is_exposed=True)
    return ReaderPlan(keeper, recipient, "removed", rewrap.writes, rewrap)


def plan_rekey(
    keeper: VaultKeeper, place: SecretPlace, *, accepted: Collection[str], new_key: bool
) -> RewrapPlan | None:
    """Return what makes the vault fit the list of recipients, or None where it does.

    A change that was broken off is finished; whoever is missing from the list reads no
    longer, as after ``plan_remove_reader``; whoever was added reads once ``accepted``.

    Raises:
      UsageError: there is no list.
      LockedError: no identity opens the vault; nothing is changed.
      RefusedError: the vault, or a key in the list, is neither trusted nor accepted.
    """
    listed = read_recipients(place)
    if listed is None:
        raise UsageError(
            f"{place.recipients}: no such file",
            hints=["the first secret makes it: sessionctl secret set FILE NAME"],
        )
    if not place.has_vault:
        keeper.check_none_is_missing(place, "")
        return found(keeper, place, accepted=accepted).plan
    vault = keeper.vault_to_mend(place, listed, accepted)
    seen = _seen(keeper, vault)
    check_seen(place, listed, {*seen, *accepted})
    pin = keeper.pins.book.vaults.get(vault.current.recipient)
    if pin is not None and pin.continues:
        return plan_finish(keeper, place, vault, listed)
    told = _wrapped_for(place, vault)
    is_exposed = _lost_somebody(keeper, vault, listed, told)
    if is_exposed or new_key:
        return plan_new_key(keeper, place, vault, listed, before=listed.text, is_exposed=is_exposed)
    if told == listed.fingerprint:
        return None
    return plan_rewrap(keeper, place, vault, listed, before=listed.text)


def _wrapped_for(place: SecretPlace, vault: OpenVault) -> str | None:
    """Return what ``vault.toml`` tells of the recipients; None where it tells nothing of use."""
    try:
        info = read_vault_info(place)
    except DocumentError:  # of a conflict, perhaps; it is written anew
        return None
    if info is None or info.recipient != vault.current.recipient:
        return None
    return info.wrapped_for


def _seen(keeper: VaultKeeper, vault: OpenVault) -> set[str]:
    pin = keeper.pins.book.vaults.get(vault.current.recipient)
    return set() if pin is None else set(pin.recipients)


def _lost_somebody(
    keeper: VaultKeeper, vault: OpenVault, listed: Recipients, told: str | None
) -> bool:
    """Tell whether some who can open the vault were taken out of the list.

    ``told`` is what the vault was written for. Where it is not known, those count who
    were seen here; else they do not, for on another branch others may be listed.
    """
    if told is None:
        return bool(_seen(keeper, vault) - set(listed.keys))
    return told != listed.fingerprint and not _is_grown_from(listed.keys, told)


def _is_grown_from(keys: tuple[str, ...], digest: str) -> bool:
    """Tell whether the vault was written for these recipients, or for some less of them."""
    tries = 0
    for count in range(min(_MOST_ADDED, len(keys)) + 1):
        for added in combinations(keys, count):
            if fingerprint(key for key in keys if key not in added) == digest:
                return True
            tries += 1
            if tries > _MOST_TRIES:
                return False
    return False
