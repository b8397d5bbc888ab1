"""New vault: the first one of a directory, made for its first user."""

from __future__ import annotations

from sessionctl.core.named_tuple import NamedTuple
from sessionctl.core.secrets.recipients import Recipients, parse_recipient
from sessionctl.errors import RefusedError
from sessionctl.services.secrets.access.listed_recipients import read_recipients
from sessionctl.services.secrets.access.open_vault import new_vault_key, open_keys
from sessionctl.services.secrets.readers.rewrap import plan_rewrap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from sessionctl.core.secrets.recipients import Recipient
    from sessionctl.services.secrets.access.keyring import IdentityCandidate
    from sessionctl.services.secrets.access.open_vault import OpenVault
    from sessionctl.services.secrets.access.secret_place import SecretPlace
    from sessionctl.services.secrets.access.session_secrets import SessionSecrets
    from sessionctl.services.secrets.access.vault_keeper import VaultKeeper
    from sessionctl.services.secrets.readers.vault_change import VaultChange


class NewVault(NamedTuple):
    """A vault that is to be made: its key, what is written, and what to say of that."""

    vault: OpenVault
    change: VaultChange
    notes: tuple[str, ...]


def plan_first_vault(secrets: SessionSecrets) -> NewVault:
    """Return a vault for the user's own identity, for the first secret of a directory.

    Raises:
      LockedError: the user has no identity.
      RefusedError: there was a vault, or keys that are not the user's are to read.
      GuardError: the wrapped key did not verify.
    """
    keeper, place = secrets.keeper, secrets.place
    expected = ""
    if secrets.sidecar is not None and secrets.sidecar.entries:
        expected = secrets.sidecar.vault
    keeper.check_none_is_missing(place, secrets.session, expected)
    return plan_vault(keeper, place)


def plan_vault(
    keeper: VaultKeeper,
    place: SecretPlace,
    *,
    more: Collection[Recipient] = (),
    accepted: Collection[str] = (),
) -> NewVault:
    """Return a vault for those in the recipients file; without that file, for the user.

    ``more`` are recipients to add; who else is listed must be the user's or ``accepted``.

    Raises:
      LockedError: the user has no identity.
      RefusedError: somebody is listed who was not accepted.
      GuardError: the wrapped key did not verify.
    """
    own = own_identities(keeper, place)
    own_keys = {one.recipient for one in own.identities if one.recipient}
    listed = read_recipients(place)
    before = None if listed is None else listed.text
    notes: list[str] = []
    if listed is None:
        listed = Recipients("", str(place.recipients))
        for key in sorted(own_keys):
            recipient = parse_recipient(key, keeper.context.owner)
            assert recipient is not None
            listed = listed.add(recipient)
        notes.append(f"made {place.recipients}: it lists your key, so that you can read")
    check_seen(place, listed, own_keys.union(accepted))
    for recipient in more:
        listed = listed.add(recipient)
    vault = open_keys((new_vault_key(keeper.context.today),), own)
    change = plan_rewrap(keeper, place, vault, listed, before=before)
    count = len(listed.keys)
    whom = "you" if listed.keys == tuple(own_keys) else f"{count} recipients"
    notes.append(f"made {place.vault}: the key of the secrets here, encrypted to {whom}")
    return NewVault(vault, change, tuple(notes))


def check_seen(place: SecretPlace, listed: Recipients, seen: Collection[str]) -> None:
    """Refuse to let those read who are listed, but whom nobody accepted on this machine.

    Raises:
      RefusedError: there are some; the hints say how each is accepted.
    """
    strangers = [one for one in listed.recipients if one.key not in seen]
    if strangers:
        raise RefusedError(
            f"{place.recipients}: not accepted on this machine: "
            + ", ".join(one.shown for one in strangers),
            hints=[
                f"see who added them: {place.git_log(place.recipients)}",
                f"if they are right: {place.rekey_command([one.key for one in strangers])}",
            ],
        )


def own_identities(keeper: VaultKeeper, place: SecretPlace) -> IdentityCandidate:
    """Return the first identities whose recipient is known.

    Raises:
      LockedError: there are none.
    """
    for candidate in keeper.keyring.candidates():
        if any(one.recipient for one in candidate.identities):
            return candidate
        keeper.keyring.note(candidate.place, "does not show its recipient")
    raise keeper.keyring.locked(
        f"{place.vault}: there is no vault yet, and a key of yours is needed to make it",
        needs_reader=False,
    )
