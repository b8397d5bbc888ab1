"""Many changes of one kind with one parse; where that fails, one after the other.

What only other changes need is imported late: most edits give a scalar another value.
"""

from __future__ import annotations

from sessionctl.core.toml.edit.guard import first_that_verifies, verified
from sessionctl.core.toml.edit.inline_entries import replace_value
from sessionctl.core.toml.edit.intended_value import with_all, with_items, with_value, without_items
from sessionctl.core.toml.edit.node_statements import extents, opened, statements_of
from sessionctl.core.toml.parse.tree import ArrayNode, Leaf, ListNode, TableNode, expand
from sessionctl.core.toml.write.splice import cut_lines, spliced

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from sessionctl.core.keypath import KeyPath
    from sessionctl.core.toml.edit.guard import Attempt
    from sessionctl.core.toml.parse.document_text import DocumentText
    from sessionctl.core.toml.parse.tree import Node
    from sessionctl.core.values import Value


def put_scalars(document: DocumentText, changes: list[tuple[KeyPath, Value]]) -> DocumentText:
    """Return ``document`` with scalars in the place of others."""
    leaves = _leaves(document, [path for path, _ in changes])
    touched = sorted({leaf.statement for leaf in leaves})

    def attempt() -> str:
        values = [value for _, value in changes]
        return spliced(document.text, map(replace_value, [document] * len(leaves), leaves, values))

    result = verified(document, with_all(document.value, changes), touched, attempt)
    # One by one there are other layouts to try.
    if result is None:
        from sessionctl.core.toml.edit import single_edits

        for path, value in changes:
            document = single_edits.put(document, path, value)
    return document if result is None else result


def _leaves(document: DocumentText, paths: list[KeyPath]) -> list[Leaf]:
    containers: dict[KeyPath, Node | None] = {}
    leaves = []
    for path in paths:
        if path.parent not in containers:
            # What is around the keys of a table is not needed, and in a large document dear.
            around = document.leaf(path.parent)
            containers[path.parent] = (
                expand(document.text, around) if isinstance(around, Leaf) else around
            )
        container = containers[path.parent]
        if container is None:
            leaf = document.leaf(path)
        elif isinstance(container, TableNode):
            leaf = container.children[str(path[-1])]
        else:
            assert isinstance(container, ListNode)
            assert isinstance(path[-1], int)
            leaf = container.items[path[-1]]
        assert isinstance(leaf, Leaf)
        leaves.append(leaf)
    return leaves


def insert_items(document: DocumentText, path: KeyPath, values: list[Value]) -> DocumentText:
    """Return ``document`` with ``values`` before the item at ``path``, or as the last items."""
    from sessionctl.core.toml.edit import single_edits
    from sessionctl.core.toml.edit.insertion import place_items

    array = opened(document, path.parent)
    index = path[-1]
    assert isinstance(index, int)
    if isinstance(array, ArrayNode):

        def attempt() -> str:
            return spliced(document.text, place_items(document, array, index, values))

        result = verified(document, with_items(document.value, path, values), [], attempt)
        if result is not None:
            return result
    for number, value in enumerate(values):
        document = single_edits.insert(document, path.parent / (index + number), value)
    return document


def remove_items(document: DocumentText, path: KeyPath, indexes: list[int]) -> DocumentText:
    """Return ``document`` without some items, not all, of the array at ``path``."""
    array = opened(document, path)
    if isinstance(array, ArrayNode):
        going = sorted(n for index in indexes for n in statements_of(document, array.items[index]))

        def attempt() -> str:
            text = document.text
            return spliced(text, [cut_lines(text, *each[:2]) for each in extents(document, going)])

        intended = without_items(document.value, path, indexes)
        result = verified(document, intended, going, attempt)
        if result is not None:
            return result
    from sessionctl.core.toml.edit import single_edits

    # From the end, for the indexes of the items before stay right.
    for index in reversed(indexes):
        document = single_edits.remove(document, path / index)
    return document


def rewrite_array(
    document: DocumentText, path: KeyPath, values: list[Value], origins: dict[int, int]
) -> DocumentText:
    """Return ``document`` with an array written anew, in its layout.

    ``origins`` tells which of the values are items already: these keep their text.
    """
    from sessionctl.core.toml.edit.array_elements import rewrite_items
    from sessionctl.core.toml.edit.insertion import LAST
    from sessionctl.core.toml.edit.layout_attempts import puts

    array = opened(document, path)
    assert isinstance(array, ListNode)

    def attempts() -> Iterator[Attempt]:
        splice = rewrite_items(document, array, values, origins)
        yield statements_of(document, array), lambda: spliced(document.text, [splice])
        yield from puts(document, path, values, LAST)

    intended = with_value(document.value, path, values)
    return first_that_verifies(document, intended, attempts())
