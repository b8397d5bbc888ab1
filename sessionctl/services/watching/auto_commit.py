"""Auto commit: what was edited is committed once it came to rest, if nothing speaks against."""

from __future__ import annotations

import os
import threading

from sessionctl.errors import SessionctlError
from sessionctl.services.sync.sync_plan import Request, plan_sync
from sessionctl.services.watching.watch_event import (
    COMMITTED,
    UNCOMMITTED,
    AutoCommit,
    AutoFailure,
    WatchEvent,
)
from sessionctl.system.git.directory import find_git_dir
from sessionctl.system.git.index_lock import lock_path
from sessionctl.system.git.porcelain import commit_files

# ruff: noqa: PTH120

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


QUIET_MS = 2000
_PATIENCE_S = 1.5
_CHANGES = frozenset({"applied", "saved", "merged", "settled", "back", "mended"})


class Committer:
    """Commits files of git repositories some time after their last change.

    As ``sync`` does it: what is invalid, holds a secret or has conflicts is not committed,
    nor anything on a detached head or while git is in the middle of something.
    """

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._waiting: dict[str, int] = {}
        self._refused: dict[str, str] = {}
        self._stopped = threading.Event()
        self._committing_in = ""
        self._worker: threading.Thread | None = None

    def note(self, event: WatchEvent, now_ms: int) -> None:
        """Take account of what happened to a file."""
        if event.what in _CHANGES:
            self._waiting[event.file] = now_ms

    def due(self, now_ms: int) -> list[list[str]]:
        """Return the files that came to rest, by repository; they are waited for no longer.

        Where another git is at work, they go on waiting.
        """
        if any(now_ms - at < QUIET_MS for at in self._waiting.values()):
            return []
        by_repository: dict[str, list[str]] = {}
        kept: dict[str, int] = {}
        for file, at in self._waiting.items():
            git_dir = self._git_dir(file)
            if git_dir is not None and os.path.lexists(lock_path(git_dir)):
                kept[file] = at
            elif git_dir is not None:
                by_repository.setdefault(git_dir, []).append(file)
        self._waiting = kept
        return list(by_repository.values())

    def _git_dir(self, file: str) -> str | None:
        return find_git_dir(os.path.dirname(os.path.realpath(file)), self._environ)

    def holds_lock(self, file: str) -> bool:
        """Return whether it is a commit of our own that is under way where ``file`` lies."""
        committing_in = self._committing_in
        if not committing_in:
            return False
        git_dir = self._git_dir(file)
        return git_dir is not None and os.path.realpath(git_dir) == committing_in

    @property
    def is_busy(self) -> bool:
        """Whether a commit is under way: a hook, or a program that signs, may take its time."""
        return self._worker is not None and self._worker.is_alive()

    def start(
        self, groups: list[list[str]], time_s: float, tell: Callable[[WatchEvent], None]
    ) -> None:
        """Commit in a thread of its own, one repository after another."""

        def work() -> None:
            for files in groups:
                if self._stopped.is_set():
                    return
                event = self.commit(files, time_s)
                if event is not None:
                    tell(event)

        self._worker = threading.Thread(target=work, name="commit", daemon=True)
        self._worker.start()

    def stop(self) -> None:
        """End what is under way, git and all it started."""
        self._stopped.set()
        if self._worker is not None and self._worker.is_alive():
            self._worker.join(_PATIENCE_S)

    def commit(self, files: list[str], time_s: float) -> WatchEvent | None:
        """Commit what differs from the last commit; None when there is nothing to tell."""
        file = files[0]
        try:
            is_stopped = self._stopped.is_set
            plan = plan_sync(Request(self._environ, tuple(files), is_stopped=is_stopped))
            if plan.is_stopped:
                names = [checked.name for checked in plan.findings]
                names += [unsettled.name for unsettled in plan.unsettled]
                return self._refusal(names[0], time_s, None)
            if not plan.files:
                return None
            subject = f"watch: {plan.message.removeprefix('sync: ')}"
            self._committing_in = os.path.realpath(self._git_dir(file) or "")
            if is_stopped():
                return None
            commit = commit_files(plan.git, plan.files, subject)
        except SessionctlError as error:
            return self._refusal(file, time_s, error)
        finally:
            self._committing_in = ""
        self._refused.clear()
        return WatchEvent(time_s, file, COMMITTED, AutoCommit(commit, subject))

    def _refusal(
        self, file: str, time_s: float, error: SessionctlError | None
    ) -> WatchEvent | None:
        """Return why nothing is committed, once and not after each edit."""
        reason = "" if error is None else error.message
        if self._refused.get(file) == reason:
            return None
        self._refused[file] = reason
        return WatchEvent(time_s, file, UNCOMMITTED, AutoFailure(error))
