"""Watch: notice that something happened in a directory; watchdog is used here alone.

What happened does not matter and is not shown: an event says no more than "look again".
Known to work with watchdog 6.0 and 7.x.
"""

from __future__ import annotations

import logging
import os
from typing import NamedTuple

from watchdog.events import (
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileOpenedEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer

from sessionctl.system.watch.watcher import ArmResult

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from watchdog.events import FileSystemEvent
    from watchdog.observers.api import ObservedWatch

_EVENTS: list[type[FileSystemEvent]] = [
    FileCreatedEvent,
    FileModifiedEvent,
    FileClosedEvent,
    FileMovedEvent,
    FileDeletedEvent,
    DirDeletedEvent,
    DirMovedEvent,
]
try:
    # Since watchdog 7, a change of mode or time is not "modified" any more.
    from watchdog.events import FileAttribEvent
except ImportError:
    pass
else:
    _EVENTS.append(FileAttribEvent)


class _DirectoryWatch(NamedTuple):
    """A directory that is watched, and which one it was when that began."""

    watch: ObservedWatch
    device: int
    inode: int


class DirectoryWatcher:
    """A ``Watcher`` by the means of the system (inotify, FSEvents, kqueue).

    ``notice`` is called with a path, ``lost`` when events were dropped, both from a thread
    of the watcher: they must be quick. ``cookie`` is a file of our own, for ``beat``; it is
    only opened for reading, so that nothing is written.

    Making one raises ``OSError`` where the system allows no more watchers.
    """

    def __init__(
        self, notice: Callable[[str], None], lost: Callable[[], None], cookie: str | None = None
    ) -> None:
        self._handler = _Handler(notice)
        self._pulse = _Pulse()
        self._log = _LogHandler(lost)
        self._cookie = cookie
        self._observer = Observer()
        self._watched: dict[str, _DirectoryWatch] = {}
        # Its loggers would write to stderr for want of a handler; overflows are told there.
        logging.getLogger("watchdog").addHandler(self._log)
        self._observer.start()
        if cookie is not None:
            self._watch_cookie(cookie)

    def _watch_cookie(self, cookie: str) -> None:
        folder = os.path.dirname(cookie)  # noqa: PTH120
        try:
            self._observer.schedule(self._pulse, folder, event_filter=[FileOpenedEvent])
        except OSError:
            self._cookie = None

    def arm(self, directories: Iterable[str]) -> ArmResult:
        """See to it that these directories are watched and no others."""
        wanted = set(directories)
        for directory in {*(self._watched.keys() - wanted), *self._broken()}:
            self._stop(directory)
        renewed = set()
        failed = {}
        for directory in sorted(wanted - self._watched.keys()):
            try:
                status = os.stat(directory)  # noqa: PTH116
                watch = self._observer.schedule(self._handler, directory, event_filter=_EVENTS)
            except OSError as error:
                failed[directory] = (error.strerror or type(error).__name__).lower()
            else:
                renewed.add(directory)
                self._watched[directory] = _DirectoryWatch(watch, status.st_dev, status.st_ino)
        return ArmResult(frozenset(renewed), failed)

    def _broken(self) -> list[str]:
        """Return the directories whose watch died, or at whose path another one is now."""
        alive = {emitter.watch for emitter in self._observer.emitters if emitter.is_alive()}
        found = []
        for directory, watched in self._watched.items():
            try:
                status = os.stat(directory)  # noqa: PTH116
            except OSError:
                found.append(directory)
                continue
            is_same = (status.st_dev, status.st_ino) == (watched.device, watched.inode)
            if not is_same or watched.watch not in alive:
                found.append(directory)
        return found

    def beat(self) -> None:
        """Open the cookie, which the watcher has to notice."""
        if self._cookie is None:
            self._pulse.beats += 1
            return
        try:
            os.close(os.open(self._cookie, os.O_RDONLY | os.O_CLOEXEC))
        except OSError:
            return

    @property
    def beats(self) -> int:
        """How many times the cookie was seen to be opened."""
        return self._pulse.beats

    def close(self) -> None:
        """Watch nothing any more."""
        logging.getLogger("watchdog").removeHandler(self._log)
        self._observer.stop()
        self._observer.join()

    def _stop(self, directory: str) -> None:
        try:
            self._observer.unschedule(self._watched.pop(directory).watch)
        except (KeyError, OSError):
            return  # it died before


class _Handler(FileSystemEventHandler):
    """Hands on both paths of every event."""

    def __init__(self, notice: Callable[[str], None]) -> None:
        self._notice = notice

    def on_any_event(self, event: FileSystemEvent) -> None:
        for path in {event.src_path, event.dest_path}:
            if path:
                self._notice(os.fsdecode(path))


class _Pulse(FileSystemEventHandler):
    """Counts the openings of the cookie."""

    def __init__(self) -> None:
        self.beats = 0

    def on_any_event(self, event: FileSystemEvent) -> None:
        self.beats += 1


class _LogHandler(logging.Handler):
    """Hears of an overflow where the library tells of it: in its log, from version 7 on."""

    def __init__(self, lost: Callable[[], None]) -> None:
        super().__init__()
        self._lost = lost

    def emit(self, record: logging.LogRecord) -> None:
        if "overflow" in record.getMessage():
            self._lost()
