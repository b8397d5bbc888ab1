"""Open run: to the session where it runs, else brought back from its file."""

from __future__ import annotations

from sessionctl.cli.live.attach import attach
from sessionctl.cli.live.live_session import (
    known_file,
    live_context,
    session_lookup,
    tmux_adapter,
)
from sessionctl.core.filename import is_session_name
from sessionctl.core.text.source import visible
from sessionctl.services.documents.session_view import choose_session
from sessionctl.services.live.adapters.adapter_registry import TMUX

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.cli.live.restore_options import RestoreOptions
    from sessionctl.cli.output.console import Console
    from sessionctl.services.live.live_context import LiveContext


def open_session(console: Console, named: str | None, options: RestoreOptions) -> int:
    """Attach to the session ``named``, else to that of the only file here; restore it first."""
    context = live_context(console, options.socket)
    name = choose_session(command="open") if named is None else named
    adapter = tmux_adapter(context)
    if not options.socket:
        from sessionctl.cli.live.adapter_choice import adapter_of

        lookup = session_lookup(context)
        found = lookup.names.find(name)
        file = lookup.saved_into(name) or (found[0] if len(found) == 1 else None)
        saved_by = adapter_of(file, context)
        if saved_by not in (None, TMUX):
            from sessionctl.cli.live.restore_run import restore

            return restore(console, [name], options)
    target = _name_in(name, context) if "/" in name or is_session_name(name) else name
    if target in adapter.sessions():
        if options.dry_run:
            console.out(f"would attach to {visible(target)}")
            return 0
        return attach(console, adapter, target)
    from sessionctl.cli.live.restore_run import restore

    known_file(session_lookup(context), name)
    return restore(console, [name], options._replace(attach=not options.dry_run))


def _name_in(file: str, context: LiveContext) -> str:
    from sessionctl.services.live.workspace_restore import read_session_file

    return read_session_file(file, context).workspace.name
