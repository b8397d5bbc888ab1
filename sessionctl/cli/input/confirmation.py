"""Restoring: show what bringing a file back changes, ask, do it, and tell how to undo it."""

from __future__ import annotations

import os
import sys
from datetime import datetime

import click

from sessionctl.core.text.shellwords import path_word
from sessionctl.errors import DocumentError, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from sessionctl.cli.output.console import Console
    from sessionctl.services.documents.document_store import Store
    from sessionctl.services.documents.version_diff import Comparison


def moment(time_s: float) -> str:
    """Return a time, in seconds since 1970, as people read it: local, to the second."""
    return datetime.fromtimestamp(time_s).astimezone().strftime("%Y-%m-%d %H:%M:%S")


def moment_data(time_s: float) -> str:
    """Return a time for JSON: ISO 8601 in UTC."""
    from datetime import UTC

    return datetime.fromtimestamp(time_s, UTC).isoformat(timespec="milliseconds")


def print_preview(console: Console, file: str, compared: Callable[[], Comparison]) -> None:
    """Print what changes in ``file``, key by key; where a text is not TOML, say so."""
    if not os.path.lexists(file):
        console.note(f"{file} is not there now, all of it comes back")
        return
    from sessionctl.cli.output.terminal import print_lines
    from sessionctl.core.render.diff_text import render_diff

    try:
        found = compared()
    except DocumentError as error:
        console.note(f"the changes are not told key by key: {error.message}")
        return
    print_lines(console, render_diff(found.shown))
    if not found.shown and found.diff.has_text_changes:
        console.note(f"{file}: only the layout or a secret differs")


def may_restore(file: str, *, yes: bool, can_ask: bool) -> bool:
    """Tell whether the file may be brought back: told so, or asked.

    Raises:
      UsageError: nobody can answer, and ``--yes`` was not given.
    """
    if yes:
        return True
    if not (can_ask and is_someone_there()):
        raise UsageError(
            f"{file}: nothing is restored without being asked, and nobody can answer here",
            hints=["add --yes to restore it, or --dry-run to see what changes"],
        )
    return click.confirm(f"Bring {file} back to this?", err=True)


def is_someone_there() -> bool:
    """Tell whether a question would be seen and answered."""
    return sys.stdin.isatty()


def restore(console: Console, store: Store, file: str, data: bytes, name: str) -> None:
    """Bring the file back to ``data`` (called ``name``) and say how to undo that."""
    from sessionctl.services.history.backups import restore_bytes

    for note, hint in restore_bytes(store, file, data):
        console.warn(note, hints=[hint] if hint else [])
    console.note(f"{file}: brought back to {name}")
    console.hint(f"see what it was before: sessionctl backups diff {path_word(file)} 1")
