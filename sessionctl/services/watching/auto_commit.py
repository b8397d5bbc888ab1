"""Committing: what was edited is committed once it came to rest, if nothing speaks against."""

from __future__ import annotations

import os
from dataclasses import replace

from sessionctl.core.text.shellwords import path_word
from sessionctl.errors import SessionctlError
from sessionctl.services.sync.sync_plan import Request, plan_sync
from sessionctl.services.watching.watch_event import WatchEvent
from sessionctl.system.git.directory import find_git_dir
from sessionctl.system.git.porcelain import commit_files

# ruff: noqa: PTH120

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from sessionctl.services.sync.sync_plan import SyncPlan

QUIET_MS = 2000
REFUSED = "uncommitted"
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

    def note(self, happening: WatchEvent, now_ms: int) -> None:
        """Take account of what happened to a file."""
        if happening.what in _CHANGES:
            self._waiting[happening.file] = now_ms

    def due(self, now_ms: int) -> list[list[str]]:
        """Return the files that came to rest, by repository; they are waited for no longer."""
        if any(now_ms - at < QUIET_MS for at in self._waiting.values()):
            return []
        by_repository: dict[str, list[str]] = {}
        for file in self._waiting:
            git_dir = find_git_dir(os.path.dirname(os.path.realpath(file)), self._environ)
            if git_dir is not None:
                by_repository.setdefault(git_dir, []).append(file)
        self._waiting.clear()
        return list(by_repository.values())

    def commit(self, files: list[str], time_s: float) -> WatchEvent | None:
        """Commit what differs from the last commit; None when there is nothing to tell."""
        file = files[0]
        try:
            plan = plan_sync(Request(self._environ, tuple(files)))
            if plan.is_stopped:
                return self._refusal(plan, time_s)
            if not plan.files:
                return None
            subject = f"watch: {plan.message.removeprefix('sync: ')}"
            commit = commit_files(plan.git, plan.files, subject)
        except SessionctlError as error:
            hint = error.hints[0] if error.hints else ""
            return self._told_once(WatchEvent(time_s, file, REFUSED, error.message, hint))
        self._refused.clear()
        message = f"committed as {commit[:8]}: {subject}"
        return WatchEvent(time_s, file, "committed", message)

    def _refusal(self, plan: SyncPlan, time_s: float) -> WatchEvent | None:
        names = [checked.name for checked in plan.findings]
        names += [unsettled.name for unsettled in plan.unsettled]
        hint = f"see what is wrong: sessionctl validate {path_word(names[0])}"
        message = "it has mistakes, or a secret is written out in it"
        return self._told_once(WatchEvent(time_s, names[0], REFUSED, message, hint))

    def _told_once(self, refused: WatchEvent) -> WatchEvent | None:
        """Say so once, not after each edit; ``message`` is why it is not committed."""
        if self._refused.get(refused.file) == refused.message:
            return None
        self._refused[refused.file] = refused.message
        return replace(refused, message=f"not committed: {refused.message}")
