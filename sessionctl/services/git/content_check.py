"""Hook content: what must not be committed, found in the content of one file.

Beside what validation finds: conflicts that are not settled, also inside of strings.
"""

from __future__ import annotations

import re

from sessionctl.core.problem import Problem, Span
from sessionctl.core.text.shellwords import path_word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.services.documents.validation import CheckedFile, Validator
    from sessionctl.services.scanning.secret_references import StoredNames

MARKER_RULE = "conflict-marker"
"""The rule that is added here to those of validation."""

_MARKER = re.compile(r"^(<{7,}|={7,}|>{7,})(?: [^\n]*)?\r?$", re.MULTILINE)


def check_content(
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
    markers = [_unsettled(name, span) for span in unsettled_conflicts(text)]
    others = [
        problem for problem in checked.problems if not (markers and problem.rule == MARKER_RULE)
    ]
    found = sorted([*markers, *others], key=lambda problem: problem.span)
    checked.problems = tuple(found)
    return checked


def unsettled_conflicts(text: str) -> list[Span]:
    """Return where the first marker of each conflict stands, of any marker size.

    Only whole conflicts count, for a line of ``=`` alone may be text.
    """
    found: list[Span] = []
    begin: re.Match[str] | None = None
    is_parted = False
    for marker in _MARKER.finditer(text):
        kind, size = marker[1][0], len(marker[1])
        if kind == "<":
            begin, is_parted = marker, False
        elif begin is not None and size == len(begin[1]):
            if kind == ">" and is_parted:
                found.append(Span(*begin.span(1)))
                begin = None
            is_parted = kind == "="
    return found


def _unsettled(name: str, span: Span) -> Problem:
    return Problem(
        MARKER_RULE,
        "a conflict is not settled",
        span,
        hint=f"settle it, and stage the file again: sessionctl resolve -- {path_word(name)}",
    )
