"""The kinds of change between two documents, and the Diff that holds them."""

from __future__ import annotations

from sessionctl.core.frozen_class import dataclass, field
from sessionctl.core.keypath import KeyPath
from sessionctl.core.named_tuple import NamedTuple
from sessionctl.core.toml.document import Document

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeAlias

    from sessionctl.core.values import Value

ABOVE = "above"  # the lines right above a key, a header or an element
BESIDE = "beside"  # at the end of its line
APART = "apart"  # above it too, with a blank line between
END = "end"  # behind the last statement of the document or the last element of an array


class Comment(NamedTuple):
    """A comment and its owner; ``text`` is its lines with their ``#``, not indented.

    ``position`` is "above", "beside", "apart" (above, a blank line between) or "end"
    (behind all that the owner, an array or the document, holds).
    """

    path: KeyPath
    position: str
    text: str


@dataclass(frozen=True, slots=True)
class Added:
    """A key or an element that only ``after`` has; ``comments`` belong to it or its inside."""

    path: KeyPath
    after: Value
    place: KeyPath
    comments: tuple[Comment, ...] = ()


@dataclass(frozen=True, slots=True)
class Removed:
    """A key or an element that only ``before`` has."""

    path: KeyPath
    before: Value


@dataclass(frozen=True, slots=True)
class Modified:
    """A value that became another, of the same type or not.

    ``comments`` stand inside the new value.
    """

    path: KeyPath
    before: Value
    after: Value
    place: KeyPath
    comments: tuple[Comment, ...] = ()


@dataclass(frozen=True, slots=True)
class Moved:
    """An element that stands elsewhere among its fellows; its inside may have changed too.

    ``before`` and ``after`` are its indexes.
    """

    path: KeyPath
    before: int
    after: int
    place: KeyPath


@dataclass(frozen=True, slots=True)
class Renamed:
    """A table whose key became ``key``; changes inside it are reported under the old key."""

    path: KeyPath
    key: str
    place: KeyPath


@dataclass(frozen=True, slots=True)
class CommentChanged:
    """A comment of something both documents have; "" stands for no comment.

    ``position`` is that of ``Comment``.
    """

    path: KeyPath
    before: str
    after: str
    position: str
    place: KeyPath


if TYPE_CHECKING:
    Change: TypeAlias = Added | Removed | Modified | Moved | Renamed | CommentChanged
else:
    Change = (Added, Removed, Modified, Moved, Renamed, CommentChanged)


@dataclass(frozen=True, slots=True)
class Diff:
    """What turns one document into another; a value.

    A change's ``path`` leads through the keys and items of ``before``; only the last
    part of an added path is a name in ``after``. ``place`` is the same place in
    ``after``, in keys and indexes.

    A diff is true when there is a change of a value or a comment. Layout (white space,
    quoting, the order and the spelling of tables) is none: see ``has_text_changes``.
    """

    changes: tuple[Change, ...]
    before: Document = field(repr=False, compare=False)
    after: Document = field(repr=False, compare=False)

    def __bool__(self) -> bool:
        return bool(self.changes)

    def __len__(self) -> int:
        return len(self.changes)

    def __iter__(self) -> Iterator[Change]:
        return iter(self.changes)

    @property
    def is_same_value(self) -> bool:
        """Whether the two documents hold the same values; comments may differ."""
        return all(isinstance(change, CommentChanged) for change in self.changes)

    @property
    def has_text_changes(self) -> bool:
        """Whether the two texts differ at all, if only in layout."""
        return self.before.text != self.after.text

    def without_comments(self) -> Diff:
        """Return the diff without changes of comments."""
        changes = [item for item in self.changes if not isinstance(item, CommentChanged)]
        return Diff(tuple(changes), self.before, self.after)
