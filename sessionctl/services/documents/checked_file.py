"""Checked file: what is known of one file after it was checked."""

from __future__ import annotations

from sessionctl.core.filename import is_session_name, is_sidecar_name
from sessionctl.core.named_tuple import NamedTuple
from sessionctl.core.problem import errors_of, problem_of
from sessionctl.core.text.source import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from sessionctl.core.problem import Problem
    from sessionctl.core.schema.model import Schema
    from sessionctl.errors import ParseError, SessionctlError

SESSION = "session"
SECRETS = "secrets"
SETTINGS = "settings"
"""What ``CheckedFile.schema`` says of the shipped schemas: of sessions, sidecars, settings."""


class CheckedFile(NamedTuple):
    """A file with its problems.

    ``source`` is the text that was checked, ``schema`` what it was held to: ``SESSION``,
    ``SECRETS``, ``SETTINGS``, the path of a schema, or "" for the syntax alone; ``model``
    is that schema. ``failure`` is why the file or its schema could not be read; there are
    no problems then. ``fixed_place`` is that of the one problem of bytes that are no text.
    """

    name: str
    problems: tuple[Problem, ...] = ()
    source: Source = Source("")
    schema: str = ""
    model: Schema | None = None
    failure: SessionctlError | None = None
    fixed_place: tuple[int, int] | None = None

    @classmethod
    def of_bytes(cls, name: str, error: ParseError) -> CheckedFile:
        """Return a file whose bytes are not UTF-8, as ``error`` says; its name says what it is."""
        base_name = name.rpartition("/")[2]
        schema = SESSION if is_session_name(base_name) else ""
        schema = SECRETS if is_sidecar_name(base_name) else schema
        place = (error.line, error.column)
        return cls(name, (problem_of(error),), schema=schema, fixed_place=place)

    @property
    def text(self) -> str:
        """The text that was checked, "" if missing."""
        return self.source.text

    @property
    def errors(self) -> list[Problem]:
        """The problems without the warnings."""
        return errors_of(self.problems)

    @property
    def is_valid(self) -> bool:
        """Whether the file was read and has no problem but warnings."""
        return self.failure is None and not self.errors

    def with_problems(self, problems: Iterable[Problem]) -> CheckedFile:
        """Return the file with other problems."""
        return self._replace(problems=tuple(problems))

    def with_errors(self, rule: str = "") -> CheckedFile:
        """Return the file with the warnings of ``rule``, or all of them, taken for errors."""
        return self.with_problems(
            problem._replace(severity="error") if rule in ("", problem.rule) else problem
            for problem in self.problems
        )

    def place(self, problem: Problem) -> tuple[int, int, int, int]:
        """Return the line and column where ``problem`` begins, and those where it ends."""
        if self.fixed_place is not None:
            return (*self.fixed_place, *self.fixed_place)
        return (*self.source.place(problem.span.start), *self.source.place(problem.span.end))

    def excerpts(self, width: int = 0) -> list[list[str]]:
        """Return the lines that show the place of each problem; secrets in them are masked.

        None has more than ``width`` cells; with 0 all have room.
        """
        if self.fixed_place is not None or not self.problems:
            return [[] for _ in self.problems]
        from sessionctl.core.render.problem_excerpt import safe_source

        in_session = self.schema == SESSION
        safe = safe_source(self.source, self.problems, self.model, in_session=in_session)
        return [safe.excerpt(problem.span, width) for problem in self.problems]
