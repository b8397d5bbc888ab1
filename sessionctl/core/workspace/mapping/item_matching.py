"""Item matching: which windows and panes of a file are which of those that stand."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from typing import TypeAlias

    from sessionctl.core.workspace.workspace import WorkspacePane, WorkspaceWindow

    Pairs: TypeAlias = dict[int, int]
    """The number of the item in the file by that of the item which stands."""


def match_windows(
    asked: Sequence[WorkspaceWindow],
    live: Sequence[WorkspaceWindow],
    known: Pairs,
    base_index: int = 0,
    gone: Collection[int] = (),
) -> Pairs:
    """Return which window of the file each live one is; ``known`` is what is certain.

    By name and index, then by a name of its own, then by the index: so a window keeps its
    place in the file when it is renamed or moved, not when both. ``base_index`` is that of a
    first window which does not say its own; items that are ``gone`` are not matched.
    """
    pairs = _valid(known, len(asked), len(live))
    indexes = _indexes(asked, base_index)
    numbers = [item.number for item in live]
    names, other_names = ([item.name for item in items] for items in (asked, live))
    exact = list(zip(names, indexes, strict=True))
    _pair_keys(exact, list(zip(other_names, numbers, strict=True)), pairs, gone)
    _pair_keys(names, other_names, pairs, gone)
    _pair_keys(indexes, numbers, pairs, gone)
    return pairs


def match_panes(
    asked: Sequence[WorkspacePane],
    live: Sequence[WorkspacePane],
    known: Pairs,
    gone: Collection[int] = (),
) -> Pairs:
    """Return which pane of the file each live one is; ``known`` is what is certain.

    By what runs and where, then by what runs alone, then those that are left in their order.
    """
    pairs = _valid(known, len(asked), len(live))
    runs, other_runs = ([pane.run for pane in panes] for panes in (asked, live))
    places, other_places = ([(p.run, p.cwd) for p in panes] for panes in (asked, live))
    _pair_keys(places, other_places, pairs, gone, is_unique=False)
    _pair_keys(runs, other_runs, pairs, gone)
    old = [i for i in range(len(asked)) if i not in pairs.values() and i not in gone]
    new = [j for j in range(len(live)) if j not in pairs]
    pairs.update(zip(new, old, strict=False))
    return pairs


def _valid(known: Pairs, asked: int, live: int) -> Pairs:
    return {j: i for j, i in known.items() if i < asked and j < live}


def _pair_keys(
    asked: Sequence[object],
    live: Sequence[object],
    pairs: Pairs,
    gone: Collection[int],
    *,
    is_unique: bool = True,
) -> None:
    """Pair what has the same key: where each has it once, or else the first with the first."""
    taken = {*pairs.values(), *gone}
    old: dict[object, list[int]] = {}
    new: dict[object, list[int]] = {}
    for i, key in enumerate(asked):
        if i not in taken and key is not None:
            old.setdefault(key, []).append(i)
    for j, key in enumerate(live):
        if j not in pairs and key is not None:
            new.setdefault(key, []).append(j)
    for key, places in new.items():
        found = old.get(key, [])
        if not is_unique or (len(places) == len(found) == 1):
            pairs.update(zip(places, found, strict=False))


def _indexes(windows: Sequence[WorkspaceWindow], base_index: int) -> list[int]:
    """Return the index of each window, counted on where the file leaves it out."""
    found: list[int] = []
    for window in windows:
        following = found[-1] + 1 if found else base_index
        found.append(following if window.number is None else window.number)
    return found
