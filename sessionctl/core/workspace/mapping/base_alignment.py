"""Base alignment: the document of the last save, with windows and panes as its file has them now.

Where a file was edited by hand, its windows may have other names and another order, and so may
the panes of one, which have no names at all. A merge that takes the document in that order for
its base sees only what else was edited.
"""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from sessionctl.core.session.override_layers import ItemOrigin
from sessionctl.core.values import tables_in, text_in
from sessionctl.core.workspace.mapping.item_matching import match_panes, match_windows
from sessionctl.core.workspace.workspace_reader import read_workspace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sessionctl.core.values import Table, Value
    from sessionctl.core.workspace.mapping.item_matching import Pairs
    from sessionctl.core.workspace.path_scope import PathScope
    from sessionctl.core.workspace.workspace import WorkspaceWindow


class BaseAlignment(NamedTuple):
    """What the edits of a file did to the windows and panes of its base.

    ``windows`` says where each window of the base stands now, ``panes`` the same of the panes of
    each; ``names`` are the new names of windows.
    """

    windows: tuple[int, ...]
    panes: tuple[tuple[int, ...], ...]
    names: Mapping[int, str]

    def base(self, value: Table) -> Table:
        """Return the value of the base with its windows and panes as the file has them."""
        items = tables_in(value, "windows")
        origins = [
            ItemOrigin(i, tuple(range(len(tables_in(item, "panes")))))
            for i, item in enumerate(items)
        ]
        return self.follow(value, value, origins)

    def follow(self, value: Table, base: Table, origins: Sequence[ItemOrigin]) -> Table:
        """Return ``value``, which was made of ``base``, with its windows and panes so too.

        What it has in another order than the base, or under another name, stays as it is.
        """
        items, before = tables_in(value, "windows"), tables_in(base, "windows")
        if len(items) != len(origins):
            return value
        windows: list[Value] = []
        for item, origin in zip(items, origins, strict=True):
            new, i = dict(item), origin.place
            if i is None or i >= len(before):
                windows.append(new)
                continue
            if i in self.names and new.get("name") == before[i].get("name"):
                new["name"] = self.names[i]
            panes = tables_in(item, "panes")
            if panes and origin.inner is not None and len(origin.inner) == len(panes):
                new["panes"] = _moved(panes, origin.inner, self.panes[i])
            windows.append(new)
        places = [origin.place for origin in origins]
        return {**value, "windows": _moved(windows, places, self.windows)}


def align(base: Table, file: Table, scope: PathScope) -> BaseAlignment | None:
    """Return what was edited in ``file`` of the order and names; None where nothing was."""
    old, new = tables_in(base, "windows"), tables_in(file, "windows")
    if len(old) != len(_list(base)) or len(new) != len(_list(file)):
        return None
    asked, wanted = read_workspace(base, scope).windows, read_workspace(file, scope).windows
    pairs = _window_pairs(asked, wanted)
    there = {i: j for j, i in pairs.items()}
    panes: list[tuple[int, ...]] = []
    for i, item in enumerate(old):
        count, j = len(tables_in(item, "panes")), there.get(i)
        inner = {}
        if j is not None and len(tables_in(new[j], "panes")) > 1 < count:
            inner = match_panes(asked[i].panes, wanted[j].panes, {})
        panes.append(_inverse(_order(count, inner)))
    names = {i: wanted[j].name for j, i in pairs.items() if wanted[j].name != asked[i].name}
    windows = _inverse(_order(len(old), pairs))
    moved = [places for places in (windows, *panes) if list(places) != sorted(places)]
    return BaseAlignment(windows, tuple(panes), names) if moved or names else None


class WindowNames(NamedTuple):
    """What a session renamed: ``renames`` are new names by those that the file has.

    ``clashes`` are windows that both sides renamed: their name in the file, and in the session.
    """

    renames: Mapping[str, str]
    clashes: tuple[tuple[str, str], ...] = ()


def take_names_back(
    live: Table,
    base: Table,
    file: Table,
    origins: Sequence[ItemOrigin],
    edited: Mapping[int, str],
) -> tuple[Table, WindowNames]:
    """Return ``live`` with the windows that were renamed in it under their names in ``base``.

    So a merge, which knows windows by their names, sees what was edited in them. ``edited`` are
    the names that the file gave to windows of the base.
    """
    items, before = tables_in(live, "windows"), tables_in(base, "windows")
    if len(items) != len(origins):
        return live, WindowNames({})
    there = tables_in(file, "windows")
    renames: dict[str, str] = {}
    clashes: list[tuple[str, str]] = []
    windows: list[Value] = []
    names = [item.get("name") for item in items]
    for item, origin in zip(items, origins, strict=True):
        i = origin.place
        old = text_in(before[i], "name") if i is not None and i < len(before) else ""
        name = text_in(item, "name")
        if i is not None and old and name not in ("", old) and old not in names:
            if i in edited:
                clashes += [(edited[i], name)] if edited[i] != name else []
                item = {**item, "name": old}
            elif _has_one(before, old) and _has_one(there, old):
                renames[old] = name
                item = {**item, "name": old}
        windows.append(item)
    return {**live, "windows": windows}, WindowNames(renames, tuple(clashes))


def _has_one(items: Sequence[Table], name: str) -> bool:
    return sum(item.get("name") == name for item in items) == 1


def _window_pairs(base: Sequence[WorkspaceWindow], file: Sequence[WorkspaceWindow]) -> Pairs:
    """Return which window of the base each one of the file is, where that is certain.

    Those of one name; then those that have the most panes in common, the nearest first.
    """
    found = {j: i for j, i in match_windows(base, file, {}).items() if base[i].name == file[j].name}
    likely = sorted(
        (-_common(other, window), abs(i - j), j, i)
        for j, window in enumerate(file)
        for i, other in enumerate(base)
        if j not in found and i not in found.values()
    )
    for common, _, j, i in likely:
        if common and j not in found and i not in found.values():
            found[j] = i
    return found


def _common(one: WorkspaceWindow, other: WorkspaceWindow) -> float:
    """Return which share of the panes of two windows both have."""
    panes = Counter((pane.run, pane.cwd) for pane in one.panes)
    others = Counter((pane.run, pane.cwd) for pane in other.panes)
    return (panes & others).total() / max(1, (panes | others).total())


def _order(count: int, pairs: Pairs) -> list[int]:
    """Return the items of the base in the file's order; those that are not in it follow theirs."""
    order = [pairs[j] for j in sorted(pairs)]
    for i in range(count):
        if i not in order:
            before = [n for n, item in enumerate(order) if item < i]
            order.insert(order.index(i - 1) + 1 if i - 1 in order else len(before), i)
    return order


def _inverse(order: Sequence[int]) -> tuple[int, ...]:
    found = [0] * len(order)
    for place, item in enumerate(order):
        found[item] = place
    return tuple(found)


def _moved(
    items: Sequence[Value], origins: Sequence[int | None], places: Sequence[int]
) -> list[Value]:
    """Return ``items`` in the order of the places that their origins have; new ones follow theirs.

    Where the items are in another order than their origins, they stay so.
    """
    known = [origin for origin in origins if origin is not None]
    if known != sorted(known) or any(origin >= len(places) for origin in known):
        return list(items)
    found: list[tuple[int, list[Value]]] = [(-1, [])]
    for item, origin in zip(items, origins, strict=True):
        if origin is None:
            found[-1][1].append(item)
        else:
            found.append((places[origin], [item]))
    found.sort(key=lambda group: group[0])
    return [item for _, group in found for item in group]


def _list(value: Table) -> list[Value]:
    items = value.get("windows")
    return items if isinstance(items, list) else []
