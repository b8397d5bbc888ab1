"""Commands: the lines that a pane is typed, as what runs in it."""

from __future__ import annotations

import re
from typing import NamedTuple

from sessionctl.core.importers.parts.ledger import DOUBT, NOTE
from sessionctl.core.keypath import KeyPath

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from sessionctl.core.importers.nodes.source_node import Node, SourceScalar
    from sessionctl.core.importers.parts.ledger import Ledger
    from sessionctl.core.values import Table

RUN = KeyPath(["run"])

_DRIVES_TMUX = re.compile(r"(?:^|[;&|(`]\s*)(tmux|tmuxp|tmuxinator|mux|smug|teamocil)(?=\s)")
_SETS_TITLE = re.compile(r"\\(?:033|e|x1b)\][02];", re.IGNORECASE)


class TypedLine(NamedTuple):
    """A line for a shell, and whether Enter is pressed behind it."""

    text: str
    enter: bool = True


def command(ledger: Ledger, scalar: SourceScalar) -> TypedLine:
    """Return ``scalar`` as a line that is typed; its secrets are kept out."""
    text = ledger.text(scalar, RUN)
    found = _DRIVES_TMUX.search(text)
    if found is not None:
        ledger.report(DOUBT, scalar, f"this line drives {found[1]} itself; look at what it does")
    if _SETS_TITLE.search(text):
        ledger.report(NOTE, scalar, "this line sets the title of the pane; it could be its name")
    return TypedLine(text)


def commands(ledger: Ledger, node: Node | None) -> list[TypedLine]:
    """Return the lines of a text, or of a list of texts."""
    return [command(ledger, scalar) for scalar in ledger.texts(node)]


def put_lines(pane: Table, lines: Iterable[TypedLine]) -> None:
    """Let ``pane`` run ``lines``, typed one after the other.

    Lines without Enter run into the next one, as they do where they are typed.
    """
    text = ""
    is_entered = True
    for line in lines:
        text += line.text.rstrip("\n") + ("\n" if line.enter else "")
        is_entered = line.enter
    if text.strip("\n"):
        pane["run"] = text.strip("\n") if is_entered else text.lstrip("\n")
        if not is_entered:
            pane["start"] = "type"
