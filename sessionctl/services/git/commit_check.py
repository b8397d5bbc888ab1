"""Commit check: what speaks against committing the content of a file.

Beside what validation finds: conflicts that are not settled, also inside of strings.
"""

from __future__ import annotations

from sessionctl.core.conflict.marked_text import MARKER_RULE, whole_conflicts
from sessionctl.core.problem import Problem, Span
from sessionctl.core.text.shellwords import path_word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.session.secret_problems import StoredNames
    from sessionctl.services.documents.checked_file import CheckedFile
    from sessionctl.services.documents.validation import Validator


def check_for_commit(
    validator: Validator, name: str, data: bytes, stored: StoredNames | None = None
) -> CheckedFile:
    """Return everything that speaks against committing ``data`` as the file ``name``.

    A session is held to its format, may hold no secret, and with ``stored`` refers to no
    other ones; a sidecar holds nothing that is not encrypted. Another TOML file is held
    to the syntax, and to a schema where it names one.
    """
    checked = validator.check_bytes(name, data, stored)
    if checked.fixed_place is not None:  # not a text
        return checked
    text = data.decode()
    markers = [_unsettled(name, span) for span in whole_conflicts(text)]
    others = [
        problem for problem in checked.problems if not (markers and problem.rule == MARKER_RULE)
    ]
    return checked.with_problems(sorted([*markers, *others], key=lambda problem: problem.span))


def _unsettled(name: str, span: Span) -> Problem:
    return Problem(
        MARKER_RULE,
        "a conflict is not resolved",
        span,
        hint=f"resolve it, and stage the file again: sessionctl resolve -- {path_word(name)}",
    )
