"""Inotify: notice that something happened in directories of Linux, with one thread for all.

One instance serves any number of directories. A library that starts threads for each of them
costs 1.7 % of a processor for 500 directories at rest, and 30 MB.
"""

from __future__ import annotations

import ctypes
import os
import select
import struct
import threading

from sessionctl.system.watch.watcher import ArmResult

# ruff: noqa: PTH116, PTH118

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_MODIFY, _ATTRIB, _CLOSE_WRITE = 0x2, 0x4, 0x8
_OPEN = 0x20
_MOVED_FROM, _MOVED_TO, _CREATE, _DELETE, _DELETE_SELF, _MOVE_SELF = (
    0x40, 0x80, 0x100, 0x200, 0x400, 0x800
)  # fmt: skip
_UNMOUNT, _OVERFLOW, _IGNORED = 0x2000, 0x4000, 0x8000
_ONLY_DIRECTORY = 0x01000000
_CHANGES = (
    _MODIFY | _ATTRIB | _CLOSE_WRITE | _MOVED_FROM | _MOVED_TO | _CREATE | _DELETE
    | _DELETE_SELF | _MOVE_SELF
)  # fmt: skip
_GONE = _UNMOUNT | _IGNORED | _DELETE_SELF | _MOVE_SELF
_HEAD = struct.Struct("iIII")
_CHUNK = 1 << 16
_PATIENCE_S = 1.0
_LIMITS = {"EMFILE": "inotify instance limit reached", "ENOSPC": "inotify watch limit reached"}


class InotifyWatcher:
    """A ``Watcher`` by inotify, made as ``DirectoryWatcher`` is; one thread for all directories."""

    def __init__(
        self, notice: Callable[[str], None], lost: Callable[[], None], cookie: str | None = None
    ) -> None:
        self._notice = notice
        self._lost = lost
        self._beats = 0
        self._system = _system()
        self._inotify = _checked(
            self._system.inotify_init1(os.O_CLOEXEC | os.O_NONBLOCK),  # as IN_CLOEXEC, IN_NONBLOCK
        )
        self._lock = threading.Lock()
        self._watches: dict[str, tuple[int, int, int]] = {}
        self._paths: dict[int, list[str]] = {}
        self._lost_watches: set[str] = set()
        self._cookie, self._cookie_watch = cookie, -1
        try:
            self._ended, self._end = os.pipe2(os.O_CLOEXEC)
        except OSError:
            os.close(self._inotify)
            raise
        if cookie is not None:
            try:
                self._cookie_watch = self._add(cookie, _OPEN)
            except OSError:
                self._cookie = None
        self._thread = threading.Thread(target=self._read_all, name="inotify", daemon=True)
        self._thread.start()

    def arm(self, directories: Iterable[str]) -> ArmResult:
        """See to it that these directories are watched and no others."""
        wanted = directories if isinstance(directories, set | frozenset) else set(directories)
        with self._lock:
            for directory in {*(self._watches.keys() - wanted), *self._broken()}:
                self._stop(directory)
            renewed = set()
            failed = {}
            for directory in sorted(wanted - self._watches.keys()):
                try:
                    status = os.stat(directory)
                    watch = self._add(directory, _CHANGES | _ONLY_DIRECTORY)
                except OSError as error:
                    failed[directory] = (error.strerror or type(error).__name__).lower()
                else:
                    renewed.add(directory)
                    self._watches[directory] = (watch, status.st_dev, status.st_ino)
                    self._paths.setdefault(watch, []).append(directory)
        return ArmResult(frozenset(renewed), failed)

    def _broken(self) -> list[str]:
        """Return the directories whose watch died, or at whose path another one is now."""
        found = []
        for directory, (_, device, inode) in self._watches.items():
            try:
                status = os.stat(directory)
            except OSError:
                found.append(directory)
                continue
            if (status.st_dev, status.st_ino) != (device, inode):
                found.append(directory)
        found += [one for one in self._lost_watches if one in self._watches]
        self._lost_watches.clear()
        return found

    def beat(self) -> None:
        """Open the cookie, which the watcher has to notice."""
        if self._cookie is None:
            self._beats += 1
            return
        try:
            os.close(os.open(self._cookie, os.O_RDONLY | os.O_CLOEXEC))
        except OSError:
            return

    @property
    def beats(self) -> int:
        """How many times the cookie was seen to be opened."""
        return self._beats

    def close(self) -> None:
        """Watch nothing any more."""
        if self._end < 0:
            return
        os.close(self._end)
        self._end = -1
        self._thread.join(_PATIENCE_S)
        if not self._thread.is_alive():
            os.close(self._ended)
            os.close(self._inotify)

    def _add(self, path: str, events: int) -> int:
        return _checked(self._system.inotify_add_watch(self._inotify, os.fsencode(path), events))

    def _stop(self, directory: str) -> None:
        watch, _, _ = self._watches.pop(directory)
        others = self._paths.get(watch, [])
        if directory in others:
            others.remove(directory)
        if not others and self._paths.pop(watch, None) is not None:
            # It fails where the kernel gave the watch up before.
            self._system.inotify_rm_watch(self._inotify, watch)

    # -- in a thread of its own --------------------------------------------------------

    def _read_all(self) -> None:
        waiting = select.poll()
        waiting.register(self._inotify, select.POLLIN)
        waiting.register(self._ended, select.POLLIN | select.POLLHUP)
        while True:
            if any(descriptor == self._ended for descriptor, _ in waiting.poll()):
                return
            try:
                data = os.read(self._inotify, _CHUNK)
            except BlockingIOError:
                continue
            self._take(data)

    def _take(self, data: bytes) -> None:
        """Hand on what happened, each path once: one save is some eight events."""
        paths: dict[str, None] = {}
        position = 0
        while position < len(data):
            watch, events, _, length = _HEAD.unpack_from(data, position)
            position += _HEAD.size + length
            if events & _OVERFLOW:
                self._lost()
            elif watch == self._cookie_watch:
                self._beats += bool(events & _OPEN)
            else:
                name = data[position - length : position].rstrip(b"\0")
                paths.update(dict.fromkeys(self._paths_of(watch, events, os.fsdecode(name))))
        for path in paths:
            self._notice(path)

    def _paths_of(self, watch: int, events: int, name: str) -> list[str]:
        with self._lock:
            directories = list(self._paths.get(watch, ()))
            if events & _GONE and not name:
                self._lost_watches.update(directories)
            if events & _IGNORED:
                self._paths.pop(watch, None)
        return [os.path.join(one, name) if name else one for one in directories]


def _system() -> ctypes.CDLL:
    """Return the functions of the system; raises ``OSError`` where it has none of these."""
    system = ctypes.CDLL(None, use_errno=True)
    if not hasattr(system, "inotify_init1"):
        raise OSError("this system has no inotify")
    return system


def _checked(result: int) -> int:
    """Return the answer of a call to the system; raises ``OSError`` where it failed."""
    if result >= 0:
        return result
    import errno

    number = ctypes.get_errno()
    name = errno.errorcode.get(number, "")
    raise OSError(number, _LIMITS.get(name) or os.strerror(number))
