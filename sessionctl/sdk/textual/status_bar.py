"""Status bar: one line that says whether all is saved, and how the connections are."""

from __future__ import annotations

import os
import sys
import time
from typing import ClassVar

from textual.widgets import Static

from sessionctl.core.render.drawing import Charset
from sessionctl.sdk.workspace_status import WorkspaceStatus, connection_pieces, fitted_line
from sessionctl.tui.widgets.shown_text import text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.timer import Timer

    from sessionctl.sdk.host_workspace import HostWorkspace


def charset_here() -> Charset:
    """Return the characters that the terminal of this process can show."""
    encoding = getattr(sys.__stdout__, "encoding", None) or "utf-8"
    return Charset(is_ascii="utf" not in encoding.lower())


class StatusBar(Static):
    """How the session of the application stands: saving, conflicts, connections, a last word.

    Each state has a sign and a word; colour comes on top. ``connections`` are the names of those
    that are shown, None for all that were opened.
    """

    DEFAULT_CSS = """
    StatusBar { height: 1; padding: 0 1; background: $panel; color: $text; text-wrap: nowrap;
                text-overflow: clip; }
    StatusBar:nocolor { text-style: reverse; }
    """
    tick_s: ClassVar[float] = 1.0

    def __init__(
        self,
        connections: Iterable[str] | None = None,
        *,
        id: str | None = None,  # noqa: A002
    ) -> None:
        super().__init__("", id=id, markup=False)
        self._connections = None if connections is None else tuple(connections)
        self._word = ""
        self.line = ""
        """What it says, without colours."""
        self._timer: Timer | None = None

    def on_mount(self) -> None:
        """Draw it."""
        self._timer = self.set_interval(self.tick_s, self.draw, pause=True)
        self.draw()

    def on_resize(self) -> None:
        """Draw it for the new width."""
        self.draw()

    def say(self, word: str) -> None:
        """Show a word of the host's own at the end."""
        self._word = word
        self.draw()

    def draw(self) -> None:
        """Draw it anew; while a connection waits for its next attempt, every second."""
        width = self.content_size.width
        workspace: HostWorkspace | None = getattr(self.app, "workspace", None)
        if width <= 0 or workspace is None:
            return
        charset = charset_here()
        now = time.monotonic()
        kept = {
            name: one
            for name, one in workspace.kept_connections.items()
            if self._connections is None or name in self._connections
        }
        status: WorkspaceStatus = getattr(self.app, "session_status", WorkspaceStatus())
        groups = [status.pieces(len(workspace.conflicts), charset)]
        groups += [connection_pieces(name, one, now, charset) for name, one in kept.items()]
        if self._word:
            groups.append([(self._word, "")])
        reasons = [one.reason for one in kept.values() if not one.is_open and one.reason]
        # There is one line: which directory the file is in is known.
        short = status.detail().replace(workspace.file, os.path.basename(workspace.file))  # noqa: PTH119
        detail = short or next(iter(reasons), "")
        text = text_of(fitted_line(groups, detail, width, charset))
        self.line = text.plain
        self.update(text)
        if self._timer is not None:
            waits = any(one.next_at is not None for one in kept.values())
            (self._timer.resume if waits else self._timer.pause)()
