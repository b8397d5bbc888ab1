"""References: where a session refers to secrets, and what stands there beside them."""

from __future__ import annotations

from sessionctl.core.keypath import KeyPath
from sessionctl.core.secrets.envelope import canonical
from sessionctl.core.values import is_reference

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sessionctl.core.secrets.envelope import Json
    from sessionctl.core.values import Table, Value


def secret_references(value: Value, path: KeyPath = KeyPath()) -> Iterator[tuple[KeyPath, str]]:  # noqa: B008
    """Yield the place and the name of every secret that ``value`` refers to."""
    if is_reference(value):
        assert isinstance(value, dict)
        yield path, str(value["secret"])
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from secret_references(item, path / key)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from secret_references(item, path / index)


def connection_of(path: KeyPath) -> str | None:
    """Return the connection that the key ``path`` is of, in the base or in an override."""
    parts = list(path)
    if parts[0] == "overrides":
        parts = parts[2:]
    return str(parts[1]) if len(parts) > 2 and parts[0] == "connections" else None


def connections_in(table: Table) -> Table:
    """Return the connections of a session, or of one of its overrides."""
    found = table.get("connections")
    return found if isinstance(found, dict) else {}


def one_or_list(destinations: Iterable[Json]) -> Json:
    """Return what several referrers are bound to: the one, a list of them, {} for none."""
    bound = {canonical(one): one for one in destinations}
    ordered = [bound[key] for key in sorted(bound)]
    if not ordered:
        return {}
    return ordered[0] if len(ordered) == 1 else ordered


def plain(value: Value) -> Json:
    """Return a TOML value as JSON: dates and odd floats become their text."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return list(map(plain, value))
    if isinstance(value, float):
        return repr(value)
    return value if isinstance(value, str | int) else str(value)
