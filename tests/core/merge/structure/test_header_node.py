"""The tables of headers are those of the tree, section by section."""

from __future__ import annotations

import gc
import weakref

from hypothesis import given

from sessionctl.core.merge.structure.header_node import HeaderNode
from sessionctl.core.toml.document import Document
from sessionctl.core.toml.parse.packed_statements import header_indexes
from sessionctl.core.toml.parse.tree import ArrayNode, TableNode
from tests.strategies import documents

TEXT = """\
a = 1
[x.y]
b.c = 2
[[items]]
[items.inner]
d = 3
[[items]]
[x]
"""


def root_of(document):
    return HeaderNode.of(document.statements, header_indexes(document.statements))


def shown(node):
    """Return the section and the children of a header node."""
    if isinstance(node, list):
        return [*map(shown, node)]
    return node.section, {key: shown(child) for key, child in node.children.items()}


def wanted(node):
    """Return the same of a node of the tree: what has no header, and leads to none, is no part."""
    if isinstance(node, ArrayNode):
        return [*map(wanted, node.items)]
    below = {
        key: wanted(child)
        for key, child in node.children.items()
        if isinstance(child, ArrayNode) or (isinstance(child, TableNode) and has_header(child))
    }
    return node.section, below


def has_header(node):
    return node.section is not None or any(
        isinstance(child, ArrayNode) or (isinstance(child, TableNode) and has_header(child))
        for child in node.children.values()
    )


def test_headers_make_tables_and_lists_of_them():
    inner = (None, {"y": (1, {})})
    assert shown(root_of(Document.parse(TEXT))) == (
        0,
        {"x": (5, inner[1]), "items": [(2, {"inner": (3, {})}), (4, {})]},
    )


@given(documents())
def test_the_tables_are_those_of_the_tree(text):
    document = Document.parse(text)
    assert shown(root_of(document)) == wanted(document.tree.root)


def test_the_nodes_are_gone_with_the_root():
    class Watched(HeaderNode):
        __slots__ = ("__weakref__",)

    gc.disable()
    try:
        document = Document.parse(TEXT)
        root = Watched.of(document.statements, header_indexes(document.statements))
        gone = weakref.ref(root)
        del root
        assert gone() is None
    finally:
        gc.enable()
