"""Entry merge: with a key, two age files of one value are one change of an entry, not a clash."""

from __future__ import annotations

from sessionctl.core.secrets.agefile import NotAgeError
from sessionctl.core.secrets.envelope import EnvelopeError
from sessionctl.core.secrets.sidecar import SidecarEntry
from sessionctl.core.secrets.sidecar_merge import OURS, THEIRS
from sessionctl.core.secrets.trust_book import Verdict
from sessionctl.errors import SessionctlError
from sessionctl.services.secrets.access.open_vault import open_vault
from sessionctl.services.secrets.access.secret_place import find_place
from sessionctl.services.secrets.access.session_secrets import open_entry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from sessionctl.core.secrets.envelope import Envelope
    from sessionctl.core.secrets.sidecar_merge import EntryClash
    from sessionctl.services.secrets.access.open_vault import OpenKey, OpenVault
    from sessionctl.services.secrets.access.secret_place import SecretPlace
    from sessionctl.services.secrets.access.vault_keeper import VaultKeeper

    Opened = tuple[Envelope, OpenKey]


def settle_clashes(
    keeper: VaultKeeper, file: str, session: str, clashes: Iterable[EntryClash]
) -> dict[str, str]:
    """Return the side to take of each clash that is none once the entries are opened.

    Both sides hold the same value for the same destination, or one side holds still what
    the base holds: it was only encrypted anew. Nothing is settled where no identity opens
    the vault, where this machine does not know the vault, or where a seal is false;
    nothing is stored, and nobody is asked.
    """
    try:
        place = find_place(file)
        vault = open_vault(keeper.keyring, place)
    except SessionctlError:
        return {}
    if not _is_known(keeper, place, session, vault):
        return {}
    found = ((clash.name, _side(clash, session, vault)) for clash in clashes)
    return {name: side for name, side in found if side}


def _is_known(keeper: VaultKeeper, place: SecretPlace, session: str, vault: OpenVault) -> bool:
    recipient = vault.current.recipient
    if keeper.context.trusted_vault:
        return keeper.context.trusted_vault == recipient
    return keeper.verdict(recipient, place, session) is Verdict.KNOWN


def _side(clash: EntryClash, session: str, vault: OpenVault) -> str:
    ours, theirs = (
        _opened(clash.name, armor, session, vault) for armor in (clash.ours, clash.theirs)
    )
    if ours is None or theirs is None:
        return ""
    if _is_same(ours, theirs):
        return _better(ours, theirs, vault)
    base = _opened(clash.name, clash.base, session, vault) if clash.base else None
    if base is None:
        return ""
    if _is_same(ours, base):
        return THEIRS
    return OURS if _is_same(theirs, base) else ""


def _opened(name: str, armor: str, session: str, vault: OpenVault) -> Opened | None:
    try:
        opened = open_entry(SidecarEntry(name, armor), vault)
    except (NotAgeError, EnvelopeError):
        return None
    if opened is None:
        return None
    envelope, key = opened
    is_ours = envelope.session == session and envelope.name == name
    return opened if is_ours and envelope.is_sealed_by(key.seal) else None


def _is_same(one: Opened, other: Opened) -> bool:
    return one[0].value == other[0].value and one[0].bind == other[0].bind


def _better(ours: Opened, theirs: Opened, vault: OpenVault) -> str:
    """Return the side of two equal ones that is current, then newer, then ours."""
    ranks = [
        (key.recipient == vault.current.recipient, envelope.generation)
        for envelope, key in (ours, theirs)
    ]
    return OURS if ranks[0] >= ranks[1] else THEIRS
