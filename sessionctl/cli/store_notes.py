"""Store notes: what a person should know after a save, each with the next step."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from sessionctl.cli.output.console import Console
    from sessionctl.system.store.store import Note


def tell_notes(console: Console, notes: Iterable[Note]) -> None:
    """Say what the user should know, beside that it was done; each with its next step."""
    for note, hint in notes:
        console.warn(note, hints=[hint] if hint else [])
