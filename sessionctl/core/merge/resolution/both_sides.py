"""Both sides: a conflict resolved by keeping both, where that is TOML and loses nothing."""

from __future__ import annotations

from sessionctl.core.conflict.marked_text import CustomText, Side
from sessionctl.core.conflict.resolved_text import paths_in
from sessionctl.core.keypath import KeyPath
from sessionctl.core.toml.parse.document_text import DocumentText
from sessionctl.errors import ParseError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.conflict.marked_text import Resolution
    from sessionctl.core.conflict.resolved_text import ResolvedText


def keep_both(resolved_text: ResolvedText, index: int) -> Resolution | None:
    """Return what keeps both sides of conflict ``index``; None where nothing does.

    Ours and then theirs where that is TOML and means the same; else the two merged
    as if both had been added: the elements of two arrays, the keys of two tables.
    """
    conflict = resolved_text.marked.conflicts[index]
    if not conflict.ours.strip() or not conflict.theirs.strip():
        return None
    if _keeps(resolved_text, index, conflict.text_of(Side.BOTH)):
        return Side.BOTH
    if _is_one_thing(resolved_text, index):
        return None
    from sessionctl.core.merge import merge

    # Against an emptied array or table every element counts as added, so those of both are there;
    # several statements are merged as two files without a common base.
    for base in (_emptied(conflict.ours), ""):
        result = merge(base, conflict.ours, conflict.theirs)
        if (
            result.is_clean
            and result.method != "text"
            and _keeps(resolved_text, index, result.text)
        ):
            return CustomText(result.text, Side.BOTH.value)
    return None


def _keeps(resolved_text: ResolvedText, index: int, text: str) -> bool:
    """Return whether ``text`` is TOML in its place and has the keys of both sides, no other.

    A key of theirs behind a header of ours would become one of that table.
    """
    resolved = resolved_text.with_text(index, text)
    if resolved is None:
        return False
    wanted: set[KeyPath] = set()
    for side in (Side.OURS, Side.THEIRS):
        one = resolved_text.with_side(index, side)
        if one is None:
            return False
        wanted |= set(map(_keys, paths_in(one)))
    return set(map(_keys, paths_in(resolved))) == wanted


def _is_one_thing(resolved_text: ResolvedText, index: int) -> bool:
    """Return whether the schema calls a value of both sides one thing, as argv is."""
    sides = [resolved_text.with_side(index, side) for side in (Side.OURS, Side.THEIRS)]
    schema = resolved_text.schema
    if schema is None or None in sides:
        return False
    ours, theirs = ({_keys(path) for path in paths_in(resolved)} for resolved in sides if resolved)
    return any(schema.merge_rule(path) == "atomic" for path in ours & theirs)


def _emptied(text: str) -> str:
    """Return the one statement of ``text`` with nothing in its array or table; else ""."""
    try:
        document = DocumentText.parse(text)
    except ParseError:
        return ""
    if len(document.statements) != 1:
        return ""
    statement = document.statements[0]
    empty = {"[": "[]", "{": "{}"}.get(text[statement.value_start])
    if empty is None or text[statement.value_start : statement.value_end] == empty:
        return ""
    return f"{text[statement.key_start : statement.key_end]} = {empty}\n"


def _keys(path: KeyPath) -> KeyPath:
    return KeyPath(part for part in path if isinstance(part, str))
