"""``diff``: compare two documents key by key, item by item, comment by comment."""

from __future__ import annotations

from sessionctl.core.diff.change import (
    APART,
    END,
    Added,
    Change,
    Comment,
    Diff,
    Modified,
    Moved,
    Removed,
    Renamed,
)
from sessionctl.core.diff.comment_comparison import compare_comments
from sessionctl.core.diff.comment_owners import comments_of, share_comments
from sessionctl.core.diff.matching import Matching
from sessionctl.core.keypath import KeyPath
from sessionctl.core.toml.document import Document
from sessionctl.core.values import same_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.diff.matching import ItemKeys
    from sessionctl.core.keypath import Part
    from sessionctl.core.values import Table, Value


def diff(
    before: str | Document,
    after: str | Document,
    *,
    item_keys: ItemKeys | None = None,
) -> Diff:
    """Return what changed from ``before`` to ``after``: values, order of items, comments.

    Values are compared with their types (``1``, ``1.0`` and ``true`` differ, ``nan``
    equals ``nan``). Items of an array of tables are matched by identity, so that a
    reordered one is moved and a renamed one has another name. ``diff(x, x)`` is empty,
    and exchanging the sides gives the same changes the other way round.

    Args:
      before: a document, or its text.
      after: a document, or its text.
      item_keys: the field that identifies the items of an array, by the array's path
        without indexes: ``{"windows.panes": "name"}``, or a function of that path.

    Raises:
      ParseError: a text is not TOML 1.0.
    """
    one = Document.parse(before) if isinstance(before, str) else before
    other = Document.parse(after) if isinstance(after, str) else after
    if one.text == other.text:
        return Diff((), one, other)
    matching = Matching(one.value, other.value, item_keys or {})
    comparison = _Comparison(matching, other)
    comparison.tables(one.value, other.value, KeyPath(), KeyPath())
    changes = tuple(comparison.changes)
    # Where no item or key has another place, comments in the same lines have the same owners.
    if all(type(change) is Modified for change in changes) and share_comments(one, other):
        return Diff(changes, one, other)
    comments = compare_comments(comments_of(one), comparison.comments(), matching)
    return Diff((*changes, *comments), one, other)


class _Comparison:
    """Collects the changes of values; ``here`` and ``there`` are places in keys and indexes."""

    def __init__(self, matching: Matching, after: Document) -> None:
        self.matching = matching
        self._after = after
        self._all: list[Comment] | None = None
        self.changes: list[Change] = []
        self._comments: dict[tuple[Part, ...], list[Comment]] | None = None

    def values(self, before: Value, after: Value, here: KeyPath, there: KeyPath) -> None:
        if same_value(before, after):
            return
        if isinstance(before, dict) and isinstance(after, dict):
            self.tables(before, after, here, there)
        elif isinstance(before, list) and isinstance(after, list):
            self.lists(before, after, here, there)
        else:
            is_container = isinstance(after, dict | list)
            inside = self.comments_at(there, is_inside=True) if is_container else ()
            path = self.matching.named(here)
            self.changes.append(Modified(path, before, after, there, inside))

    def tables(self, before: Table, after: Table, here: KeyPath, there: KeyPath) -> None:
        renamed = self.matching.renames(before, after, here, there)
        new_keys = set(renamed.values())
        added = {key for key in after if key not in before and key not in new_keys}
        for key in _in_order(before, after, added):
            if key in added:
                self.add(after[key], self.matching.named(here) / key, there / key)
            elif key in after:
                self.values(before[key], after[key], here / key, there / key)
            elif key in renamed:
                new = renamed[key]
                path = self.matching.named(here / key)
                self.changes.append(Renamed(path, new, there / new))
                self.values(before[key], after[new], here / key, there / new)
            else:
                self.changes.append(Removed(self.matching.named(here / key), before[key]))

    def lists(self, before: list[Value], after: list[Value], here: KeyPath, there: KeyPath) -> None:
        partner, moved = self.matching.align(before, after, here, there)
        for i, value in enumerate(before):
            path = self.matching.named(here / i)
            if i not in partner:
                self.changes.append(Removed(path, value))
                continue
            j = partner[i]
            if i in moved:
                self.changes.append(Moved(path, i, j, there / j))
            self.values(value, after[j], here / i, there / j)
        old = set(partner.values())
        for j, value in enumerate(after):
            if j not in old:
                path = self.matching.named(here) / self.matching.item_name(here, value, j)
                self.add(value, path, there / j)

    def add(self, value: Value, path: KeyPath, place: KeyPath) -> None:
        self.changes.append(Added(path, value, place, self.comments_at(place)))

    def comments(self) -> list[Comment]:
        """Return the comments of ``after``; many comparisons need none of them."""
        if self._all is None:
            self._all = comments_of(self._after)
        return self._all

    def comments_at(self, place: KeyPath, *, is_inside: bool = False) -> tuple[Comment, ...]:
        """Return the comments at and below a place of ``after``, with paths from there on."""
        if self._comments is None:
            self._comments = {}
            for comment in self.comments():
                for size in range(len(comment.path) + 1):
                    self._comments.setdefault(comment.path[:size], []).append(comment)
        size = len(place)
        return tuple(
            Comment(KeyPath(path[size:]), position, text)
            for path, position, text in self._comments.get(place, ())
            # A block that stands apart is no part of the key below it: it is compared by itself.
            if position != APART and (len(path) > size or position == END or not is_inside)
        )


def _in_order(before: Table, after: Table, added: set[str]) -> list[str]:
    """Return the keys of ``before`` with those added behind the one they follow in after.

    Keys that are gone come first, so that what replaced them stands below them.
    """
    behind: dict[str | None, list[str]] = {}
    previous: str | None = None
    for key in after:
        if key in added:
            behind.setdefault(previous, []).append(key)
        elif key in before:
            previous = key
    order: list[str] = []
    pending = behind.get(None, [])
    for key in before:
        if key in after:
            order += pending
            pending = behind.get(key, [])
        order.append(key)
    return order + pending
