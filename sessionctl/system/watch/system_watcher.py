"""System watcher: the best means that this system has to notice what happens in directories."""

from __future__ import annotations

import sys

_SYSTEM: str = sys.platform

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from sessionctl.system.watch.watcher import Watcher


def open_system_watcher(
    notice: Callable[[str], None], lost: Callable[[], None], cookie: str | None = None
) -> Watcher:
    """Return a watcher: by inotify on Linux, through watchdog elsewhere.

    Raises:
      OSError: the system allows no more of them.
    """
    if _SYSTEM == "linux":
        from sessionctl.system.watch.inotify_watcher import InotifyWatcher

        return InotifyWatcher(notice, lost, cookie)
    from sessionctl.system.watch.directory_watcher import DirectoryWatcher

    return DirectoryWatcher(notice, lost, cookie)
