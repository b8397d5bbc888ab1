"""A problem in one line: its key and its message, behind its place where there is one."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessionctl.core.keypath import KeyPath
    from sessionctl.core.problem import Problem
    from sessionctl.core.text.source import Source


def problem_line(problem: Problem, source: Source) -> str:
    """Return ``name:line:col: key: message`` of a problem of ``source``."""
    line, column = source.place(problem.span.start)
    return f"{source.name}:{line}:{column}: {keyed_message(problem)}"


def keyed_message(problem: Problem, around: Sequence[KeyPath] = ()) -> str:
    """Return ``key: message``; without the key where it is one of ``around``, or none."""
    key = problem.key_path
    return f"{key}: {problem.message}" if key and key not in around else problem.message
