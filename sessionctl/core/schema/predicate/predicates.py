"""Predicates: those of the schemas of one document, each made when a value first meets it."""

from __future__ import annotations

from sessionctl.core.schema.check.budget import StepLimitError
from sessionctl.core.schema.check.pattern import UnsupportedPatternError
from sessionctl.core.schema.check.quick_check import UnsureError
from sessionctl.core.schema.predicate.value_kind import KINDS, OF_KIND, always, never
from sessionctl.core.schema.reference.registry import UnresolvedError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from sessionctl.core.schema.check.application import Application
    from sessionctl.core.schema.predicate.value_kind import Test

    MakeTest = Callable[["Predicates", Mapping[str, Any], type], Test]


class Predicates:
    """The predicates of all schemas that one ``Application`` applies.

    ``run`` is that application, ``charge`` takes steps of its budget. Where a value holds values,
    and where several schemas are about one value, each costs a step: so a check ends.
    """

    __slots__ = ("_known", "_makers", "charge", "run")

    def __init__(self, run: Application, makers: Mapping[str, MakeTest]) -> None:
        """Compile what ``run`` applies; ``makers`` make the tests of each keyword.

        One that several keywords share is asked once for all of them.
        """
        self.run = run
        self._makers = makers
        self.charge: Callable[[int], None] = run.budget.charge
        self._known: dict[int, Test] = {}

    def accepts(self, value: object) -> bool:
        """Return whether ``value`` is certainly valid; False may also mean "not sure"."""
        run = self.run
        run.doubts = 0
        try:
            holds = run.holds if run.registry.is_dynamic else self._holds
            return holds(run.root, value) and not run.doubts
        except (RecursionError, StepLimitError, UnresolvedError, UnsureError):
            return False

    def _holds(self, schema: object, value: object) -> bool:
        return self.of(schema)(value)

    def of(self, schema: object) -> Test:
        """Return the predicate of one schema, which is part of what is applied."""
        if isinstance(schema, bool):
            return always if schema else never
        found = self._known.get(id(schema))
        if found is None:
            assert isinstance(schema, dict)
            found = self._known[id(schema)] = self._predicate(schema)
        return found

    def search(self, pattern: str) -> Callable[[str], object]:
        """Return the search for a pattern of the schema.

        Raises:
          UnsureError: it cannot be searched for.
        """
        try:
            return self.run.search(pattern)
        except UnsupportedPatternError as error:
            raise UnsureError(pattern) from error

    def _predicate(self, schema: Mapping[str, Any]) -> Test:
        tests: dict[type, Test] = {}

        def predicate(value: Any) -> bool:
            test = tests.get(type(value))
            if test is None:
                test = tests[type(value)] = self._test(schema, type(value))
            return test(value)

        return predicate

    def _test(self, schema: Mapping[str, Any], kind: type) -> Test:
        """Return what values of one kind have to meet."""
        if kind not in KINDS:
            return lambda value: self.run.holds(schema, value)
        tests: list[Test] = []
        asked: set[MakeTest] = set()
        for keyword in self.run.keywords(schema):
            if kind not in OF_KIND.get(keyword, KINDS):
                continue
            make = self._makers.get(keyword)
            if make is None:
                tests.append(self._rule(keyword, schema))
            elif make not in asked:
                asked.add(make)
                tests.append(make(self, schema, kind))
        return _all(tests)

    def _rule(self, keyword: str, schema: Mapping[str, Any]) -> Test:
        run = self.run
        return lambda value: run.meets(keyword, schema, value)


def _all(tests: list[Test]) -> Test:
    if never in tests:
        return never
    tests = [test for test in tests if test is not always]
    if not tests:
        return always
    if len(tests) == 1:
        return tests[0]
    if len(tests) == 2:
        first, second = tests
        return lambda value: first(value) and second(value)

    def test(value: Any) -> bool:
        for one in tests:  # noqa: SIM110 - a generator costs twice as much
            if not one(value):
                return False
        return True

    return test
