"""Filter advice: a file that cannot be checked because of a filter of git, and what helps."""

from __future__ import annotations

from sessionctl.core.problem import Problem, Span
from sessionctl.services.documents.checked_file import CheckedFile

_STEPS = {
    "crypt": "transcrypt --display",
    "git-crypt": "git-crypt unlock",
    "lfs": "git lfs install --local",
}


UNCHECKED = "filtered"
"""The rule of a file whose content a filter of git does not give."""


def unchecked(name: str, filter_name: str) -> CheckedFile:
    """Return the file ``name`` with a warning: its content could not be had."""
    message = f"not checked: the filter {filter_name!r} of git does not give its content here"
    hint = "".join(filter_step(filter_name))
    problem = Problem(UNCHECKED, message, Span(0, 0), hint=hint, severity="warning")
    return CheckedFile(name, (problem,), fixed_place=(1, 1))


def filter_step(name: str) -> tuple[str, ...]:
    """Return the command that makes git know the filter ``name`` here; () for one of its own."""
    family = "git-crypt" if name.startswith("git-crypt-") else name
    step = _STEPS.get(family)
    return () if step is None else (step,)
