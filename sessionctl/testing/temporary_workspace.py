"""Temporary workspace: a home of its own for a host under test, and all that happens to it."""

from __future__ import annotations

import os
import shutil
import tempfile
import tomllib
from pathlib import Path

from sessionctl.sdk.host_surroundings import HostSurroundings
from sessionctl.sdk.host_workspace import HostWorkspace
from sessionctl.sdk.sessions.session_book import SessionBook
from sessionctl.sdk.sessions.session_place import HostPlace, find_place
from sessionctl.services.machine import Machine
from sessionctl.system.files.snapshot import marks_at
from sessionctl.testing.crash_point import CRASH_CODE, crash_at, run_apart
from sessionctl.testing.fake_clock import FakeClock
from sessionctl.testing.fake_watcher import FakeWatcher

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Any, Self

    from sessionctl.sdk.host_calls import Wake

_EDIT_S = 1.0
_STEP_S = 0.1


class TemporaryWorkspace:
    """A directory with a home and one session file; gone at the end of ``with``.

    ``open`` starts the host as often as you like: again after a crash, or several at once. All
    of them go by ``clock`` and hear of edits by ``watcher``; nothing sleeps.
    """

    def __init__(self, app: str = "notes", directory: str | os.PathLike[str] | None = None) -> None:
        """Make the directory, or take one that a test has, such as pytest's ``tmp_path``."""
        self.app = app
        self.clock = FakeClock()
        self.watcher = FakeWatcher()
        self._is_own = directory is None
        self.directory = Path(
            tempfile.mkdtemp(prefix="sessionctl-") if directory is None else directory
        )
        self.home = self.directory / "home"
        self.file = self.directory / "work" / f"{app}.session.toml"
        """The session file; it is there after the first save."""
        self.environ = {
            "HOME": str(self.home),
            "XDG_CONFIG_HOME": str(self.home / "config"),
            "XDG_STATE_HOME": str(self.home / "state"),
        }
        self.machine = Machine(self.environ)
        self._open: list[HostWorkspace] = []
        self._marks: dict[str, tuple[int, ...]] = {}

    def open(
        self, *, wake: Wake | None = None, app: str = "", file: str | os.PathLike[str] | None = None
    ) -> HostWorkspace:
        """Return a workspace as the host gets it from ``Workspace.open``."""
        return self._opened(HostPlace(os.fspath(self.file if file is None else file)), app, wake)

    def open_session(
        self, session: str = "", *, isolated: bool = False, adopt: str = ""
    ) -> HostWorkspace:
        """Return the workspace of a session by its name, or of an instance, in this home."""
        place = find_place(
            self.machine, self.app, session=session, is_isolated=isolated, adopt=adopt
        )
        return self._opened(place)

    @property
    def sessions(self) -> SessionBook:
        """The sessions in this home."""
        return SessionBook(self.app, self.machine)

    def _opened(self, place: HostPlace, app: str = "", wake: Wake | None = None) -> HostWorkspace:
        around = HostSurroundings(self.clock, self.watcher.open)
        workspace = HostWorkspace(app or self.app, place.file, self.machine, wake, around)
        workspace.hold = place.hold
        self._open.append(workspace)
        return workspace

    def advance(self, seconds: float) -> None:
        """Let time go by; see ``FakeClock.advance``.

        With several workspaces open, each hears of what another one writes.
        """
        if len(self._open) < 2:
            self.clock.advance(seconds)
            return
        end_ms = self.clock.now_ms() + round(seconds * 1000)
        while (left_ms := end_ms - self.clock.now_ms()) > 0:
            self.clock.advance(min(left_ms / 1000, _STEP_S))
            self._deliver_writes()

    def _deliver_writes(self) -> None:
        for file in {workspace.file for workspace in self._open}:
            marks = marks_at(file)
            if self._marks.get(file) != marks:
                self._marks[file] = marks
                self.watcher.deliver(file)

    @property
    def text(self) -> str:
        """What the session file holds, "" where there is none."""
        return self.file.read_text(encoding="utf-8") if self.file.exists() else ""

    @property
    def states(self) -> dict[str, Any]:
        """The states in the file, by the names of their providers."""
        apps: dict[str, Any] = tomllib.loads(self.text).get("apps", {})
        states: dict[str, Any] = apps.get(self.app, {})
        return states

    def edit(self, change: str | Callable[[str], str]) -> None:
        """Edit the file as a person does: a new text, or what makes one of the old one.

        When it returns, every workspace has had the time to take it over.
        """
        text = change if isinstance(change, str) else change(self.text)
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text(text, encoding="utf-8", newline="")
        self.watcher.deliver(str(self.file))
        self.clock.advance(_EDIT_S)

    def crash(self, point: str, work: Callable[[HostWorkspace], object], *, hit: int = 1) -> bool:
        """Let a host end at a crash point: ``work`` gets its workspace, in a process of its own.

        Returns whether it came to that point. ``work`` registers providers, restores, changes
        and flushes; call it before this process opened a workspace, for threads are not copied.
        """

        def run() -> None:
            with crash_at(point, hit=hit):
                workspace = self.open()
                work(workspace)
                workspace.close()

        return run_apart(run) == CRASH_CODE

    def close(self) -> None:
        """Close all workspaces, and remove the directory if it was made here."""
        for workspace in self._open:
            workspace.close()
        self._open.clear()
        if self._is_own:
            shutil.rmtree(self.directory, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
