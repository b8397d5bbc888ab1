"""The verdict on a document: ``validate``, every problem of it with its place."""

from __future__ import annotations

from sessionctl.core.keypath import KeyPath
from sessionctl.core.problem import Problem, Span, problem_of
from sessionctl.core.schema.model import Schema
from sessionctl.core.toml.document import Document
from sessionctl.errors import ParseError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from sessionctl.core.schema.words.schema_finding import SchemaFinding
    from sessionctl.core.toml.key_places import KeyPlaces
    from sessionctl.core.values import Value

_NEWER = "version"


def validate(
    document: Document | str, schema: Schema | Mapping[str, Any] | None = None
) -> tuple[Problem, ...]:
    """Return all problems of a document, in the order of the text; none: it is valid.

    Problems of severity "warning" do not make it invalid. No message holds the value of
    a secret field.

    Args:
      document: the document, or its text. Text that is not TOML has that one problem.
      schema: a ``Schema`` or parsed JSON Schema; that of session files by default.

    Raises:
      SessionctlError: the schema itself cannot be used.
    """
    if isinstance(document, str):
        try:
            document = Document.parse(document)
        except ParseError as error:
            return (syntax_problem(error),)
    from sessionctl.core.toml.escaped_paths import escaped_paths

    if schema is None:
        schema = Schema.session()
    elif not isinstance(schema, Schema):
        from sessionctl.core.schema.loader import load_schema

        schema = load_schema(schema)
    problems = _schema_problems(document, schema)
    if problems and problems[0].rule == _NEWER:
        return (problems[0],)
    problems += _repeated_items(document, schema)
    problems += escaped_paths(document)
    return tuple(sorted(problems, key=lambda problem: problem.span))


def session_problems(document: Document) -> list[Problem]:
    """Return what the schema of sessions says of a document, in the order of the schema."""
    return _schema_problems(document, Schema.session())


def _schema_problems(document: Document, schema: Schema) -> list[Problem]:
    schema.begin(len(document.text))
    newer = _newer_version(document, schema)
    if newer is not None:
        return [newer]
    return [] if schema.accepts(document.value) else _violations(document, schema)


def syntax_problem(error: ParseError) -> Problem:
    """Return the problem of text that is not TOML; it does not quote what is written there."""
    problem = problem_of(error)
    if problem.rule != "syntax" or " is not a " not in problem.message:
        return problem
    # "hunter2 is not a value": what lacks its quotes may be a password.
    what = problem.message.partition(" is not ")[2]
    return problem._replace(message=f"this is not {what}")


def _newer_version(document: Document, schema: Schema) -> Problem | None:
    version, newest = document.value.get("schema_version"), schema.newest_version
    if not isinstance(version, int) or isinstance(version, bool) or newest is None:
        return None
    if version <= newest:
        return None
    return Problem(
        _NEWER,
        f"written in version {version} of the format, the newest known one is {newest}",
        document.span(["schema_version"]),
        KeyPath(["schema_version"]),
        "update sessionctl to use this file; it is left as it is",
    )


def _violations(document: Document, schema: Schema) -> list[Problem]:
    from sessionctl.core.schema.words.report import findings
    from sessionctl.core.toml.key_places import KeyPlaces

    places = KeyPlaces(document)
    return [
        Problem(
            finding.rule,
            finding.message,
            _place(finding, places),
            places.shown(finding.path, schema.item_key),
            finding.hint,
            finding.severity,
        )
        for finding in findings(schema, document.value)
    ]


def _place(finding: SchemaFinding, places: KeyPlaces) -> Span:
    if finding.at == "key":
        return places.key(finding.path)
    if finding.at == "table":
        return places.table(finding.path)
    return places.value(finding.path)


def _repeated_items(document: Document, schema: Schema) -> list[Problem]:
    """Return a warning for each item of an array that has the identity of an earlier one."""
    problems: list[Problem] = []
    if not schema.has_item_keys:
        return problems
    for path, key, first, again in _repetitions(document.value, KeyPath(), schema):
        line, _ = document.source.place(document.span((*path, first)).start)
        problems.append(
            Problem(
                "duplicate-item",
                f"another item of {path} has this {key} already, on line {line}",
                document.span((*path, again, key)),
                path / again / key,
                f"give each its own {key}, so that edits are merged into the right one",
                "warning",
            )
        )
    return problems


def _repetitions(
    value: Value, path: KeyPath, schema: Schema
) -> Iterator[tuple[KeyPath, str, int, int]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if isinstance(inner, dict | list):
                yield from _repetitions(inner, path / key, schema)
        return
    assert isinstance(value, list)
    item_key = None
    seen: dict[str, int] = {}
    for index, item in enumerate(value):
        if not isinstance(item, dict | list):
            continue
        item_key = item_key or schema.item_key(path) or ""
        name = item.get(item_key) if isinstance(item, dict) else None
        if isinstance(name, str) and item_key:
            first = seen.setdefault(name, index)
            if first != index:
                yield path, item_key, first, index
        yield from _repetitions(item, path / index, schema)
