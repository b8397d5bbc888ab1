"""Policy resolution: the text that a policy puts in the place of one marked conflict."""

from __future__ import annotations

from itertools import takewhile

from sessionctl.core.conflict.conflict import Conflict, ConflictKind
from sessionctl.core.conflict.marked_text import CustomText, Side
from sessionctl.core.conflict.markers import MarkerStyle
from sessionctl.core.conflict.resolved_text import MOST_TRIED, paths_in
from sessionctl.core.keypath import KeyPath
from sessionctl.core.merge.context import MergeContext
from sessionctl.core.merge.policy.conflict_resolver import ConflictResolver
from sessionctl.core.merge.policy.policy import Policy, Rule
from sessionctl.core.toml.parse.document_text import DocumentText
from sessionctl.core.toml.parse.statement import ARRAY_TABLE, KEY, ParseMemory
from sessionctl.errors import ParseError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime

    from sessionctl.core.conflict.marked_text import MarkedConflict
    from sessionctl.core.conflict.resolved_text import ResolvedText
    from sessionctl.core.values import Table


def resolve_by_policy(
    resolved_text: ResolvedText,
    index: int,
    way: str,
    dates: tuple[datetime, datetime] | None = None,
    *,
    is_offer: bool = False,
) -> CustomText | None:
    """Return what the policy ``way`` makes of conflict ``index``; None where it resolves nothing.

    ``dates`` are those of ours and theirs, for "newest". With ``is_offer``, only a conflict
    of one key is looked at, and numbers and deletions are not resolved_text.
    """
    policy = Policy((Rule(way),), dates)
    marked = resolved_text.marked.conflicts[index]
    paths = resolved_text.key_paths(index)
    if len(paths) == 1:
        text = _of_one(resolved_text, index, paths[0], policy, is_offer=is_offer)
        if text is not None:
            return CustomText(text, way)
    text = _of_several(resolved_text, marked, paths, policy) if paths and not is_offer else None
    return (
        CustomText(text, way)
        if text is not None and _is_right(resolved_text, index, text)
        else None
    )


def merge_sides(resolved_text: ResolvedText, index: int) -> Side | CustomText | None:
    """Return what conflict ``index`` becomes by the merge alone; None where the sides clash.

    Only where the base is known: a side that did not change gives way to the other.
    """
    marked = resolved_text.marked.conflicts[index]
    if marked.ours == marked.theirs or marked.base == marked.theirs:
        return Side.OURS
    if marked.base == marked.ours:
        return Side.THEIRS
    text = _of_several(resolved_text, marked, resolved_text.key_paths(index), Policy(()))
    is_right = text is not None and _is_right(resolved_text, index, text)
    return CustomText(text, "merged") if is_right and text is not None else None


def _of_one(
    resolved_text: ResolvedText, index: int, path: KeyPath, policy: Policy, *, is_offer: bool
) -> str | None:
    marked = resolved_text.marked.conflicts[index]

    def sides() -> list[Table]:
        found = [resolved_text.with_side(index, side) for side in (Side.OURS, Side.THEIRS)]
        return [resolved.document.value if resolved else {} for resolved in found]

    resolver = ConflictResolver(
        policy, MergeContext(MarkerStyle(), ParseMemory(), resolved_text.schema), sides
    )
    kind = ConflictKind.BOTH_MODIFIED
    if marked.base:
        kind = kind if marked.ours else ConflictKind.DELETED_BY_US
        kind = kind if marked.theirs else ConflictKind.DELETED_BY_THEM
    conflict = Conflict(kind, path, marked.base or None, marked.ours or None, marked.theirs or None)
    found = resolver.resolve(conflict, is_offer=is_offer)
    return None if found is None else found.text


def _of_several(
    resolved_text: ResolvedText, marked: MarkedConflict, paths: tuple[KeyPath, ...], policy: Policy
) -> str | None:
    """Resolve what git marked line by line: by a merge of these lines, key by key.

    Not where items of arrays of tables are in it: resolved alone, they lose their identity.
    """
    if marked.base is None or not marked.ours.strip() or not marked.theirs.strip():
        return None
    if _is_whole_table(marked.base.strip(), marked.ours.strip(), marked.theirs.strip()):
        return None
    schema = resolved_text.schema
    if schema is not None and any(schema.merge_rule(path) == "atomic" for path in paths):
        return None
    from sessionctl.core.merge import merge

    result = merge(marked.base, marked.ours, marked.theirs, policy=policy)
    if result.conflicts or result.method == "text":
        return None
    has_items = any(s.kind == ARRAY_TABLE for s in DocumentText.parse(result.text).statements)
    return None if has_items else result.text


def _is_whole_table(base: str, ours: str, theirs: str) -> bool:
    """Return whether a conflict is about one table that may be another one on each side.

    Git's markers begin at a line that changed. Where they begin with a header that did not, the
    merge by key wrote them, and did not take the table apart; it could not say which is which.
    """
    heads = [text.split("\n")[0].strip() for text in (ours, theirs)]
    if not all(head.startswith("[") for head in heads):
        return False
    if heads[0] != heads[1]:
        # Of one table, a side has only tables in it: what it calls so may be another one.
        short, long = sorted((head.strip("[ ]") for head in heads), key=len)
        return not base and long.startswith(f"{short}.")
    if base:
        return base.split("\n", maxsplit=1)[0].strip() == heads[0]
    return not _own_statements(ours) & _own_statements(theirs)


def _own_statements(text: str) -> set[str]:
    """Return the keys with their values below the first header of ``text``, as they are written."""
    try:
        _, *statements = DocumentText.parse(text).statements
    except ParseError:
        return set()
    found = takewhile(lambda statement: statement.kind == KEY, statements)
    return {text[one.key_start : one.value_end] for one in found}


def _is_right(resolved_text: ResolvedText, index: int, text: str) -> bool:
    """Return whether ``text`` is TOML in its place, with no key that neither side has there.

    Of a large file it is not asked for each conflict: the whole is checked at the end.
    """
    if len(resolved_text.marked.text) * len(resolved_text.marked.conflicts) > MOST_TRIED:
        return True
    resolved = resolved_text.with_text(index, text)
    sides = [resolved_text.with_side(index, side) for side in (Side.OURS, Side.THEIRS)]
    if resolved is None:
        return False
    known = {_keys(path) for side in sides if side is not None for path in paths_in(side)}
    return {_keys(path) for path in paths_in(resolved)} <= known


def _keys(path: KeyPath) -> tuple[str, ...]:
    return tuple(part for part in path if isinstance(part, str))
