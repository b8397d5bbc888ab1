"""The comparison of two documents' comments."""

from __future__ import annotations

from itertools import zip_longest

from sessionctl.core.diff.change import APART, END, Comment, CommentChanged
from sessionctl.core.diff.comment_owners import is_loose
from sessionctl.core.keypath import KeyPath

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from sessionctl.core.diff.matching import Matching

    # Where the owner is before and after; it may be on one side only.
    Places = tuple[KeyPath | None, KeyPath | None]
    Owner = tuple[KeyPath | None, KeyPath | None, str]


def compare_comments(
    before: list[Comment], after: list[Comment], matching: Matching
) -> list[CommentChanged]:
    """Return the changes of comments that stand apart or whose owner both documents have.

    A comment that keeps its owner and its text is the same wherever it stands; a block
    that stands apart is the same beside any other key.
    """
    old = _by_owner(before, matching, lambda path: (path, matching.counterpart(path)))
    new = _by_owner(after, matching, lambda path: (matching.origin(path), path))
    _drop_same(old, new)
    found: list[CommentChanged] = []
    for owner in dict.fromkeys([*old, *new]):
        path, place = _names(owner, matching)
        # What is left of one owner changed: its first comment into its first, a text into none.
        for one, other in zip_longest(old.get(owner, ()), new.get(owner, ()), fillvalue=""):
            found.append(CommentChanged(path, one, other, owner[2], place))
    return found


def _by_owner(
    comments: list[Comment], matching: Matching, both: Callable[[KeyPath], Places]
) -> dict[Owner, list[str]]:
    """Return the texts by owner of the comments that do not share their owner's fate."""
    found: dict[Owner, list[str]] = {}
    for comment in comments:
        owner: Owner = (*both(comment.path), comment.position)
        if is_loose(comment) or _is_kept(owner, matching):
            found.setdefault(owner, []).append(comment.text)
    return found


def _is_kept(owner: Owner, matching: Matching) -> bool:
    """Return whether an owner is in both documents; else its comments share its fate."""
    here, there, position = owner
    if here is None or there is None:
        return False
    # What closes an array goes with its bracket when the key holds no array any more.
    return position != END or matching.are_arrays(here, there)


def _names(owner: Owner, matching: Matching) -> tuple[KeyPath, KeyPath]:
    """Return the path and the place of the owner of a changed comment."""
    here, there, _ = owner
    if there is None:
        assert here is not None
        return matching.named(here), matching.place_of(here)
    return matching.path_of(there) if here is None else matching.named(here), there


def _drop_same(old: dict[Owner, list[str]], new: dict[Owner, list[str]]) -> None:
    """Take out of both what is the same comment."""
    # The nearest first: where it was, then elsewhere at its owner (above, not beside), then, if it
    # stands for itself, anywhere.
    for kind in (_exactly, _by_both, _loosely):
        there: dict[tuple[object, str], list[list[str]]] = {}
        for owner, found in new.items():
            for text in found:
                there.setdefault((kind(owner), text), []).append(found)
        for owner, found in old.items():
            for text in list(found):
                same = there.get((kind(owner), text))
                if same and kind(owner) is not None:
                    same.pop(0).remove(text)
                    found.remove(text)


def _exactly(owner: Owner) -> object:
    return owner


def _by_both(owner: Owner) -> object:
    here, there, _ = owner
    return here, there


def _loosely(owner: Owner) -> object:
    return owner[2] in (APART, END) or None
