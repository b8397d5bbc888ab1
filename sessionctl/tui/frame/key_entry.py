"""Key entry: what a key of a screen does."""

from __future__ import annotations

from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from textual.dom import DOMNode


class KeyEntry(NamedTuple):
    """A key of a screen: what it does, the words for it, and who does it."""

    action: str
    key: str
    words: str
    help: str
    is_shown: bool
    node: DOMNode
