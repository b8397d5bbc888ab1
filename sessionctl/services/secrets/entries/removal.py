"""Removal: a secret is taken out of the sidecar."""

from __future__ import annotations

from dataclasses import dataclass

from sessionctl.core.secrets.binding import references
from sessionctl.core.text.shellwords import path_word, quoted
from sessionctl.services.secrets.entries.storage import check_name
from sessionctl.services.secrets.secret_steps import ForgetEntry, WriteSecretFile, write_steps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.services.plan.plan import Plan
    from sessionctl.services.secrets.access.session_secrets import SessionSecrets
    from sessionctl.services.secrets.access.vault_keeper import VaultKeeper


@dataclass(frozen=True, slots=True)
class SecretRemoval:
    """What removing a secret changes; ``writes`` is empty where the entry is gone already."""

    secrets: SessionSecrets
    name: str
    writes: tuple[WriteSecretFile, ...]

    def hints(self) -> list[str]:
        """Return the next steps: the keys of the session that still refer to it."""
        file = path_word(self.secrets.file)
        return [
            f"the session still refers to it: sessionctl unset {file} {quoted(str(ref.path))}"
            for ref in references(self.secrets.document.value)
            if ref.name == self.name
        ]

    def plan(self) -> Plan[VaultKeeper]:
        """Return the steps that write the sidecar, and expect the secret no longer."""
        return (*write_steps(self.writes), ForgetEntry(self.secrets.session, self.name))


def plan_remove(secrets: SessionSecrets, name: str) -> SecretRemoval:
    """Return what removing ``name`` changes; no key is needed.

    An entry that somebody else removed is only forgotten.

    Raises:
      UsageError: the name is not valid.
      KeyNotFoundError, RefusedError: there never was such a secret here.
    """
    check_name(name)
    sidecar = secrets.sidecar
    if sidecar is not None and name in sidecar.entries:
        text = sidecar.remove(name).text
        write = WriteSecretFile(secrets.place.sidecar, sidecar.text, text)
        return SecretRemoval(secrets, name, (write,))
    if (secrets.session, name) not in secrets.keeper.trust_file.book.entries:
        secrets.entry(name)  # says that there is none
    return SecretRemoval(secrets, name, ())
