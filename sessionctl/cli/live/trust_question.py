"""Trust question: what a file starts is shown, and asked for, before it takes effect."""

from __future__ import annotations

from contextlib import contextmanager

import click

from sessionctl.cli.plan_flow import is_someone_there
from sessionctl.core.session.startup import CONNECTION
from sessionctl.core.text.source import visible
from sessionctl.errors import FileError
from sessionctl.services.live.workspace_restore import allow

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from sessionctl.cli.output.console import Console
    from sessionctl.core.workspace.workspace import Workspace
    from sessionctl.services.live.live_context import LiveContext
    from sessionctl.services.live.workspace_restore import SessionToRestore


def opens_new(session: SessionToRestore) -> bool:
    """Return whether the session opens a connection that was not allowed yet."""
    return any(item.kind == CONNECTION for item in session.review.new)


def is_trusted(
    console: Console,
    session: SessionToRestore,
    workspace: Workspace,
    context: LiveContext,
    *,
    yes: bool,
    can_ask: bool,
) -> bool:
    """Return whether all of ``workspace`` may take effect: it was allowed, or is now.

    So may the connections that are opened with it.
    """
    if workspace.is_allowed_whole and not opens_new(session):
        return True
    if not yes:
        if not can_ask or not is_someone_there():
            return False
        from sessionctl.cli.input.terminal_prompt import answered
        from sessionctl.cli.output.trust_text import print_lines, review_lines

        print_lines(console, review_lines(session.review, only_new=True))
        question = f"Start this, and trust {session.file} from now on?"
        if not answered(console, lambda: click.confirm(question, err=True)):
            return False
    with warned(console, f"{visible(session.file)}: it is trusted this time only"):
        allow(session, context)
    return True


@contextmanager
def warned(console: Console, what: str) -> Iterator[None]:
    """Warn where the state directory cannot be written: the session itself is restored."""
    try:
        yield
    except FileError as error:
        hints = [hint.partition(";")[0] for hint in error.hints]
        console.warn(f"{what}: {error.message}", hints=hints)
