"""Override layers: a change of a session on one machine, written where each value came from.

A session on one machine is its value with the overrides that hold there laid over it. Here that
goes back: the value that has changed on the machine becomes a document again, each change in the
override, or in the session itself, whose value it replaces.
"""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.core.session.session import (
    applies,
    are_joined,
    item_name,
    laid_over,
    read_override,
)
from sessionctl.core.values import same_value, tables_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TypeAlias

    from sessionctl.core.values import Table, Value

    Place: TypeAlias = tuple[int, int]
    """A layer, and the place of an item in its list."""

OVERRIDES = "overrides"
# What says "as if it were not there" in an override, over a value of the session itself.
_NEUTRAL: Table = {"cwd": ".", "shell": True}
_REMOVED_VARIABLE = False


class ItemOrigin(NamedTuple):
    """Which item of a list an item was before, None for a new one; so for the list in it.

    ``inner`` is None where that list has not changed.
    """

    place: int | None
    inner: tuple[int | None, ...] | None = None


def with_changes(
    value: Table, after: Table, windows: Sequence[ItemOrigin], host: str, os_name: str
) -> Table:
    """Return the document's ``value`` changed so that on this machine it comes to ``after``.

    A change is written where the value came from: into the last override that says it, else into
    the session itself; what is new is the session's. Windows that get another name, or go, do so
    in every override. What an override says over a value of the session can be changed there but
    not taken away: it stays.

    Args:
      value: the document's value; it is not changed.
      after: what the session shall be on this machine, without ``overrides``.
      windows: which window of the session on this machine each window of ``after`` was.
      host: the machine's name.
      os_name: its operating system.
    """
    if OVERRIDES not in value:
        return after
    tables = tables_in(value, OVERRIDES)
    active = [n for n, item in enumerate(tables) if applies(read_override(item), host, os_name)]
    base: Table = {key: item for key, item in value.items() if key != OVERRIDES}
    writer = _LayerWriter()
    layers = [base, *(read_override(tables[n]).changes for n in active)]
    new_base, *changes = writer.table(layers, after, _Spot(origins=windows))
    overrides: list[Value] = [writer.followed(table) for table in tables]
    for n, change in zip(active, changes, strict=True):
        overrides[n] = _in_order({"when": tables[n]["when"], **change}, tables[n])
    return _in_order({**new_base, OVERRIDES: overrides}, value)


class _Spot(NamedTuple):
    """A table within the session: ``keys`` lead to it, ``window`` is that it belongs to.

    ``origins`` are those of the list in it. ``is_base`` says that its lowest layer is the
    session itself.
    """

    keys: tuple[str, ...] = ()
    window: str = ""
    origins: Sequence[ItemOrigin] | None = None
    is_base: bool = True


class _LayerWriter:
    """One change, and the names that other machines' overrides must follow."""

    def __init__(self) -> None:
        self.renames: dict[tuple[str, str], str] = {}
        self.gone: set[tuple[str, str]] = set()

    def table(self, layers: Sequence[Table], after: Table, spot: _Spot) -> list[Table]:
        """Return ``layers`` so that they come to ``after`` when laid over each other."""
        before: Table = {}
        for layer in layers:
            before = laid_over(before, layer)
        found = [dict(layer) for layer in layers]
        for key in before:
            if key not in after:
                _remove(found, key, spot)
        for key, item in after.items():
            if key not in before or not same_value(before[key], item):
                self._put(found, layers, key, item, spot)
        return found

    def followed(self, override: Table) -> Table:
        """Return an override of other machines with the names that the windows have now."""
        windows = override.get("windows")
        if not isinstance(windows, list) or not (self.renames or self.gone):
            return override
        kept = self._followed_items(windows, "")
        if not kept:
            return {key: item for key, item in override.items() if key != "windows"}
        return {**override, "windows": kept}

    def _followed_items(self, items: list[Value], window: str) -> list[Value]:
        found: list[Value] = []
        for item in items:
            name = item_name(item)
            if not isinstance(item, dict) or (window, name) in self.gone:
                continue
            new = dict(item)
            if (window, name) in self.renames:
                new["name"] = self.renames[window, name]
            panes = item.get("panes")
            if isinstance(panes, list) and panes:
                new["panes"] = self._followed_items(panes, name)
                if not new["panes"]:
                    del new["panes"]
            found.append(new)
        return found

    def _put(
        self, found: list[Table], layers: Sequence[Table], key: str, item: Value, spot: _Spot
    ) -> None:
        stack = joined_layers(layers, key)
        if not stack:
            found[0][key] = item
            return
        inner = spot._replace(keys=(*spot.keys, key), is_base=spot.is_base and stack[0] == 0)
        values = [layers[n][key] for n in stack]
        if isinstance(item, dict) and len(stack) > 1:
            parts: Sequence[Value] = self.table(list(map(_table, values)), item, inner)
        elif isinstance(item, list) and (len(stack) > 1 or key in _NAMED_LISTS):
            parts = self._items(list(map(_list, values)), item, inner)
        else:
            found[stack[-1]][key] = item
            return
        for n, part in zip(stack, parts, strict=True):
            # An empty list in an override would take the place of all that is below it.
            if part or n == stack[0]:
                found[n][key] = part
            else:
                del found[n][key]

    def _items(
        self, lists: Sequence[list[Value]], after: list[Value], spot: _Spot
    ) -> list[list[Value]]:
        """Return ``lists`` of windows or panes so that they come to ``after``.

        What is new, and the order, belong to the lowest.
        """
        parts = item_parts(lists)
        origins = _origins(after, parts, lists, spot)
        new: dict[Place, Value] = {}
        lowest: list[Value] = []
        for item, origin in zip(after, origins, strict=True):
            if origin.place is None or not isinstance(item, dict):
                lowest.append(item)
                continue
            places = parts[origin.place]
            inner = self._item(places, lists, item, spot, origin)
            new.update(zip(places, inner, strict=True))
            if places[0][0] == 0:
                lowest.append(new[places[0]])
        there = {origin.place for origin in origins}
        for n, places in enumerate(parts):
            layer, place = places[0]
            if n not in there and layer == 0 and spot.is_base:
                self.gone.add((spot.window, item_name(lists[layer][place])))
        higher = enumerate(lists[1:], start=1)
        return [lowest, *([new[n, i] for i in range(len(x)) if (n, i) in new] for n, x in higher)]

    def _item(
        self,
        places: Sequence[Place],
        lists: Sequence[list[Value]],
        after: Table,
        spot: _Spot,
        origin: ItemOrigin,
    ) -> Sequence[Value]:
        """Return the parts of one item so that they come to ``after``, all under its name."""
        layers = [_table(lists[n][i]) for n, i in places]
        old, name = item_name(layers[0]), item_name(after)
        inner = None if origin.inner is None else [ItemOrigin(n) for n in origin.inner]
        is_base = spot.is_base and places[0][0] == 0
        below = spot._replace(window=old or spot.window, origins=inner, is_base=is_base)
        # All parts of an item must keep one name: it is what they are known by.
        kept = {**after, "name": old} if old and name != old else after
        found = self.table(layers, kept, below)
        if not old or name == old or not (name or len(places) == 1):
            return found
        if is_base:
            self.renames[spot.window, old] = name
        return [{**part, "name": name} for part in found]


_NAMED_LISTS = ("windows", "panes")


def _remove(found: list[Table], key: str, spot: _Spot) -> None:
    owners = [n for n, layer in enumerate(found) if key in layer]
    if len(owners) == 1 or not spot.is_base or 0 not in owners:
        for n in owners:
            del found[n][key]
    elif key in _NEUTRAL:
        found[owners[-1]][key] = _NEUTRAL[key]
    elif spot.keys[-1:] == ("env",):
        found[owners[-1]][key] = _REMOVED_VARIABLE


def joined_layers(layers: Sequence[Table], key: str) -> list[int]:
    """Return the layers whose values of ``key`` are joined to the one that counts."""
    owners = [n for n, layer in enumerate(layers) if key in layer]
    found = owners[-1:]
    for n in reversed(owners[:-1]):
        if not are_joined(layers[n][key], layers[found[0]][key]):
            break
        found.insert(0, n)
    return found


def item_parts(lists: Sequence[list[Value]]) -> list[list[tuple[int, int]]]:
    """Return of which items of the lists each item of all of them together is made."""
    found: list[list[Place]] = [[(0, i)] for i in range(len(lists[0]))]
    names = list(map(item_name, lists[0]))
    for n, items in enumerate(lists[1:], start=1):
        for i, item in enumerate(items):
            name = item_name(item)
            if name in names:
                found[names.index(name)].append((n, i))
            else:
                names.append(name)
                found.append([(n, i)])
    return found


def _origins(
    after: list[Value],
    parts: Sequence[Sequence[Place]],
    lists: Sequence[list[Value]],
    spot: _Spot,
) -> Sequence[ItemOrigin]:
    known = spot.origins
    if known is not None and len(known) == len(after):
        fitting = [one.place for one in known if one.place is not None]
        if len(set(fitting)) == len(fitting) and all(n < len(parts) for n in fitting):
            return known
    names = [item_name(lists[n][i]) for (n, i), *_ in parts]
    found = []
    for item in after:
        name = item_name(item)
        place = names.index(name) if name and name in names else None
        if place is not None:
            names[place] = ""
        found.append(ItemOrigin(place))
    return found


def _in_order(table: Table, model: Table) -> Table:
    """Return ``table`` with its keys as ``model`` has them, new ones last."""
    keys = [*(key for key in model if key in table), *(key for key in table if key not in model)]
    return {key: table[key] for key in keys}


def _table(value: Value) -> Table:
    return value if isinstance(value, dict) else {}


def _list(value: Value) -> list[Value]:
    return value if isinstance(value, list) else []
