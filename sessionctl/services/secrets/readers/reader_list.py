"""Reader list: who may read the secrets of a directory; no key is needed to know it."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.core.secrets.recipients import Recipients, fingerprint
from sessionctl.services.secrets.access.vault_info import read_vault_info
from sessionctl.system.files.text import read_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.secrets.recipients import DamagedLine, Recipient
    from sessionctl.services.secrets.access.secret_place import SecretPlace
    from sessionctl.services.secrets.access.vault_keeper import VaultKeeper


class SecretReader(NamedTuple):
    """One who is listed; ``is_accepted`` says whether the key was accepted on this machine."""

    recipient: Recipient
    is_accepted: bool


class Readers(NamedTuple):
    """Who may read: those listed, the vault, and whether it is written for just them.

    ``is_used`` says whether this machine used the vault before; ``damaged`` are the lines of
    the list that are no recipients.
    """

    recipients: tuple[SecretReader, ...]
    vault: str
    is_pending: bool
    is_used: bool
    damaged: tuple[DamagedLine, ...] = ()

    @property
    def strangers(self) -> tuple[Recipient, ...]:
        """Who is listed, though this machine used the vault and never accepted the key."""
        found = (one.recipient for one in self.recipients if not one.is_accepted)
        return tuple(found) if self.is_used else ()


def list_readers(keeper: VaultKeeper, place: SecretPlace) -> Readers:
    """Return who may read; no key is needed.

    Raises:
      FileError, DocumentError: a file cannot be read, as a text or as ``vault.toml``.
    """
    listed = None
    if place.recipients.exists():
        listed = Recipients(read_text(place.recipients), str(place.recipients))
    info = read_vault_info(place)
    recipients = () if listed is None else listed.recipients
    vault = "" if info is None else info.recipient
    pin = keeper.trust_file.book.vaults.get(vault)
    keys = () if listed is None else listed.keys
    accepted = () if pin is None else pin.recipients
    return Readers(
        tuple(SecretReader(one, one.key in accepted) for one in recipients),
        vault,
        info is not None and info.wrapped_for != fingerprint(keys),
        pin is not None,
        () if listed is None else listed.damaged,
    )
