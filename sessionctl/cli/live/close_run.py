"""Close run: a session saved, then ended."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.cli.live.live_session import end_question, live_context, tmux_adapter
from sessionctl.cli.live.restored_connections import end_connections
from sessionctl.cli.live.save_run import SaveOptions, outcome_data, print_outcome, save_sessions
from sessionctl.cli.plan_flow import is_agreed
from sessionctl.core.text.plural import counted
from sessionctl.core.text.source import visible
from sessionctl.errors import KeyNotFoundError, ToolError
from sessionctl.services.live.last_sessions import forget_server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.cli.output.console import Console

_NO = 1


class CloseOptions(NamedTuple):
    """The options of 'sessionctl close'."""

    file: str | None = None
    scrollback: bool = False
    yes: bool = False
    no_input: bool = False
    socket: str = ""
    dry_run: bool = False
    as_json: bool = False


def close(console: Console, name: str | None, options: CloseOptions) -> int:
    """Save the session ``name`` and end it; return the exit code."""
    context = live_context(console, options.socket)
    adapter = tmux_adapter(context)
    try:
        target = name or adapter.current()
        workspace = adapter.capture([target])[0].workspace
    except (KeyNotFoundError, ToolError) as error:
        hints = error.hints or ["see which sessions are saved: sessionctl list"]
        raise ToolError(error.message, hints=hints) from None
    running = sum(pane.run is not None for window in workspace.windows for pane in window.panes)
    if running and not (options.yes or options.dry_run):
        can_ask = not options.no_input and not options.as_json
        programs = f"with {counted(running, 'running program')}"
        if not is_agreed(console, end_question(target, programs, can_ask=can_ask)):
            console.note("nothing was changed")
            return _NO
    saving = SaveOptions(file=options.file, scrollback=options.scrollback, socket=options.socket)
    saving = saving._replace(dry_run=options.dry_run)
    outcomes = save_sessions(console, target, saving)
    is_kept = any(outcome.conflicts for outcome in outcomes)
    is_ended = not is_kept and not options.dry_run
    if is_ended:
        adapter.end(target)
        for outcome in outcomes:
            forget_server(context, outcome.file)
            end_connections(context, outcome.file)
    if options.as_json:
        data = [outcome_data(outcome) for outcome in outcomes]
        console.print_json("close", sessions=data, ended=is_ended)
        return _NO if is_kept else 0
    for outcome in outcomes:
        print_outcome(console, outcome, saving)
    if is_kept:
        console.error(f"the session {visible(target)} was not ended")
        return _NO
    programs = f" with {counted(running, 'running program')}" if running else ""
    console.out(
        f"ended {visible(target)}" if is_ended else f"would end {visible(target)}{programs}"
    )
    return 0
