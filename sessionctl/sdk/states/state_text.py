"""State text: the states of providers in the text of a session, all other bytes as they are."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.core.keypath import KeyPath
from sessionctl.core.toml.document import Document
from sessionctl.core.values import same_value, table_in, type_name
from sessionctl.errors import UsageError
from sessionctl.sdk.provider import VERSIONS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from sessionctl.core.values import Table, Value

    Edit = tuple[object, ...]

_KINDS = (bool, str, int, float)
_TYPES = _KINDS
_MOMENTS = ("datetime", "date", "time")
_LEAST_INTEGER, _MOST_INTEGER = -(2**63), 2**63 - 1


class StoredState(NamedTuple):
    """The state of one provider as it stands in the file, and its version."""

    state: Table
    version: int


def stored_states(document: Document, app: str) -> dict[str, StoredState]:
    """Return the states of all providers of ``app``, by their names."""
    tables = table_in(table_in(document.value, "apps"), app)
    versions = table_in(tables, VERSIONS)
    found: dict[str, StoredState] = {}
    for name, state in tables.items():
        if name != VERSIONS and isinstance(state, dict):
            version = versions.get(name, 1)
            found[name] = StoredState(state, version if type(version) is int else 1)
    return found


def with_states(
    document: Document, app: str, states: Mapping[str, StoredState], order: tuple[str, ...] = ()
) -> Document:
    """Return ``document`` with the states in it; only what differs is written.

    Tables of providers that are not in ``states`` stay.
    """
    stored = stored_states(document, app)
    edits: list[Edit] = []
    versions: dict[str, int] = {}
    for name in order or tuple(states):
        new, version = states[name]
        path = KeyPath(("apps", app, name))
        if name not in stored:
            edits.append(("set", path, dict(new)))
        else:
            edits += _edits(path, stored[name].state, dict(new))
        if version != (stored[name].version if name in stored else 1):
            versions[name] = version
    edits += [
        ("set", KeyPath(("apps", app, VERSIONS, name)), one) for name, one in versions.items()
    ]
    return document.apply(edits).verified() if edits else document


def _edits(path: KeyPath, old: Table, new: Table) -> Iterator[Edit]:
    """Yield the smallest edits that make the table ``new`` of ``old``."""
    for key in old:
        if key not in new:
            yield ("delete", path / key)
    for key, value in new.items():
        if key not in old:
            yield ("set", path / key, value)
            continue
        before = old[key]
        if same_value(before, value):
            continue
        if isinstance(before, dict) and isinstance(value, dict):
            yield from _edits(path / key, before, value)
        elif isinstance(before, list) and isinstance(value, list) and len(before) == len(value):
            yield from _item_edits(path / key, before, value)
        else:
            yield ("set", path / key, value)


def _item_edits(path: KeyPath, old: list[Value], new: list[Value]) -> Iterator[Edit]:
    """Yield the edits of single items, where no item comes or goes."""
    for index, (one, other) in enumerate(zip(old, new, strict=True)):
        if same_value(one, other):
            continue
        if isinstance(one, dict) and isinstance(other, dict):
            yield from _edits(path / index, one, other)
        else:
            yield ("set", path / index, other)


def checked_state(name: str, state: object) -> Table:
    """Return what a provider gave as a table of TOML values.

    Raises:
      UsageError: it is no table, or something in it cannot be written in TOML; the message
        names where.
    """
    if not hasattr(state, "keys"):
        raise UsageError(f"provider {name}: get: expected a table, got {type(state).__name__}")
    plain = _plain(KeyPath((name,)), state)
    assert isinstance(plain, dict)
    return plain


def _plain(path: KeyPath, value: Any) -> Value:
    if hasattr(value, "keys"):
        made: Table = {}
        for key in value.keys():  # noqa: SIM118 - any mapping
            if not isinstance(key, str):
                raise UsageError(f"provider {path}: expected keys that are strings, got {key!r}")
            _refuse_half_characters(path, key)
            made[key] = _plain(path / key, value[key])
        return made
    if isinstance(value, list | tuple):
        return [_plain(path / index, item) for index, item in enumerate(value)]
    if isinstance(value, _TYPES):
        # Enumerations and the numbers of other libraries are what they stand for.
        kind = next(kind for kind in _KINDS if isinstance(value, kind))
        if type(value) is not kind:
            value = _exactly(kind, value)
        if kind is int and not _LEAST_INTEGER <= value <= _MOST_INTEGER:
            raise UsageError(f"provider {path}: an integer of more than 64 bits")
        if kind is str:
            _refuse_half_characters(path, value)
        plain: Value = value
        return plain
    if type_name(value) in _MOMENTS or hasattr(value, "isoformat"):
        return value  # type: ignore[no-any-return]
    what = "nothing (None)" if value is None else f"a {type(value).__name__}"
    raise UsageError(
        f"provider {path}: {what} cannot be written in TOML",
        hints=["leave the key out, or give a string, number, true, false, date, list or table"],
    )


def _refuse_half_characters(path: KeyPath, text: str) -> None:
    if text.isascii():
        return
    try:
        text.encode()
    except UnicodeEncodeError as error:
        what = f"half of a surrogate pair, U+{ord(text[error.start]):04X}, is not text"
        raise UsageError(f"provider {path}: {what}") from None


def _exactly(kind: type, value: Any) -> Value:
    exact: Value = str.__str__(value) if kind is str else kind(value)
    return exact


def changed_keys(before: Table, after: Table) -> tuple[str, ...]:
    """Return the keys at the top of a state that differ."""
    names = dict.fromkeys((*before, *after))
    return tuple(
        key
        for key in names
        if key not in before or key not in after or not same_value(before[key], after[key])
    )
