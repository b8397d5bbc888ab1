"""Keys: make the identity of a user."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.core.secrets.secret import Secret
from sessionctl.errors import FileError
from sessionctl.services.secrets.access.keyring import IDENTITIES
from sessionctl.system import age
from sessionctl.system.files.private_files import write_private

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

    from sessionctl.services.secrets.access.identity_sources import SecretContext


class NewKey(NamedTuple):
    """Where a new key is, and its public half."""

    path: Path
    recipient: str


def check_no_key(context: SecretContext) -> Path:
    """Return where a new key goes.

    Raises:
      FileError: there is one already.
    """
    path = context.config / IDENTITIES
    if path.exists():
        raise FileError(
            f"{path}: there is a key already, it is kept",
            hints=["store a secret with it: sessionctl secret set FILE NAME"],
        )
    return path


def make_key(context: SecretContext, passphrase: Secret | None) -> NewKey:
    """Make an identity, and write it where identities are looked for first.

    Raises:
      FileError: there is one already, or it cannot be written.
    """
    path = check_no_key(context)
    secret, recipient = age.generate_identity()
    head = f"# created: {context.today}\n# public key: {recipient}\n".encode()
    content = Secret(head + secret.reveal() + b"\n")
    text = content if passphrase is None else age.encrypt_with_passphrase(content, passphrase)
    write_private(path, text, replaces=False)
    return NewKey(path, recipient)
