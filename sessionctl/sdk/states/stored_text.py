"""Stored text: the state that a host had last, from its file or from what was put aside."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import NamedTuple

from sessionctl.core.toml.document import Document
from sessionctl.errors import SessionctlError
from sessionctl.sdk.sessions.session_id import new_session_id
from sessionctl.sdk.states.state_text import StoredState, stored_states
from sessionctl.services.watching.sync_memory import SyncMemory
from sessionctl.system.files.text import read_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sessionctl.sdk.states.restore_guard import RestoreGuard
    from sessionctl.services.watching.sync_memory import AgreedState
    from sessionctl.system.store.store import Store


_TEMPLATE = """\
schema_version = 1
id = "{id}"
name = "{name}"
"""


class Beginning:
    """What states are written into while file and host never agreed."""

    def __init__(self, file: str, app: str) -> None:
        self._file = file
        self._app = app
        self._new_text = ""

    def text(self) -> str:
        """Return what the file holds, which another instance may have made, or a new text."""
        with suppress(SessionctlError):
            return Document.parse(read_text(self._file)).text
        if not self._new_text:
            self._new_text = _TEMPLATE.format(id=new_session_id(), name=self._app)
        return self._new_text


class StoredText(NamedTuple):
    """What there is to restore.

    ``text`` holds ``states``; None where there is nothing. ``is_file`` tells that it is what the
    file holds: else the host had more than that when it ended, or the file cannot be used.
    ``reason`` is why the states must not be applied, "" where they may. ``damage`` is what is
    wrong with the file, or with what was kept beside it.
    """

    text: str | None = None
    states: Mapping[str, StoredState] = {}
    is_file: bool = False
    reason: str = ""
    damage: str = ""

    def chosen(self, include: Iterable[str], exclude: Iterable[str]) -> dict[str, StoredState]:
        """Return the states of the providers in ``include``, or of all, without ``exclude``."""
        wanted, unwanted = set(include), set(exclude)
        return {
            name: state
            for name, state in self.states.items()
            if name not in unwanted and (not wanted or name in wanted)
        }


def read_stored(store: Store, file: str, app: str, guard: RestoreGuard) -> StoredText:
    """Return what ``app`` had last.

    That is what the file holds. What the host had beside, because the two clashed or the file
    could not be written, goes before it: then the host goes on where it was, and the file is
    joined with that. Where the file cannot be used at the moment, it is what both last agreed on.
    """
    found, failure = None, ""
    if os.path.lexists(file):
        try:
            text = read_text(file)
            found = StoredText(text, stored_states(Document.parse(text, file), app), is_file=True)
        except SessionctlError as error:
            failure = error.message
    agreed = SyncMemory(store, file).recall()
    if found is not None and not (found.text or "").strip() and (agreed.base or "").strip():
        # Cut short by a crash or a careless `>`: what it held is in the backups.
        found, failure = None, f"{file}:1:1: the file is empty, and held a state before"
    # A file that is gone was deleted by somebody; one that could never be written was not.
    was_never_there = agreed.base is None and not agreed.is_damaged
    if found is not None or failure or was_never_there:
        found = _put_aside(agreed, app, is_broken=bool(failure)) or found
    damage = ""
    if agreed.is_damaged:
        damage = f"{file}: its stored data is damaged: earlier texts cannot be read"
    elif found is not None:
        damage = failure
    if found is None:
        return StoredText(reason=failure, damage=damage)
    found = found._replace(damage=damage)
    if found.states and guard.is_suspect(found.text or ""):
        what = "the application ended while this state was applied; it is not applied again"
        return found._replace(reason=f"{file}: {what}")
    return found


def _put_aside(agreed: AgreedState, app: str, *, is_broken: bool) -> StoredText | None:
    try:
        text = agreed.pending or (agreed.base if is_broken else None)
        return None if text is None else StoredText(text, stored_states(Document.parse(text), app))
    except SessionctlError:
        return None
