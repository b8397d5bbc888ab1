"""Vault change: what another list of readers, or another vault key, writes and remembers.

First the list of recipients is written, for it is what is wanted; then the vault with both
keys, so that all stays readable; the sidecars; and last what says that it is finished.
"""

from __future__ import annotations

from sessionctl.core.named_tuple import NamedTuple
from sessionctl.core.secrets.trust_book import EntrySighting
from sessionctl.services.secrets.secret_steps import WriteSecretFile, write_steps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

    from sessionctl.core.secrets.sidecar import SidecarEntry
    from sessionctl.core.secrets.trust_book import TrustBook
    from sessionctl.services.plan.plan import Plan
    from sessionctl.services.secrets.access.open_vault import OpenVault
    from sessionctl.services.secrets.access.secret_place import SecretPlace
    from sessionctl.services.secrets.access.vault_keeper import VaultKeeper


class RewrappedEntry(NamedTuple):
    """An entry that is encrypted to another vault key; its value and generation stay."""

    sidecar: Path
    session: str
    entry: SidecarEntry
    generation: int


class UnvouchedEntry(NamedTuple):
    """An entry that stays as it is, for nobody vouches for it; ``why`` says why."""

    sidecar: Path
    name: str
    why: str


class VaultChange(NamedTuple):
    """What a change of recipients or of the vault key writes.

    ``vault`` is the vault that will be, ``before`` the recipient of the one that was: they
    are the same when only recipients are added. ``moved`` and ``left`` are the entries that
    are encrypted to the new key, and those that are not.
    """

    place: SecretPlace
    vault: OpenVault
    before: str
    recipients: tuple[str, ...]
    writes: tuple[WriteSecretFile, ...]
    moved: tuple[RewrappedEntry, ...] = ()
    left: tuple[UnvouchedEntry, ...] = ()

    @property
    def after(self) -> str:
        """The recipient of the vault from now on."""
        return self.vault.current.recipient

    def plan(self) -> Plan[VaultKeeper]:
        """Return the steps that write everything in an order that leaves all readable.

        Cut short at any point, running it again, or 'secret rekey', goes on from there.
        """
        return (BeginVaultChange(self), *write_steps(self.writes), FinishVaultChange(self))


class BeginVaultChange(NamedTuple):
    """Remember that a new vault key takes the place of another, so that it can be finished."""

    change: VaultChange

    def render(self) -> str:
        """Return nothing: it is bookkeeping."""
        return ""

    def data(self) -> dict[str, object]:
        """Return it as plain data."""
        return {"action": "begin-vault-change", "vault": self.change.after}

    def carry_out(self, keeper: VaultKeeper, /) -> None:
        """Write it to the trust book, with what was accepted for it."""
        keeper.trust_file.release()
        keeper.trust_file.change(lambda book: _begun(book, self.change, keeper.context.today))


class FinishVaultChange(NamedTuple):
    """Remember the vault and its entries as they are now, and trust the old one no longer."""

    change: VaultChange

    def render(self) -> str:
        """Return nothing: it is bookkeeping."""
        return ""

    def data(self) -> dict[str, object]:
        """Return it as plain data."""
        return {"action": "finish-vault-change", "vault": self.change.after}

    def carry_out(self, keeper: VaultKeeper, /) -> None:
        """Write it to the trust book, and use the vault from now on."""
        keeper.trust_file.change(lambda book: _finished(book, self.change, keeper.context.today))
        keeper.keep(self.change.place, self.change.vault)


def _begun(book: TrustBook, change: VaultChange, today: str) -> TrustBook:
    if change.after == change.before:
        return book
    where = str(change.place.root.resolve())
    book = book.with_use(change.after, where, "", today)
    book = book.with_recipients(change.after, change.recipients, today)
    pin = book.vaults[change.after]._replace(continues=change.before)
    return book.with_vault(change.after, pin)


def _finished(book: TrustBook, change: VaultChange, today: str) -> TrustBook:
    where = str(change.place.root.resolve())
    book = book.with_use(change.after, where, "", today)
    book = book.with_recipients(change.after, change.recipients, today)
    pin = book.vaults[change.after]
    if pin.continues:
        book = book.with_vault(change.after, pin._replace(continues=""))
    for vault, old in book.vaults.items():
        is_of_here = where in old.places or vault == change.before
        if vault != change.after and is_of_here and not old.replaced:
            book = book.with_vault(vault, old._replace(replaced=today))
    for session, vault in book.sessions.items():
        if vault == change.before:
            book = book.with_session(session, change.after)
    for moved in change.moved:
        seen = EntrySighting(moved.entry.name, moved.generation, moved.entry.digest)
        book = book.with_entry(moved.session, seen)
    return book
