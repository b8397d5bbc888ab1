"""Host surroundings: the time and the watcher of a host; a test has others than a user."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.system.watch.wakeup import Clock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.services.watching.loop.watch_keeper import OpenWatcher


class HostSurroundings(NamedTuple):
    """The time that a workspace goes by, and what notices edits of its file.

    Without a watcher the file is looked at twice a second.
    """

    clock: Clock = Clock()
    watcher: OpenWatcher | None = None
