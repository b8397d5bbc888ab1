"""The report on a value: everything that a schema does not allow, in words."""

from __future__ import annotations

from sessionctl.core.keypath import KeyPath, render_key
from sessionctl.core.schema.check.keyword_check import blame
from sessionctl.core.schema.check.pattern import UnsupportedPatternError
from sessionctl.core.schema.check.quick_check import DRAFT, UnsureError
from sessionctl.core.schema.check.violation import Violation
from sessionctl.core.schema.secret_fields import is_secret
from sessionctl.core.schema.words.alternatives import UNIONS, Alternatives
from sessionctl.core.schema.words.keywords import describe
from sessionctl.core.schema.words.schema_finding import SchemaFinding, ViolationCase
from sessionctl.errors import SessionctlError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sessionctl.core.schema.check.application import Application
    from sessionctl.core.schema.model import Schema

_WORDS_STEPS = 10
_GUESSES = 200
"""For so many problems it is worth looking for what was meant."""
# Rules, and those beside which they say nothing new.
_ECHOES = {"const": ("type",), "enum": ("type",), "pattern": ("min-length",)}


def findings(schema: Schema, value: object) -> list[SchemaFinding]:
    """Return everything about ``value`` that ``schema`` does not allow, each thing once.

    Raises:
      SessionctlError: the schema cannot be applied.
    """
    if schema.budget is None and schema.data.get("$schema", DRAFT) == DRAFT:
        try:
            return _worded(blame(schema.data, value), schema)
        except (UnsureError, UnsupportedPatternError, RecursionError):
            pass
    # A session needs none of what these load.
    from sessionctl.core.schema.check.budget import StepLimitError

    try:
        return _found_by(schema.application(), schema, value)
    except StepLimitError as error:
        raise error.placed(schema.name, schema.data) from None
    except SessionctlError as error:
        raise SessionctlError(f"{schema.name}: {error.message}", hints=error.hints) from error


def _without_echoes(found: list[SchemaFinding]) -> list[SchemaFinding]:
    """Return the findings without those that only say again what is wrong with a value."""
    first: dict[tuple[KeyPath, str], SchemaFinding] = {}
    for finding in found:
        first.setdefault((finding.path, finding.rule), finding)
    return [
        finding
        for finding in found
        if not any((finding.path, louder) in first for louder in _ECHOES.get(finding.rule, ()))
        and (finding.rule != "type" or first[finding.path, "type"] is finding)
    ]


def _found_by(run: Application, schema: Schema, value: object) -> list[SchemaFinding]:
    found = _worded(_violations(schema, value, run), schema)
    if run.doubts:
        from sessionctl.core.schema.words.unchecked import unchecked

        found += unchecked(schema, value, run.unsearchable, run.unreachable)
    return found


def _worded(violations: list[Violation], schema: Schema) -> list[SchemaFinding]:
    return _without_echoes(_paired(list(dict.fromkeys(_described(violations, schema)))))


def _paired(found: list[SchemaFinding]) -> list[SchemaFinding]:
    """Return the findings with a key that is missing and its misspelt name as one."""
    missing = {(one.path, one.about) for one in found if one.rule == "missing-key" and one.about}
    misspelt = {
        (one.path.parent, one.about): index
        for index, one in reversed(list(enumerate(found)))
        if one.rule == "unknown-key" and (one.path.parent, one.about) in missing
    }
    result = []
    for index, one in enumerate(found):
        if one.rule == "missing-key" and (one.path, one.about) in misspelt:
            continue
        if one.about and misspelt.get((one.path.parent, one.about)) == index:
            one = one._replace(hint=f"did you mean {render_key(one.about)}, which is missing?")
        result.append(one)
    return result


def _violations(schema: Schema, value: object, run: Application) -> list[Violation]:
    from sessionctl.core.schema.reference.registry import UnresolvedError

    try:
        return blame(schema.data, value, run)
    except UnresolvedError as error:
        raise SessionctlError(f"refers to {error.address}, which is not in it") from error
    except RecursionError as error:
        raise SessionctlError("refers to itself without end, or is nested too deep") from error


def _described(found: Iterable[Violation], schema: Schema) -> Iterator[SchemaFinding]:
    for index, violation in enumerate(found):
        schema.charge(_WORDS_STEPS + _size(violation.operand) + _size(violation.schema))
        path = KeyPath(violation.path)
        may_guess = index < _GUESSES
        is_hidden = is_secret(path, schema, violation.value)
        case = ViolationCase(violation, path, schema, is_hidden, may_guess)
        if violation.keyword not in UNIONS or violation.is_key:
            yield describe(case)
            continue
        meant = Alternatives(case).finding()
        if isinstance(meant, SchemaFinding):
            yield meant
        else:
            yield from _described(meant, schema)


def _size(value: object) -> int:
    return len(value) if isinstance(value, dict | list) else 0
