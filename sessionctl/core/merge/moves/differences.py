"""Differences: what one side took out of base and what it added, by whole tables and keys."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.core.values import same_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.values import Table, Value

    Keys = tuple[str, ...]
    Nodes = list[tuple[Keys, Value]]


class Differences(NamedTuple):
    """What a side took out of base, and what it added, each whole.

    ``renumbered`` are the tables in which names may have gone from one table to another.
    """

    gone: Nodes
    new: Nodes
    renumbered: list[Keys]

    @property
    def may_hold_moves(self) -> bool:
        """Whether something could have gone from one place to another."""
        return bool((self.gone and self.new) or self.renumbered)


def find_differences(base: Table, side: Table) -> Differences:
    """Return what ``side`` took out of ``base`` and added to it."""
    found = Differences([], [], [])
    _compare(base, side, (), found)
    return found


def _compare(base: Table, side: Table, path: Keys, found: Differences) -> bool:
    """Add what differs to ``found``, and return whether nothing does."""
    gone, changed, new = [], [], []
    is_same = True
    for key, value in base.items():
        one = side.get(key)
        if one is None:
            gone.append(key)
        elif not isinstance(value, dict) or not isinstance(one, dict):
            is_same = same_value(value, one) and is_same
        elif not _compare(value, one, (*path, key), found):
            changed.append(key)
    if len(side) > len(base) - len(gone):
        new = [key for key in side if key not in base]
    found.gone.extend(((*path, key), base[key]) for key in gone)
    found.new.extend(((*path, key), side[key]) for key in new)
    # A name that changed hands has another table now, and that table another name.
    if changed and len(changed) + len(gone) + len(new) > 1:
        found.renumbered.append(path)
    return is_same and not (gone or changed or new)
