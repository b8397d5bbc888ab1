"""Founding: the first vault of a directory, made for its first user."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.core.sealed.recipients import Recipients, parse_recipient
from sessionctl.errors import GuardError, RefusedError
from sessionctl.services.secrets.place import FOLDER, typed
from sessionctl.services.secrets.vault import (
    info_text,
    new_vault_key,
    open_keys,
    read_recipients,
    wrap,
)
from sessionctl.services.secrets.writing import Write
from sessionctl.system import age

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.services.secrets.keeper import SessionSecrets
    from sessionctl.services.secrets.keyring import Keyring
    from sessionctl.services.secrets.place import Place
    from sessionctl.services.secrets.vault import OpenVault


class Target(NamedTuple):
    """What a new entry is encrypted to, and how: ``vault`` is None without an identity."""

    recipient: str
    vault: OpenVault | None
    writes: tuple[Write, ...] = ()
    told: tuple[str, ...] = ()


def found_vault(secrets: SessionSecrets) -> Target:
    """Return a vault key that is made now, for the user's own identity.

    Raises:
      LockedError: the user has no identity.
      RefusedError: there was a vault, or keys that are not the user's are to read.
      GuardError: the wrapped key did not verify.
    """
    keeper, place = secrets.keeper, secrets.place
    _check_none_is_missing(secrets)
    own, identities = _own_recipients(keeper.keyring, place)
    listed = read_recipients(place)
    writes: list[Write] = []
    told: list[str] = []
    if listed is None:
        listed = Recipients("", str(place.recipients))
        for public in own:
            recipient = parse_recipient(public, keeper.world.owner)
            assert recipient is not None
            listed = listed.add(recipient)
        writes.append(Write(place.recipients, None, listed.text))
        told.append(f"made {place.recipients}: you are the one who can read the secrets here")
    strangers = [one for one in listed.recipients if one.key not in own]
    if strangers or not listed.recipients:
        raise RefusedError(
            f"{place.recipients}: there is no vault yet, and not all of these keys are yours: "
            + ", ".join(one.shown for one in strangers),
            hints=["look at them; to let them read: sessionctl secret rekey --accept KEY"],
        )
    key = new_vault_key(keeper.world.today)
    wrapped = wrap((key,), listed.keys, keeper.world.talk)
    if age.decrypt(wrapped.encode(), identities) is None:
        raise GuardError(f"{place.vault}: the encrypted vault key did not verify")
    writes.append(Write(place.vault, None, wrapped))
    writes.append(Write(place.vault_info, None, info_text(key.recipient, listed)))
    told.append(f"made {place.vault}: the key of the secrets here, encrypted to you")
    return Target(key.recipient, open_keys((key,)), tuple(writes), tuple(told))


def _check_none_is_missing(secrets: SessionSecrets) -> None:
    """Refuse to make a vault where there was one.

    Raises:
      RefusedError: this machine knows one here, one was asked for, or secrets need it.
    """
    keeper, place = secrets.keeper, secrets.place
    expected = keeper.world.trusted_vault or keeper.pins.book.vault_of(
        str(place.root.resolve()), secrets.session
    )
    if not expected and secrets.sidecar is not None and secrets.sidecar.entries:
        expected = secrets.sidecar.vault
    if expected:
        raise RefusedError(
            f"{place.vault}: the vault is gone, expected {expected}",
            hints=[f"get it back: git restore {typed(place.root / FOLDER)}"],
        )


def _own_recipients(
    keyring: Keyring, place: Place
) -> tuple[tuple[str, ...], tuple[age.Identity, ...]]:
    """Return the public halves of the first identities whose owner can tell them."""
    for candidate in keyring.candidates():
        own = tuple(one.recipient for one in candidate.identities if one.recipient)
        if own:
            return own, candidate.identities
        keyring.note(candidate.place, "does not tell its recipient")
    raise keyring.locked(f"{place.session}: no vault yet, and a key of yours is needed for it")
