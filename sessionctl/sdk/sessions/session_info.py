"""Session info: what is known of one session file without restoring it."""

from __future__ import annotations

import os
from typing import NamedTuple

from sessionctl.core.toml.document import Document
from sessionctl.core.values import table_in
from sessionctl.errors import SessionctlError
from sessionctl.sdk.states.state_text import stored_states
from sessionctl.system.files.text import read_text


class SessionInfo(NamedTuple):
    """One session of an application.

    ``name`` is what ``Workspace.open`` takes, "" for the one that an application begins with.
    ``id`` is in the file, "" where it has none; ``time_s`` is when the file was written last, in
    seconds since 1970. ``providers`` are those with a state. ``problem`` is why the file cannot
    be used, "" where it can.
    """

    name: str
    file: str
    id: str = ""
    time_s: float = 0.0
    providers: tuple[str, ...] = ()
    problem: str = ""

    def age_s(self, now_s: float) -> float:
        """Return for how long it was not written, at ``now_s``; 0 where that is in the past."""
        return max(0.0, now_s - self.time_s)


def read_info(file: str, app: str, name: str) -> SessionInfo:
    """Return what is known of ``file``; nothing is written."""
    time_s = 0.0
    try:
        time_s = os.stat(file).st_mtime  # noqa: PTH116
        document = Document.parse(read_text(file), file)
    except OSError as error:
        return SessionInfo(name, file, problem=f"{file}: {error.strerror}")
    except SessionctlError as error:
        return SessionInfo(name, file, time_s=time_s, problem=error.message)
    session_id = document.value.get("id")
    states = stored_states(document, app)
    known = isinstance(session_id, str)
    return SessionInfo(name, file, str(session_id) if known else "", time_s, tuple(states))


def is_of_app(file: str, app: str) -> bool:
    """Return whether a file holds states of ``app``, or cannot be read now."""
    try:
        return app in table_in(Document.parse(read_text(file)).value, "apps")
    except SessionctlError:
        return True
