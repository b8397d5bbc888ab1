"""The slow no: every violation of a schema, told in our words."""

from __future__ import annotations

from sessionctl.core.keypath import KeyPath
from sessionctl.core.schema.check.pattern import UnsupportedPatternError
from sessionctl.core.schema.check.quick_no import blame
from sessionctl.core.schema.check.quick_yes import DRAFT, UnsureError
from sessionctl.core.schema.check.violation import Violation
from sessionctl.core.schema.redaction import is_secret
from sessionctl.core.schema.words.alternatives import UNIONS, Alternatives
from sessionctl.core.schema.words.keywords import SchemaFinding, ViolationCase, tell
from sessionctl.core.schema.words.phrases import plain
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
        found = _tell_all(_violations(schema.data, value), schema)
        return _without_echoes(list(dict.fromkeys(found)))
    except SessionctlError as error:
        raise SessionctlError(f"{schema.name}: {error.message}", hints=error.hints) from error


def check_schema(data: Mapping[str, Any], name: str) -> None:
    """Return if ``data`` is a JSON Schema that can be applied.

    Raises:
      SessionctlError: it is not; the message names the place as a JSON pointer.
    """
    from sessionctl.core.schema.check.jsonschema_engine import draft_of, unusable
    from sessionctl.core.schema.model import Schema

    draft = draft_of(data)
    if draft is None:
        raise SessionctlError(
            f'{name}: "$schema" names no draft that is known',
            hints=['drafts 4, 6, 7, 2019-09 and 2020-12 are; such as "$schema": '
                   '"https://json-schema.org/draft/2020-12/schema"'],
        )  # fmt: skip
    found = findings(Schema(draft.META_SCHEMA, name), data)
    if found:
        pointer = "/".join(["#", *map(str, found[0].path)])
        raise SessionctlError(
            f"{name}: not a JSON Schema: {pointer}: {found[0].message}",
            hints=[found[0].hint] if found[0].hint else [],
        )
    reason = unusable(data)
    if reason:
        raise SessionctlError(f"{name}: {reason}")


def _without_echoes(found: list[SchemaFinding]) -> list[SchemaFinding]:
    """Return the findings without those that only say again what is wrong with a value."""
    told: dict[tuple[KeyPath, str], SchemaFinding] = {}
    for finding in found:
        told.setdefault((finding.path, finding.rule), finding)
    return [
        finding
        for finding in found
        if not any((finding.path, louder) in told for louder in _ECHOES.get(finding.rule, ()))
        and (finding.rule != "type" or told[finding.path, "type"] is finding)
    ]


def _violations(schema: Mapping[str, Any], value: object) -> list[Violation]:
    if schema.get("$schema", DRAFT) == DRAFT:
        try:
            return blame(schema, value)
        except (UnsureError, UnsupportedPatternError, RecursionError):
            pass
    from sessionctl.core.schema.check.jsonschema_engine import violations

    return list(violations(schema, plain(value)))


def _tell_all(found: Iterable[Violation], schema: Schema) -> Iterator[SchemaFinding]:
    for violation in found:
        path = KeyPath(violation.path)
        case = ViolationCase(violation, path, schema, is_secret(path, schema))
        if violation.keyword not in UNIONS:
            yield tell(case)
            continue
        told = Alternatives(case).tell()
        if isinstance(told, SchemaFinding):
            yield told
        else:
            yield from _tell_all(told, schema)
