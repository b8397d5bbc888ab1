"""Secret values: those of the session's sidecar, by their names, decrypted when asked for."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.secrets.secret import Secret
    from sessionctl.services.machine import Machine
    from sessionctl.services.secrets.access.session_secrets import SessionSecrets
    from sessionctl.services.secrets.access.vault_keeper import VaultKeeper


class SecretValues:
    """The secrets of one session file; nothing is opened before one is asked for."""

    def __init__(self, file: str, machine: Machine) -> None:
        self._file = file
        self._machine = machine

    def __getitem__(self, name: str) -> Secret:
        """Return the secret ``name``; its ``reveal`` gives the bytes, nothing else shows them.

        Raises:
          KeyNotFoundError: there is no such secret.
          LockedError: no key here opens it.
          RefusedError: something speaks against using it; the message says what.
        """
        return self._secrets().value(name)

    def names(self) -> list[str]:
        """Return the names of the secrets that are stored or referred to, sorted."""
        return self._secrets().names()

    def _secrets(self) -> SessionSecrets:
        from sessionctl.services.secrets.access.session_secrets import SessionSecrets

        return SessionSecrets(self.vault(), self._file)

    def vault(self) -> VaultKeeper:
        """Return who opens secrets for this user, without asking anybody."""
        from datetime import UTC, datetime

        from sessionctl.services.secrets.access.secret_context import (
            SecretContext,
            explicit_identity,
        )
        from sessionctl.services.secrets.access.vault_keeper import VaultKeeper

        environ = self._machine.environ
        context = SecretContext(
            self._machine,
            today=datetime.now(UTC).date().isoformat(),
            explicit=explicit_identity(environ),
            trusted_vault=environ.get("SESSIONCTL_TRUST_VAULT", ""),
            is_quiet=True,
        )
        return VaultKeeper(context)
