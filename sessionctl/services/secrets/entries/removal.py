"""Removal: a secret is taken out of the sidecar."""

from __future__ import annotations

from sessionctl.core.named_tuple import NamedTuple
from sessionctl.core.secrets.destination.binding import references
from sessionctl.core.text.near_words import near_hints
from sessionctl.core.text.shellwords import last_words, path_word
from sessionctl.errors import KeyNotFoundError, RefusedError, SessionctlError
from sessionctl.services.secrets.entries.storage import check_name
from sessionctl.services.secrets.secret_steps import ForgetEntry, WriteSecretFile, write_steps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.services.plan.plan import Plan
    from sessionctl.services.secrets.access.session_secrets import SessionSecrets
    from sessionctl.services.secrets.access.vault_keeper import VaultKeeper


class SecretRemoval(NamedTuple):
    """What removing a secret changes; ``writes`` is empty where the entry is gone already."""

    secrets: SessionSecrets
    name: str
    writes: tuple[WriteSecretFile, ...]
    generation: int = 0
    digests: tuple[str, ...] = ()

    def hints(self) -> list[str]:
        """Return the next steps: the keys of the session that still refer to it."""
        file = path_word(self.secrets.file)
        return [
            f"the session still refers to it: sessionctl unset {file} {last_words(str(ref.path))}"
            for ref in references(self.secrets.document.value)
            if ref.name == self.name
        ]

    def plan(self) -> Plan[VaultKeeper]:
        """Return the steps that write the sidecar, and expect the secret no longer."""
        forget = ForgetEntry(self.secrets.session, self.name, self.generation, self.digests)
        return (*write_steps(self.writes), forget)


def plan_remove(secrets: SessionSecrets, name: str) -> SecretRemoval:
    """Return what removing ``name`` changes; no key is needed.

    A removal is a change like any other: what comes after it has a higher generation. An
    entry that somebody else removed is only expected no longer.

    Raises:
      UsageError: the name is not valid.
      KeyNotFoundError, RefusedError: there never was such a secret here.
    """
    check_name(name)
    sidecar = secrets.sidecar
    if sidecar is not None and name in sidecar.entries:
        text = sidecar.remove(name).text
        write = WriteSecretFile(secrets.place.sidecar, sidecar.text, text)
        entry = sidecar.entries[name]
        return SecretRemoval(secrets, name, (write,), _generation(secrets, name), (entry.digest,))
    if not secrets.keeper.trust_file.book.is_expected(secrets.session, name):
        raise _unknown(secrets, name)
    return SecretRemoval(secrets, name, ())


def _unknown(secrets: SessionSecrets, name: str) -> SessionctlError:
    """Return the error that there is no secret ``name``; who removes one has no use for another."""
    try:
        secrets.entry(name)
    except (KeyNotFoundError, RefusedError) as error:
        stored = sorted(secrets.sidecar.entries) if secrets.sidecar else []
        hints = [*near_hints(name, stored), *SecretRemoval(secrets, name, ()).hints()]
        hint = f"see which there are: sessionctl secret list {path_word(secrets.file)}"
        return type(error)(error.message, hints=hints or [hint])
    raise AssertionError(name)


def _generation(secrets: SessionSecrets, name: str) -> int:
    """Return which generation the entry is, as far as a key that asks nobody opens it."""
    try:
        found = secrets.inspect(name).envelope
    except SessionctlError:
        return 0
    return 0 if found is None or found.name != name else found.generation
