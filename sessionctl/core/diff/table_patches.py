"""Patch steps: a diff made ready for one document, table by table, in order."""

from __future__ import annotations

from itertools import takewhile
from typing import NamedTuple

from sessionctl.core.diff.change import Added, CommentChanged, Modified, Moved, Removed, Renamed
from sessionctl.core.keypath import KeyPath
from sessionctl.core.values import same_value
from sessionctl.errors import EditError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from sessionctl.core.diff.change import Diff
    from sessionctl.core.keypath import Part
    from sessionctl.core.toml.document import Document
    from sessionctl.core.values import Table, Value


ROOT = KeyPath()


class PatchOperation(NamedTuple):
    """One edit of a value; the places are those at the time it is carried out.

    ``kind`` is "add" (at an index: before what stands there), "remove", "replace" or
    "move" (to ``place`` from ``origin``, where an index counts without the moved element).
    """

    kind: str
    place: KeyPath
    value: Value = ""
    origin: KeyPath = ROOT
    behind: Part | None = None
    """The key that an added key follows in the other document; it may be missing."""


class TablePatch:
    """What changes directly inside one table or array.

    Keys and indexes are those of before, save that ``added`` and the targets of
    ``moved`` and ``renamed`` are those of the result.
    """

    __slots__ = ("added", "behind", "modified", "moved", "removed", "renamed")

    def __init__(self) -> None:
        self.added: dict[Part, Value] = {}
        self.behind: dict[Part, Part | None] = {}
        self.modified: dict[Part, Value] = {}
        self.moved: dict[Part, int] = {}
        self.removed: dict[Part, None] = {}  # in the order of the changes
        self.renamed: dict[Part, str] = {}

    def order(self, size: int, place: KeyPath) -> list[int | None]:
        """Return which element of an array of ``size`` stands where; None is a new one.

        Raises:
          EditError: the places of the diff do not fit this array.
        """
        staying = [i for i in range(size) if i not in self.removed and i not in self.moved]
        taken: dict[object, int | None] = dict.fromkeys(self.added)
        taken |= {j: i for i, j in self.moved.items() if isinstance(i, int)}
        length = len(staying) + len(self.added) + len(self.moved)
        if len(taken) + len(staying) != length or any(j not in range(length) for j in taken):
            raise EditError(f"{place}: the array is not the one the diff was made of")
        rest = iter(staying)
        return [taken[j] if j in taken else next(rest) for j in range(length)]

    def table_operations(self, place: KeyPath) -> Iterator[PatchOperation]:
        """Yield the edits of the keys of the table at ``place``."""
        for key in self.removed:
            yield PatchOperation("remove", place / key)
        for key, new in self.renamed.items():
            yield PatchOperation("move", place / new, origin=place / key)
        for key, value in self.added.items():
            yield PatchOperation("add", place / key, value, behind=self.behind[key])

    def list_operations(self, size: int, place: KeyPath) -> Iterator[PatchOperation]:
        """Yield the edits of the order of the array at ``place``: remove, move, add."""
        wanted = self.order(size, place)
        # One by one the array would be empty on the way: a = [], and then [[a]] behind all others.
        if wanted and set(wanted) == {None}:
            yield PatchOperation("replace", place, [self.added[j] for j in range(len(wanted))])
            return
        for index in range(size - 1, -1, -1):
            if index in self.removed:
                yield PatchOperation("remove", place / index)
        current = [index for index in range(size) if index not in self.removed]
        last: int | None = None
        for index in (index for index in wanted if index is not None):
            if index in self.moved:
                start = current.index(index)
                current.remove(index)
                target = 0 if last is None else current.index(last) + 1
                current.insert(target, index)
                yield PatchOperation("move", place / target, origin=place / start)
            last = index
        for target, source in enumerate(wanted):
            if source is None:
                yield PatchOperation("add", place / target, self.added[target])


class TablePatches:
    """A diff made ready for one document: its changes by the table or array they are made in.

    Raises:
      EditError: the document does not have what the diff speaks of; the message names
        the path.
    """

    def __init__(self, before: Document, diff: Diff) -> None:
        self._before = before
        self.tables: dict[KeyPath, TablePatch] = {}
        for change in diff.changes:
            match change:
                case Added():
                    self._add(before, change, diff.after)
                case CommentChanged():
                    continue
                case _:
                    self._take(before, change)

    def result(self) -> Table:
        """Return the value that the diff makes of the document."""
        value = self._value(self._before.value, ROOT)
        assert isinstance(value, dict)
        return value

    def place(self, path: KeyPath) -> KeyPath | None:
        """Return where a path of the document is in the result, or None.

        It is not there when it was removed, or sat inside a value that is replaced.
        """
        place = self._before.resolve(path)
        value: Value = self._before.value
        parts: list[Part] = []
        for depth, part in enumerate(place):
            here = KeyPath(place[:depth])
            patch = self.tables.get(here) or TablePatch()
            if part in patch.removed or (part in patch.modified and depth < len(place) - 1):
                return None
            if isinstance(value, list):
                parts.append(patch.order(len(value), here).index(part))  # type: ignore[arg-type]
            else:
                parts.append(patch.renamed.get(part, part))
            value = value[part]  # type: ignore[index]
        return KeyPath(parts)

    def added_place(self, change: Added) -> KeyPath | None:
        """Return where an added value is in the result, or None when its parent is gone."""
        parent = self.place(change.path.parent)
        last = change.path[-1]
        if parent is None:
            return None
        return parent / (last if isinstance(last, str) else change.place[-1])

    def is_replaced(self, path: KeyPath) -> bool:
        """Return whether a wholly new value comes to stand at ``path``."""
        place = self._before.resolve(path)
        patch = self.tables.get(place.parent)
        return patch is not None and place[-1] in patch.modified

    def operations(self) -> list[PatchOperation]:
        """Return the edits that make the result, the innermost first."""
        found: list[PatchOperation] = []
        # The innermost first: what is done further out gives places inside other names and indexes.
        for place in sorted(self.tables, key=len, reverse=True):
            patch = self.tables[place]
            found += [
                PatchOperation("replace", place / k, new) for k, new in patch.modified.items()
            ]
            inner = self._before.get(place)
            if isinstance(inner, list):
                found += patch.list_operations(len(inner), place)
            else:
                found += patch.table_operations(place)
        return found

    def _value(self, value: Value, place: KeyPath) -> Value:
        """Return what the diff makes of ``value``, which sits at ``place``."""
        patch = self.tables.get(place) or TablePatch()
        if isinstance(value, dict):
            result: Table = {}
            for key, item in value.items():
                if key not in patch.removed:
                    result[patch.renamed.get(key, key)] = self._inner(patch, key, item, place)
            result.update((str(key), item) for key, item in patch.added.items())
            return result
        if isinstance(value, list):
            return [
                patch.added[j] if i is None else self._inner(patch, i, value[i], place)
                for j, i in enumerate(patch.order(len(value), place))
            ]
        return value

    def _inner(self, patch: TablePatch, part: Part, item: Value, place: KeyPath) -> Value:
        return patch.modified[part] if part in patch.modified else self._value(item, place / part)

    def _patch_of(self, place: KeyPath) -> TablePatch:
        return self.tables.setdefault(place, TablePatch())

    def _add(self, before: Document, change: Added, after: Document) -> None:
        parent = before.resolve(change.path.parent)
        into = before.get(parent)
        if isinstance(into, list):
            self._patch_of(parent).added[change.place[-1]] = change.after
            return
        key = change.path[-1]
        if not isinstance(into, dict) or key in into:
            is_free = "is no table" if not isinstance(into, dict) else "exists already"
            raise EditError(f"{change.path}: {is_free}")
        patch = self._patch_of(parent)
        patch.added[key] = change.after
        fellows = after.get(change.place.parent)
        assert isinstance(fellows, dict)
        # An added key stands behind the one it follows in the other document.
        earlier = list(takewhile(lambda fellow: fellow != key, fellows))
        patch.behind[key] = earlier[-1] if earlier else None

    def _take(self, before: Document, change: Removed | Modified | Moved | Renamed) -> None:
        *parent, last = before.resolve(change.path)
        patch = self._patch_of(KeyPath(parent))
        match change:
            case Removed():
                _expect(before, change.path, change.before)
                patch.removed[last] = None
            case Modified():
                _expect(before, change.path, change.before)
                patch.modified[last] = change.after
            case Moved():
                patch.moved[last] = change.after
            case _:
                patch.renamed[last] = change.key


def _expect(before: Document, path: KeyPath, value: Value) -> None:
    if not same_value(before.get(path), value):
        raise EditError(
            f"{path}: the document does not have the value that the diff starts from",
            hints=["make the diff again, from this document"],
        )
