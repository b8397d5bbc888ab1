"""The three-way merge of one value: inline tables by key, arrays by element, text by line."""

from __future__ import annotations

from sessionctl.core.merge.value.array_merge import merge_arrays
from sessionctl.core.merge.value.fragment import Fragment, choose
from sessionctl.core.merge.value.guide import ANYWHERE
from sessionctl.core.merge.value.wrapped_value import is_replaced, says_version, wrapping_key
from sessionctl.core.text.alignment import merge_chunks
from sessionctl.core.text.lines import split_lines
from sessionctl.core.toml.parse.inline_value import InlineEntry, InlineTable, read_table
from sessionctl.core.values import is_armored, same_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.merge.value.guide import Guide
    from sessionctl.core.values import Value


def merge_value(
    base: Fragment | None, ours: Fragment, theirs: Fragment, at: Guide = ANYWHERE
) -> str | None:
    """Return the merged source text of a value, or None when the two changes conflict.

    ``at`` is what is known of the place of the value.
    """
    chosen = choose(base, ours, theirs)
    if chosen is not None:
        return chosen.text
    merged = _merge(base, ours, theirs, at)
    return at.resolve(base, ours, theirs) if merged is None else merged


def _merge(base: Fragment | None, ours: Fragment, theirs: Fragment, at: Guide) -> str | None:
    values = [ours.value, theirs.value]
    if base is not None:
        values.append(base.value)
    kinds = {type(value) for value in values}
    rule = at.rule
    # Half of one argv and half of another is a command that nobody wrote. A side that only laid it
    # out anew is no second change (an_atomic_array_changed_by_both_sides_is_a_conflict_...).
    if rule == "atomic" and _is_conflict(base, ours, theirs):
        return None
    if kinds == {dict}:
        return _merge_tables(base, ours, theirs, at)
    if kinds == {list}:
        if rule == "set":
            from sessionctl.core.merge.value.set_merge import merge_sets

            return merge_sets(base, ours, theirs)
        return merge_arrays(base, ours, theirs, merge_value, at)
    # serde = "1.0" and serde = { version = "1.0" } say the same of a dependency: the edit of the
    # other side goes inside (a_string_put_into_a_table_by_one_side_takes_the_edit_of_the_other).
    if base is not None and dict in kinds and not isinstance(base.value, dict | list):
        return _merge_wrapped(base, ours, theirs, at)
    # The table says all that the plain version says, and more
    # (a_version_and_a_table_with_it_added_by_both_sides_are_the_table).
    if base is None and kinds == {dict, str}:
        table, plain = (ours, theirs) if isinstance(ours.value, dict) else (theirs, ours)
        return table.text if says_version(table.value, plain.value) else None
    if kinds == {str} and base is not None:
        merged = _merge_strings(base, ours, theirs)
        if merged is None and rule == "text":
            from sessionctl.core.merge.value.string_merge import merge_strings

            return merge_strings(base, ours, theirs)
        return merged
    if same_value(ours.value, theirs.value):
        return ours.text
    return None


def _is_conflict(base: Fragment | None, ours: Fragment, theirs: Fragment) -> bool:
    """Return whether both sides changed a value, and not to the same."""
    if base is not None and any(same_value(side.value, base.value) for side in (ours, theirs)):
        return False
    return not same_value(ours.value, theirs.value)


def _merge_wrapped(base: Fragment, ours: Fragment, theirs: Fragment, at: Guide) -> str | None:
    """Merge a plain value that at least one side put into a table."""
    key = wrapping_key(base.value, ours.value, theirs.value)
    if isinstance(ours.value, dict) and isinstance(theirs.value, dict):
        if key is not None:
            return _merge_tables(None, ours, theirs, at, {(key,): base})
        # Both made a table of it and dropped the plain value: nothing of base is left to compare
        # with (a_plain_value_both_sides_make_a_table_has_the_keys_of_both).
        if is_replaced(base.value, ours.value, theirs.value):
            return _merge_tables(None, ours, theirs, at)
    if key is None:
        return None
    table, plain = (ours, theirs) if isinstance(ours.value, dict) else (theirs, ours)
    if isinstance(plain.value, list):
        return None
    entry = _Entries(table).by_key.get((key,))
    if entry is None:
        return None
    before = table.source[table.span.start : entry.value.start]
    return before + plain.text + table.source[entry.value.end : table.span.end]


def _merge_strings(base: Fragment, ours: Fragment, theirs: Fragment) -> str | None:
    """Merge multi-line strings by the lines of their source."""
    texts = [base.text, ours.text, theirs.text]
    # Lines of two certificates make neither, though they merge cleanly
    # (a_certificate_changed_by_both_sides_in_other_lines_is_a_conflict).
    if any(map(is_armored, texts)):
        return None
    quotes = {text[:3] for text in texts}
    if len(quotes) != 1 or not quotes <= {'"""', "'''"}:
        return None
    lines = [split_lines(text) for text in texts]
    merged: list[str] = []
    for chunk in merge_chunks(*lines):
        if chunk.changed == "conflict":
            return None
        use_theirs = chunk.changed == "theirs"
        merged += lines[2][chunk.theirs] if use_theirs else lines[1][chunk.ours]
    return "".join(merged)


class _Entries:
    """The entries of an inline table by their full key."""

    def __init__(self, fragment: Fragment) -> None:
        self.fragment = fragment
        self.table: InlineTable = read_table(fragment.source, fragment.span)
        self.by_key: dict[tuple[str, ...], InlineEntry] = {
            entry.keys: entry for entry in self.table.entries
        }

    def value(self, keys: tuple[str, ...]) -> Fragment | None:
        entry = self.by_key.get(keys)
        if entry is None:
            return None
        value: Value = self.fragment.value
        for key in keys:
            assert isinstance(value, dict)
            value = value[key]
        return self.fragment.inner(entry.value, value)

    def text(self, keys: tuple[str, ...]) -> str:
        entry = self.by_key[keys]
        return self.fragment.source[entry.key.start : entry.value.end]


def _merge_tables(
    base: Fragment | None,
    ours: Fragment,
    theirs: Fragment,
    at: Guide,
    wrapped: dict[tuple[str, ...], Fragment] | None = None,
) -> str | None:
    """Merge inline tables by key; ``wrapped`` are values of base that were no table yet."""
    from sessionctl.core.merge.order.order_merge import merge_order

    versions = [
        _Entries(base) if base is not None else None,
        _Entries(ours),
        _Entries(theirs),
    ]
    old, mine, other = versions
    assert mine is not None
    assert other is not None
    texts: dict[tuple[str, ...], str] = {}
    for keys in dict.fromkeys([*mine.by_key, *other.by_key]):
        before = old.value(keys) if old else (wrapped or {}).get(keys)
        one, two = mine.value(keys), other.value(keys)
        if one is not None and two is not None:
            merged = merge_value(before, one, two, at.below(*keys))
            if merged is None:
                return None
            entry = mine.by_key[keys]
            texts[keys] = mine.fragment.source[entry.key.start : entry.value.start] + merged
        elif before is None:
            texts[keys] = mine.text(keys) if one is not None else other.text(keys)
        else:
            remaining = one if one is not None else two
            assert remaining is not None
            # A new comment inside counts as an edit, as it does for keys.
            is_same = same_value(remaining.value, before.value)
            if not is_same or remaining.has_comments_beyond(before):
                kept = at.below(*keys).survivor()
                if not kept:
                    return None  # deleted on one side, changed on the other
                if kept in ("both", "theirs" if one is None else "ours"):
                    texts[keys] = (other if one is None else mine).text(keys)
    order = merge_order(
        list(old.by_key) if old else [], list(mine.by_key), list(other.by_key), set(texts)
    )
    style = mine if mine.by_key or not other.by_key else other
    return _join_entries(style, [texts[keys] for keys in order])  # type: ignore[index]


def _join_entries(style: _Entries, texts: list[str]) -> str:
    """Return an inline table of ``texts`` with the spacing that ``style`` has."""
    text = style.fragment.text
    if not texts:
        return "{}"
    spaced = text[1:2] in " \t" or not style.by_key
    comma = ", "
    if style.table.commas:
        after = style.table.commas[0] + 1
        following = style.table.entries[1].key.start
        comma = "," + style.fragment.source[after:following]
    edge = " " if spaced else ""
    return "{" + edge + comma.join(texts) + edge + "}"
