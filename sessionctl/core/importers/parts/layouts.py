"""Layouts: names that tmux knows, and layout strings with their checksum."""

from __future__ import annotations

import re

from sessionctl.core.importers.parts.ledger import CHANGED, DOUBT
from sessionctl.core.text.near_words import nearest
from sessionctl.core.workspace.layout import NAMES
from sessionctl.core.workspace.layout_cells import checksum

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.importers.nodes.source_node import SourceScalar
    from sessionctl.core.importers.parts.ledger import Ledger

_STRING = re.compile(r"(?:([0-9a-fA-F]{4}),)?([0-9]+x[0-9]+,[0-9]+,[0-9]+[0-9x,{}\[\]]*)")
_CELL = re.compile(r"[0-9]+x[0-9]+,[0-9]+,[0-9]+(?![0-9x,]*[{\[])")
_CELLS = re.compile(r"([0-9]+)x([0-9]+),([0-9]+),([0-9]+)([{\[]?)")


def layout(ledger: Ledger, scalar: SourceScalar | None, panes: int) -> str:
    """Return the layout of a window with so many panes; "" without one that tmux takes."""
    if scalar is None or scalar.is_empty:
        return ""
    text = scalar.text.strip()
    if text in NAMES:
        ledger.use(scalar)
        return text
    match = _STRING.fullmatch(text)
    if match is not None:
        return _string(ledger, scalar, match, panes)
    fitting = [name for name in NAMES if text and name.startswith(text)]
    if fitting:  # tmux takes the begin of a name; mirrored ones are new in 3.5
        ledger.use(scalar)
        message = f'"{text}" is short for {fitting[0]}, which is what is written'
        ledger.report(CHANGED, scalar, message)
        return fitting[0]
    near = nearest(text, NAMES)
    hint = f'did you mean "{near[0]}"?' if near else f"tmux knows {', '.join(NAMES)}"
    ledger.lose(scalar, "tmux has no such layout", hint=hint)
    return ""


def cell_count(text: str) -> int:
    """Return how many panes a layout string is made for."""
    return sum(1 for cell in _CELLS.finditer(text) if not cell[5])


def _string(ledger: Ledger, scalar: SourceScalar, match: re.Match[str], panes: int) -> str:
    ledger.use(scalar)
    given, tree = match[1], match[2]
    right = f"{checksum(tree):04x}"
    if (given or "").lower() != right:
        was = f"the checksum {given} is wrong" if given else "it has no checksum"
        message = f"{was}, so tmux would refuse this layout; {right} is written"
        ledger.report(CHANGED, scalar, message)
    cells = cell_count(tree)
    if cells != panes:
        message = f"this layout is made for {cells} panes, and the window has {panes}"
        ledger.report(DOUBT, scalar, message)
    return f"{right},{tree}"
