"""What a merge must hold, told from the values alone: none of the product's own proof.

A value is flattened to its leaves. A leaf is the path of keys to it (``ITEM`` for any
place in an array) and a text that tells its type; a string counts line by line, since
the lines of multi-line strings are merged one by one. Empty tables and arrays have no
leaves.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections import Counter

from sessionctl.core.conflict.conflict import ConflictKind
from sessionctl.core.conflict.markers import DEFAULT_MARKER_SIZE, Labels, MarkerStyle
from sessionctl.core.merge.context import MergeContext
from sessionctl.core.merge.moves.differences import find_differences
from sessionctl.core.merge.moves.following import follow_moves
from sessionctl.core.toml.parse.document_text import DocumentText
from sessionctl.core.toml.parse.statement import ParseMemory
from sessionctl.errors import ParseError

ITEM = "*"
MISSING = object()

_WORD_ENDS = re.compile("[ \n]+")
_COMMENT_OR_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'|(#[^\n]*)',
    re.DOTALL,
)
_SWAPPED_KINDS = {
    ConflictKind.DELETED_BY_US: ConflictKind.DELETED_BY_THEM,
    ConflictKind.DELETED_BY_THEM: ConflictKind.DELETED_BY_US,
}


def swapped_kind(kind):
    """Return the kind that a conflict has with ours and theirs exchanged."""
    return _SWAPPED_KINDS.get(kind, kind)


def value_of(text):
    """Return what tomllib reads in ``text``."""
    return tomllib.loads(text.removeprefix("\ufeff"))


def tell(value):
    """Return a text that is the same for equal TOML values of one type only."""
    if isinstance(value, float):
        return "float nan" if math.isnan(value) else f"float {value + 0.0!r}"
    return f"{type(value).__name__} {value!r}"


def canonical(value, *, ordered=True):
    """Return a comparable form of ``value``: types told apart, tables without order."""
    if isinstance(value, dict):
        return {key: canonical(item, ordered=ordered) for key, item in value.items()}
    if isinstance(value, list):
        items = [canonical(item, ordered=ordered) for item in value]
        return items if ordered else sorted(items, key=lambda item: repr(_sorted(item)))
    return tell(value)


def _sorted(value):
    if isinstance(value, dict):
        return sorted((key, _sorted(item)) for key, item in value.items())
    return [_sorted(item) for item in value] if isinstance(value, list) else value


def leaves(value, path=()):
    """Return the leaves of ``value``, each with how often it is there."""
    found = Counter()
    if isinstance(value, dict):
        for key, item in value.items():
            found += leaves(item, (*path, key))
    elif isinstance(value, list):
        for item in value:
            found += leaves(item, (*path, ITEM))
    elif isinstance(value, str):
        words = _WORD_ENDS.split(value)
        found.update((path, f"word {part!r}") for word in words for part in _parts(word, " "))
    else:
        found[path, tell(value)] += 1
    return found


def paths_of(conflicts):
    """Return the paths of conflicts in the form that leaves have."""
    return [tuple(p if type(p) is str else ITEM for p in c.path) for c in conflicts]


def _is_covered(path, covers):
    return any(path[: len(c)] == c[: len(path)] for c in covers)


def lost_changes(base, side, other, result, covers=()):
    """Return the leaves that ``side`` added or took out of ``base`` without ``result`` doing so.

    Leaves below ``covers``, the paths of conflicts that other won, are left out.
    """
    lost = _lost_changes(base, side, other, result, covers)
    return lost and _lost_changes(*wrapped_within(base, side, other), result, covers)


def wrapped_within(base, ours, theirs):
    """Return the values ``wrapped`` wherever they are tables with one key in common."""
    base, ours, theirs = wrapped(base, ours, theirs)
    if not all(isinstance(value, dict) for value in (base, ours, theirs)):
        return base, ours, theirs
    found = [dict(value) for value in (base, ours, theirs)]
    for key in ours.keys() & theirs.keys():
        inner = wrapped_within(base.get(key, MISSING), ours[key], theirs[key])
        for table, value in zip(found, inner, strict=True):
            if value is not MISSING:
                table[key] = value
    return tuple(found)


def _lost_changes(base, side, other, result, covers):
    old, mine, theirs, got = map(leaves, (base, side, other, result))
    lost = []
    for leaf in old.keys() | mine.keys():
        path, text = leaf
        if _is_covered(path, covers):
            continue
        if mine[leaf] > 0 == old[leaf] and not got[leaf]:
            lost.append(("added", *leaf))
        is_plain = path.count(ITEM) == (path[-1:] == (ITEM,)) and not text.startswith("word")
        if is_plain and old[leaf] > 0 == mine[leaf] and theirs[leaf] <= old[leaf] and got[leaf]:
            lost.append(("removed", *leaf))
    return lost


def invented(base, ours, theirs, result):
    """Return the leaves of ``result`` that neither side has."""
    known = leaves(ours) + leaves(theirs)
    for value in wrapped_within(base, ours, theirs)[1:]:
        known += leaves(value)
    return sorted(leaves(result).keys() - known.keys(), key=repr)


def faults(base, ours, theirs, result, path=()):
    """Return the paths at which ``result`` is not base with the changes of both sides.

    A path at which both sides changed one thing in two ways is a fault: it cannot be
    merged. Arrays are compared by their elements.
    """
    base, ours, theirs = wrapped(base, ours, theirs)
    same = [canonical_or_missing(value) for value in (base, ours, theirs, result)]
    b, o, t, r = same
    if o in (b, t):
        return [] if r == t else [path]
    if t == b:
        return [] if r == o else [path]
    if is_made_of_tables(base):
        # It is there for its children only; each of them is asked.
        ours, theirs = (type(base)() if side is MISSING else side for side in (ours, theirs))
    if isinstance(ours, dict) and isinstance(theirs, dict):
        before = base if isinstance(base, dict) else {}
        after = {} if result is MISSING else result
        if not isinstance(after, dict):
            return [path]
        keys = dict.fromkeys([*before, *ours, *theirs, *after])
        return [
            fault
            for key in keys
            for fault in faults(
                *(table.get(key, MISSING) for table in (before, ours, theirs, after)),
                (*path, key),
            )
        ]
    if isinstance(ours, list) and isinstance(theirs, list) and isinstance(result, list):
        before = base if isinstance(base, list) else []
        return [] if _is_array_right(before, ours, theirs, result) else [path]
    if isinstance(ours, str) and isinstance(theirs, str) and isinstance(result, str):
        parts = (base if isinstance(base, str) else "", ours, theirs, result)
        return [] if _are_lines_right(*parts) else [path]
    return [path]


def wrapped(base, ours, theirs):
    """Return the three values as tables if a side put a plain one into a table, else as they are.

    ``"1.0"`` that became ``{ version = "1.0", optional = true }`` is there still, under
    one key and no other.
    """
    tables = [side for side in (ours, theirs) if isinstance(side, dict)]
    texts = [side for side in (ours, theirs) if isinstance(side, str)]
    if base is MISSING and tables and texts and tables[0].get("version") == texts[0]:
        # A plain version says what a table with this version says, and less.
        return base, tables[0], tables[0]
    if base is MISSING or isinstance(base, dict | list) or not tables:
        return base, ours, theirs
    keys = {k for table in tables for k, v in table.items() if canonical(v) == canonical(base)}
    if len(keys) != 1 or not all(keys <= table.keys() for table in tables):
        return base, ours, theirs
    (key,) = keys
    return tuple(
        value if isinstance(value, dict) or value is MISSING else {key: value}
        for value in (base, ours, theirs)
    )


def with_moves(base, ours, theirs):
    """Return the three texts with what one side moved and the other changed at its new place.

    Where that is, the product says; that nothing is lost on the way is asked of the values.
    """
    context = MergeContext(MarkerStyle(Labels(), DEFAULT_MARKER_SIZE), ParseMemory())
    try:
        documents = [DocumentText.parse(text) for text in (base, ours, theirs)]
    except ParseError:
        return base, ours, theirs
    if base in (ours, theirs) or ours == theirs:
        return base, ours, theirs
    differences = [find_differences(documents[0].value, one.value) for one in documents[1:]]
    moved = follow_moves(documents, differences, context).documents
    for before, after in zip(documents, moved, strict=True):
        assert sorted(_values(before.value)) == sorted(_values(after.value))
    return tuple(document.text for document in moved)


def _values(value):
    """Yield the values that stand in ``value``, told apart by their types."""
    if isinstance(value, dict):
        for child in value.values():
            yield from _values(child)
    elif isinstance(value, list):
        for child in value:
            yield from _values(child)
    else:
        yield tell(value)


def is_made_of_tables(value):
    """Return whether ``value`` holds tables, or arrays of tables, and nothing else."""
    if isinstance(value, dict):
        return bool(value) and all(
            isinstance(child, dict) or (isinstance(child, list) and is_made_of_tables(child))
            for child in value.values()
        )
    return isinstance(value, list) and bool(value) and all(isinstance(i, dict) for i in value)


def canonical_or_missing(value):
    return value if value is MISSING else canonical(value)


def _is_array_right(base, ours, theirs, result):
    place = _same_place(base, ours, theirs)
    if place is not None:
        # Both sides edited one element: it is one element still.
        versions = (base, ours, theirs, result)
        return len(result) == len(base) and not faults(*(items[place] for items in versions))
    field = next((f for f in ("id", "name", "key", "path") if _identifies(f, ours, theirs)), None)
    if field and base and _identifies(field, base) and _identifies(field, result):
        return _are_items_right(field, base, ours, theirs, result)
    if any(isinstance(item, dict) for item in [*base, *ours, *theirs]):
        # Which item is which is not known here: look at what the items hold.
        return not (
            lost_changes(base, ours, theirs, result)
            or lost_changes(base, theirs, ours, result)
            or invented(base, ours, theirs, result)
        )
    counts = [Counter(repr(canonical(item)) for item in items) for items in (base, ours, theirs)]
    got = Counter(repr(canonical(item)) for item in result)
    for element in {*counts[0], *counts[1], *counts[2], *got}:
        b, o, t = (count[element] for count in counts)
        both = max(0, o + t - b)
        # Two equal changes may be one.
        allowed = {both, o} if o == t or b == 0 else {both}
        if b == 0 < min(o, t):
            allowed.add(max(o, t))
        if got[element] not in allowed and not (o < b and t < b and got[element] == min(o, t)):
            return False
    return True


def _same_place(base, ours, theirs):
    """Return the one place at which both sides replaced an element without identity."""
    if not len(base) == len(ours) == len(theirs):
        return None
    if any(_identifies(field, base, ours, theirs) for field in ("id", "name", "key", "path")):
        return None
    changed = [
        {i for i, item in enumerate(items) if canonical(item) != canonical(base[i])}
        for items in (ours, theirs)
    ]
    if len(changed[0]) != 1 or changed[0] != changed[1]:
        return None
    return changed[0].pop()


def _identifies(field, *versions):
    for items in versions:
        if not all(isinstance(item, dict) for item in items):
            return False
        names = [tell(item.get(field, math.nan)) for item in items]
        kinds = {type(item.get(field)) for item in items}
        if len(set(names)) != len(items) or not kinds <= {str, int}:
            return False
    return True


def _are_items_right(field, *versions):
    """Compare the items that all versions have; others by what they hold.

    An item may have been renamed: then it is found in one version and not in another.
    """
    tables = [{tell(item[field]): item for item in items} for items in versions]
    base, ours, theirs, result = tables
    for name in base.keys() & ours.keys() & theirs.keys():
        if name not in result or faults(*(table[name] for table in tables)):
            return False
    b, o, t, r = versions
    return not (lost_changes(b, o, t, r) or lost_changes(b, t, o, r) or invented(b, o, t, r))


def _parts(text, end):
    """Return the parts of a text; those of a chain such as ``$a$b$c``, folded lines, one by one."""
    found = []
    for part in text.split(end):
        is_chain = len(part) > 24 and " " not in part and len(re.findall(r"\W", part)) > 2
        # A part of a chain is one too, or its words would be new where the rest is taken out.
        is_chain = is_chain or re.fullmatch(r"(\W)\w+(?:\1\w+)+", part) is not None
        found += re.findall(r"\w+|\W", part) if is_chain else [part]
    return found


def _are_lines_right(base, ours, theirs, result):
    versions = (base, ours, theirs, result)
    is_folded = all(" " in text and "\n" not in text for text in versions)
    end = " " if is_folded else "\n"
    old, mine, other, got = (Counter(_parts(text, end)) for text in versions)
    new = [line for line in mine | other if not old[line]]
    return (
        len(mine) > 1
        and len(other) > 1
        and all(got[line] for line in new)
        and all(mine[line] or other[line] for line in got)
        and all(not got[line] for line in old if not (mine[line] or other[line]))
    )


def comments_of(text):
    """Return all comments of a document, those beside and inside of values too."""
    found = Counter()
    for match in _COMMENT_OR_STRING.finditer(text.replace("\r\n", "\n")):
        if match[1]:
            found[match[1].rstrip()] += 1
    return found


def lost_comments(base, ours, theirs, result):
    """Return the comments of which ``result`` has too few.

    Of several that read the same, each side may have taken out another one, and one may
    have come to stand where the other side added its equal: one less is right too.
    """
    old, mine, other, got = map(comments_of, (base, ours, theirs, result))
    lost = []
    for comment in sorted(mine | other):
        b, o, t = old[comment], mine[comment], other[comment]
        wanted = max(o, t) if o >= b and t >= b else max(0, o + t - b)
        if got[comment] < wanted - (max(b, o, t) > 1):
            lost.append((comment, b, o, t, got[comment]))
    return lost
