"""User key: the identity of a user is made."""

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

    from sessionctl.services.plan.plan import Plan
    from sessionctl.services.secrets.access.secret_context import SecretContext


class WriteKey(NamedTuple):
    """Write an identity to a file that only its user can read; none that is there is replaced."""

    path: Path
    content: Secret | str

    def render(self) -> str:
        """Return what is done."""
        return f"make {self.path}"

    def data(self) -> dict[str, object]:
        """Return it as plain data, without the identity."""
        return {"action": "write-key", "path": self.path}

    def carry_out(self, _tools: object, /) -> None:
        """Write it; raises ``FileError``."""
        write_private(self.path, self.content, replaces=False)


class NewKey(NamedTuple):
    """A key that is to be made: where, and its public half."""

    write: WriteKey
    recipient: str

    @property
    def path(self) -> Path:
        """The file that it is written to."""
        return self.write.path

    def plan(self) -> Plan[object]:
        """Return the step that writes it."""
        return (self.write,)


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


def plan_key(context: SecretContext, passphrase: Secret | None) -> NewKey:
    """Return a new identity, to be written where identities are looked for first.

    Raises:
      FileError: there is one already.
    """
    path = check_no_key(context)
    secret, recipient = age.generate_identity()
    head = f"# created: {context.today}\n# public key: {recipient}\n".encode()
    content = Secret(head + secret.reveal() + b"\n")
    text = content if passphrase is None else age.encrypt_with_passphrase(content, passphrase)
    return NewKey(WriteKey(path, text), recipient)
