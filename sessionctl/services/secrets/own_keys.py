"""Own keys: the public halves of this user's keys, and whether they open the secrets of a place."""

from __future__ import annotations

from sessionctl.core.named_tuple import NamedTuple
from sessionctl.core.secrets.recipients import parse_recipient
from sessionctl.errors import LockedError, RefusedError, SessionctlError
from sessionctl.services.secrets.access.keyring import Keyring, ssh_keys
from sessionctl.services.secrets.access.listed_recipients import read_recipients
from sessionctl.services.secrets.access.secret_context import SecretContext, explicit_identity
from sessionctl.system.files.text import read_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.services.machine import Machine
    from sessionctl.services.secrets.access.secret_place import SecretPlace

_NONE_THERE = ("no such file", "not a recipient")


class OwnKey(NamedTuple):
    """A key of this user: its public half, and the place of the private one."""

    recipient: str
    place: str


class OwnKeys(NamedTuple):
    """The keys that were found; ``unknown`` are places with a key that tells no public half."""

    keys: tuple[OwnKey, ...]
    unknown: tuple[str, ...] = ()


def own_keys(keyring: Keyring) -> OwnKeys:
    """Return the keys of this user, in the order in which they are tried.

    Raises:
      LockedError, RefusedError: the identity that was asked for cannot be used.
    """
    found: list[OwnKey] = []
    unknown: list[str] = []
    for candidate in keyring.candidates():
        for identity in candidate.identities:
            if identity.recipient:
                found.append(OwnKey(identity.recipient, candidate.place))
            else:
                unknown.append(candidate.place)
    context = keyring.context
    if context.explicit is None:
        for path in ssh_keys(context):
            public = path.with_name(f"{path.name}.pub")
            try:
                recipient = parse_recipient(read_text(public))
            except SessionctlError:
                continue
            if recipient is not None and path.exists():
                found.append(OwnKey(recipient.key, str(path)))
    ssh = {key.place for key in found}
    unknown += [
        f"{one.place}: {one.outcome}"
        for one in keyring.tried
        if one.outcome not in _NONE_THERE and one.place not in ssh
    ]
    return OwnKeys(tuple(dict.fromkeys(found)), tuple(unknown))


def request(context: SecretContext, recipient: str) -> str:
    """Return the command by which one who can read secrets lets this user read them too."""
    from sessionctl.core.text.shellwords import quoted, typed_word

    label = f" --label {quoted(context.owner)}" if context.owner else ""
    return f"sessionctl recipients add {typed_word(recipient)}{label}"


def missing_key(machine: Machine, place: SecretPlace) -> OwnKeys | None:
    """Return the keys of this user where none is among the readers of ``place``.

    Nobody is asked for anything. None where one is, or where that cannot be known.
    """
    context = SecretContext(
        machine, today="", explicit=explicit_identity(machine.environ), is_quiet=True
    )
    listed = read_recipients(place)
    if listed is None or not place.has_vault:
        return None
    try:
        own = own_keys(Keyring(context))
    except (LockedError, RefusedError):
        return None
    is_reader = any(key.recipient in listed.keys for key in own.keys)
    is_asked_for = context.explicit is not None and not own.keys
    return None if is_reader or own.unknown or is_asked_for else own
