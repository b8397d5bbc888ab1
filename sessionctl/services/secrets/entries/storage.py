"""Setting: store a value, and set up recipients and the vault where there are none."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import NamedTuple

from sessionctl.core.secrets.binding import bind_of
from sessionctl.core.secrets.envelope import Envelope
from sessionctl.core.secrets.sidecar import NAME, Sidecar, SidecarEntry
from sessionctl.core.text.shellwords import path_word, quoted
from sessionctl.errors import LockedError, RefusedError, UsageError
from sessionctl.services.secrets.access.open_vault import (
    encrypt_entry,
    info_text,
    read_recipients,
    read_vault_info,
)
from sessionctl.services.secrets.access.secret_place import typed
from sessionctl.services.secrets.readers.foundation import found_vault
from sessionctl.services.secrets.secret_writes import Write, needed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from sessionctl.core.secrets.secret import Secret
    from sessionctl.services.secrets.access.open_vault import OpenVault
    from sessionctl.services.secrets.access.session_secrets import EntryInspection, SessionSecrets

MAX_BYTES = 1 << 20


class SecretTarget(NamedTuple):
    """What a new entry is encrypted to; ``vault`` is None where no identity opens it."""

    recipient: str
    vault: OpenVault | None
    writes: tuple[Write, ...] = ()
    told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SetPlan:
    """What storing a value changes; a value that can be told and carried out.

    ``state`` is "created", "changed" or "unchanged"; ``told`` says what is set up on the
    way. Nothing in it holds the value.
    """

    secrets: SessionSecrets
    state: str
    entry: SidecarEntry
    generation: int
    recipient: str
    session: str
    writes: tuple[Write, ...] = ()
    told: tuple[str, ...] = ()

    @property
    def is_sealed(self) -> bool:
        """Whether it can be used at once, with no one accepting it first."""
        return not self.entry.is_unsealed

    def hints(self) -> list[str]:
        """Return the next steps: who accepts it, where the session refers to it."""
        name, file = self.entry.name, path_word(self.secrets.file)
        found: list[str] = []
        if not self.is_sealed:
            found.append(
                f"one who has a key makes it usable: sessionctl secret accept {file} {name}"
            )
        if bind_of(self.secrets.document.value, name) == {} and self.state == "created":
            found.append(
                "nothing refers to it yet; where it is to be used, say so, and accept that:"
                f""" sessionctl set {file} KEY '{{ secret = "{name}" }}'"""
                f" && sessionctl secret accept {file} {name}"
            )
        return found

    def carry_out(self) -> None:
        """Write the files and remember what was written.

        Raises:
          FileError: one cannot be written, or changed since it was read.
        """
        keeper, place, entry = self.secrets.keeper, self.secrets.place, self.entry
        keeper.write(self.writes)
        is_new = any(write.path == place.vault for write in self.writes)
        keeper.remember_vault(self.recipient, place, self.session, is_new=is_new)
        if self.is_sealed:
            keeper.pins.change(
                lambda book: book.with_entry(
                    self.session, entry.name, self.generation, entry.digest
                )
            )


def check_name(name: str) -> None:
    """Refuse a name that no secret can have.

    Raises:
      UsageError: it is none.
    """
    if NAME.fullmatch(name) is None:
        # Not the name itself: somebody may have typed the value in its place.
        raise UsageError(
            "not the name of a secret",
            hints=["letters, digits, - and _, parted by dots: prod.password"],
        )


def plan_set(
    secrets: SessionSecrets, name: str, read_value: Callable[[], Secret], *, must_seal: bool = False
) -> SetPlan:
    """Return what storing the value that ``read_value`` gives as ``name`` changes.

    Without an identity that opens the vault, the entry is written unsealed: one who has a
    key accepts it. The value is asked for last, when all else is in order.

    Raises:
      UsageError: the name is none, or the value is empty or too large.
      LockedError: there is no identity at all, or, with ``must_seal``, none opens the vault.
      RefusedError: the vault is not the one that is trusted.
    """
    check_name(name)
    _check_session(secrets)
    target = _target(secrets, must_seal=must_seal)
    session = secrets.session or str(uuid.uuid4())
    looked = _looked(secrets, name, target)
    value = read_value()
    _check_value(name, value)
    if looked is not None and looked.is_usable and looked.opened.value == value:
        return _unchanged(secrets, target, looked)
    bind = bind_of(secrets.document.value, name)
    generation = next_generation(secrets, session, name, looked)
    envelope = Envelope(session, name, generation, bind, target.recipient, value)
    entry = encrypt_entry(envelope, target.recipient, target.vault)
    return _plan(secrets, target, session, entry, generation)


def next_generation(
    secrets: SessionSecrets, session: str, name: str, looked: EntryInspection | None
) -> int:
    """Return the generation that comes after all that were seen of a secret."""
    pin = secrets.keeper.pins.book.entries.get((session, name))
    known = [0 if pin is None else pin.generation]
    if looked is not None and looked.envelope is not None:
        known.append(looked.envelope.generation)
    return max(known) + 1


def _check_session(secrets: SessionSecrets) -> None:
    """Refuse to write into a sidecar that belongs to another session."""
    sidecar, place = secrets.sidecar, secrets.place
    if "id" in secrets.document.value and not secrets.session:
        raise UsageError(f"{place.session}: id: expected a UUID in quotes")
    if sidecar is not None and sidecar.session != secrets.session:
        raise RefusedError(
            f"{place.sidecar}: belongs to another session, its id is {sidecar.session}",
            hints=[
                f"if the id was lost: sessionctl set {typed(place.session)} id"
                f" {quoted(sidecar.session)}",
                f"if the file was copied here, move it away: mv {typed(place.sidecar)} OTHER",
            ],
        )


def _target(secrets: SessionSecrets, *, must_seal: bool) -> SecretTarget:
    keeper, place = secrets.keeper, secrets.place
    if not place.has_vault:
        founding = found_vault(secrets)
        vault = founding.vault
        return SecretTarget(vault.current.recipient, vault, founding.plan.writes, founding.told)
    try:
        vault = secrets.vault
    except LockedError:
        info = read_vault_info(place)
        if must_seal or keeper.context.explicit is not None or info is None:
            raise
        keeper.trust(info.recipient, place, secrets.session)
        return SecretTarget(info.recipient, None)
    writes: list[Write] = []
    listed = read_recipients(place)
    if listed is not None and read_vault_info(place) is None:
        writes.append(Write(place.vault_info, None, info_text(vault.current.recipient, listed)))
    return SecretTarget(vault.current.recipient, vault, tuple(writes))


def _looked(secrets: SessionSecrets, name: str, target: SecretTarget) -> EntryInspection | None:
    """Return the entry that is there, where it can be looked into."""
    entries = {} if secrets.sidecar is None else secrets.sidecar.entries
    if name not in entries or target.vault is None:
        return None
    return secrets.look(name)


def _check_value(name: str, value: Secret) -> None:
    size = len(value.reveal())
    if not size:
        raise UsageError(f"{name}: the value is empty", hints=["nothing was stored"])
    if size > MAX_BYTES:
        raise UsageError(f"{name}: the value is larger than {MAX_BYTES} bytes")


def _unchanged(secrets: SessionSecrets, target: SecretTarget, looked: EntryInspection) -> SetPlan:
    entry, envelope = looked.entry, looked.opened
    told: tuple[str, ...] = ()
    if entry.rotate:
        told = (f"{entry.name}: the same value, which a removed recipient knows",)
    return SetPlan(
        secrets,
        state="unchanged",
        entry=entry,
        generation=envelope.generation,
        recipient=target.recipient,
        session=secrets.session,
        told=told,
    )


def _plan(
    secrets: SessionSecrets,
    target: SecretTarget,
    session: str,
    entry: SidecarEntry,
    generation: int,
) -> SetPlan:
    place, before = secrets.place, secrets.sidecar
    writes, told = [*target.writes], [*target.told]
    if not secrets.session:
        after = "schema_version" if "schema_version" in secrets.document.value else None
        document = secrets.document.insert("id", session, after=after)
        writes.append(Write(place.session, secrets.document.text, document.text))
        told.append(f"added an id to {place.session}, which its secrets are bound to")
    sidecar = before or Sidecar.new(session, target.recipient, str(place.sidecar))
    if before is None:
        told.append(f"made {place.sidecar}: the secrets of {place.session}")
    elif target.vault is not None and sidecar.vault != target.recipient:
        sidecar = sidecar.with_vault(target.recipient)
    old = None if before is None else before.text
    writes.append(Write(place.sidecar, old, sidecar.put(entry).text))
    return SetPlan(
        secrets,
        state="changed" if before is not None and entry.name in before.entries else "created",
        entry=entry,
        generation=generation,
        recipient=target.recipient,
        session=session,
        writes=needed(writes),
        told=tuple(told),
    )
