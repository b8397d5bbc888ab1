"""Emptied tables: removed with the last key in them, as `git config --unset` removes a section."""

from __future__ import annotations

from sessionctl.core.toml.edit.node_statements import extents, opened
from sessionctl.core.toml.parse.comments import tail_end
from sessionctl.core.toml.parse.tree import ROOT, TableNode
from sessionctl.core.toml.write.splice import cut_lines, spliced
from sessionctl.core.values import is_array_of_tables, same_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.keypath import KeyPath
    from sessionctl.core.toml.document import Document


def removed_whole(document: Document, path: KeyPath) -> Document:
    """Return the document without what is at ``path`` and the tables that this leaves empty.

    So a key that was added where its table was missing leaves nothing when it is removed. A table
    with a comment stays, and so does an item of an array: an empty pane is a pane. The key path
    is resolved: it has no index from the end.
    """
    result = document.delete(path)
    place = path.parent
    while place and isinstance(place[-1], str):
        if not _is_emptied(document, result, place):
            return _without_bare_header(result, place)
        less = result.delete(place)
        if "#" in _cut(result.text, less.text) or _has_comment_below(result, place):
            break
        result, place = less, place.parent
    return result


def _is_emptied(before: Document, after: Document, place: KeyPath) -> bool:
    value = after.get(place)
    # run = [] is a list without words; windows = [] stands for no [[windows]].
    return value == {} or (value == [] and is_array_of_tables(before.get(place)))


def _has_comment_below(document: Document, place: KeyPath) -> bool:
    """Return whether a comment stands directly below the header, as a key that is left out."""
    table = opened(document, place)
    if not isinstance(table, TableNode) or table.section is None:
        return False
    header = document.tree.sections[table.section].header
    return header is not None and tail_end(document, header) > document.statements[header].end


def _without_bare_header(document: Document, place: KeyPath) -> Document:
    """Return the document without [a] where only [a.b] below it has keys."""
    table = opened(document, place)
    if not isinstance(table, TableNode) or table.section is None or table.spelling == ROOT:
        return document
    section = document.tree.sections[table.section]
    if section.keys or section.header is None:
        return document
    start, end, _ = extents(document, [section.header])[0]
    text = spliced(document.text, [cut_lines(document.text, start, end)])
    if "#" in _cut(document.text, text) or _has_comment_below(document, place):
        return document
    result = document.parse(text, document.name)
    return result if same_value(result.value, document.value) else document


def _cut(before: str, after: str) -> str:
    """Return what was cut out of a text to make the other of it."""
    start = 0
    for one, other in zip(before, after, strict=False):
        if one != other:
            break
        start += 1
    return before[start : start + len(before) - len(after)]
