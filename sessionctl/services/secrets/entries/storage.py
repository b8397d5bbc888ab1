"""Storage: a value is stored, and recipients and the vault are set up where there are none.

First everything that can be known without the value (``find_target``), so that nobody is asked
for a value that could not be stored; then what storing the value changes (``plan_set``).
"""

from __future__ import annotations

from sessionctl.core.named_tuple import NamedTuple
from sessionctl.core.secrets.envelope import Envelope
from sessionctl.core.secrets.sidecar import NAME, Sidecar, SidecarEntry
from sessionctl.core.text.shellwords import last_words, path_word, typed_word
from sessionctl.core.values import same_value
from sessionctl.errors import LockedError, UsageError
from sessionctl.services.secrets.access.open_vault import (
    encrypt_entry,
    info_text,
)
from sessionctl.services.secrets.access.vault_info import read_vault_info
from sessionctl.services.secrets.secret_steps import (
    RememberEntries,
    RememberEntry,
    RememberVault,
    WriteSecretFile,
    needed_writes,
    write_steps,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessionctl.core.secrets.secret import Secret
    from sessionctl.services.plan.plan import Plan
    from sessionctl.services.secrets.access.open_vault import OpenVault
    from sessionctl.services.secrets.access.session_secrets import EntryInspection, SessionSecrets
    from sessionctl.services.secrets.access.vault_keeper import VaultKeeper

MAX_BYTES = 1 << 20


class SecretTarget(NamedTuple):
    """Where a value will be stored: all that is known before the value itself.

    ``recipient`` is the vault that the entry is encrypted to; ``vault`` is None where no
    identity opens it. ``session`` is the id that the entry is bound to; ``inspection`` the
    entry that is there, where it can be looked into. ``writes`` and ``notes`` are about what
    is set up on the way.
    """

    secrets: SessionSecrets
    name: str
    session: str
    recipient: str
    vault: OpenVault | None
    writes: tuple[WriteSecretFile, ...] = ()
    notes: tuple[str, ...] = ()
    inspection: EntryInspection | None = None


class SecretChange(NamedTuple):
    """What storing a value changes.

    ``state`` is "created", "changed" or "unchanged"; ``notes`` are about what is set up on
    the way. Nothing in it holds the value.
    """

    target: SecretTarget
    state: str
    entry: SidecarEntry
    generation: int
    writes: tuple[WriteSecretFile, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def secrets(self) -> SessionSecrets:
        """The secrets of the session."""
        return self.target.secrets

    @property
    def is_sealed(self) -> bool:
        """Whether it can be used at once, with no one accepting it first."""
        return not self.entry.is_unsealed

    def hints(self) -> list[str]:
        """Return the next steps: who accepts it, where the session refers to it."""
        name, file = self.entry.name, path_word(self.secrets.file)
        word, reference = last_words(name), typed_word(f'{{ secret = "{name}" }}')
        found: list[str] = []
        if not self.is_sealed:
            found.append(
                f"someone with a key makes it usable: sessionctl secret accept {file} {word}"
            )
        if self.secrets.bind(name) == {} and self.state == "created":
            found.append(
                "nothing refers to it yet; where it is to be used, say so, and accept that:"
                f" sessionctl set {file} KEY {reference}"
                f" && sessionctl secret accept {file} {word}"
            )
        return found

    def plan(self) -> Plan[VaultKeeper]:
        """Return the steps that write the files, then remember what was written."""
        seen = self.seen()
        return (*self._write_steps(self.writes), *(() if seen is None else (seen,)))

    def joint_plan(self, others: Sequence[SecretChange]) -> Plan[VaultKeeper]:
        """Return the steps of this change and of ``others`` as of one.

        All are made from the same secrets, whose vault and sidecar are there.
        """
        changes = [change for change in (self, *others) if change.state != "unchanged"]
        before = self.secrets.sidecar
        assert before is not None
        after = before.put_all([change.entry for change in changes])
        if self.target.vault is not None and after.vault != self.target.recipient:
            after = after.with_vault(self.target.recipient)
        sidecar = WriteSecretFile(self.secrets.place.sidecar, before.text, after.text)
        writes = needed_writes([*self.target.writes, sidecar])
        seen = tuple(entry for change in changes if (entry := change.seen()) is not None)
        return (*self._write_steps(writes), RememberEntries(seen))

    def seen(self) -> RememberEntry | None:
        """Return the step that remembers the entry; None for one that is not sealed."""
        if not self.is_sealed:
            return None
        # What takes the place of a removed one is no change that may be thrown away.
        loose = str(self.secrets.place.root.resolve()) if self.state == "changed" else ""
        not_in = self.secrets.head if loose else ""  # it was made after that commit
        seen = (self.target.session, self.entry.name, self.generation, self.entry.digest)
        return RememberEntry(*seen, loose=loose, not_in=not_in)

    def _write_steps(self, writes: tuple[WriteSecretFile, ...]) -> Plan[VaultKeeper]:
        target, place = self.target, self.secrets.place
        is_new = any(write.path == place.vault for write in writes)
        readers = tuple(sorted(target.vault.sure_readers)) if is_new and target.vault else ()
        remember = RememberVault(target.recipient, place, target.session, readers)
        return (*write_steps(writes), remember)


def check_name(name: str) -> None:
    """Refuse a name that no secret can have.

    Raises:
      UsageError: it is not a valid name.
    """
    if NAME.fullmatch(name) is None:
        # Not the name itself: somebody may have typed the value in its place.
        raise UsageError(
            "not the name of a secret",
            hints=["letters, digits, - and _, parted by dots: prod.password"],
        )


def find_target(secrets: SessionSecrets, name: str, *, must_seal: bool = False) -> SecretTarget:
    """Return where the value of ``name`` will be stored.

    Without an identity that opens the vault, the entry will be written unsealed: one who has
    a key accepts it.

    Raises:
      UsageError: the name is not valid.
      LockedError: there is no identity at all, or, with ``must_seal``, none opens the vault.
      RefusedError: the vault is not the one that is trusted.
    """
    check_name(name)
    _check_session(secrets)
    keeper, place = secrets.keeper, secrets.place
    session = secrets.session or _new_id()
    if not place.has_vault:
        from sessionctl.services.secrets.readers.new_vault import plan_first_vault

        made = plan_first_vault(secrets)
        writes, notes = made.change.writes, made.notes
        return SecretTarget(
            secrets, name, session, made.change.after, made.change.vault, writes, notes
        )
    try:
        vault = secrets.vault
    except LockedError:
        info = read_vault_info(place)
        if must_seal or keeper.context.explicit is not None or info is None:
            raise
        keeper.trust(info.recipient, place, secrets.session)
        return SecretTarget(secrets, name, session, info.recipient, None)
    recipient = vault.current.recipient
    missing: tuple[WriteSecretFile, ...] = ()
    if place.recipients.exists() and not place.vault_info.exists():
        missing = (
            WriteSecretFile(place.vault_info, None, info_text(recipient, vault.sure_readers)),
        )
    is_there = secrets.sidecar is not None and name in secrets.sidecar.entries
    inspection = secrets.inspect(name) if is_there else None
    return SecretTarget(secrets, name, session, recipient, vault, missing, (), inspection)


def _new_id() -> str:
    import uuid

    return str(uuid.uuid4())


def plan_set(target: SecretTarget, value: Secret) -> SecretChange:
    """Return what storing ``value`` changes; the same value again changes nothing.

    Raises:
      UsageError: the value is empty or too large.
      GuardError: the encrypted entry did not verify.
    """
    name, secrets, inspection = target.name, target.secrets, target.inspection
    _check_value(name, value)
    bind = secrets.bind(name)
    if inspection is not None and inspection.is_usable and inspection.opened.value == value:
        # What an older sessionctl bound to less is sealed anew for all of it.
        if same_value(inspection.opened.bind, bind):
            return _unchanged(target, inspection)
    generation = next_generation(secrets, target.session, name, inspection)
    envelope = Envelope(target.session, name, generation, bind, target.recipient, value)
    entry = encrypt_entry(envelope, target.recipient, target.vault)
    return _change(target, entry, generation)


def next_generation(
    secrets: SessionSecrets, session: str, name: str, inspection: EntryInspection | None
) -> int:
    """Return the generation that comes after all that were seen of a secret."""
    pin = secrets.keeper.trust_file.book.entries.get((session, name))
    known = [0 if pin is None else pin.generation]
    if inspection is None:
        # It was removed, perhaps elsewhere, and what is in the history is older than this.
        known += secrets.past_generations(session, name)
    elif inspection.envelope is not None:
        known.append(inspection.envelope.generation)
    return max(known) + 1


def _check_session(secrets: SessionSecrets) -> None:
    """Refuse to write into a sidecar that belongs to another session."""
    if "id" in secrets.document.value and not secrets.session:
        raise UsageError(f"{secrets.place.session}: id: expected a UUID in quotes")
    error = secrets.foreign_sidecar()
    if error is not None:
        raise error


def _check_value(name: str, value: Secret) -> None:
    size = len(value.reveal())
    if not size:
        raise UsageError(f"{name}: the value is empty", hints=["nothing was stored"])
    if size > MAX_BYTES:
        raise UsageError(f"{name}: the value is larger than {MAX_BYTES} bytes")


def _unchanged(target: SecretTarget, inspection: EntryInspection) -> SecretChange:
    entry, generation = inspection.entry, inspection.opened.generation
    notes: tuple[str, ...] = ()
    if entry.rotate:
        notes = (f"{entry.name}: the same value, which a removed recipient knows",)
    return SecretChange(target, "unchanged", entry, generation, notes=notes)


def _change(target: SecretTarget, entry: SidecarEntry, generation: int) -> SecretChange:
    secrets = target.secrets
    place, before = secrets.place, secrets.sidecar
    writes, notes = [*target.writes], [*target.notes]
    if not secrets.session:
        # Before the sidecar, which is bound to it.
        after = "schema_version" if "schema_version" in secrets.document.value else None
        document = secrets.document.insert("id", target.session, after=after)
        writes.append(
            WriteSecretFile(place.session, secrets.document.text, document.verified().text)
        )
        notes.append(f"added an id to {place.session}, which its secrets are bound to")
    sidecar = before or Sidecar.new(target.session, target.recipient, str(place.sidecar))
    if before is None:
        notes.append(f"made {place.sidecar}: the secrets of {place.session}")
    elif target.vault is not None and sidecar.vault != target.recipient:
        sidecar = sidecar.with_vault(target.recipient)
    old = None if before is None else before.text
    writes.append(WriteSecretFile(place.sidecar, old, sidecar.put(entry).text))
    is_known = before is not None and entry.name in before.entries
    state = "changed" if is_known else "created"
    return SecretChange(target, state, entry, generation, needed_writes(writes), tuple(notes))
