"""Fake watcher: a file was edited when a test says so."""

from __future__ import annotations

from sessionctl.system.watch.watcher import ArmResult, watched_names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Notice = Callable[[str], None]
    Lost = Callable[[], None]


class FakeWatcher:
    """Stands for the system's: workspaces hear of an edit by ``deliver``, and of no other.

    ``failure`` is why directories cannot be watched, "" where they can: then files are looked at
    now and then, as on a system without watches.
    """

    def __init__(self) -> None:
        """Watch nothing yet; a workspace opens it."""
        self.failure = ""
        self._eyes: list[_Eye] = []

    def open(self, notice: Notice, lost: Lost) -> _Eye:
        """Begin to watch for one workspace."""
        eye = _Eye(self, notice, lost)
        self._eyes.append(eye)
        return eye

    def deliver(self, path: str) -> None:
        """Say that something happened at ``path``, and at what it leads to."""
        for eye in list(self._eyes):
            for name in watched_names(path):
                eye.notice(name)

    def lose(self) -> None:
        """Say that events were lost: anything may have happened."""
        for eye in list(self._eyes):
            eye.lost()

    def leave(self, eye: _Eye) -> None:
        """Report nothing to a workspace any more."""
        self._eyes.remove(eye)


class _Eye:
    """A watcher of one workspace."""

    def __init__(self, watcher: FakeWatcher, notice: Notice, lost: Lost) -> None:
        self.notice = notice
        self.lost = lost
        self.beats = 0
        self._watcher = watcher
        self._armed: frozenset[str] = frozenset()

    def arm(self, directories: Iterable[str]) -> ArmResult:
        """See to it that these directories are watched."""
        wanted = frozenset(directories)
        if self._watcher.failure:
            self._armed = frozenset()
            return ArmResult(frozenset(), dict.fromkeys(wanted, self._watcher.failure))
        renewed, self._armed = wanted - self._armed, wanted
        return ArmResult(renewed, {})

    def beat(self) -> None:
        """Notice what it must."""
        self.beats += 1

    def close(self) -> None:
        """Watch nothing any more."""
        self._watcher.leave(self)
