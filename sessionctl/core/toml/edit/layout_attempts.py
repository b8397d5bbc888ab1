"""The layouts a change may take, tried one after the other until one verifies."""

from __future__ import annotations

from sessionctl.core.toml.edit.deletion import lead_of, removal
from sessionctl.core.toml.edit.guard import reread
from sessionctl.core.toml.edit.insertion import LAST, place_key
from sessionctl.core.toml.edit.intended_value import with_value
from sessionctl.core.toml.edit.node_statements import opened, statements_of
from sessionctl.core.toml.edit.replacement import in_place
from sessionctl.core.toml.parse.comments import trailing_comment
from sessionctl.core.toml.parse.tree import TableNode, is_inside_value
from sessionctl.core.toml.write.neighbour_style import newline_at
from sessionctl.core.toml.write.section_writer import NO_COMMENTS, Comments
from sessionctl.core.toml.write.splice import spliced
from sessionctl.core.toml.write.table_form import DOTS, HEADERS, VALUE, TableForms
from sessionctl.core.values import is_array_of_tables, value_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sessionctl.core.keypath import KeyPath
    from sessionctl.core.toml.edit.guard import Attempt
    from sessionctl.core.toml.edit.insertion import Spot
    from sessionctl.core.toml.parse.document_text import DocumentText
    from sessionctl.core.toml.write.splice import Splice
    from sessionctl.core.values import Table, Value


def touched_at(document: DocumentText, scope: KeyPath) -> list[int]:
    """Return the statements that a change at ``scope`` may rewrite."""
    # A new key touches nothing, but one of an inline table touches the line of that table.
    if document.reached(scope) is not None:
        return statements_of(document, opened(document, scope))
    parent = opened(document, scope.parent)
    return statements_of(document, parent) if is_inside_value(parent) else []


def puts(
    document: DocumentText, path: KeyPath, value: Value, spot: Spot, *, keep: bool = True
) -> Iterator[Attempt]:
    """Yield the ways to write ``value`` at ``path``, then those that rewrite more."""
    parent = opened(document, path.parent)
    forms = [VALUE]
    # The form that the neighbours have comes first; the others follow, for it may not fit here. An
    # item of an array has its form from the array, and in_place finds which one fits.
    if isinstance(parent, TableNode):
        assert isinstance(path[-1], str)
        forms = _forms(TableForms(document).choose(parent, path[-1], value), value)
    elif isinstance(value, dict):
        forms = [HEADERS, VALUE]
    is_there = path in document
    touched = touched_at(document, path)
    for form in forms:
        if is_there:
            yield touched, _replacing(document, path, value, form)
        if not isinstance(parent, TableNode):
            continue
        if is_there:
            yield touched, _moving(document, path, value, form, keep=keep)
        else:
            yield touched, _placing(document, path, value, form, spot)
    # Comments have no line in an inline table: rather without them than not at all.
    for form in forms if is_there and keep and isinstance(parent, TableNode) else ():
        yield touched, _moving(document, path, value, form, keep=False)
    # Last of all the table around it is written anew: right in value, at the cost of its layout.
    yield from rewrites(document, path, with_value(document.value, path, value))


def _forms(chosen: str, value: Value) -> list[str]:
    possible = [VALUE]
    if isinstance(value, dict):
        possible = [VALUE, HEADERS, DOTS]
    elif is_array_of_tables(value):
        possible = [VALUE, HEADERS]
    return [chosen, *(form for form in possible if form != chosen)]


def rewrites(document: DocumentText, path: KeyPath, intended: Table) -> Iterator[Attempt]:
    """Yield the ways to write the container of ``path`` anew as a whole, from the inside out."""
    if len(path) > 1:
        yield from puts(document, path.parent, value_at(intended, path.parent), LAST)


def _replacing(document: DocumentText, path: KeyPath, value: Value, form: str) -> Callable[[], str]:
    def attempt() -> str:
        return spliced(document.text, in_place(document, opened(document, path), value, form))

    return attempt


def _placing(
    document: DocumentText, path: KeyPath, value: Value, form: str, spot: Spot
) -> Callable[[], str]:
    def attempt() -> str:
        return spliced(document.text, _placed(document, path, value, form, spot, NO_COMMENTS))

    return attempt


def _moving(
    document: DocumentText, path: KeyPath, value: Value, form: str, *, keep: bool
) -> Callable[[], str]:
    """Take out what is there and write the value where its new spelling goes."""

    def attempt() -> str:
        comments = NO_COMMENTS
        node = opened(document, path)
        assert node.parent is not None
        # Comments inside a value belong to the whole statement, which stays.
        if keep and not is_inside_value(node.parent):
            first = statements_of(document, node)[0]
            comments = Comments(lead_of(document, first), trailing_comment(document, first))
        # The new place is looked for in the text without the old one: a header goes behind the last
        # section, a key line above the first, and either may be the one that was taken out.
        text = spliced(document.text, removal(document, path))
        rest = reread(document, text)
        placed = spliced(text, _placed(rest, path, value, form, LAST, comments))
        if "\n" not in text and newline_at(document.text, 0) == "\r\n":
            placed = placed.replace("\n", "\r\n")  # nothing was left to learn it from
        # A text without a final newline stays without.
        return placed if document.text.endswith("\n") else placed.rstrip("\r\n")

    return attempt


def _placed(
    document: DocumentText, path: KeyPath, value: Value, form: str, spot: Spot, comments: Comments
) -> list[Splice]:
    parent = opened(document, path.parent)
    assert isinstance(parent, TableNode)
    assert isinstance(path[-1], str)
    return place_key(document, parent, path[-1], value, form, spot, comments)
