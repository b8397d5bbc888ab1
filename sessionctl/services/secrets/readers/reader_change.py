"""Reader change: somebody may read the secrets of a directory, or no longer."""

from __future__ import annotations

from itertools import combinations
from typing import NamedTuple

from sessionctl.core.secrets.recipients import Recipients, fingerprint
from sessionctl.errors import DocumentError, LockedError, RefusedError, UsageError
from sessionctl.services.secrets.access.listed_recipients import read_recipients
from sessionctl.services.secrets.access.vault_info import read_vault_info
from sessionctl.services.secrets.readers.new_vault import check_seen, plan_vault
from sessionctl.services.secrets.readers.rewrap import plan_finish, plan_new_key, plan_rewrap
from sessionctl.services.secrets.secret_steps import WriteSecretFile, write_steps
from sessionctl.system import age

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from sessionctl.core.secrets.recipients import Recipient
    from sessionctl.services.plan.plan import Plan
    from sessionctl.services.secrets.access.open_vault import OpenVault
    from sessionctl.services.secrets.access.secret_place import SecretPlace
    from sessionctl.services.secrets.access.vault_keeper import VaultKeeper
    from sessionctl.services.secrets.readers.vault_change import VaultChange

_MOST_ADDED = 3
_MOST_TRIES = 20_000
_MOST_KEYS = 200


class ReaderChange(NamedTuple):
    """What letting somebody read, or no longer, changes.

    ``state`` is "added", "removed", "pending" (listed, but the vault is written by one who
    has a key), or "unchanged". ``vault_change`` is None where the vault is not written; then
    ``writes`` are all. ``notes`` are about what is set up on the way.
    """

    recipient: Recipient
    state: str
    writes: tuple[WriteSecretFile, ...] = ()
    vault_change: VaultChange | None = None
    notes: tuple[str, ...] = ()

    def plan(self) -> Plan[VaultKeeper]:
        """Return the steps that write what is to be written."""
        change = self.vault_change
        return write_steps(self.writes) if change is None else change.plan()


def plan_add(keeper: VaultKeeper, place: SecretPlace, recipient: Recipient) -> ReaderChange:
    """Return what letting ``recipient`` read changes: the list and the vault, no sidecar.

    Without a key that opens the vault only the list changes. One who is listed already, but
    whom the vault is not encrypted to, is accepted by being named.

    Raises:
      UsageError: the recipient cannot be used.
      RefusedError: the vault is not the trusted one, or others in the list are not accepted.
    """
    age.check_recipient(recipient)
    listed = read_recipients(place)
    before = None if listed is None else listed.text
    is_listed = listed is not None and recipient.key in listed.keys
    new = listed or Recipients("", str(place.recipients))
    new = new if is_listed else new.add(recipient)
    named = (recipient.key,)
    try:
        if not place.has_vault:
            keeper.check_none_is_missing(place, "")
            more = () if is_listed else (recipient,)
            made = plan_vault(keeper, place, more=more, accepted=named)
            return ReaderChange(recipient, "added", (), made.change, made.notes)
        vault = keeper.vault(place, "")
    except LockedError:
        if keeper.context.explicit is not None:
            raise
        if is_listed and _is_written_for(place, new):
            return ReaderChange(recipient, "unchanged")
        writes = () if is_listed else (WriteSecretFile(place.recipients, before, new.text),)
        return ReaderChange(recipient, "pending", writes)
    if is_listed and recipient.key in vault.sure_readers:
        return ReaderChange(recipient, "unchanged")
    if listed is not None:
        check_seen(place, listed, {*keeper.seen_readers(vault), *named})
    if listed is not None and _lost_somebody(keeper, vault, listed, _wrapped_for(place, vault)):
        raise RefusedError(
            f"{place.recipients}: some who could read are no longer listed",
            hints=[f"a new vault key keeps them out: {place.rekey_command()}"],
        )
    change = plan_rewrap(keeper, place, vault, new, before=before)
    return ReaderChange(recipient, "added", change.writes, change)


def plan_remove_reader(keeper: VaultKeeper, place: SecretPlace, wanted: str) -> ReaderChange:
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
        write = WriteSecretFile(place.recipients, listed.text, new.text)
        return ReaderChange(recipient, "removed", (write,))
    vault = keeper.vault(place, "")
    check_seen(place, new, keeper.seen_readers(vault))
    change = plan_new_key(keeper, place, vault, new, before=listed.text, is_exposed=True)
    return ReaderChange(recipient, "removed", change.writes, change)


def plan_rekey(
    keeper: VaultKeeper, place: SecretPlace, *, accepted: Collection[str], new_key: bool
) -> VaultChange | None:
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
        keeper.check_none_is_missing(place, "", accepted=accepted)
        return plan_vault(keeper, place, accepted=accepted).change
    vault = keeper.vault_to_repair(place, listed, accepted)
    check_seen(place, listed, {*keeper.seen_readers(vault), *accepted})
    pin = keeper.trust_file.book.vaults.get(vault.current.recipient)
    if pin is not None and pin.continues:
        return plan_finish(keeper, place, vault, listed)
    wrapped_for = _wrapped_for(place, vault)
    is_exposed = _lost_somebody(keeper, vault, listed, wrapped_for)
    if is_exposed or new_key:
        return plan_new_key(keeper, place, vault, listed, before=listed.text, is_exposed=is_exposed)
    if wrapped_for == listed.fingerprint and vault.readers == frozenset(listed.keys):
        return None
    return plan_rewrap(keeper, place, vault, listed, before=listed.text)


def _is_written_for(place: SecretPlace, recipients: Recipients) -> bool:
    """Return whether the vault was written for just these, as far as is known without a key."""
    info = read_vault_info(place)
    return info is not None and info.wrapped_for == recipients.fingerprint


def _wrapped_for(place: SecretPlace, vault: OpenVault) -> str | None:
    """Return what ``vault.toml`` says of the recipients; None where it says nothing of use."""
    try:
        info = read_vault_info(place)
    except DocumentError:  # of a conflict, perhaps; it is written anew
        return None
    if info is None or info.recipient != vault.current.recipient:
        return None
    return info.wrapped_for


def _lost_somebody(
    keeper: VaultKeeper, vault: OpenVault, listed: Recipients, wrapped_for: str | None
) -> bool:
    """Return whether some who can open the vault were taken out of the list.

    The vault says itself who can. ``wrapped_for`` is what it was written for, too; where that
    is not known of an old one, those count who were seen here; else they do not, for on
    another branch others may be listed.
    """
    if vault.readers is not None and vault.readers - set(listed.keys):
        return True
    if wrapped_for is None:
        if vault.readers is not None:
            return False
        return bool(keeper.seen_readers(vault) - set(listed.keys))
    return wrapped_for != listed.fingerprint and not _is_grown_from(listed.keys, wrapped_for)


def _is_grown_from(keys: tuple[str, ...], digest: str) -> bool:
    """Return whether the vault was written for these recipients, or for some less of them."""
    tries, most = 0, _MOST_ADDED if len(keys) <= _MOST_KEYS else 1
    for count in range(min(most, len(keys)) + 1):
        for added in combinations(keys, count):
            if fingerprint(key for key in keys if key not in added) == digest:
                return True
            tries += 1
            if tries > _MOST_TRIES:
                return False
    return False
