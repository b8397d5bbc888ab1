"""Examination: the registry of checks, and making them one after the other."""

from __future__ import annotations

from sessionctl.errors import SessionctlError
from sessionctl.services.doctor.check import (
    FILES,
    GIT,
    REPOSITORY,
    Check,
    CheckFault,
    CheckFinding,
    SkipCheck,
)
from sessionctl.services.doctor.checks import (
    attributes,
    cut_writes,
    git_config,
    git_hooks,
    installation_facts,
    sealed_secrets,
    session_content,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessionctl.services.doctor.setup import Setup

CHECKS: tuple[Check, ...] = (
    *installation_facts.CHECKS,
    *git_config.CHECKS,
    *attributes.CHECKS,
    *git_hooks.CHECKS,
    *session_content.CHECKS,
    *sealed_secrets.CHECKS,
    *cut_writes.CHECKS,
)
"""All checks, in the order of the report; their ids are stable words."""


def examine(scene: Setup, checks: Sequence[Check] = CHECKS) -> list[CheckFinding]:
    """Return what each of ``checks`` finds; nothing is changed."""
    return [_find(check, scene) for check in checks]


def _find(check: Check, scene: Setup) -> CheckFinding:
    try:
        reason = _hindrance(check.needs, scene)
        if reason:
            return CheckFinding(check, skipped=reason)
        return CheckFinding(check, tuple(check.look(scene)))
    except SkipCheck as skip:
        return CheckFinding(check, skipped=str(skip))
    except SessionctlError as error:
        fix = error.hints[0] if error.hints else "git status"
        return CheckFinding(check, (CheckFault(error.message, fix),))


def _hindrance(needs: str, scene: Setup) -> str:
    """Return why a check with these needs cannot be made here, "" when it can."""
    if not needs:
        return ""
    try:
        _ = scene.git_version
        if needs == GIT:
            return ""
        repository = scene.repository
    except SessionctlError:
        return "git does not work here"
    if repository is None:
        return "not in a git repository"
    if needs == REPOSITORY:
        return ""
    assert needs == FILES
    if repository.work_tree is None:
        return "this repository has no work tree"
    return "" if scene.files else "no session file is tracked here"
