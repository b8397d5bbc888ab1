"""The findings for anyOf and oneOf: by what distinguishes the alternatives, a type or a key."""

from __future__ import annotations

from sessionctl.core.keypath import KeyPath, render_key
from sessionctl.core.schema.check.quick_check import is_type
from sessionctl.core.schema.check.violation import Violation
from sessionctl.core.schema.secret_fields import is_secret
from sessionctl.core.schema.words import forms, phrases
from sessionctl.core.schema.words.keywords import describe
from sessionctl.core.schema.words.schema_finding import (
    TABLE,
    SchemaFinding,
    ViolationCase,
    choice_finding,
    explained,
    kebab,
    missing_finding,
    sample_of,
    together,
    type_finding,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


UNIONS = frozenset({"anyOf", "oneOf"})
_COMPOUND = frozenset({
    "$ref", "additionalProperties", "allOf", "contains", "dependencies", "if", "items", "not",
    "patternProperties", "prefixItems", "properties", "propertyNames", "required",
})  # fmt: skip
_SIMPLE = frozenset({
    "const", "enum", "exclusiveMaximum", "exclusiveMinimum", "format", "maxLength", "maximum",
    "minLength", "minimum", "pattern", "type",
})  # fmt: skip
_SHOWN = 3


class Alternatives:
    """The alternatives of one ``anyOf`` or ``oneOf`` and why the value fits none."""

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
            return explained(self._several(), self.case)
        fitting = [i for i, branch in enumerate(self.branches) if self._has_type(branch)]
        if not fitting:
            return self._wrong_type()
        if len(fitting) == 1:
            return self._beside_values(fitting[0]) or self.reasons[fitting[0]]
        if isinstance(self.value, dict):
            key = self._discriminator(fitting)
            if key is not None:
                return self._by_key(key, fitting)
        return self._choice(fitting) or self._nearest(fitting)

    def _several(self) -> SchemaFinding:
        """Return the finding that more than one alternative fits."""
        if isinstance(self.value, dict):
            needs = [branch.get("required", []) for branch in self.branches]
            met = [need for need in needs if need and all(key in self.value for key in need)]
            common = set(met[0]).intersection(*met) if met else set()
            apart = [[key for key in need if key not in common] for need in met]
            apart = [keys for keys in apart if keys]
            if len({key for keys in apart for key in keys}) > 1:
                return together(self.case, apart)._replace(rule="one-of")
        titles = [branch.get("title") for branch in self.branches]
        named = phrases.either([title for title in titles if isinstance(title, str)])
        of = f": {named}" if named else ""
        message = f"fits more than one of the alternatives{of}"
        return SchemaFinding("one-of", self.case.path, message)

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
            fixed = [s for s in schemas if isinstance(s, dict) and forms.values_of(s)]
            if all(isinstance(schema, dict) for schema in schemas) and len(fixed) > 1:
                if len(fixed) >= len(schemas) - 1:
                    return str(key)
        return None

    def _by_key(self, key: str, fitting: list[int]) -> SchemaFinding | list[Violation]:
        schemas = [self.branches[i]["properties"][key] for i in fitting]
        values = [value for schema in schemas for value in forms.values_of(schema)]
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
        more = tuple(filter(None, map(forms.expected_by, schemas)))
        case = self._case_of(violation)
        if not isinstance(self.value[key], str) and all(isinstance(v, str) for v in values):
            return type_finding(case, ["string"])
        return choice_finding(case, values, more)

    # -- alternatives that say what the value itself may be ------------------------------

    def _beside_values(self, index: int) -> SchemaFinding | None:
        """Return one finding for all alternatives where the one of the right type lists values."""
        reasons = [(reason.keyword, reason.path) for reason in self.reasons[index]]
        here = self.case.violation.path
        if reasons not in ([("const", here)], [("enum", here)]):
            return None
        values: list[Any] = []
        more: list[str] = []
        for branch in self.branches:
            if branch.get("x-rare") is not True and not self._gather(branch, values, more):
                more.append(forms.form_of(branch))
        return self._chosen(values, [form for form in more if form])

    def _choice(self, fitting: list[int]) -> SchemaFinding | None:
        """Return one finding for alternatives that all say what the value itself may be."""
        values: list[Any] = []
        more: list[str] = []
        for index in fitting:
            if any(reason.path != self.case.violation.path for reason in self.reasons[index]):
                return None
            if not self._gather(self.branches[index], values, more):
                return None
        return self._chosen(values, more)

    def _chosen(self, values: list[Any], more: list[str]) -> SchemaFinding | None:
        if not values and not more:
            return None
        return explained(choice_finding(self.case, values, tuple(dict.fromkeys(more))), self.case)

    def _gather(self, branch: Mapping[str, Any], values: list[Any], more: list[str]) -> bool:
        """Add what ``branch`` allows; False: it says more than that of the value."""
        found = forms.values_of(branch)
        if found:
            values += [value for value in found if value not in values]
            return True
        for keyword in UNIONS:
            if keyword in branch:
                inner = self.case.schema.alternatives_of(branch)
                return all(self._gather(one, values, more) for one in inner)
        is_simple = _COMPOUND.isdisjoint(branch) and not _SIMPLE.isdisjoint(branch)
        form = forms.form_of(branch) if is_simple else forms.expected_by(branch)
        more.append(form)
        return bool(form)

    # -- alternatives of which one, or several, are nearer than the others ---------------

    def _nearest(self, fitting: list[int]) -> SchemaFinding | list[Violation]:
        """Return why the nearest alternative does not fit; of several, why none of them does."""
        least = min(self._distance(i) for i in fitting)
        near = [self.reasons[i] for i in fitting if self._distance(i) <= least]
        near = list(
            {tuple((r.keyword, r.path, r.detail) for r in one): one for one in near}.values()
        )
        if len(near) == 1:
            return near[0]
        missing = [self._missing(reasons) for reasons in near]
        if all(missing):
            return self._one_missing(missing)
        cases = [self._case_of(reasons[0]) for reasons in near[:_SHOWN]]
        found = [describe(case) for case in cases if case.violation.keyword not in UNIONS]
        told = [self._told(finding) for finding in found]
        if len(told) < 2:
            return near[0]
        rest = f", or {len(near) - len(told)} more" if len(near) > len(told) else ""
        message = f"fits none of the alternatives: {', or '.join(told)}{rest}"
        at = TABLE if isinstance(self.value, dict) else "value"
        finding = SchemaFinding(kebab(self.case.violation.keyword), self.case.path, message, at=at)
        return explained(finding, self.case)

    def _distance(self, index: int) -> float:
        """Return how much is wrong under one alternative; a key that is nearly right is less."""
        known = self.branches[index].get("properties", {})
        slips = sum(
            reason.keyword == "additionalProperties"
            and reason.path == self.case.violation.path
            and bool(self.case.nearest(reason.detail, known))
            for reason in self.reasons[index]
        )
        return len(self.reasons[index]) - slips / 2

    def _missing(self, reasons: list[Violation]) -> list[str]:
        """Return the keys that are missing, when that is all that is wrong."""
        is_all = all(
            reason.keyword == "required" and reason.path == self.case.violation.path
            for reason in reasons
        )
        return [reason.detail for reason in reasons] if is_all else []

    def _one_missing(self, missing: list[list[str]]) -> SchemaFinding:
        names = [" and ".join(map(render_key, keys)) for keys in missing]
        message = f"one of the keys {phrases.either(names)} is missing"
        if any(len(keys) > 1 for keys in missing):
            message = f"the keys are missing of one of these: {phrases.either(names)}"
        samples = [
            " and ".join(f"{render_key(k)} = {sample_of(self.case, k) or '...'}" for k in keys)
            for keys in missing
        ]
        hint = f"add {phrases.either(samples)}" if len(samples) <= _SHOWN else ""
        said = forms.described_by(self.case.violation.schema)
        hint = "; ".join(filter(None, [hint, said]))
        return SchemaFinding("missing-key", self.case.path, message, hint, TABLE)

    def _case_of(self, violation: Violation) -> ViolationCase:
        path = KeyPath(violation.path)
        hidden = is_secret(path, self.case.schema, violation.value)
        return self.case._replace(violation=violation, path=path, is_hidden=hidden)

    def _told(self, finding: SchemaFinding) -> str:
        """Return a finding in a few words, with its key where that is another one."""
        inner = KeyPath(finding.path[len(self.case.path) :])
        return f"{inner}: {finding.message}" if inner else finding.message


def _types(branch: Mapping[str, Any]) -> list[str]:
    names = branch.get("type")
    if isinstance(names, str):
        return [names]
    if isinstance(names, list):
        return list(names)
    kinds = {str: "string", bool: "boolean", int: "integer", float: "number"}
    found = [kinds.get(type(value), "") for value in forms.values_of(branch)]
    if found and all(found):
        return list(dict.fromkeys(found))
    return ["object"] if "properties" in branch or "required" in branch else []
