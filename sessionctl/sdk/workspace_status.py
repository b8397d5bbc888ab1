"""Workspace status: how a host's state and its connections stand, in a sign and a word."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.core.render.drawing import Charset, fit, text_width
from sessionctl.sdk.workspace_event import Status

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessionctl.connections.manager.kept_connection import KeptConnection
    from sessionctl.core.render.drawing import Piece
    from sessionctl.sdk.workspace_event import WorkspaceEvent

_GAP = "  "

# A sign for terminals of any kind, one for ASCII, words, a role.
_WORDS = {
    Status.FRESH: ("○", "o", "new session", "dim"),
    Status.RESTORING: ("…", ".", "restoring", "changed"),
    Status.RESTORED: ("✓", "v", "restored", "good"),
    Status.FAILED: ("✗", "x", "failed", "error"),
    Status.MODIFIED: ("●", "*", "not saved yet", "changed"),
    Status.SAVED: ("✓", "v", "saved", "good"),
    Status.FILE_CHANGED: ("✓", "v", "edit of the file applied", "good"),
    Status.MERGED: ("✓", "v", "merged with the file", "good"),
    Status.CONFLICT: ("!", "!", "conflict", "warning"),
    Status.DEGRADED: ("!", "!", "file not used", "error"),
}
_OF_CONNECTIONS = {
    "idle": ("○", "o", "not open", "dim"),
    "connecting": ("…", ".", "connecting", "changed"),
    "ready": ("✓", "v", "connected", "good"),
    "degraded": ("✓", "v", "connected, slow", "warning"),
    "backoff": ("↻", "~", "reconnecting", "warning"),
    "circuit-open": ("↻", "~", "server down", "warning"),
    "needs-auth": ("✗", "x", "secret refused or locked", "error"),
    "stopped": ("✗", "x", "stopped", "error"),
}


class WorkspaceStatus(NamedTuple):
    """How the state of a host stands; ``trouble`` is why its file cannot be used."""

    status: Status = Status.FRESH
    text: str = ""
    time_s: float = 0.0
    trouble: str = ""

    def after(self, event: WorkspaceEvent) -> WorkspaceStatus:
        """Return how it stands after ``event``; what happens to connections changes nothing."""
        if event.status not in _WORDS or (event.status is Status.FAILED and not event.text):
            return self
        trouble = self.trouble
        if event.status is Status.DEGRADED:
            trouble = event.text or "it cannot be used at the moment"
        elif event.status in (Status.SAVED, Status.MERGED, Status.FILE_CHANGED):
            trouble = ""
        return WorkspaceStatus(event.status, event.text, event.time_s, trouble)

    def pieces(self, conflicts: int, charset: Charset) -> list[Piece]:
        """Return the sign and the words: what needs somebody goes before what does not."""
        status = self.status
        if self.trouble:
            status = Status.DEGRADED
        elif conflicts:
            status = Status.CONFLICT
        sign, plain, words, role = _WORDS[status]
        if status is Status.CONFLICT and conflicts:
            words = f"{conflicts} conflict{'' if conflicts == 1 else 's'} to decide"
        elif status is Status.DEGRADED and self.status is Status.MODIFIED:
            words = "file not used, not saved yet"
        return [(plain if charset.is_ascii else sign, role), (f" {words}", role)]

    def detail(self) -> str:
        """Return why, where there is more to say than a word; "" where not."""
        if self.trouble:
            return self.trouble
        return self.text if self.status is Status.FAILED else ""


def connection_signs(kept: KeptConnection | None, charset: Charset) -> tuple[str, str, str]:
    """Return the sign, the words and the role of a connection's state."""
    sign, plain, words, role = _OF_CONNECTIONS["idle" if kept is None else kept.state.value]
    return plain if charset.is_ascii else sign, words, role


def connection_pieces(
    name: str, kept: KeptConnection | None, now_s: float, charset: Charset
) -> list[Piece]:
    """Return a connection's sign, name and state, and when it is tried next.

    ``now_s`` is of the clock of ``KeptConnection``, a monotonic one.
    """
    sign, words, role = connection_signs(kept, charset)
    text = f" {name}: {words}"
    wait = countdown(kept, now_s)
    if wait:
        text += f", {wait}"
    return [(sign, role), (text, role)]


def countdown(kept: KeptConnection | None, now_s: float) -> str:
    """Return when a connection is tried next and how often it was, "" while none waits."""
    if kept is None or kept.is_open or kept.next_at is None:
        return ""
    left = max(kept.next_at - now_s, 0.0)
    when = "now" if left < 0.5 else f"in {left:.0f} s"
    return f"next attempt {when} (after {max(kept.failed_dials, kept.failures)})"


def fitted_line(
    groups: Sequence[Sequence[Piece]], detail: str, width: int, charset: Charset
) -> list[Piece]:
    """Return the groups of pieces in one line of ``width``; ``detail`` has the room that is left.

    The first group always stands; of the others those that fit.
    """
    line: list[Piece] = []
    room = width
    for number, group in enumerate(groups):
        needs = sum(text_width(text) for text, _ in group) + (len(_GAP) if number else 0)
        if number and needs > room:
            continue
        if number:
            line.append((_GAP, ""))
        line += group
        room -= needs
    if room < 0:
        return [(fit("".join(text for text, _ in line), width, charset), line[-1][1])]
    if detail and room > len(_GAP) + 8:
        line += [(_GAP, ""), (fit(detail, room - len(_GAP), charset), "dim")]
    return line
