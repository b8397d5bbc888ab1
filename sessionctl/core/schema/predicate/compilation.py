"""Compilation: a schema of any draft as predicates, which answer as ``Application`` does.

What they do not know - rare keywords, dates - they hand to that, keyword by keyword; a pattern
that cannot be searched for, and references that depend on where they are met from, leave the
whole value to it.
"""

from __future__ import annotations

from sessionctl.core.schema.predicate.array_tests import ARRAY_TESTS
from sessionctl.core.schema.predicate.predicates import Predicates
from sessionctl.core.schema.predicate.scalar_tests import SCALAR_TESTS
from sessionctl.core.schema.predicate.table_tests import TABLE_TESTS
from sessionctl.core.schema.predicate.union_tests import UNION_TESTS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.schema.check.application import Application

_MAKERS = {**SCALAR_TESTS, **ARRAY_TESTS, **TABLE_TESTS, **UNION_TESTS}


def compiled(run: Application) -> Predicates:
    """Return the predicates of what ``run`` applies; they take the steps of its budget."""
    return Predicates(run, _MAKERS)
