"""Change rows: the changes of a diff as the lines of a tree, and the two sides of each."""

from __future__ import annotations

from typing import NamedTuple, assert_never

from sessionctl.core.diff.change import (
    END,
    Added,
    CommentChanged,
    Modified,
    Moved,
    Removed,
    Renamed,
)
from sessionctl.core.keypath import KeyPath, render_key
from sessionctl.core.values import same_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from sessionctl.core.diff.change import Change, Diff
    from sessionctl.core.keypath import Part
    from sessionctl.core.values import Value

_SIGNS = {Added: "+", Removed: "-", Modified: "~", Moved: ">", Renamed: ">", CommentChanged: "#"}


class ChangeRow(NamedTuple):
    """A line of the tree: a table with the changes in it, or one change.

    ``depth`` says how deep it is, ``label`` is the rest of its path, ``sign`` one of
    ``+ - ~ > #``, "" for a table, which has ``inside`` changes in it.
    """

    path: KeyPath
    depth: int
    label: str
    sign: str = ""
    change: Change | None = None
    inside: int = 0


class ChangeSides(NamedTuple):
    """What a change did, in a word, and the values of both sides; a side that is not there is None.

    ``note`` says what no value does: where an item was moved to, that a secret is not shown.
    """

    word: str
    before: Value | None = None
    after: Value | None = None
    note: str = ""
    comments: tuple[str, ...] = ()


class _Table(NamedTuple):
    """A table in which something changed, the tables in it by their keys, and its own changes."""

    tables: dict[Part, _Table]
    changes: list[Change]


def change_rows(diff: Diff) -> list[ChangeRow]:
    """Return the changes as a tree: each table, then its own changes, then the tables in it.

    A table that holds nothing but one other table stands with it in one line.
    """
    root = _Table({}, [])
    for change in diff.changes:
        table = root
        for part in _table_of(change.path):
            table = table.tables.setdefault(part, _Table({}, []))
        table.changes.append(change)
    rows: list[ChangeRow] = []
    _add(rows, root, (), 0)
    return rows


def unfolded(rows: list[ChangeRow], folded: Collection[KeyPath]) -> list[ChangeRow]:
    """Return the rows that are seen while the tables ``folded`` are closed."""
    seen: list[ChangeRow] = []
    above: int | None = None
    for row in rows:
        if above is not None and row.depth > above:
            continue
        above = row.depth if not row.sign and row.path in folded else None
        seen.append(row)
    return seen


def sides_of(change: Change) -> ChangeSides:
    """Return what a change did, and both sides of it; give it a change of a masked diff."""
    match change:
        case Added():
            found = [(f"{path}: " if path else "", text) for path, _, text in change.comments]
            comments = tuple(f"{lead}{text}" for lead, text in found)
            return ChangeSides("added", None, change.after, comments=comments)
        case Removed():
            return ChangeSides("removed", change.before)
        case Modified():
            if same_value(change.before, change.after):
                return ChangeSides("modified", note="changed, not shown: it is a secret")
            return ChangeSides("modified", change.before, change.after)
        case Moved():
            return ChangeSides("moved", note=f"moved from [{change.before}] to [{change.after}]")
        case Renamed():
            return ChangeSides("renamed", note=f"renamed to {render_key(change.key)}")
        case CommentChanged():
            where = "at the end" if change.position == END else change.position
            is_same = change.before == change.after
            note = "changed, not shown: there is a secret in it" if is_same else f"comment {where}"
            return ChangeSides("comment", change.before or None, change.after or None, note)
        case _:
            assert_never(change)


def _add(rows: list[ChangeRow], table: _Table, path: tuple[Part, ...], depth: int) -> None:
    for change in table.changes:
        label = str(KeyPath(change.path[len(path) :])) or "(the file)"
        rows.append(ChangeRow(change.path, depth, label, _SIGNS[type(change)], change))
    for part, inner in table.tables.items():
        parts = [part]
        while not inner.changes and len(inner.tables) == 1:
            part, inner = next(iter(inner.tables.items()))
            parts.append(part)
        here = (*path, *parts)
        label = str(KeyPath(parts))
        rows.append(ChangeRow(KeyPath(here), depth, label, inside=_count(inner)))
        _add(rows, inner, here, depth + 1)


def _count(table: _Table) -> int:
    return len(table.changes) + sum(map(_count, table.tables.values()))


def _table_of(path: KeyPath) -> tuple[Part, ...]:
    """Return the path of the table that a path is in: up to its last key."""
    size = len(path)
    while size and not isinstance(path[size - 1], str):
        size -= 1
    return tuple(path[: max(0, size - 1)])
