"""Partial reading: what one edit changed in a text is read anew, all else is taken over.

A text is read statement by statement, and nothing of one reaches into the next. So where two
texts differ in a few statements only, the others are the same, moved by as much as those grew.
What that changes in the tables is taken over only where it is sure: the headers are the same,
and no key of a changed section meets another. For the rest there is no partial reading.
"""

from __future__ import annotations

from _bisect import bisect_left, bisect_right

from sessionctl.core.named_tuple import NamedTuple
from sessionctl.core.regex.lazy_pattern import late
from sessionctl.core.toml.parse.document_text import DocumentText
from sessionctl.core.toml.parse.parser import MAX_LENGTH, parse
from sessionctl.core.toml.parse.statement import KEY, Statement
from sessionctl.core.toml.parse.tree import Leaf, path_of, section_of
from sessionctl.core.values import changed_copy, same_value, value_at
from sessionctl.errors import ParseError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sessionctl.core.toml.parse.tree import TableNode
    from sessionctl.core.values import Table, Value

    Path = tuple[str | int, ...]
    Load = Callable[[str], Table]

_MARK = "\ufeff"
_LONG_QUOTES = ('"""', "'''")
_STRING = late(r'"[^"\\\n]*"|\'[^\'\n]*\'')
"""A string of one line in which no quote is escaped; of two quotes it may be half a long one."""
_SHALLOW = 64
"""Nesting up to which it does not matter where a value stands: half of what is read at all."""

_PART = 8
"""A change of more than one such part of a text is no small one: it is read as a whole."""


class ChangedRegion(NamedTuple):
    """Where two texts differ, in whole statements.

    ``first:last`` are statements of the text before, ``start:end`` is their place there, with
    what stands between them; in the text after it is ``start:new_end``.
    """

    first: int
    last: int
    start: int
    end: int
    new_end: int


def changed_region(before: DocumentText, text: str) -> ChangedRegion | None:
    """Return where ``text`` differs from that of ``before``; None where it is not cut so."""
    old, statements = before.text, before.statements
    head = _common_head(old, text)
    room = min(len(old), len(text)) - head
    tail = _common_tail(old, text, room)
    if old.startswith(_MARK) != text.startswith(_MARK):
        return None
    start = 1 if old.startswith(_MARK) else 0
    first = bisect_right(statements, head, key=_end_of)
    # A last line without an end would go on in what comes behind it.
    while first and old[statements[first - 1].end - 1] != "\n":
        first -= 1
    if first:
        start = statements[first - 1].end
    last = max(first, bisect_left(statements, len(old) - tail, key=_end_of) + 1)
    end = statements[last - 1].end if first < last <= len(statements) else start
    if last > len(statements) or end < len(old) - tail:
        last, end = len(statements), len(old)
    new_end = end + len(text) - len(old)
    part = text[start:new_end]
    # The last statement must end its line, and a byte order mark counts at the start alone.
    if (new_end < len(text) and part and not part.endswith("\n")) or part.startswith(_MARK):
        return None
    if len(text) > MAX_LENGTH or (new_end - start) * _PART > len(text):
        return None
    return ChangedRegion(first, last, start, end, new_end)


def read_changed(before: DocumentText, text: str) -> DocumentText | None:
    """Return what ``DocumentText.parse(text)`` does, by reading what differs from ``before``.

    None where that is not sure, also where ``text`` is not TOML: it is to be read as a whole.
    """
    region = changed_region(before, text)
    if region is None:
        return None
    try:
        _, statements = parse(text[region.start : region.new_end])
    except (ParseError, RecursionError):
        return None
    read = [_moved(statement, region.start) for statement in statements]
    old = before.statements
    growth = region.new_end - region.end
    rest = old[region.last :]
    if growth:
        rest = [_moved(statement, growth) for statement in rest]
    after = type(before)(text, {}, [*old[: region.first], *read, *rest], before.name)
    value = _value_of(before, after, region, len(read), _loads)
    if value is None:
        return None
    after.value = value
    if _keys_of(old[region.first : region.last]) == _keys_of(read):
        after.pattern = before.outline
    return after


def is_read_as(before: DocumentText, after: DocumentText, load: Load) -> bool:
    """Return whether ``load``, another reader, finds in what changed the values that ``after`` has.

    False where it cannot be told from the changed statements alone. What ``before`` holds is
    taken for right.
    """
    region = changed_region(before, after.text)
    if region is None:
        return False
    count = len(after.statements) - (len(before.statements) - (region.last - region.first))
    if count < 0:
        return False
    value = _value_of(before, after, region, count, load)
    return value is not None and same_value(value, after.value)


def begins_alike(before: DocumentText, text: str, load: Load) -> bool:
    """Return whether ``load``, another reader, gets to where ``text`` differs as our parser does.

    It could only miss the start of a statement where one before it goes on over a line end, or
    does so for one of the two readers: these are read by both, each alone.
    """
    region = changed_region(before, text)
    if region is None:
        return False
    for statement in before.statements[: region.first]:
        if statement.kind != KEY:
            continue
        value = before.text[statement.value_start : statement.value_end]
        if value[0] in "[{" or value.startswith(_LONG_QUOTES):
            if "\n" not in value and _is_closed(value):
                continue
            line = before.text[statement.key_start : statement.end]
            try:
                if not same_value(load(line), _loads(line)):
                    return False
            except (ValueError, RecursionError, ParseError):
                return False
    return True


def _is_closed(value: str) -> bool:
    """Return whether the brackets of a value of one line are certainly all closed in it."""
    rest = _STRING.sub("", value)
    is_even = rest.count("[") == rest.count("]") and rest.count("{") == rest.count("}")
    return is_even and '"' not in rest and "'" not in rest


def _value_of(
    before: DocumentText, after: DocumentText, region: ChangedRegion, count: int, load: Load
) -> Table | None:
    """Return the value of ``before`` with the ``count`` statements read in the region."""
    old, new = before.statements, after.statements
    pairs = _paired(old[region.first : region.last], new[region.first : region.first + count])
    if pairs is None:
        return None
    value = before.value
    at = region.first
    for one, other in pairs:
        changed = _section_changed(before, after, at, (one, other), value, load)
        if changed is None:
            return None
        value = changed
        at += len(one) + 1  # behind the keys of a section comes the next header
    return value


def _paired(
    old: Sequence[Statement], new: Sequence[Statement]
) -> list[tuple[list[Statement], list[Statement]]] | None:
    """Return the keys of each section, before and after; None where the headers differ."""
    before, after = _sections(old), _sections(new)
    if _keys_of(before[0]) != _keys_of(after[0]):
        return None
    return list(zip(before[1], after[1], strict=True))


def _keys_of(statements: Sequence[Statement]) -> list[tuple[int, tuple[str, ...]]]:
    return [(one.kind, one.keys) for one in statements]


def _sections(statements: Sequence[Statement]) -> tuple[list[Statement], list[list[Statement]]]:
    headers: list[Statement] = []
    sections: list[list[Statement]] = [[]]
    for statement in statements:
        if statement.kind == KEY:
            sections[-1].append(statement)
        else:
            headers.append(statement)
            sections.append([])
    return headers, sections


def _section_changed(
    before: DocumentText,
    after: DocumentText,
    at: int,
    pair: tuple[list[Statement], list[Statement]],
    value: Table,
    load: Load,
) -> Table | None:
    """Return ``value`` with the keys of one section that changed; None where it is not sure."""
    keys, new_keys = pair
    if not keys and not new_keys:
        return value
    section = section_of(before.outline.sections, at - 1)
    path = path_of(section.table)
    values: dict[tuple[str, ...], Value] = {}
    for statement in new_keys:
        found = _value_in(after.text, statement, len(path), load)
        if found is None:
            return None
        values[statement.keys] = found[0]
    if [one.keys for one in keys] == [one.keys for one in new_keys]:
        # The same keys: none can be there twice that was not before.
        for key, item in values.items():
            if not same_value(value_at(value, (*path, *key)), item):
                value = _with(value, (*path, *key), item)
        return value
    known = [before.statements[index].keys for index in section.keys]
    own = at - section.keys.start if section.keys else 0
    names = [*known[:own], *(one.keys for one in new_keys), *known[own + len(keys) :]]
    if len({*names}) < len(names) or any(len(name) > 1 for name in (*known, *names)):
        return None
    table = value_at(value, path)
    assert isinstance(table, dict)
    changed = _keys_changed(table, section.table, [name[0] for name in names], values)
    return None if changed is None else _with(value, (*path,), changed)


def _keys_changed(
    old: Table, node: TableNode, names: list[str], values: dict[tuple[str, ...], Value]
) -> Table | None:
    """Return a table with other plain keys in its own lines; None where one exists already."""
    # The headers are the same, so what they make of the table is what they made of it before.
    below = [key for key, child in node.children.items() if not isinstance(child, Leaf)]
    first = next(
        (place for place, child in enumerate(node.children.values()) if isinstance(child, Leaf)), 0
    )
    # Where its keys stand among the tables below it is not known when it had none.
    if not {*names}.isdisjoint(below) or (below and len(below) == len(node.children)):
        return None
    order = [*below[:first], *names, *below[first:]]
    return {key: values[(key,)] if (key,) in values else old[key] for key in order}


def _value_in(text: str, statement: Statement, depth: int, load: Load) -> tuple[Value] | None:
    """Return the value of a key statement, read alone; None where it is too deep or no TOML."""
    line = text[statement.key_start : statement.end]
    # Where it stands counts for how deep it may be nested, and is not known when it is read alone.
    if depth + len(statement.keys) + line.count("[") + line.count("{") > _SHALLOW:
        return None
    try:
        value: Value = load(line)
    except (ValueError, RecursionError, ParseError):
        return None
    for key in statement.keys:
        if not isinstance(value, dict) or key not in value:
            return None
        value = value[key]
    return (value,)


def _loads(text: str) -> Table:
    return parse(text)[0]


def _with(root: Table, path: Path, value: Value) -> Table:
    """Return ``root`` with ``value`` at ``path``, sharing with it whatever is not on the way."""
    if not path:
        assert isinstance(value, dict)
        return value

    def put(container: Value) -> None:
        container[path[-1]] = value  # type: ignore[index]

    return changed_copy(root, path, put)


def _moved(statement: Statement, by: int) -> Statement:
    return Statement(
        statement.kind,
        statement.keys,
        statement.key_start + by,
        statement.key_end + by,
        statement.value_start + by,
        statement.value_end + by,
        statement.end + by,
    )


def _end_of(statement: Statement) -> int:
    return statement.end


def _common_head(one: str, other: str) -> int:
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _common_tail(one: str, other: str, most: int) -> int:
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if one[len(one) - middle : len(one) - low] == other[len(other) - middle : len(other) - low]:
            low = middle
        else:
            high = middle - 1
    return low
