"""Objections: everything that speaks against using an entry that was decrypted."""

from __future__ import annotations

from sessionctl.core.keypath import KeyPath
from sessionctl.core.light_enum import Enum
from sessionctl.core.named_tuple import NamedTuple
from sessionctl.core.secrets.envelope import ascii_text
from sessionctl.core.values import same_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from sessionctl.core.secrets.envelope import Envelope, Json
    from sessionctl.core.secrets.secret import Secret


_CONNECTION = KeyPath(("connections", "any"))


class ObjectionKind(Enum):
    """Kinds of objection; ``can_be_accepted`` shows whether a person may overrule it."""

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
    envelope: Envelope, key: Secret, *, session: str, name: str, bind: Json, older: Json = None
) -> tuple[Objection, ...]:
    """Return what speaks against using ``envelope`` as the secret ``name`` of ``session``.

    ``key`` is the seal key that belongs to the vault key that opened it, ``bind`` where
    the session sends the value now; ``older`` is that as an older sessionctl bound it, None
    where that may not be enough. Whether it is an older one, only the pins know.
    """
    return tuple(_objections(envelope, key, session, name, (bind, older)))


def _objections(
    envelope: Envelope, key: Secret, session: str, name: str, binds: tuple[Json, Json]
) -> Iterator[Objection]:
    if not envelope.tag:
        yield Objection(ObjectionKind.UNSEALED, "it was written without a key and is unconfirmed")
    elif not envelope.is_sealed_by(key):
        yield Objection(ObjectionKind.FALSE_SEAL, "its seal is false: it was forged or changed")
    # Even of an entry without a true seal it is told, in the words of where it came from.
    if envelope.session != session:
        yield Objection(ObjectionKind.FOREIGN_SESSION, "it belongs to another session")
    if envelope.name != name:
        yield Objection(ObjectionKind.FOREIGN_NAME, "it is the entry of another secret")
    if not any(bind is not None and same_value(envelope.bind, bind) for bind in binds):
        yield Objection(ObjectionKind.DESTINATION, _changed(envelope.bind, binds))


def _changed(before: Json, binds: tuple[Json, Json]) -> str:
    """Say how the destination changed, field by field where that is possible."""
    after, older = binds
    if before == {}:
        return f"nothing referred to it when it was set, and now it goes somewhere: {_shown(after)}"
    if after == {}:
        return "it is no longer referred to"
    if not isinstance(before, dict) or not isinstance(after, dict):
        return f"the places that refer to it changed: {_shown(before)} -> {_shown(after)}"
    if "rules" in after and "rules" not in before and isinstance(older, dict):
        after = older
    old, new = _masked_fields(before), _masked_fields(after)
    keys = sorted(key for key in {*old, *new} if _field(old, key) != _field(new, key))
    if "rules" not in before:
        keys = [key for key in keys if key not in ("key", "rules", "beside", "when")] or keys
    told = (f"{key}: {_field(old, key)} -> {_field(new, key)}" for key in keys)
    return f"its destination changed: {', '.join(told)}"


def _flat(bind: dict[str, Json]) -> dict[str, Json]:
    """Return what is bound with the fields of the connection beside the rest of it."""
    connection = bind.get("connection")
    if "rules" not in bind or not isinstance(connection, dict):
        return bind
    rest = {key: value for key, value in bind.items() if key != "connection"}
    return {**rest, **connection}


def _field(fields: dict[str, Json], key: str) -> str:
    return ascii_text(fields[key]) if key in fields else "none"


def _shown(bind: Json) -> str:
    parts = bind if isinstance(bind, list) else [bind]
    return "; ".join(
        _in_words(_masked_fields(part)) if isinstance(part, dict) else ascii_text(part)
        for part in parts
    )


def _in_words(fields: dict[str, Json]) -> str:
    """Return every field but the version of the rules: driver postgres at db:5432 as user app."""
    rest = {key: _word(value) for key, value in fields.items() if key != "rules"}
    words = [f"driver {rest.pop('driver')}"] if "driver" in rest else []
    if "host" in rest:
        port = rest.pop("port", "")
        words.append(f"at {rest.pop('host')}{port and f':{port}'}")
    if "user" in rest:
        words.append(f"as user {rest.pop('user')}")
    others = [f"{key} {value}" for key, value in sorted(rest.items())]
    return ", ".join([*([" ".join(words)] if words else []), *others])


def _word(value: Json) -> str:
    """Return a value as it is where it is one plain word; else quoted, none passes for words."""
    text = ascii_text(value)
    is_plain = isinstance(value, str) and value.isascii() and bool(value)
    return str(value) if is_plain and all(c.isalnum() or c in "._-/" for c in str(value)) else text


def _masked_fields(bind: dict[str, Json]) -> dict[str, Json]:
    """Return the fields of what is bound; of a plug-in's some may be secrets that were typed."""
    from sessionctl.core.scan.masked_values import masked

    found: dict[str, Json] = masked(_flat(bind), in_session=True, path=_CONNECTION)  # type: ignore[assignment,arg-type]
    return found
