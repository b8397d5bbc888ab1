"""File words: what is said of a file in which no conflict is marked."""

from __future__ import annotations

from sessionctl.services.git.operation_steps import (
    deletion_reason,
    remerge_step,
    steps_after_resolution,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.services.merging.resolution_desk import ResolutionDesk


def words_without_conflicts(desk: ResolutionDesk) -> tuple[str, str, tuple[str, ...]]:
    """Return what is said of a file without markers, its role, and the next steps."""
    situation, name = desk.situation, desk.file.name
    steps = tuple(f"next: {step}" for step in steps_after_resolution(situation))
    if situation.deleted_by:
        reason = deletion_reason(situation.deleted_by, situation.operation)
        return f"{name}: {reason}", "warning", steps
    if situation.holds_ours:
        what = f"{name}: git could not merge it, and it holds our side only"
        again = f"merge it again: {remerge_step(situation)}"
        return what, "warning", (again, *steps)
    return f"{name}: no conflicts", "", steps
