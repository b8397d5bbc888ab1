"""The findings for anyOf and oneOf: by what distinguishes the alternatives, a type or a key."""

from __future__ import annotations

from sessionctl.core.keypath import KeyPath, render_key
from sessionctl.core.schema.check.quick_check import is_type
from sessionctl.core.schema.check.violation import Violation
from sessionctl.core.schema.words import phrases
from sessionctl.core.schema.words.keywords import (
    SchemaFinding,
    ViolationCase,
    choice_finding,
    missing_finding,
    type_finding,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


UNIONS = frozenset({"anyOf", "oneOf"})
_SIMPLE = frozenset({"const", "enum", "pattern", "minLength", "maxLength", "format"})


class Alternatives:
    """The alternatives of one ``anyOf`` or ``oneOf`` and why the value is none of them."""

    def __init__(self, case: ViolationCase) -> None:
        self.case = case
        self.value = case.violation.value
        self.branches = [
            case.schema.resolve(branch) if isinstance(branch, dict) else {}
            for branch in case.violation.operand
        ]
        self.reasons: list[list[Violation]] = [[] for _ in self.branches]
        for violation in case.violation.context:
            self.reasons[violation.branch].append(violation)

    def finding(self) -> SchemaFinding | list[Violation]:
        """Return what to say, or the violations of the one alternative that was meant."""
        if not self.case.violation.context:
            titles = [branch.get("title") for branch in self.branches]
            named = phrases.either([title for title in titles if isinstance(title, str)])
            of = f": {named}" if named else ""
            message = f"fits more than one of the alternatives{of}"
            return SchemaFinding("one-of", self.case.path, message)
        fitting = [i for i, branch in enumerate(self.branches) if self._has_type(branch)]
        if not fitting:
            return self._wrong_type()
        if len(fitting) == 1:
            return self.reasons[fitting[0]]
        if isinstance(self.value, dict):
            key = self._discriminator(fitting)
            if key is not None:
                return self._by_key(key, fitting)
        return self._choice(fitting) or min(
            (self.reasons[i] for i in fitting), key=lambda found: (len(found), -_depth(found))
        )

    def _has_type(self, branch: Mapping[str, Any]) -> bool:
        names = _types(branch)
        return not names or any(is_type(self.value, name) for name in names)

    def _wrong_type(self) -> SchemaFinding:
        kinds: list[str] = []
        names: list[str] = []
        for branch in self.branches:
            if branch.get("x-rare") is True:  # allowed, but nothing to advise
                continue
            title = branch.get("title")
            kinds += _types(branch)
            names += [title] if isinstance(title, str) else _types(branch)
        return type_finding(self.case, kinds, names)

    def _discriminator(self, fitting: list[int]) -> str | None:
        """Return the key whose value alone distinguishes the alternatives, if there is one."""
        keys = self.branches[fitting[0]].get("properties", {})
        for key in keys:
            schemas = [self.branches[i].get("properties", {}).get(key) for i in fitting]
            fixed = [s for s in schemas if isinstance(s, dict) and _values(s)]
            if all(isinstance(schema, dict) for schema in schemas) and len(fixed) > 1:
                if len(fixed) >= len(schemas) - 1:
                    return str(key)
        return None

    def _by_key(self, key: str, fitting: list[int]) -> SchemaFinding | list[Violation]:
        schemas = [self.branches[i]["properties"][key] for i in fitting]
        values = [value for schema in schemas for value in _values(schema)]
        if key not in self.value:
            finding = missing_finding(self.case, key)
            one = phrases.one_of(values)
            return finding._replace(
                message=f"{finding.message}, it says which kind this is",
                hint=f"add {render_key(key)} = ..., {one}",
            )
        inner = (*self.case.violation.path, key)
        for index in fitting:
            if not any(reason.path == inner for reason in self.reasons[index]):
                return self.reasons[index]
        violation = self.case.violation._replace(value=self.value[key], path=inner)
        forms = tuple(
            schema["x-expected"] for schema in schemas if isinstance(schema.get("x-expected"), str)
        )
        case = self.case._replace(violation=violation, path=KeyPath(inner))
        if not isinstance(self.value[key], str) and all(isinstance(v, str) for v in values):
            return type_finding(case, ["string"])
        return choice_finding(case, values, forms)

    def _choice(self, fitting: list[int]) -> SchemaFinding | None:
        """Return one finding for alternatives that all say what the value itself may be."""
        values: list[Any] = []
        forms: list[str] = []
        for index in fitting:
            reasons = self.reasons[index]
            if any(r.path != self.case.violation.path or r.keyword not in _SIMPLE for r in reasons):
                return None
            branch = self.branches[index]
            if _values(branch):
                values += _values(branch)
            else:
                forms.append(str(branch.get("x-expected") or branch.get("title") or ""))
        if not values and not any(forms):
            return None
        return choice_finding(self.case, values, tuple(filter(None, forms)))


def _values(schema: Mapping[str, Any]) -> list[Any]:
    if "const" in schema:
        return [schema["const"]]
    found = schema.get("enum", [])
    return list(found) if isinstance(found, list) else []


def _types(branch: Mapping[str, Any]) -> list[str]:
    names = branch.get("type")
    if isinstance(names, str):
        return [names]
    if isinstance(names, list):
        return list(names)
    kinds = {str: "string", bool: "boolean", int: "integer", float: "number"}
    found = [kinds.get(type(value), "") for value in _values(branch)]
    if found and all(found):
        return list(dict.fromkeys(found))
    return ["object"] if "properties" in branch or "required" in branch else []


def _depth(found: list[Violation]) -> int:
    return max((len(violation.path) for violation in found), default=0)
