"""Autosave event: one thing that happened to a session that is saved automatically, as data."""

from __future__ import annotations

from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.errors import SessionctlError
    from sessionctl.services.live.workspace_save import SaveOutcome

FOLLOWED = "followed"
"""From now on it is saved."""
SAVED = "saved"
CONFLICT = "conflict"
"""The file keeps its own where both changed the same."""
MASKED = "masked"
"""Secrets were kept out of the file."""
WAITING = "waiting"
"""Much is gone at once: it is saved only when that stays so."""
REFUSED = "refused"
"""Little is left of what the file has: that is not saved."""
FAILED = "failed"
ENDED = "ended"
"""The session has ended while its server went on."""
SERVER_ENDED = "server-ended"
POLLING = "polling"
"""The server cannot report changes, or no client may be attached: it is asked again and again."""


class AutosaveEvent(NamedTuple):
    """One thing that happened; ``session`` and ``file`` are "" for the server itself."""

    time_s: float
    what: str
    session: str = ""
    file: str = ""
    outcome: SaveOutcome | None = None
    error: SessionctlError | None = None
    reason: str = ""

    @property
    def is_bad(self) -> bool:
        """Whether a person should look at it."""
        return self.what in (CONFLICT, REFUSED, FAILED)
