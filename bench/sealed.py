"""The secrets that are measured, and the plain library loop they are measured against."""

from __future__ import annotations

import pyrage

from sessionctl.core.secrets.envelope import Envelope, write_envelope
from sessionctl.core.secrets.objection import judge
from sessionctl.core.secrets.secret import Secret
from sessionctl.services.secrets.access.open_vault import encrypt_entry, new_vault_key, open_keys
from sessionctl.services.secrets.access.session_secrets import open_entry

COUNT = 100
SESSION = "3f0d8c2e-6d1f-4c1e-9a53-0f2f7f0c4a11"
BIND = {"driver": "postgres", "host": "db.example.org", "port": 5432, "user": "app"}


class Sealed:
    """A hundred secrets, and the same bytes for the library alone."""

    def __init__(self) -> None:
        self.vault = open_keys((new_vault_key("2026-01-02"),))
        self.recipient = self.vault.current.recipient
        self.envelopes = [
            Envelope(SESSION, f"c{n}.password", 1, BIND, self.recipient, Secret(f"hunter{n}"))
            for n in range(COUNT)
        ]
        self.entries = self.store()
        key = self.vault.current
        self.plaintexts = [write_envelope(one.sealed(key.seal)).reveal() for one in self.envelopes]
        self._identity = pyrage.x25519.Identity.from_str(str(key.key.secret.text))
        self._public = self._identity.to_public()
        self.ciphertexts = self.encrypt_plain()

    def store(self) -> list[object]:
        """Seal, encrypt and decrypt-verify every secret, as 'secret set' does."""
        return [encrypt_entry(one, self.recipient, self.vault) for one in self.envelopes]

    def use(self) -> None:
        """Decrypt every secret and judge it, as any use does."""
        for entry in self.entries:
            opened = open_entry(entry, self.vault)  # type: ignore[arg-type]
            if opened is None:
                raise SystemExit("bench: an entry did not open")
            envelope, key = opened
            if judge(envelope, key.seal, session=SESSION, name=envelope.name, bind=BIND):
                raise SystemExit("bench: an entry was refused")

    def encrypt_plain(self) -> list[bytes]:
        """Encrypt the same bytes with the library alone."""
        return [pyrage.encrypt(one, [self._public], armored=True) for one in self.plaintexts]

    def decrypt_plain(self) -> None:
        """Decrypt them with the library alone."""
        for one in self.ciphertexts:
            pyrage.decrypt(one, [self._identity])

    def store_plain(self) -> None:
        """Encrypt with the library alone, and decrypt each to see that it went well."""
        for one in self.plaintexts:
            text = pyrage.encrypt(one, [self._public], armored=True)
            if pyrage.decrypt(text, [self._identity]) != one:
                raise SystemExit("bench: the library failed")
