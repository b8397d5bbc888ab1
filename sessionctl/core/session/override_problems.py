"""Override problems: mistakes that a session has only on the machines of its overrides."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.core.keypath import KeyPath
from sessionctl.core.problem import Problem, Span
from sessionctl.core.schema.model import Schema
from sessionctl.core.session.override_combinations import MOST_COMBINATIONS, combinations_of
from sessionctl.core.session.override_layers import OVERRIDES, item_parts, joined_layers
from sessionctl.core.session.session import laid_over, read_override
from sessionctl.core.text.shellwords import path_word
from sessionctl.core.text.source import visible
from sessionctl.core.toml.key_places import KeyPlaces
from sessionctl.core.values import is_array_of_tables

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sessionctl.core.schema.words.schema_finding import SchemaFinding
    from sessionctl.core.session.session import Override
    from sessionctl.core.toml.document import Document
    from sessionctl.core.values import Table, Value

RULE = "override"


def override_problems(
    document: Document, problems: Sequence[Problem], schema: Schema | None = None
) -> list[Problem]:
    """Return what is wrong with a session on machines where overrides hold, each thing once.

    Every combination of overrides that can hold together is looked at, up to a limit, which is
    reported. What is wrong without overrides too, and what ``problems`` says already, is left
    out.
    """
    items = document.value.get(OVERRIDES)
    if not items or not is_array_of_tables(items):
        return []
    assert isinstance(items, list)
    overrides = [read_override(item) for item in items if isinstance(item, dict)]
    found = _Combinations(document, overrides, schema or Schema.session()).problems()
    known = {(problem.key_path, problem.rule) for problem in problems}
    return [problem for problem in found if (problem.key_path, problem.rule) not in known]


class _Origin(NamedTuple):
    """Where a value of a combination comes from, in the document."""

    path: KeyPath
    is_exact: bool


class _Combinations:
    def __init__(self, document: Document, overrides: list[Override], schema: Schema) -> None:
        self.document = document
        self.overrides = overrides
        self.schema = schema
        self.places = KeyPlaces(document)
        self._known: set[tuple[KeyPath, str]] | None = None
        self.base: Table = {k: v for k, v in document.value.items() if k != OVERRIDES}

    def problems(self) -> list[Problem]:
        """Return the problems of all combinations."""
        found: dict[tuple[KeyPath, str], Problem] = {}
        combinations = combinations_of(self.overrides)
        for numbers in combinations.sets:
            for problem in self._of(numbers):
                found.setdefault((problem.key_path, problem.rule), problem)
        if not combinations.is_whole:
            found[KeyPath(), RULE] = self._bounded()
        return list(found.values())

    @property
    def known(self) -> set[tuple[KeyPath, str]]:
        """What is wrong without overrides too; asked for where something is wrong with them."""
        if self._known is None:
            self._known = {(finding.path, finding.rule) for finding in self._findings(self.base)}
        return self._known

    def _of(self, numbers: Sequence[int]) -> Iterable[Problem]:
        value = self.base
        for number in numbers:
            value = laid_over(value, self.overrides[number].changes)
        for finding in self._findings(value):
            if (finding.path, finding.rule) not in self.known:
                yield self._problem(finding, numbers)

    def _findings(self, value: Table) -> list[SchemaFinding]:
        if self.schema.accepts(value):
            return []
        from sessionctl.core.schema.words.report import findings

        return findings(self.schema, value)

    def _problem(self, finding: SchemaFinding, numbers: Sequence[int]) -> Problem:
        origin = self._origin(finding.path, numbers)
        holding = " and ".join(f"overrides[{n}] ({self._condition(n)})" for n in numbers)
        verb = "holds" if len(numbers) == 1 else "hold"
        message = f"{_shown(finding.path)}{finding.message}, where {holding} {verb}"
        word = path_word(self.document.name) if self.document.name else ""
        show = f"sessionctl show --resolved {word}".rstrip()
        hint = finding.hint or f"print it as it is on a machine: {show}"
        return Problem(
            finding.rule,
            message,
            self._span(finding, origin),
            self.places.shown(origin.path, self.schema.item_key),
            hint,
            finding.severity,
        )

    def _span(self, finding: SchemaFinding, origin: _Origin) -> Span:
        if origin.is_exact and finding.at == "value":
            return self.places.value(origin.path)
        if origin.is_exact and finding.at == "key":
            return self.places.key(origin.path)
        return self.places.table(origin.path)

    def _origin(self, path: KeyPath, numbers: Sequence[int]) -> _Origin:
        """Return the last override that says the value at ``path``, or the table around it."""
        roots = [KeyPath(), *(KeyPath((OVERRIDES, n)) for n in numbers)]
        values: list[Value] = [self.base, *(self.overrides[n].changes for n in numbers)]
        layers = list(zip(roots, values, strict=True))
        best = _Origin(roots[-1], is_exact=False)
        for depth, part in enumerate(path, start=1):
            layers = _inner(layers, part)
            if not layers:
                break
            place = layers[-1][0]
            if place[:1] == (OVERRIDES,):
                best = _Origin(place, is_exact=depth == len(path))
        return best

    def _condition(self, number: int) -> str:
        when = self.overrides[number].when
        parts = []
        for key, value in when.items():
            texts = value if isinstance(value, list) else [value]
            parts.append(f"{key} {' or '.join(visible(str(text)) for text in texts)}")
        return ", ".join(parts)

    def _bounded(self) -> Problem:
        return Problem(
            RULE,
            f"not all combinations of overrides were checked: more than {MOST_COMBINATIONS}, or"
            " too many host patterns",
            self.places.value(KeyPath((OVERRIDES, 0))),
            KeyPath((OVERRIDES,)),
            "give fewer of them the same machines",
            "warning",
        )


def _inner(layers: Sequence[tuple[KeyPath, Value]], part: object) -> list[tuple[KeyPath, Value]]:
    """Return the layers of the value that ``part`` leads to in all of ``layers`` together."""
    if isinstance(part, str):
        tables = [value if isinstance(value, dict) else {} for _, value in layers]
        return [(layers[n][0] / part, tables[n][part]) for n in joined_layers(tables, part)]
    lists = [value if isinstance(value, list) else [] for _, value in layers]
    if len(lists) > 1:
        parts = item_parts(lists)
    else:
        parts = [[(0, i)] for i in range(len(lists[0]))]
    assert isinstance(part, int)
    places = parts[part] if part < len(parts) else []
    return [(layers[n][0] / i, lists[n][i]) for n, i in places]


def _shown(path: KeyPath) -> str:
    return f"{path}: " if path else ""
