"""Workspace event: what a workspace reports to its host, as data."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.conflict.conflict import Conflict
    from sessionctl.services.watching.watch_event import WatchEvent


class Status(Enum):
    """What happened to the state of the host, or how it stands."""

    FRESH = "fresh"
    """There is nothing to restore, or the host asked to start over."""
    RESTORING = "restoring"
    RESTORED = "restored"
    FAILED = "failed"
    """Something could not be restored, applied or saved; ``text`` says what and why."""
    MODIFIED = "modified"
    """The host has changes that are not saved yet."""
    SAVED = "saved"
    FILE_CHANGED = "file-changed"
    """An edit of the file was applied."""
    MERGED = "merged"
    """The file and the host had changed; both have both changes now."""
    CONFLICT = "conflict"
    """The file and the host changed the same key; the host decides by ``resolve``."""
    CONNECTED = "connected"
    RECONNECTING = "reconnecting"
    """A connection was lost, or could not be opened; it is tried again."""
    CONTEXT_PRESERVED = "context-preserved"
    """It is back with its state; ``text`` says what was lost."""
    DEGRADED = "degraded"
    """The file cannot be used at the moment: not valid, not readable, not there; or what was
    kept of it is damaged."""


TOPICS = {
    "applied": Status.FILE_CHANGED,
    "saved": Status.SAVED,
    "merged": Status.MERGED,
    "settled": Status.MERGED,
    "conflict": Status.CONFLICT,
    "failed": Status.FAILED,
    "invalid": Status.DEGRADED,
    "unreadable": Status.DEGRADED,
    "marked": Status.DEGRADED,
    "missing": Status.DEGRADED,
    "git-busy": Status.DEGRADED,
    "mended": Status.SAVED,
    "back": Status.SAVED,
    "git-done": Status.SAVED,
}
"""What the keeper of the file reports, as a status."""
UNTOUCHED = frozenset({"mended", "back", "git-done"})
"""What ends a trouble without anything being written."""


class WorkspaceEvent(NamedTuple):
    """One event.

    ``text`` is for people, "" where the status says it all. ``provider`` is the one that is
    concerned, or the connection, "" for all. ``time_s`` is in seconds since 1970.
    """

    status: Status
    text: str = ""
    provider: str = ""
    conflicts: tuple[Conflict, ...] = ()
    time_s: float = 0.0


def words_of(event: WatchEvent) -> str:
    """Return what an event of the file says to people: the first mistake with its place."""
    note = str(getattr(event.detail, "note", "") or "")
    if event.what == "git-busy":
        return f"waits until git is done here: {note}"
    if event.what in UNTOUCHED:
        return ""
    checked = event.checked
    if note or checked is None:
        return note
    if checked.failure is not None:
        return checked.failure.message
    if not checked.errors:
        return ""
    from sessionctl.core.render.problem_line import problem_line

    return problem_line(checked.errors[0], checked.source)
