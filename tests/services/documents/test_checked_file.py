"""A checked file is a value: its problems can be replaced, their severity raised."""

from __future__ import annotations

from sessionctl.core.problem import Problem, Span
from sessionctl.core.text.source import Source
from sessionctl.errors import FileError
from sessionctl.services.documents.checked_file import CheckedFile

WARNING = Problem(
    "unrotated-secret", "a removed recipient knows it", Span(2, 3), severity="warning"
)
ERROR = Problem("type", "expected a string", Span(0, 1))
FILE = CheckedFile("x.toml", (WARNING, ERROR), Source("a\nb\n", "x.toml"))


def test_a_file_with_errors_or_that_was_not_read_is_not_valid():
    assert FILE.errors == [ERROR]
    assert not FILE.is_valid
    assert FILE.with_problems([WARNING]).is_valid
    assert not CheckedFile("x.toml", failure=FileError("x.toml: cannot read")).is_valid


def test_the_warnings_of_a_rule_can_be_taken_for_errors():
    raised = FILE.with_errors("unrotated-secret")
    assert [problem.severity for problem in raised.problems] == ["error", "error"]
    assert FILE.problems[0].severity == "warning"
    assert FILE.with_errors() == raised
    assert FILE.with_errors("duplicate-item") == FILE


def test_a_problem_has_its_place_and_its_excerpt():
    assert FILE.place(WARNING) == (2, 1, 2, 2)
    assert [excerpt[1] for excerpt in FILE.excerpts()] == ["2 | b", "1 | a"]
    assert FILE.with_problems([]).excerpts() == []
