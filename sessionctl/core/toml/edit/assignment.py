"""Giving a value to a key that has one: only what differs is written anew."""

from __future__ import annotations

from sessionctl.core.toml.edit import batch_edits
from sessionctl.core.toml.edit.node_statements import opened
from sessionctl.core.toml.parse.tree import ArrayNode, ListNode, TableNode
from sessionctl.core.values import is_array_of_tables, same_value, value_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from sessionctl.core.keypath import KeyPath
    from sessionctl.core.toml.parse.document_text import DocumentText
    from sessionctl.core.values import Table, Value

# Each item that comes or goes is a parse of the whole text: 300 new numbers would be 300. An
# array without comments loses nothing when it is written as a whole instead.
_FEW = 8


def assign(document: DocumentText, path: KeyPath, value: Value) -> DocumentText:
    """Return ``document`` with ``value`` at ``path``, where some value is already.

    Tables change key by key, arrays item by item, so that what stays the same keeps its
    text and its comments.
    """
    work = _Assignment(document)
    work.assign(path, value)
    return work.finish()


class _Assignment:
    """The document as it is by now, and the single values still to be written.

    Keys and items come and go one step after the other; the values that only change
    are written last and together, one parse for all of them.
    """

    __slots__ = ("document", "pending")

    def __init__(self, document: DocumentText) -> None:
        self.document = document
        self.pending: list[tuple[KeyPath, Value]] = []

    def assign(self, path: KeyPath, value: Value) -> None:
        old = value_at(self.document.value, path)
        if same_value(old, value):
            return
        if isinstance(old, dict) and isinstance(value, dict):
            node = opened(self.document, path)
            # Without a key in common it is another table, written whole where it stands; only a
            # header is kept even then, for its comment: [t] # why
            if old.keys() & value.keys() or _has_header(node):
                self.assign_table(path, old, value)
                return
        # An array that ends up empty is written as a whole: [[a]] without items has no spelling.
        elif isinstance(old, list) and isinstance(value, list) and value:
            if self.takes_items(path, value):
                self.assign_items(path, old, value)
                return
        elif not isinstance(old, dict | list) and not isinstance(value, dict | list):
            self.pending.append((path, value))
            return
        self.put(path, value)

    def put(self, path: KeyPath, value: Value) -> None:
        from sessionctl.core.toml.edit import single_edits  # most edits do without

        self.document = single_edits.put(self.document, path, value)

    def finish(self) -> DocumentText:
        if self.pending:
            self.document = batch_edits.put_scalars(self.document, self.pending)
        return self.document

    def takes_items(self, path: KeyPath, value: Value) -> bool:
        node = opened(self.document, path)
        # Headers hold tables only. An empty array is written anew, so that it can become headers
        # as its neighbours are; but not when that would lose a comment inside.
        if isinstance(node, ArrayNode):
            return is_array_of_tables(value)
        return bool(value_at(self.document.value, path)) or self.has_comments(path)

    def has_comments(self, path: KeyPath) -> bool:
        node = opened(self.document, path)
        assert isinstance(node, ListNode)
        return "#" in self.document.text[node.value.span.start : node.value.span.end]

    def assign_table(self, path: KeyPath, old: Table, new: Table) -> None:
        # New keys come before old ones go: they take their place and style from the old, of which
        # none may be left.
        for key, value in new.items():
            if key in old:
                self.assign(path / key, value)
            else:
                self.put(path / key, value)
        from sessionctl.core.toml.edit import single_edits

        for key in old:
            if key not in new:
                self.document = single_edits.remove(self.document, path / key)

    def assign_items(self, path: KeyPath, old: list[Value], new: list[Value]) -> None:
        from sessionctl.core.identity import match_items

        pairs = {i: j for i, j in match_items(old, new) if i is not None and j is not None}
        is_list = isinstance(opened(self.document, path), ListNode)
        if is_list:
            pairs = _with_repeated(pairs, old, new)
        changes = len(old) + len(new) - 2 * len(pairs)
        if is_list and changes > _FEW and not self.has_comments(path):
            origins = {j: i for i, j in pairs.items() if same_value(old[i], new[j])}
            self.document = batch_edits.rewrite_array(self.document, path, new, origins)
            return
        # From here on item by item: move those that stay, add, delete, then change what differs.
        order = list(range(len(old)))
        for _ in _moves(order, list(pairs)):
            pass
        # For each item as it stands then: which one of the new it becomes, None to go.
        current = [pairs.get(i) for i in order]
        # In [1, 2, 3] set to [1, 9, 3] the 9 takes the line of the 2, and its comment. A table that
        # matches none is another thing, and the comments of the one it displaced are not about it.
        if not all(isinstance(item, dict) for item in (*old, *new)):
            _replace_in_gaps(current, len(new))
        going = [i for i, j in zip(order, current, strict=True) if j is None]
        # In `1, 2, # why` the comment may be about both: first what goes, so that it stays.
        if is_list and len(going) < len(old):
            self.remove_items(path, going)
            order = [i for i in order if i not in going]
            current = [j for j in current if j is not None]
        self.reorder(path, order)
        self.insert_items(path, new, current)
        self.remove_items(path, [place for place, j in enumerate(current) if j is None])
        for j, value in enumerate(new):
            self.assign(path / j, value)

    def remove_items(self, path: KeyPath, places: list[int]) -> None:
        if places:
            self.document = batch_edits.remove_items(self.document, path, sorted(places))

    def insert_items(self, path: KeyPath, new: list[Value], current: list[int | None]) -> None:
        """Put the items in that are new, those that stand together in one step."""
        j = 0
        while j < len(new):
            first = j
            while j < len(new) and j not in current:
                j += 1
            if j > first:
                place = current.index(first - 1) + 1 if first else 0
                self.document = batch_edits.insert_items(self.document, path / place, new[first:j])
                current[place:place] = range(first, j)
            j += 1

    def reorder(self, path: KeyPath, wanted: list[int]) -> None:
        """Move the items so that they stand as ``wanted`` has their old places, in any numbers."""
        from sessionctl.core.toml.edit import single_edits

        for old, place in _moves(sorted(wanted), wanted):
            self.document = single_edits.move(self.document, path / old, place)


def _with_repeated(pairs: dict[int, int], old: list[Value], new: list[Value]) -> dict[int, int]:
    """Return ``pairs`` with equal items, of values that are there twice, that moved."""
    if len(pairs) == len(old):
        return pairs
    from sessionctl.core.identity import freeze

    taken = set(pairs.values())
    free: dict[Hashable, list[int]] = {}
    for j in reversed(range(len(new))):
        if j not in taken:
            free.setdefault(freeze(new[j]), []).append(j)
    more = dict(pairs)
    for i, item in enumerate(old):
        same = free.get(freeze(item)) if i not in pairs else None
        if same:
            more[i] = same.pop()
    return dict(sorted(more.items(), key=lambda pair: pair[1]))


def _moves(order: list[int], wanted: list[int]) -> Iterator[tuple[int, int]]:
    """Move numbers in ``order`` until those in ``wanted`` stand as there; yield from and to."""
    from sessionctl.core.text.alignment import longest_rising

    # A move is a parse, and it tears the item from its neighbours: as few as possible move.
    stays = {wanted[place] for place in longest_rising(wanted)}
    for number, item in enumerate(wanted):
        if item in stays:
            continue
        old = order.index(item)
        order.remove(item)
        place = order.index(wanted[number - 1]) + 1 if number else 0
        order.insert(place, item)
        yield old, place


def _has_header(node: object) -> bool:
    assert isinstance(node, TableNode)
    return node.section is not None


def _replace_in_gaps(current: list[int | None], count: int) -> None:
    """Let as many new items as there are old ones between two that stay take their places."""
    start, first = 0, 0
    for end in range(len(current) + 1):
        j = count if end == len(current) else current[end]
        if j is None:
            continue
        if end - start == j - first:
            current[start:end] = range(first, j)
        start, first = end + 1, j + 1
