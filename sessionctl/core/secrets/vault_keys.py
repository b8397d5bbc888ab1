"""Vault keys: those in ``vault.age``, and what ``vault.toml`` says of them without a key."""

from __future__ import annotations

from sessionctl.core.named_tuple import NamedTuple
from sessionctl.core.secrets.secret import Secret
from sessionctl.core.toml.document import Document
from sessionctl.errors import DocumentError, UnsupportedVersionError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

FORMAT = 1
_READER = "# reader: "

_INFO = """\
# The key that the secrets below this directory are encrypted to. vault.age holds its
# private half, encrypted to the keys in .age-recipients; 'sessionctl recipients' writes both.
format = {format}
recipient = "{recipient}"
wrapped_for = "{wrapped_for}"
"""


class VaultKey(NamedTuple):
    """One key of the vault.

    ``recipient`` is its public half. ``created`` and ``replaced`` are dates, the latter
    empty for the current key; ``is_exposed`` tells that a removed recipient knows it.
    """

    secret: Secret
    recipient: str
    created: str
    replaced: str = ""
    is_exposed: bool = False


class VaultInfo(NamedTuple):
    """What is known without a key: the current recipient, and a digest of who may read."""

    recipient: str
    wrapped_for: str


def write_vault(keys: tuple[VaultKey, ...], readers: Iterable[str] = ()) -> Secret:
    """Return the plaintext of ``vault.age``: an age identity file, the current key first.

    ``readers`` are those it is encrypted to: in here nobody can add to them who cannot read.
    """
    parts = [b"# vault key of sessionctl; the first key is the current one\n"]
    parts += [f"{_READER}{key}\n".encode() for key in sorted(set(readers))]
    for key in keys:
        notes = [f"# created: {key.created}", f"# public key: {key.recipient}"]
        if key.replaced:
            notes.append(f"# replaced: {key.replaced}")
        if key.is_exposed:
            notes.append("# exposed: a recipient who was removed knows it")
        parts += ["\n".join(notes).encode(), b"\n", key.secret.reveal(), b"\n"]
    return Secret(b"".join(parts))


def read_vault(content: Secret) -> tuple[VaultKey, ...]:
    """Return the keys of a vault; what a key's recipient is, only its comment says.

    Raises:
      IdentityFileError: the content is no identity file, or has keys of another kind.
    """
    from sessionctl.core.secrets.identityfile import (
        NATIVE,
        IdentityFileError,
        read_identity_file,
    )

    lines = read_identity_file(content)
    if any(line.kind != NATIVE for line in lines):
        raise IdentityFileError("it holds a key that is not a vault key")
    return tuple(
        VaultKey(
            line.secret,
            line.recipient,
            line.notes.get("created", ""),
            line.notes.get("replaced", ""),
            "exposed" in line.notes,
        )
        for line in lines
    )


def read_readers(content: Secret) -> frozenset[str] | None:
    """Return whom a vault says it is encrypted to; None where it says nothing, as an old one."""
    lines = (content.text or "").splitlines()
    found = frozenset(line.removeprefix(_READER) for line in lines if line.startswith(_READER))
    return found or None


def write_info(info: VaultInfo) -> str:
    """Return the text of ``vault.toml``."""
    return _INFO.format(format=FORMAT, recipient=info.recipient, wrapped_for=info.wrapped_for)


def read_info(text: str, name: str, rekey: Callable[[], str] | None = None) -> VaultInfo:
    """Return what ``vault.toml`` holds.

    ``name`` stands in messages; ``rekey`` gives the command that writes the file anew.

    Raises:
      ParseError: it is not TOML.
      UnsupportedVersionError: a newer sessionctl wrote it.
      DocumentError: it lacks what it must have.
    """
    value = Document.parse(text, name).value
    version, recipient, wrapped = (value.get(key) for key in ("format", "recipient", "wrapped_for"))
    if type(version) is int and version > FORMAT:
        raise UnsupportedVersionError(
            f"{name}: format {version} is newer than this sessionctl",
            hints=["update sessionctl; the file is left as it is"],
        )
    if version != FORMAT or not isinstance(recipient, str) or not isinstance(wrapped, str):
        command = "sessionctl secret rekey" if rekey is None else rekey()
        raise DocumentError(
            f"{name}: not what sessionctl wrote: format, recipient or wrapped_for is missing",
            hints=[f"write it again from vault.age: {command}"],
        )
    return VaultInfo(recipient, wrapped)
