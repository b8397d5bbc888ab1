"""The report on a value: everything that a schema does not allow, in words."""

from __future__ import annotations

from sessionctl.core.keypath import KeyPath
from sessionctl.core.schema.check.keyword_check import blame
from sessionctl.core.schema.check.moment import plain
from sessionctl.core.schema.check.pattern import UnsupportedPatternError
from sessionctl.core.schema.check.quick_check import DRAFT, UnsureError
from sessionctl.core.schema.check.violation import Violation
from sessionctl.core.schema.secret_fields import is_secret
from sessionctl.core.schema.words.alternatives import UNIONS, Alternatives
from sessionctl.core.schema.words.keywords import SchemaFinding, ViolationCase, describe
from sessionctl.errors import SessionctlError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any

    from sessionctl.core.schema.model import Schema

# Rules, and those beside which they say nothing new.
_ECHOES = {"const": ("type",), "enum": ("type",), "pattern": ("min-length",)}


def findings(schema: Schema, value: object) -> list[SchemaFinding]:
    """Return everything about ``value`` that ``schema`` does not allow, each thing once.

    Raises:
      SessionctlError: the schema cannot be applied.
    """
    try:
        found = _described(_violations(schema.data, value), schema)
        return _without_echoes(list(dict.fromkeys(found)))
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


def _violations(schema: Mapping[str, Any], value: object) -> list[Violation]:
    if schema.get("$schema", DRAFT) == DRAFT:
        try:
            return blame(schema, value)
        except (UnsureError, UnsupportedPatternError, RecursionError):
            pass
    from sessionctl.core.schema.check.jsonschema_engine import violations

    return list(violations(schema, plain(value)))


def _described(found: Iterable[Violation], schema: Schema) -> Iterator[SchemaFinding]:
    for violation in found:
        path = KeyPath(violation.path)
        case = ViolationCase(violation, path, schema, is_secret(path, schema))
        if violation.keyword not in UNIONS:
            yield describe(case)
            continue
        meant = Alternatives(case).finding()
        if isinstance(meant, SchemaFinding):
            yield meant
        else:
            yield from _described(meant, schema)
