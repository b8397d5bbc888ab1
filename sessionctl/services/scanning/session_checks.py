"""What a scan adds to the problems that the schema of sessions finds."""

from __future__ import annotations

from sessionctl.core.scan.document_scan import find_secrets
from sessionctl.core.scan.judgement import Judgement

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.problem import Problem
    from sessionctl.core.schema.model import Schema
    from sessionctl.core.toml.document import Document
    from sessionctl.services.scanning.secret_references import StoredNames


def with_secrets(
    document: Document,
    problems: tuple[Problem, ...],
    schema: Schema | None,
    stored: StoredNames | None,
) -> tuple[Problem, ...]:
    """Return the problems of a session with its secrets that are written out, or not stored.

    Of one value "a secret" says more than "the wrong type".
    """
    found = list(problems)
    if stored is not None:
        from sessionctl.services.scanning.secret_references import missing_secrets

        found += missing_secrets(document, stored)
    leaks = find_secrets(document, Judgement(in_session=True))
    if leaks:
        from sessionctl.services.scanning.scan_problems import as_problems

        secrets = as_problems(document, leaks, schema, in_session=True)
        told = {problem.span for problem in secrets}
        found = [*secrets, *(problem for problem in found if problem.span not in told)]
    return tuple(sorted(found, key=lambda problem: problem.span))
