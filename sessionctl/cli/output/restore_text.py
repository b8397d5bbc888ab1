"""Restoring a file: what it changes, shown beforehand, and what was done."""

from __future__ import annotations

import os

from sessionctl.core.text.shellwords import path_word
from sessionctl.errors import DocumentError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from sessionctl.cli.output.console import Console
    from sessionctl.cli.plan_flow import Question
    from sessionctl.services.documents.document_comparison import Comparison
    from sessionctl.services.plan.runner import PlanReport


def print_preview(console: Console, file: str, compared: Callable[[], Comparison]) -> None:
    """Print what changes in ``file``, key by key; where a text is not TOML, say so."""
    if not os.path.lexists(file):
        console.note(f"{file} does not exist now, all of it is restored")
        return
    from sessionctl.cli.output.terminal import print_lines
    from sessionctl.core.render.diff_text import render_diff

    try:
        found = compared()
    except DocumentError as error:
        console.note(f"no changes by key: {error.message}")
        return
    print_lines(console, render_diff(found.shown))
    if not found.shown and found.diff.has_text_changes:
        console.note(f"{file}: only the layout or a secret differs")


def restore_question(file: str, *, yes: bool, can_ask: bool) -> Question:
    """Return what is asked before ``file`` is brought back."""
    from sessionctl.cli.plan_flow import Question

    return Question(
        f"Restore {file} to this?",
        f"{file}: restoring asks first, and there is no terminal to ask on",
        yes=yes,
        can_ask=can_ask,
    )


def tell_restored(
    console: Console, report: PlanReport, file: str, name: str, *, dry_run: bool, has_older: bool
) -> None:
    """Say whether ``file`` was brought back to the text called ``name``, and how to undo that.

    With ``has_older`` there is a version to compare with.
    """
    from sessionctl.cli.store_notes import tell_notes

    if not report.outcomes:
        console.note(f"{file}: it is the same as {name}")
    elif dry_run:
        console.note(f"{file} would be restored to {name}")
    elif not report.done:
        console.note(f"{file}: unchanged")
    else:
        tell_notes(console, report.notes)
        console.note(f"{file}: restored to {name}")
        if has_older:
            console.hint(
                f"compare with the previous version: sessionctl backups diff {path_word(file)} 1"
            )
