"""Objections: everything that speaks against using an entry that was decrypted."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from sessionctl.core.keypath import KeyPath
from sessionctl.core.secrets.envelope import canonical
from sessionctl.core.values import same_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from sessionctl.core.secrets.envelope import Envelope, Json
    from sessionctl.core.secrets.secret import Secret


_CONNECTION = KeyPath(("connections", "any"))


class ObjectionKind(Enum):
    """Kinds of objection; ``can_be_accepted`` tells whether a person may overrule it."""

    UNREADABLE = "unreadable"
    FOREIGN_SESSION = "foreign-session"
    FOREIGN_NAME = "foreign-name"
    FALSE_SEAL = "false-seal"
    UNSEALED = "unsealed"
    OLD_KEY = "old-key"
    DESTINATION = "destination"
    ROLLED_BACK = "rolled-back"

    @property
    def can_be_accepted(self) -> bool:
        """Whether ``secret accept`` may take the entry in; else it is set anew."""
        return self in (
            ObjectionKind.UNSEALED,
            ObjectionKind.OLD_KEY,
            ObjectionKind.DESTINATION,
            ObjectionKind.ROLLED_BACK,
        )


class Objection(NamedTuple):
    """One thing that speaks against an entry, said for people; it never holds a value."""

    fault: ObjectionKind
    text: str


def judge(
    envelope: Envelope, key: Secret, *, session: str, name: str, bind: Json
) -> tuple[Objection, ...]:
    """Return what speaks against using ``envelope`` as the secret ``name`` of ``session``.

    ``key`` is the seal key that belongs to the vault key that opened it, ``bind`` where
    the session sends the value now. Whether it is an older one, only the pins know.
    """
    return tuple(_objections(envelope, key, session, name, bind))


def _objections(
    envelope: Envelope, key: Secret, session: str, name: str, bind: Json
) -> Iterator[Objection]:
    if not envelope.tag:
        yield Objection(
            ObjectionKind.UNSEALED, "it was written without a key, nobody vouches for it"
        )
    elif not envelope.is_sealed_by(key):
        yield Objection(ObjectionKind.FALSE_SEAL, "its seal is false: it was forged or changed")
    # Even of an entry without a true seal it is told, in the words of where it came from.
    if envelope.session != session:
        yield Objection(ObjectionKind.FOREIGN_SESSION, "it belongs to another session")
    if envelope.name != name:
        yield Objection(ObjectionKind.FOREIGN_NAME, "it is the entry of another secret")
    if not same_value(envelope.bind, bind):
        yield Objection(ObjectionKind.DESTINATION, _changed(envelope.bind, bind))


def _changed(before: Json, after: Json) -> str:
    """Tell how the destination changed, field by field where that is possible."""
    if before == {}:
        return "nothing referred to it when it was set, and now it goes somewhere"
    if after == {}:
        return "nothing refers to it any more"
    if not isinstance(before, dict) or not isinstance(after, dict):
        return "the places that refer to it changed"
    from sessionctl.core.scan.masked_values import masked

    keys = sorted(key for key in {*before, *after} if _shown(before, key) != _shown(after, key))
    # Of a plug-in's connection a field may be a secret that was typed.
    old, new = (masked(fields, in_session=True, path=_CONNECTION) for fields in (before, after))  # type: ignore[arg-type]
    told = (f"{key}: {_shown(old, key)} -> {_shown(new, key)}" for key in keys)  # type: ignore[arg-type]
    return f"its destination changed: {', '.join(told)}"


def _shown(fields: dict[str, Json], key: str) -> str:
    return canonical(fields[key]).decode() if key in fields else "none"
