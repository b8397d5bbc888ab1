"""TOML as nodes, read by the parser of session files."""

from __future__ import annotations

from sessionctl.core.importers.nodes.source_node import SourceList, SourceMap, SourceScalar
from sessionctl.core.keypath import KeyPath
from sessionctl.core.toml.document import Document
from sessionctl.core.toml.key_places import KeyPlaces
from sessionctl.core.toml.write.value_writer import render_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.importers.nodes.source_node import Node
    from sessionctl.core.values import Value


def read_toml(text: str) -> Node:
    """Return the value of a TOML text.

    Raises:
      ParseError: the text is not TOML.
    """
    document = Document.parse(text)
    return _node(document.value, KeyPath(), KeyPlaces(document))


def _node(value: Value, path: KeyPath, places: KeyPlaces) -> Node:
    span = places.value(path)
    if isinstance(value, dict):
        keys = [SourceScalar(key, key, places.key(path / key), path / key) for key in value]
        items = [_node(item, path / key, places) for key, item in value.items()]
        return SourceMap(tuple(zip(keys, items, strict=True)), span, path)
    if isinstance(value, list):
        inner = tuple(_node(item, path / index, places) for index, item in enumerate(value))
        return SourceList(inner, span, path)
    text = value if isinstance(value, str) else render_value(value)
    return SourceScalar(text, value, span, path)
