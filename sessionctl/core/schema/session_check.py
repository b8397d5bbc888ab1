"""The check of a session: quick for a valid one; the words for all others are loaded late."""

from __future__ import annotations

from sessionctl.core.schema.check.quick_check import accepts
from sessionctl.core.schema.session_schema import SESSION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.problem import Problem
    from sessionctl.core.toml.document import Document


def session_errors(document: Document) -> list[Problem]:
    """Return the problems that make a session invalid, as ``validate`` does."""
    if accepts(SESSION, document.value):
        return []
    from sessionctl.core.problem import errors_of
    from sessionctl.core.schema.verdict import session_problems

    found = errors_of(session_problems(document))
    return sorted(found, key=lambda problem: problem.span)
