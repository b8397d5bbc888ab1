"""Open vault: the vault key, opened with an identity, made, and encrypted to recipients."""

from __future__ import annotations

from pathlib import Path

from sessionctl.core.filename import RECIPIENTS_FILE
from sessionctl.core.named_tuple import NamedTuple
from sessionctl.core.secrets.agefile import NotAgeError
from sessionctl.core.secrets.envelope import read_envelope, seal_key, write_envelope
from sessionctl.core.secrets.identityfile import NATIVE, SSH, IdentityFileError, IdentityLine
from sessionctl.core.secrets.sidecar import SidecarEntry
from sessionctl.core.secrets.vault_keys import (
    VaultInfo,
    VaultKey,
    read_readers,
    read_vault,
    write_info,
    write_vault,
)
from sessionctl.errors import DocumentError, GuardError, RefusedError, SessionctlError
from sessionctl.system import age
from sessionctl.system.files.text import read_bytes, read_text
from sessionctl.system.prompt import SilentPrompt

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sessionctl.core.secrets.envelope import Envelope
    from sessionctl.core.secrets.secret import Secret
    from sessionctl.services.secrets.access.keyring import IdentityCandidate, Keyring
    from sessionctl.services.secrets.access.secret_place import SecretPlace
    from sessionctl.system.prompt import Prompt


class OpenKey(NamedTuple):
    """A vault key that is ready to be used."""

    key: VaultKey
    identity: age.Identity
    seal: Secret

    @property
    def recipient(self) -> str:
        """Its public half."""
        return self.key.recipient

    @property
    def encryptor(self) -> age.Encryptor:
        """Its public half, ready to be encrypted to."""
        return age.encryptor_of(self.identity)


class OpenVault(NamedTuple):
    """A vault that was opened: its keys, the current one first, and what opened it.

    ``readers`` are the keys that it is encrypted to, as it says itself; None where an older
    sessionctl wrote it, which did not say.
    """

    keys: tuple[OpenKey, ...]
    opened_by: str = ""
    identities: tuple[age.Identity, ...] = ()
    readers: frozenset[str] | None = None

    @property
    def current(self) -> OpenKey:
        """The key that new entries are encrypted to."""
        return self.keys[0]

    @property
    def own_keys(self) -> frozenset[str]:
        """The public halves of the identities that opened it, as far as they are known."""
        found = {one.recipient for one in self.identities if one.recipient}
        if any(one.kind == SSH for one in self.identities):
            found |= _public_key_beside(self.opened_by)
        return frozenset(found)

    @property
    def sure_readers(self) -> frozenset[str]:
        """The keys that surely open it: what it says itself, or else just those of the user."""
        return self.own_keys if self.readers is None else self.readers | self.own_keys

    @property
    def exposed(self) -> frozenset[str]:
        """The older keys that a removed recipient knows, by their public halves."""
        return frozenset(key.recipient for key in self.keys if key.key.is_exposed)


def new_vault_key(today: str) -> VaultKey:
    """Return a vault key that was never used."""
    secret, recipient = age.generate_identity()
    return VaultKey(secret, recipient, created=today)


def open_keys(keys: Sequence[VaultKey], candidate: IdentityCandidate | None = None) -> OpenVault:
    """Return ``keys`` ready to be used; a key's public half is computed, not believed.

    Raises:
      UnusableIdentityError: a key is damaged.
    """
    opened = []
    for key in keys:
        line = IdentityLine(NATIVE, key.secret, {})
        (identity,) = age.load_identities([line], SilentPrompt())
        named = key._replace(recipient=identity.recipient)
        opened.append(OpenKey(named, identity, seal_key(key.secret)))
    if candidate is None:
        return OpenVault(tuple(opened))
    return OpenVault(tuple(opened), candidate.place, candidate.identities)


def open_vault(keyring: Keyring, place: SecretPlace) -> OpenVault:
    """Return the vault of ``place``, opened by the first identity that can.

    Raises:
      LockedError: none can; the hints say what was tried.
      RefusedError: the vault is damaged.
      FileError: it cannot be read.
    """
    data = read_bytes(place.vault)
    listed = _listed_text(place)
    for candidate in keyring.candidates(lambda: _keys_in(listed)):
        try:
            content = age.decrypt(data, candidate.identities)
            if content is not None:
                opened = open_keys(read_vault(content), candidate)
                return opened._replace(readers=read_readers(content))
        except (NotAgeError, IdentityFileError, age.UnusableIdentityError) as error:
            environ = keyring.context.machine.environ
            raise _damaged(place, data, error, environ) from None
        reasons = [one.reason for one in candidate.identities if one.reason]
        said = f", its plug-in said: {reasons[0]}" if reasons else ""
        keyring.note(candidate.place, f"opens nothing here{said}")
    raise keyring.locked(f"{place.vault}: no identity opens it")


def listed_keys(place: SecretPlace) -> tuple[str, ...]:
    """Return the keys that are listed, also where other lines of the list are damaged."""
    return _keys_in(_listed_text(place))


def _listed_text(place: SecretPlace) -> str:
    if not place.recipients.exists():
        return ""
    try:
        return read_text(place.recipients)
    except DocumentError:  # no text
        return ""


def _keys_in(text: str) -> tuple[str, ...]:
    from sessionctl.core.secrets.recipients import Recipients

    return Recipients(text).keys


def _public_key_beside(place: str) -> set[str]:
    """Return the ssh key whose public half lies beside the identity of ``place``."""
    from sessionctl.core.secrets.recipients import parse_recipient

    try:
        found = parse_recipient(read_text(Path(f"{place.rpartition(' ')[2]}.pub")))
    except SessionctlError:
        return set()
    return set() if found is None else {found.key}


def _damaged(
    place: SecretPlace, data: bytes, error: Exception, environ: Mapping[str, str]
) -> RefusedError:
    from sessionctl.services.secrets.access.committed_file import steps_back
    from sessionctl.system.git.typed_git import in_git

    if b"<<<<<<<" in data:
        ours = in_git("checkout --ours --", str(place.vault.parent), environ=environ)
        return RefusedError(
            f"{place.vault}: both sides of a merge changed it",
            hints=[
                f"take one of them, and keep all keys of both in {RECIPIENTS_FILE}: {ours}",
                f"then write it for all of them: {place.rekey_command()}",
            ],
        )
    return RefusedError(
        f"{place.vault}: damaged: {error}",
        hints=steps_back(place.vault, environ),
    )


def encrypt_entry(envelope: Envelope, recipient: str, vault: OpenVault | None) -> SidecarEntry:
    """Return ``envelope`` sealed and encrypted; without the vault, unsealed.

    Raises:
      GuardError: decrypting it again gave something else.
    """
    if vault is None:
        armor = age.encrypt(write_envelope(envelope), age.encryptors([recipient], SilentPrompt()))
        return SidecarEntry(envelope.name, armor, is_unsealed=True)
    envelope = envelope.sealed(vault.current.seal)
    armor = age.encrypt(write_envelope(envelope), [vault.current.encryptor])
    content = age.decrypt(armor.encode(), (vault.current.identity,))
    if content is None or read_envelope(content) != envelope:
        raise GuardError(f"{envelope.name}: the encrypted entry did not verify")
    return SidecarEntry(envelope.name, armor)


def wrap(keys: Sequence[VaultKey], recipients: Sequence[str], prompt: Prompt) -> str:
    """Return the text of ``vault.age``: ``keys`` encrypted to ``recipients``.

    Raises:
      UsageError: a recipient cannot be used.
      ToolError: a plug-in is missing or did not do its part.
    """
    return age.encrypt(write_vault(tuple(keys), recipients), age.encryptors(recipients, prompt))


def info_text(vault: str, readers: Iterable[str]) -> str:
    """Return the text of ``vault.toml`` for a vault that ``readers`` can open."""
    from sessionctl.core.secrets.recipients import fingerprint

    return write_info(VaultInfo(vault, fingerprint(readers)))
