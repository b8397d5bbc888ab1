"""Live session: what the commands for live sessions know of this machine."""

from __future__ import annotations

from sessionctl.core.text.shellwords import path_word, quoted
from sessionctl.core.text.source import visible
from sessionctl.errors import SessionctlError, UsageError
from sessionctl.services.live.live_context import LiveContext
from sessionctl.services.live.session_lookup import SessionLookup
from sessionctl.services.settings.user_store import user_store

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.cli.output.console import Console
    from sessionctl.cli.plan_flow import Question
    from sessionctl.services.live.adapters.workspace_adapter import AdapterContext
    from sessionctl.services.live.tmux.adapter import TmuxAdapter
    from sessionctl.services.secrets.own_seal import OwnSeal


def live_context(console: Console, socket: str) -> LiveContext:
    """Return what is known of this machine, its user and the tmux server."""
    return LiveContext(user_store(console.machine), console.machine, socket)


def tmux_adapter(context: LiveContext) -> TmuxAdapter:
    """Return the tmux server that is meant."""
    from sessionctl.services.live.tmux.adapter import TmuxAdapter

    return TmuxAdapter(context.machine.environ, context.socket, context.store.directory)


def adapter_context(context: LiveContext, address: str = "") -> AdapterContext:
    """Return what a workspace adapter is opened with."""
    from sessionctl.services.live.adapters.workspace_adapter import AdapterContext

    machine = context.machine
    scratch = machine.runtime or "/tmp/sessionctl"  # noqa: S108 - made with mode 0700
    state = context.store.directory or ""
    return AdapterContext(machine.environ, address, machine.home or "", state, scratch)


def session_lookup(context: LiveContext) -> SessionLookup:
    """Return where the files of sessions are looked for."""
    config = context.machine.config
    return SessionLookup(context, f"{config}/sessions" if config else "")


def known_file(lookup: SessionLookup, name: str) -> str:
    """Return the file of the session ``name``; raises ``UsageError`` without one."""
    file = lookup.file_of(name)
    if file is None:
        raise lookup.names.unknown(name)
    return file


def end_question(target: str, what: str, *, can_ask: bool) -> Question:
    """Return what is asked before the session ``target`` is ended, with ``what`` is in it."""
    from sessionctl.cli.plan_flow import Question

    refusal = f"{visible(target)}: ending it asks first, and there is no terminal to ask on"
    text = f"End the session {visible(target)} {what}?"
    return Question(text, refusal, can_ask=can_ask)


def no_target(adapter: TmuxAdapter, target: str, file: str, socket: str) -> UsageError:
    """Return the error that the session ``target`` to restore ``file`` into does not run."""
    from sessionctl.core.text.near_words import near_hints

    try:
        running = sorted(adapter.sessions())
    except SessionctlError:
        running = []
    server = f"--tmux-socket={quoted(socket)} " if socket else ""
    hint = f"restore it as a session of its own: sessionctl restore {server}{path_word(file)}"
    message = f"tmux: there is no session {visible(target)}"
    return UsageError(message, hints=[*near_hints(target, running), hint])


def own_seal(console: Console) -> OwnSeal:
    """Return what seals and opens the text of panes; loaded where that is asked for alone."""
    from sessionctl.cli.secrets.user_keeper import secret_context
    from sessionctl.services.secrets.own_seal import OwnSeal

    return OwnSeal(secret_context(console, no_input=True))
