"""Accepting: a person vouches for an entry whose seal, destination or age is in doubt."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sessionctl.core.secrets.binding import bind_of
from sessionctl.core.secrets.objection import ObjectionKind
from sessionctl.services.secrets.access.open_vault import encrypt_entry
from sessionctl.services.secrets.entries.storage import check_name, next_generation
from sessionctl.services.secrets.secret_writes import Write

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessionctl.core.secrets.sidecar import SidecarEntry
    from sessionctl.services.secrets.access.session_secrets import EntryInspection, SessionSecrets


@dataclass(frozen=True, slots=True)
class EntryAcceptance:
    """An entry that is to be accepted: what spoke against it, and the one in its place."""

    looked: EntryInspection
    entry: SidecarEntry
    generation: int


@dataclass(frozen=True, slots=True)
class AcceptPlan:
    """What accepting entries changes; ``accepted`` is empty where nothing is in doubt."""

    secrets: SessionSecrets
    accepted: tuple[EntryAcceptance, ...]
    writes: tuple[Write, ...]

    def carry_out(self) -> None:
        """Write the sidecar, and remember the entries as they are now.

        Raises:
          FileError: the sidecar cannot be written, or changed since it was read.
        """
        self.secrets.keeper.write(self.writes)
        session = self.secrets.session
        for one in self.accepted:
            entry, generation = one.entry, one.generation
            self.secrets.keeper.pins.change(
                lambda book, entry=entry, generation=generation: book.with_entry_set(  # type: ignore[misc]
                    session, entry.name, generation, entry.digest
                )
            )


def plan_accept(secrets: SessionSecrets, names: Sequence[str]) -> AcceptPlan:
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
        looked = secrets.look(name)
        if looked.is_usable:
            continue
        if not all(objection.fault.can_be_accepted for objection in looked.objections):
            if names:
                raise secrets.refusal(looked)
            continue
        one = _accepted(secrets, looked)
        accepted.append(one)
        assert sidecar is not None
        sidecar = sidecar.put(one.entry)
    if not accepted:
        return AcceptPlan(secrets, (), ())
    assert sidecar is not None
    assert secrets.sidecar is not None
    write = Write(secrets.place.sidecar, secrets.sidecar.text, sidecar.text)
    return AcceptPlan(secrets, tuple(accepted), (write,))


def _accepted(secrets: SessionSecrets, looked: EntryInspection) -> EntryAcceptance:
    vault, before, name = secrets.vault, looked.opened, looked.entry.name
    faults = {objection.fault for objection in looked.objections}
    # Who wrote it without a key wrote it now, to those who can read now.
    origin = vault.current.recipient if ObjectionKind.UNSEALED in faults else before.origin
    generation = next_generation(secrets, secrets.session, name, looked)
    envelope = replace(
        before, generation=generation, bind=bind_of(secrets.document.value, name), origin=origin
    )
    entry = encrypt_entry(envelope, vault.current.recipient, vault)
    exposed = {key for key in vault.exposed if key in (origin, looked.key and looked.key.recipient)}
    rotate = (looked.entry.rotate or secrets.keeper.context.today) if exposed else ""
    return EntryAcceptance(looked, entry._replace(rotate=rotate), generation)
