"""The laws that a case is held to; each function returns what is broken, in words."""

from __future__ import annotations

import json
import tomllib
from collections import Counter

from sessionctl.core.conflict.conflict import ConflictKind
from sessionctl.core.conflict.marked_text import read_conflicts
from sessionctl.core.diff.comparison import diff
from sessionctl.core.diff.diff_data import diff_data
from sessionctl.core.diff.json_patch import json_patch
from sessionctl.core.diff.patch import patch
from sessionctl.core.merge import merge
from sessionctl.core.merge.virtual_base import text_for_base, without_placeholders
from sessionctl.core.render.diff_page import render_html
from sessionctl.core.render.diff_text import render_diff, render_stat
from sessionctl.core.schema.model import Schema
from sessionctl.core.schema.verdict import validate
from sessionctl.core.toml.document import Document
from sessionctl.errors import ParseError
from tests.core.merge import oracle

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from sessionctl.core.merge import MergeResult

    Texts = tuple[str, str, str]

_SIDES = ("ours", "theirs")
_MARKS = ("<<<<<<<", "|||||||", "=======", ">>>>>>>")
# What is refused though tomllib reads it: depth and numbers that no other program keeps.
_LIMITS = ("nested", "64 bits", "64-bit", "too large", "too big", "out of range", "digits")


def parse_laws(text: str) -> list[str]:
    """Hold ``Document.parse`` to ``tomllib``, and to giving the text back."""
    expected = _read(text)
    try:
        document = Document.parse(text)
    except ParseError as error:
        lines = text.count("\n") + 1
        broken = []
        if not 1 <= error.line <= lines or error.column < 1:
            broken.append(f"a place outside of the text: {error.line}:{error.column}")
        if expected is not None and not any(word in str(error) for word in _LIMITS):
            broken.append(f"refused, though it is TOML: {error}")
        return broken
    if expected is None:
        return ["read, though it is no TOML"]
    broken = [] if document.text == text else ["the text is not given back"]
    if oracle.canonical(document.value) != oracle.canonical(expected):
        broken.append("another value than tomllib's")
    validate(document)
    return broken


def diff_laws(before: str, after: str) -> list[str]:
    """Hold ``diff`` and ``patch`` to each other; nothing is to be held where one is no TOML."""
    try:
        one, two = Document.parse(before), Document.parse(after)
    except ParseError:
        return []
    found = diff(one, two)
    wanted = oracle.canonical(two.value)
    broken = []
    if oracle.canonical(patch(one, found).value) != wanted:
        broken.append("patch(before, diff(before, after)) has another value than after")
    if not found and oracle.canonical(one.value) != wanted:
        broken.append("no difference told, and the values differ")
    if diff(two, two):
        broken.append("a document differs from itself")
    render_diff(found)
    render_stat(found)
    render_html(found, "a", "b")
    json.dumps(diff_data(found), default=str)
    json_patch(found)
    return broken


def merge_laws(base: str, ours: str, theirs: str) -> list[str]:
    """Hold ``merge`` to its laws, whatever the three texts are."""
    broken = [
        f"a change on one side is not the result: {name}"
        for name, texts, wanted in (
            ("theirs", (base, base, theirs), theirs),
            ("ours", (base, ours, base), ours),
            ("both", (base, ours, ours), ours),
        )
        if merge(*texts).text != wanted
    ]
    result = merge(base, ours, theirs)
    has_marks = any(mark in text for text in (base, ours, theirs) for mark in _MARKS)
    if not has_marks:
        marked = read_conflicts(result.text)
        if marked.problems or len(marked.conflicts) != len(result.conflicts):
            broken.append("the markers are not those of the conflicts")
    without_placeholders(result)
    text_for_base(result)
    merge(base, ours, theirs, schema=Schema.session())
    values = [_read(text) for text in (base, ours, theirs)]
    if any(value is None for value in values) or result.method == "text":
        return [*broken, *_line_laws(base, ours, theirs, result.text)]
    return [*broken, *_structure_laws((base, ours, theirs), result)]


def _line_laws(base: str, ours: str, theirs: str, result: str) -> list[str]:
    known, there = _set(base), _set(result)
    return [
        f"lines of {name} are lost"
        for name, side in zip(_SIDES, (ours, theirs), strict=True)
        if not _set(side) - known <= there
    ]


def _set(text: str) -> set[str]:
    return {line.strip("\r\ufeff") for line in text.split("\n")}


def _structure_laws(texts: Texts, result: MergeResult) -> list[str]:
    base, ours, theirs = texts
    broken = []
    b, o, t = (_read(text) for text in oracle.with_moves(*texts))
    is_opaque = any(conflict.kind is ConflictKind.OPAQUE for conflict in result.conflicts)
    if result.is_clean:
        value = _read(result.text)
        if value is None:
            return ["a clean result is no TOML"]
        faults = [
            path
            for path in oracle.faults(b, o, t, value)
            if not _may_be_right(path, b, o, t, value)
        ]
        if faults:
            broken.append(f"a clean result is not both changes: {faults}")
    if is_opaque:
        return [*broken, *_line_laws(base, ours, theirs, result.text)]
    covers = oracle.paths_of(result.conflicts)
    settled = [_read(result.resolved(side).text) for side in _SIDES]
    if None in settled:
        return [*broken, "settled by a side it is no TOML"]
    by_ours, by_theirs = settled
    for name, lost in (
        ("ours", oracle.lost_changes(b, o, t, by_ours)),
        ("theirs", oracle.lost_changes(b, t, o, by_theirs)),
        ("ours, settled by theirs", oracle.lost_changes(b, o, t, by_theirs, covers)),
        ("theirs, settled by ours", oracle.lost_changes(b, t, o, by_ours, covers)),
    ):
        broken += [f"changes of {name} are lost: {lost}"] if lost else []
    if oracle.lost_comments(base, ours, theirs, result.text):
        broken.append(f"comments are lost: {oracle.lost_comments(base, ours, theirs, result.text)}")
    swapped = merge(base, theirs, ours)
    if _conflicts(result) != _conflicts(swapped, is_swapped=True):
        broken.append("swapping the sides gives other conflicts")
    return broken


def _may_be_right(path: tuple[str, ...], *values: Any) -> bool:
    """Return whether there are other right results at ``path`` than the oracle knows.

    Strings are merged by the lines of their source, which their value does not tell. Items
    that were renamed may be others than it takes them for: then it counts that none is
    there twice.
    """
    base, ours, theirs, result = (_at(value, path) for value in values)
    if isinstance(result, str):
        return True
    lists = (base, ours, theirs, result)
    if not all(isinstance(x, list) and all(isinstance(y, dict) for y in x) for x in lists):
        return False
    return len(result) <= max(len(ours) + len(theirs) - len(base), len(ours), len(theirs))


def _at(value: Any, path: tuple[str, ...]) -> Any:
    for part in path:
        value = value.get(part) if isinstance(value, dict) else None
    return value


def _conflicts(result: MergeResult, *, is_swapped: bool = False) -> Counter[tuple[str, str]]:
    return Counter(
        (str(c.path), (oracle.swapped_kind(c.kind) if is_swapped else c.kind).value)
        for c in result.conflicts
    )


def _read(text: str) -> Any:
    """Return what tomllib reads, None where it is no TOML."""
    try:
        return tomllib.loads(text.removeprefix("\ufeff"))
    except (tomllib.TOMLDecodeError, RecursionError):
        return None
