"""A diff as JSON Patch (RFC 6902), for tools that know values and nothing of TOML."""

from __future__ import annotations

from sessionctl.core.diff.table_patches import TablePatches

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from sessionctl.core.diff.change import Diff
    from sessionctl.core.keypath import KeyPath
    from sessionctl.core.values import Value


def json_patch(
    diff: Diff, show: Callable[[Value, KeyPath], Value] | None = None
) -> list[dict[str, Value]]:
    """Return the operations that turn the value of ``diff.before`` into that of ``after``.

    They are to be carried out in order. Comments have no place in JSON. The values are
    TOML's still: dates are dates. ``show(value, place)`` returns what may be shown of a
    value that holds secrets.
    """
    found: list[dict[str, Value]] = []
    for kind, place, value, origin, _ in TablePatches(diff.before, diff).operations():
        operation: dict[str, Value] = {"op": kind}
        if kind == "move":
            operation["from"] = json_pointer(origin)
        operation["path"] = json_pointer(place)
        if kind in ("add", "replace"):
            operation["value"] = show(value, place) if show else value
        found.append(operation)
    return found


def json_pointer(place: KeyPath) -> str:
    """Return ``place``, in keys and indexes, as a JSON Pointer (RFC 6901)."""
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in place)
