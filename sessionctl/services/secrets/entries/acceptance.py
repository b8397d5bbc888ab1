"""Acceptance: a person vouches for an entry whose seal, destination or age is in doubt."""

from __future__ import annotations

from sessionctl.core.named_tuple import NamedTuple
from sessionctl.core.secrets.objection import ObjectionKind
from sessionctl.services.secrets.access.open_vault import encrypt_entry
from sessionctl.services.secrets.entries.storage import check_name, next_generation
from sessionctl.services.secrets.secret_steps import RememberEntry, WriteSecretFile, write_steps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessionctl.core.secrets.sidecar import SidecarEntry
    from sessionctl.services.plan.plan import Plan
    from sessionctl.services.secrets.access.session_secrets import EntryInspection, SessionSecrets
    from sessionctl.services.secrets.access.vault_keeper import VaultKeeper


class EntryAcceptance(NamedTuple):
    """An entry that is to be accepted: what spoke against it, and the one in its place."""

    inspection: EntryInspection
    entry: SidecarEntry
    generation: int


class SecretAcceptance(NamedTuple):
    """What accepting entries changes; ``accepted`` is empty where nothing to accept."""

    secrets: SessionSecrets
    accepted: tuple[EntryAcceptance, ...]
    writes: tuple[WriteSecretFile, ...]

    def plan(self) -> Plan[VaultKeeper]:
        """Return the steps that write the sidecar, and remember the entries as they are now."""
        remember = (
            RememberEntry(
                self.secrets.session,
                one.entry.name,
                one.generation,
                one.entry.digest,
                is_accepted=True,
                loose=str(self.secrets.place.root.resolve()),
            )
            for one in self.accepted
        )
        return (*write_steps(self.writes), *remember)


def plan_accept(secrets: SessionSecrets, names: Sequence[str]) -> SecretAcceptance:
    """Return what accepting the entries ``names`` changes; without names, all in doubt.

    The value stays; the entry is sealed anew, bound to where the session sends it now.

    Raises:
      LockedError: no identity opens the vault.
      RefusedError: an entry is in a state that nobody can vouch for.
      KeyNotFoundError: there is no such secret.
    """
    for name in names:
        check_name(name)
    accepted: list[EntryAcceptance] = []
    sidecar = secrets.sidecar
    for name in names or ([] if sidecar is None else list(sidecar.entries)):
        inspection = secrets.inspect(name)
        if inspection.is_usable:
            continue
        if not all(objection.fault.can_be_accepted for objection in inspection.objections):
            if names:
                raise secrets.refusal(inspection)
            continue
        one = _accepted(secrets, inspection)
        accepted.append(one)
        assert sidecar is not None
        sidecar = sidecar.put(one.entry)
    if not accepted:
        return SecretAcceptance(secrets, (), ())
    assert sidecar is not None
    assert secrets.sidecar is not None
    write = WriteSecretFile(secrets.place.sidecar, secrets.sidecar.text, sidecar.text)
    return SecretAcceptance(secrets, tuple(accepted), (write,))


def _accepted(secrets: SessionSecrets, inspection: EntryInspection) -> EntryAcceptance:
    vault, before, name = secrets.vault, inspection.opened, inspection.entry.name
    faults = {objection.fault for objection in inspection.objections}
    # Who wrote it without a key wrote it now, to those who can read now.
    origin = vault.current.recipient if ObjectionKind.UNSEALED in faults else before.origin
    generation = next_generation(secrets, secrets.session, name, inspection)
    envelope = before._replace(generation=generation, bind=secrets.bind(name), origin=origin)
    entry = encrypt_entry(envelope, vault.current.recipient, vault)
    known_to_others = {origin, inspection.key and inspection.key.recipient} & vault.exposed
    rotate = (inspection.entry.rotate or secrets.keeper.context.today) if known_to_others else ""
    return EntryAcceptance(inspection, entry._replace(rotate=rotate), generation)
