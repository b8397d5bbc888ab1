"""Other shells than the user's own, and panes that are a program."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.importers.nodes.source_node import SourceScalar
    from sessionctl.core.importers.parts.ledger import Ledger
    from sessionctl.core.values import Table, Value

_PLAIN_WORDS = re.compile(r"[\w@%+=:,./^-]+(?: +[\w@%+=:,./^-]+)*")


def words(text: str) -> list[str] | None:
    """Return the words of a command that a shell would not change; None for another."""
    text = text.strip()
    return text.split() if _PLAIN_WORDS.fullmatch(text) else None


def put_shell(ledger: Ledger, pane: Table, scalar: SourceScalar) -> None:
    """Let ``pane`` be what tmux starts in the place of the user's shell.

    With commands to type it is another shell; without, the pane is that program.
    """
    text = ledger.text(scalar)
    argv: Value = list(words(text) or ["sh", "-c", text])
    if "run" in pane:
        pane["shell"] = argv
    else:
        pane["shell"] = False
        pane["run"] = argv
