"""Restoring a live session: what its file asks for, and what may be started of that."""

from __future__ import annotations

# pathlib costs start-up: plain os calls here.
# ruff: noqa: PTH100
import os
import time
from typing import NamedTuple

from sessionctl.core.session.volatile_values import join
from sessionctl.core.text.shellwords import path_word
from sessionctl.core.text.source import visible
from sessionctl.core.toml.document import Document
from sessionctl.core.workspace.mapping.agreed_workspace import NOTHING, AgreedWorkspace
from sessionctl.core.workspace.permission import with_permission
from sessionctl.core.workspace.workspace_reader import read_workspace
from sessionctl.errors import UsageError
from sessionctl.services.live.live_memory import LiveRecord
from sessionctl.services.live.standing_marks import StandingMarks
from sessionctl.services.live.trust import TrustReview, TrustStore, items_on, placed_items_on
from sessionctl.system.files.text import read_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessionctl.core.values import Table
    from sessionctl.core.workspace.mapping.agreed_workspace import StandingWorkspace
    from sessionctl.core.workspace.workspace import Workspace
    from sessionctl.services.live.live_context import LiveContext


class SessionToRestore(NamedTuple):
    """What a session file asks for on this machine, and what of it was allowed.

    ``items`` are the numbers of its windows in the file.
    """

    file: str
    document: Document
    workspace: Workspace
    items: tuple[int, ...]
    review: TrustReview


def read_session_file(
    file: str,
    context: LiveContext,
    *,
    text: str | None = None,
    is_fresh: bool = False,
    only: Sequence[str] = (),
) -> SessionToRestore:
    """Return what the session in ``file`` asks for.

    Args:
      file: the session file.
      context: this machine and its user.
      text: an earlier text of the file; None reads it.
      is_fresh: without what is kept of it outside of the file: focus, zoom, titles.
      only: the names of the windows to restore; none are all.

    Raises:
      FileError, ParseError: it cannot be read, or is not TOML.
      UsageError: it has no name, or no window of one of the names.
    """
    document = Document.parse(read_text(file) if text is None else text, file)
    value = document.value if is_fresh else _with_volatile(document, file, context)
    resolved = context.resolved(value)
    review = _review(document, file, context)
    start = placed_items_on(document.value, context.machine.host, context.machine.os_name)
    workspace = with_permission(read_workspace(resolved, context.scope(file)), start, review.allows)
    if not workspace.name:
        raise UsageError(f"{file}: the session has no name", hints=["give it one: name = ..."])
    items = tuple(range(len(workspace.windows)))
    if only:
        items = _chosen(workspace, only, file)
        windows = tuple(workspace.windows[number] for number in items)
        workspace = workspace._replace(windows=windows)
    return SessionToRestore(file, document, workspace, items, review)


def allow(session: SessionToRestore, context: LiveContext) -> None:
    """Remember that everything in the file may be started here."""
    store = _trust_store(context)
    if store is not None:
        machine = context.machine
        store.allow(session.file, items_on(session.document.value, machine.host, machine.os_name))


def remember_restored(
    session: SessionToRestore,
    standing: StandingWorkspace,
    places: Sequence[int],
    context: LiveContext,
    adapter: str = "tmux",
) -> None:
    """Remember that the session which stands and its file agree.

    ``places`` are the numbers of the file's windows by those that stand, ``NOTHING`` for
    another one. A snapshot is nobody's file: the session keeps the one it had.
    """
    if context.memory.is_snapshot(session.file):
        return
    panes = tuple(
        tuple(range(len(window.panes))) if place != NOTHING else (NOTHING,) * len(window.panes)
        for window, place in zip(standing.workspace.windows, places, strict=True)
    )
    agreed = AgreedWorkspace(standing, tuple(places), panes)
    file, text = os.path.abspath(session.file), session.document.text
    record = LiveRecord(file, text, agreed, context.socket, time.time(), adapter)
    context.memory.keep(record)
    StandingMarks(context.store.directory).keep(session.file, standing, session.document.text)


def _with_volatile(document: Document, file: str, context: LiveContext) -> Table:
    from sessionctl.core.schema.model import Schema
    from sessionctl.services.documents.volatile_store import VolatileStore

    session_id = str(document.value.get("id", ""))
    fields = VolatileStore(context.store.directory).read(file, session_id)
    return join(document, fields, Schema.session()) if fields else document.value


def _chosen(workspace: Workspace, only: Sequence[str], file: str) -> tuple[int, ...]:
    found: list[int] = []
    for name in only:
        fitting = [n for n, window in enumerate(workspace.windows) if window.name == name]
        if not fitting:
            from sessionctl.core.text.near_words import near_hints

            hints = near_hints(name, [window.name for window in workspace.windows])
            if not workspace.windows:
                hints = [f"add one: sessionctl edit {path_word(file)}"]
            raise UsageError(f"{file}: it has no window {visible(name)}", hints=hints)
        found += fitting
    return tuple(dict.fromkeys(found))


def _review(document: Document, file: str, context: LiveContext) -> TrustReview:
    items = items_on(document.value, context.machine.host, context.machine.os_name)
    store = _trust_store(context)
    return store.review(file, items) if store is not None else TrustReview((), items, ())


def _trust_store(context: LiveContext) -> TrustStore | None:
    if context.store.directory is None:
        return None
    from pathlib import Path

    return TrustStore(Path(context.store.directory))
