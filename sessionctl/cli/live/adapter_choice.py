"""Adapter choice: which workspace adapter a command speaks to, and why, in words."""

from __future__ import annotations

import os
from typing import NamedTuple

from sessionctl.core.text.shellwords import path_word
from sessionctl.core.text.source import visible
from sessionctl.errors import RefusedError, ToolError
from sessionctl.services.live.adapters.adapter_registry import PLAIN, TMUX

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.services.live.live_context import LiveContext
    from sessionctl.services.live.session_lookup import SessionLookup
    from sessionctl.services.live.tmux.adapter import TmuxAdapter


class AdapterChoice(NamedTuple):
    """The name of an adapter, and what to say of it; "" where it is the one that was meant."""

    name: str
    note: str = ""


def choose_for_save(
    wanted: str, name: str | None, lookup: SessionLookup, tmux: TmuxAdapter, *, is_all: bool
) -> AdapterChoice:
    """Return the adapter that is to save the session ``name``, or the one this runs in.

    The one that was asked for; else that which saved the session before; else tmux, and where
    no server of it runs and nothing was named, this terminal.
    """
    if wanted:
        return AdapterChoice(wanted)
    if is_all or tmux.server.socket:
        return AdapterChoice(TMUX)
    if name is not None:
        before = adapter_of(lookup.target_of(name), lookup.context)
        return AdapterChoice(TMUX if before is None else before)
    if tmux.server.environ.get("TMUX") or _has_sessions(tmux):
        return AdapterChoice(TMUX)
    is_there = lookup.context.machine.find("tmux") is not None
    why = "tmux does not run" if is_there else "tmux is not installed"
    return AdapterChoice(PLAIN, f"{why}: this terminal is saved (--adapter plain)")


def choose_for_restore(wanted: str, file: str, context: LiveContext) -> AdapterChoice:
    """Return the adapter that is to bring ``file`` back: as asked, as it was saved, or tmux."""
    if wanted:
        return AdapterChoice(wanted)
    before = adapter_of(file, context)
    if before not in (None, TMUX):
        return AdapterChoice(str(before), f"it was saved with the adapter {before}")
    if context.socket or context.machine.find("tmux") is not None:
        return AdapterChoice(TMUX)
    return AdapterChoice(PLAIN, "tmux is not installed: this terminal is used (--adapter plain)")


def adapter_of(file: str | None, context: LiveContext) -> str | None:
    """Return the adapter that saved ``file`` here; None where that is not known."""
    record = None if file is None else context.memory.recall(file)
    return None if record is None else record.adapter


def check_owner(adapter: str, file: str, context: LiveContext) -> None:
    """Refuse to save what ``adapter`` captured into a file that another one keeps.

    Raises:
      RefusedError: it would take the place of another kind of session.
    """
    if not os.path.exists(file):  # noqa: PTH110
        return
    owner = adapter_of(file, context)
    if owner == adapter:
        return
    whose = f"the adapter {owner} saves into it" if owner else "it was not saved here before"
    raise RefusedError(
        f"{visible(file)}: {whose}, not {adapter}",
        hints=[
            f"use another name: sessionctl save NAME --adapter {adapter}",
            f"or replace it: sessionctl save --adapter {adapter} --file {path_word(file)} --force",
        ],
    )


def _has_sessions(tmux: TmuxAdapter) -> bool:
    try:
        return bool(tmux.sessions())
    except ToolError:  # tmux is missing
        return False
