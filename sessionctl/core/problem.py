"""Problem: one finding about a document, with its place; a value, never an exception."""

from __future__ import annotations

from sessionctl.core.keypath import KeyPath
from sessionctl.core.named_tuple import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from sessionctl.errors import ParseError


class Span(NamedTuple):
    """A stretch of text: offsets in code points, ``end`` exclusive."""

    start: int
    end: int


class Problem(NamedTuple):
    """One thing that is wrong at one place.

    ``rule`` is a stable word ("syntax", "type", "unknown-key"); ``message`` never
    holds the value of a secret field; ``severity`` is "error" or "warning".
    """

    rule: str
    message: str
    span: Span
    key_path: KeyPath = KeyPath()
    hint: str = ""
    severity: str = "error"

    @property
    def is_error(self) -> bool:
        """Whether it makes the document invalid; a warning does not."""
        return self.severity == "error"


def errors_of(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems that are errors, without the warnings."""
    return [problem for problem in problems if problem.is_error]


def problem_of(error: ParseError) -> Problem:
    """Return the problem that ``error`` was raised for."""
    assert isinstance(error.problem, Problem)
    return error.problem
