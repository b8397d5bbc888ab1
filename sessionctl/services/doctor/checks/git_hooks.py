"""Checks of git's pre-commit hook."""

from __future__ import annotations

import os
from pathlib import Path

from sessionctl.services.doctor.check import HOOK, HOOK_COMMAND, REPOSITORY, Check, CheckFault, edit
from sessionctl.services.git.hook import CALL, hook_path, read_hook
from sessionctl.services.git.hook import HOOK as NAME

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from sessionctl.services.doctor.setup import Setup


def hook(scene: Setup) -> Iterator[CheckFault]:
    """Look whether the hook that was installed is run, and calls us."""
    path = hook_path(scene.git)
    if path is None:
        if not read_hook(_usual_place(scene)).is_ours:  # else that is reported below
            message = "git runs no hooks here: core.hooksPath is not a directory"
            step = "git config --show-origin core.hooksPath"
            yield CheckFault(message, step, "core.hooksPath", "note")
        return
    found = read_hook(path)
    place = str(path)
    if found.calls_us:
        if not found.is_executable:
            yield CheckFault(
                "not executable: git does not run it", HOOK_COMMAND, place, remedy=HOOK
            )
    elif found.has_kept and found.content is None:
        message = f"gone, and the hook that was there before does not run: {found.kept.name}"
        yield CheckFault(message, HOOK_COMMAND, place, remedy=HOOK)
    elif found.has_kept:
        message = f"another hook took the place of ours; add this line to it: {CALL} || exit"
        yield CheckFault(message, edit(place), place)
    else:
        yield CheckFault("no hook checks what is committed", HOOK_COMMAND, place, "note")


def hooks_path(scene: Setup) -> Iterator[CheckFault]:
    """Look for a hook of ours where git does not look for hooks."""
    usual = _usual_place(scene)
    path = hook_path(scene.git)
    if path == usual or not read_hook(usual).is_ours:
        return
    if path is None or not read_hook(path).calls_us:
        where = path.parent if path else "no directory"
        yield CheckFault(
            f"git does not run the hook in {usual.parent}: core.hooksPath is {where}",
            HOOK_COMMAND if path else "git config --unset core.hooksPath",
            "core.hooksPath",
            "warning",
            HOOK if path else "",
        )


def _usual_place(scene: Setup) -> Path:
    assert scene.repository is not None
    return Path(os.path.normpath(scene.repository.common_dir)) / "hooks" / NAME


CHECKS = (
    Check("hook", "the pre-commit hook is run, and checks session files", hook, REPOSITORY),
    Check("hooks-path", "core.hooksPath does not lead past the hook", hooks_path, REPOSITORY),
)
