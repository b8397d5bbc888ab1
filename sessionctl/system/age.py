"""Age: encrypt and decrypt in memory; the only module that knows pyrage.

The library's errors are all alike and its messages are no interface, so files are
classified by their header before it sees them; its objects print private keys when they
are formatted, so they never leave this module.
"""

from __future__ import annotations

import pyrage

from sessionctl.core.named_tuple import NamedTuple
from sessionctl.core.secrets.agefile import (
    MAX_READERS,
    MAX_WORK_FACTOR,
    NotAgeError,
    read_age_file,
)
from sessionctl.core.secrets.identityfile import NATIVE, SSH, IdentityLine, is_protected_ssh_key
from sessionctl.core.secrets.secret import Secret
from sessionctl.errors import RefusedError, ToolError, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from sessionctl.core.secrets.recipients import Recipient
    from sessionctl.system.prompt import PluginPrompt, Prompt

__all__ = [
    "Encryptor",
    "Identity",
    "UnusableIdentityError",
    "check_recipient",
    "decrypt",
    "decrypt_with_passphrase",
    "encrypt",
    "encrypt_with_passphrase",
    "encryptor_of",
    "encryptors",
    "generate_identity",
    "load_identities",
]


class UnusableIdentityError(Exception):
    """A private key has no form that can be used; the message says why, never quoting it."""


class Identity:
    """A private key that is ready to be used; it shows nothing of itself.

    ``kind`` is "X25519", "ssh", or the name of a plug-in; ``recipient`` is empty where
    only the key's owner can tell it.
    """

    __slots__ = ("_asker", "_key", "kind", "reason", "recipient")

    def __init__(
        self, kind: str, recipient: str, key: Any, asker: PluginPrompt | None = None
    ) -> None:
        self.kind = kind
        self.recipient = recipient
        self._key = key
        self._asker = asker
        self.reason = ""
        """Why its plug-in opened nothing the last time, in its own words; "" for another."""

    @property
    def is_quiet(self) -> bool:
        """Whether using it asks nobody anything; a plug-in may."""
        return self.kind in (NATIVE, SSH)

    def __repr__(self) -> str:
        return f"<Identity {self.kind} {self.recipient}>"


class _NewIdentity(NamedTuple):
    secret: Secret
    recipient: str


def generate_identity() -> _NewIdentity:
    """Return a new private key in its text form, and its recipient."""
    key = pyrage.x25519.Identity.generate()
    return _NewIdentity(Secret(str(key)), str(key.to_public()))


def load_identities(lines: Sequence[IdentityLine], prompt: Prompt) -> tuple[Identity, ...]:
    """Return the keys of an identity file, ready to be used; those of a plug-in as one.

    Raises:
      UnusableIdentityError: one of them is damaged, protected or of an unknown kind.
      ToolError: the program of a plug-in is missing.
    """
    found = [_load(line) for line in lines if line.kind in (NATIVE, SSH)]
    plugins: dict[str, list[IdentityLine]] = {}
    for line in lines:
        if line.kind not in (NATIVE, SSH):
            plugins.setdefault(line.kind, []).append(line)
    return (*found, *(_load_plugin(name, of_it, prompt) for name, of_it in plugins.items()))


def _load(line: IdentityLine) -> Identity:
    data = line.secret.reveal()
    try:
        if line.kind == SSH:
            return Identity(SSH, "", pyrage.ssh.Identity.from_buffer(data))
        key = pyrage.x25519.Identity.from_str(data.decode())
        return Identity(NATIVE, str(key.to_public()), key)
    except pyrage.IdentityError:
        pass  # its message may quote the key
    if line.kind == NATIVE:
        raise UnusableIdentityError("a damaged key")
    if is_protected_ssh_key(line.secret):
        raise UnusableIdentityError(
            "an ssh key with a passphrase, which cannot be opened here;"
            " let a key of your own read: sessionctl key new --passphrase"
        )
    raise UnusableIdentityError("a damaged ssh key, or one of a kind that age does not know")


def _load_plugin(name: str, lines: Sequence[IdentityLine], prompt: Prompt) -> Identity:
    from sessionctl.system.prompt import PluginPrompt

    try:
        keys = [pyrage.plugin.Identity.from_str(str(line.secret.text)) for line in lines]
    except pyrage.IdentityError:
        keys = []
    if not keys:
        raise UnusableIdentityError(f"a damaged identity of the plug-in {name}")
    recipient = next((line.recipient for line in lines if line.recipient), "")
    asker = PluginPrompt(prompt)
    try:
        loaded = pyrage.plugin.IdentityPluginV1(name, keys, asker)
    except pyrage.DecryptError:
        loaded = None
    if loaded is None:
        raise _plugin_missing(name)
    return Identity(name, recipient, loaded, asker)


def encrypt(plaintext: Secret, recipients: Sequence[Encryptor]) -> str:
    """Return ``plaintext`` encrypted to all ``recipients``, as an armored age file.

    Raises:
      ToolError: a plug-in did not do its part.
    """
    reason = ""
    try:
        data: bytes = pyrage.encrypt(
            plaintext.reveal(), [key for one in recipients for key in one.keys], armored=True
        )
    except pyrage.EncryptError as error:
        data, reason = b"", _words_of(error)
    for one in recipients:
        if one.asker is not None:
            one.asker.raise_interrupt()
    if not data:
        raise ToolError(
            f"age: could not encrypt to all recipients: {reason}",
            hints=["check whether the plug-ins of their keys are installed and ready"],
        )
    return data.decode()


class Encryptor:
    """Public keys that are ready to be encrypted to; of a plug-in, all of its keys."""

    __slots__ = ("asker", "keys")

    def __init__(self, *keys: Any, asker: PluginPrompt | None = None) -> None:
        self.keys = keys
        self.asker = asker


def encryptor_of(identity: Identity) -> Encryptor:
    """Return the public half of a native key, ready to be encrypted to."""
    return Encryptor(identity._key.to_public())


def encryptors(recipients: Sequence[str], prompt: Prompt) -> list[Encryptor]:
    """Return the public keys, ready to be encrypted to.

    Raises:
      UsageError: one is not a recipient that can be used.
      ToolError: the program of a plug-in is missing.
    """
    from sessionctl.core.secrets.recipients import parse_recipient

    found: list[Encryptor] = []
    plugins: dict[str, list[str]] = {}
    for text in recipients:
        recipient = parse_recipient(text)
        if recipient is None:
            raise _not_usable(text)
        key = _public_key(recipient)
        if key is not None:
            found.append(Encryptor(key))
        else:
            plugins.setdefault(recipient.kind, []).append(text)
    return [*found, *(_plugin_encryptor(name, keys, prompt) for name, keys in plugins.items())]


def check_recipient(recipient: Recipient) -> None:
    """Refuse a recipient that cannot be encrypted to; a plug-in need not be installed.

    Raises:
      UsageError: its key is damaged.
    """
    if _public_key(recipient) is None:
        try:
            pyrage.plugin.Recipient.from_str(recipient.key)
        except pyrage.RecipientError:
            raise _not_usable(recipient.key) from None


def _public_key(recipient: Recipient) -> Any:
    """Return the library's key, or None for one that needs the program of a plug-in."""
    makers: dict[str, Any] = {
        "X25519": pyrage.x25519.Recipient,
        "ssh-ed25519": pyrage.ssh.Recipient,
        "ssh-rsa": pyrage.ssh.Recipient,
    }
    if hasattr(pyrage, "tag"):  # pyrage 1.4: keys of hardware that encrypt without a plug-in
        makers |= {"tag": pyrage.tag.Recipient, "tagpq": pyrage.tagpq.Recipient}
    maker = makers.get(recipient.kind)
    if maker is None:
        return None
    try:
        return maker.from_str(recipient.key)
    except pyrage.RecipientError:
        raise _not_usable(recipient.key) from None


def _plugin_encryptor(name: str, keys: list[str], prompt: Prompt) -> Encryptor:
    from sessionctl.system.prompt import PluginPrompt

    try:
        loaded = [pyrage.plugin.Recipient.from_str(key) for key in keys]
    except pyrage.RecipientError:
        raise _not_usable(keys[0]) from None
    asker = PluginPrompt(prompt)
    try:
        plugin = pyrage.plugin.RecipientPluginV1(name, loaded, [], asker)
    except pyrage.EncryptError:
        raise _plugin_missing(name) from None
    return Encryptor(plugin, asker=asker)


def _words_of(error: Exception) -> str:
    """Return what age, or a plug-in of it, says of a failure."""
    from sessionctl.core.scan.last_words import last_words

    return "; ".join(last_words(str(error).encode()))


def decrypt(
    data: bytes, identities: Sequence[Identity], *, most_stanzas: int = MAX_READERS
) -> Secret | None:
    """Return the plaintext of an age file, or None where no identity opens it.

    None stands for a file that was changed, too: both look alike from outside.

    Raises:
      NotAgeError: it is not an age file, or has more than ``most_stanzas``: nothing was tried.
    """
    file = read_age_file(data, most_stanzas=most_stanzas)
    if file.needs_passphrase or not identities:
        return None
    found = None
    try:
        found = Secret(pyrage.decrypt(file.data, [identity._key for identity in identities]))
    except pyrage.DecryptError as error:
        for identity in identities:
            if not identity.is_quiet:
                identity.reason = _words_of(error)
    for identity in identities:
        if identity._asker is not None:
            identity._asker.raise_interrupt()
    return found


def decrypt_with_passphrase(data: bytes, passphrase: Secret, name: str) -> Secret | None:
    """Return the plaintext of a file that ``age -p`` made, or None for a wrong passphrase.

    ``name`` stands in the message.

    Raises:
      NotAgeError: it is not an age file, or has no passphrase.
      RefusedError: trying would take too long; nothing was tried.
    """
    file = read_age_file(data)
    factor = file.work_factor
    if factor is None:
        raise NotAgeError("an age file without a passphrase")
    if factor > MAX_WORK_FACTOR:
        raise RefusedError(
            f"{name}: its passphrase would cost 2^{factor} steps, the limit is 2^{MAX_WORK_FACTOR};"
            " encrypt it again with 'age -p'"
        )
    text = passphrase.text
    if text is None:
        return None
    try:
        return Secret(pyrage.passphrase.decrypt(file.data, text))
    except pyrage.DecryptError:
        return None


def encrypt_with_passphrase(plaintext: Secret, passphrase: Secret) -> str:
    """Return ``plaintext`` encrypted with a passphrase, as an armored age file."""
    text = passphrase.text or ""
    return pyrage.passphrase.encrypt(plaintext.reveal(), text, armored=True).decode()


def _not_usable(recipient: str) -> UsageError:
    from sessionctl.core.secrets.recipients import parse_recipient

    if parse_recipient(recipient) is None:
        return UsageError(
            "not a recipient: expected a whole key that begins with age1, ssh-ed25519 or ssh-rsa"
        )
    return UsageError(f"not a recipient that can be used, its key is damaged: {recipient}")


def _plugin_missing(name: str) -> ToolError:
    program = f"age-plugin-{name}"
    return ToolError(f"{program}: not found on PATH", hints=[f"install {program}"])
