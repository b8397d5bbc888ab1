"""The findings for violated keywords, one function for each keyword."""

from __future__ import annotations

from sessionctl.core.keypath import render_key
from sessionctl.core.schema.secret_fields import is_secret
from sessionctl.core.schema.words import forms, phrases
from sessionctl.core.schema.words.borrowed_keys import own_key, own_place
from sessionctl.core.schema.words.schema_finding import (
    KEY,
    TABLE,
    SchemaFinding,
    ViolationCase,
    choice_finding,
    example_of,
    explained,
    kebab,
    missing_finding,
    together,
    type_finding,
)
from sessionctl.core.text.plural import counted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping
    from typing import Any


def describe(case: ViolationCase) -> SchemaFinding:
    """Return the finding for a violation of any keyword."""
    violation = case.violation
    if violation.is_key:
        finding = _key_name(case)
    elif violation.keyword == "None":
        finding = SchemaFinding("unknown-key", case.path, "is not allowed here", at=KEY)
    else:
        finding = _DESCRIBERS.get(violation.keyword, _other)(case)
    return explained(finding, case)


def _other(case: ViolationCase) -> SchemaFinding:
    keyword = case.violation.keyword
    return SchemaFinding(kebab(keyword), case.path, f'does not meet "{keyword}" of the schema')


def _type(case: ViolationCase) -> SchemaFinding:
    operand = case.violation.operand
    names = [operand] if isinstance(operand, str) else list(operand)
    if names == ["object"] and _expected(case):
        return type_finding(case, names, [_expected(case)])
    moment = forms.MOMENTS.get(case.violation.schema.get("format", ""))
    if names == ["string"] and moment:
        return type_finding(case, [], [moment])
    return type_finding(case, names)


def _enum(case: ViolationCase) -> SchemaFinding:
    return choice_finding(case, list(case.violation.operand))


def _const(case: ViolationCase) -> SchemaFinding:
    return choice_finding(case, [case.violation.operand], rule="const")


def _required(case: ViolationCase) -> SchemaFinding:
    return missing_finding(case, case.violation.detail)


def _dependent(case: ViolationCase) -> SchemaFinding:
    key = case.violation.detail
    reasons = [name for name, needed in case.violation.operand.items() if key in needed]
    because = f", {render_key(reasons[0])} needs it" if reasons else ""
    return missing_finding(case, key, because)


def _unknown(case: ViolationCase) -> SchemaFinding:
    key, value = case.violation.detail, case.violation.value
    if not isinstance(value, dict) or key not in value:
        return SchemaFinding("unknown-key", case.path, "holds keys that the schema does not allow")
    known = case.violation.schema.get("properties") or case.schema.keys_at(case.path)
    near = own_key(key, known, value)
    place = "" if near else own_place(key, case.path, case.schema)
    if not near and not place:
        near = case.nearest(key, known)
    hint = f"did you mean {place or render_key(near)}?" if near or place else ""
    if case.may_guess and not hint:
        free = [name for name in known if name not in value and not name.startswith("$")]
        hint = phrases.known_keys(free)
    return SchemaFinding("unknown-key", case.path / key, "unknown key", hint, KEY, about=near)


def _key_name(case: ViolationCase) -> SchemaFinding:
    violation = case.violation
    path = case.path / violation.value
    key = phrases.quoted(violation.value)
    values = forms.values_of(violation.schema) if violation.keyword in ("const", "enum") else []
    near = case.nearest(violation.value, values)
    expected = _expected(case)
    if not expected and values:
        expected = phrases.one_of(values)
    elif not expected and violation.keyword in _OF_KEYS:
        expected = _OF_KEYS[violation.keyword](violation.operand)
    elif not expected and violation.keyword in ("anyOf", "oneOf"):
        branches = case.schema.alternatives_of({violation.keyword: violation.operand})
        expected = phrases.either([form for form in map(forms.form_of, branches) if form])
    if violation.keyword == "not" and not expected:
        return SchemaFinding("key-name", path, f"the key {key} is not allowed here", at=KEY)
    expected = expected or f"what the schema asks of keys ({violation.keyword})"
    hint = f"did you mean {render_key(near)}?" if near else ""
    return SchemaFinding("key-name", path, f"expected {expected}, got the key {key}", hint, KEY)


_MOST_ALIKE = 10
_OF_KEYS: dict[str, Callable[[Any], str]] = {
    "format": lambda operand: forms.FORMATS[operand],
    "maxLength": lambda operand: f"a key of at most {counted(operand, 'character')}",
    "minLength": lambda operand: f"a key of at least {counted(operand, 'character')}",
    "pattern": lambda operand: f"a key of the form {operand}",
}


def _expected(case: ViolationCase) -> str:
    return forms.expected_by(case.violation.schema)


def _pattern(case: ViolationCase) -> SchemaFinding:
    expected = _expected(case) or f"a string of the form {case.violation.operand}"
    return SchemaFinding(
        "pattern", case.path, f"expected {expected}, got {case.got}", example_of(case)
    )


def _format(case: ViolationCase) -> SchemaFinding:
    message = f"expected {forms.FORMATS[case.violation.operand]}, got {case.got}"
    return SchemaFinding("format", case.path, message)


def _bound(text: str) -> Callable[[ViolationCase], SchemaFinding]:
    def describe_bound(case: ViolationCase) -> SchemaFinding:
        limit = phrases.literal(case.violation.operand)
        message = f"expected a number {text} {limit}, got {case.got}"
        return SchemaFinding(kebab(case.violation.keyword), case.path, message)

    return describe_bound


def _size(text: str, noun: str) -> Callable[[ViolationCase], SchemaFinding]:
    def describe_size(case: ViolationCase) -> SchemaFinding:
        limit = counted(case.violation.operand, noun)
        size = "" if case.is_hidden else f", got {len(case.violation.value)}"
        message = f"expected {text} {limit}{size}"
        if not case.violation.value and case.violation.operand == 1:
            message = {"character": "is empty", "item": "has no items", "key": "has no keys"}[noun]
        return SchemaFinding(kebab(case.violation.keyword), case.path, message)

    return describe_size


def _unique(case: ViolationCase) -> SchemaFinding:
    from sessionctl.core.schema.reference.equality import frozen
    from sessionctl.core.values import same_value

    items = case.violation.value
    alike: dict[Hashable, list[int]] = {}
    for index, item in enumerate(items):
        earlier = alike.setdefault(frozen(item), [])
        # What the check takes for equal may be written in two ways, such as 1 and 1.0.
        for other in earlier[:_MOST_ALIKE]:
            if same_value(items[other], item):
                message = f"the items [{other}] and [{index}] are the same"
                return SchemaFinding("unique-items", case.path / index, message)
        earlier.append(index)
    return SchemaFinding("unique-items", case.path, "has an item twice")


def _multiple(case: ViolationCase) -> SchemaFinding:
    step = phrases.literal(case.violation.operand)
    return SchemaFinding("multiple-of", case.path, f"expected a multiple of {step}, got {case.got}")


def _not(case: ViolationCase) -> SchemaFinding:
    expected = _expected(case)
    if expected:
        return SchemaFinding("not", case.path, f"expected {expected}, got {case.got}")
    for part in case.schema.alternatives_of(case.violation.operand):
        found = _excluded(case, part)
        if found is not None:
            return found
    if isinstance(case.violation.value, dict):
        return SchemaFinding("not", case.path, 'is excluded by "not" of the schema', at=TABLE)
    return SchemaFinding("not", case.path, f"cannot be {case.got} here")


def _excluded(case: ViolationCase, part: Mapping[str, Any]) -> SchemaFinding | None:
    """Return the finding for a "not" that speaks of keys, items or a form; None: of none."""
    value = case.violation.value
    parts = [part, *(inner for inner in part.get("allOf", ()) if isinstance(inner, dict))]
    needed = [key for inner in parts for key in inner.get("required", ())]
    keys = list(part.get("properties", ()))
    if isinstance(value, dict) and len(keys) == 1 and keys[0] in value:
        return _cannot_be(case, keys[0], value[keys[0]])
    if isinstance(value, dict) and needed and all(key in value for key in needed):
        return together(case, [needed])
    wanted = forms.values_of(_schema_of(case, part.get("contains")))
    if isinstance(value, list) and wanted:
        return next((_cannot_be(case, i, v) for i, v in enumerate(value) if v in wanted), None)
    if isinstance(value, str) and isinstance(part.get("pattern"), str):
        message = f"expected a string that is not of the form {part['pattern']}, got {case.got}"
        return SchemaFinding("not", case.path, message)
    return None


def _schema_of(case: ViolationCase, operand: object) -> Mapping[str, Any]:
    """Return the schema that ``operand`` is or refers to; a boolean says nothing in words."""
    return case.schema.resolve(operand) if isinstance(operand, dict) else {}


def _cannot_be(case: ViolationCase, part: str | int, value: object) -> SchemaFinding:
    path = case.path / part
    got = phrases.got(value, is_hidden=is_secret(path, case.schema, value))
    return SchemaFinding("not", path, f"cannot be {got} here")


def _contains(case: ViolationCase) -> SchemaFinding:
    schema = case.violation.schema
    wanted = _schema_of(case, case.violation.operand)
    form = forms.form_of(wanted) or "what the schema asks for"
    least, most = schema.get("minContains", 1), schema.get("maxContains")
    found = int(case.violation.detail or 0)
    message = f"no item is {form}"
    if most is not None and found > most:
        message = f"expected at most {counted(most, 'item')} that can be {form}, got {found}"
    elif least > 1:
        message = f"expected at least {counted(least, 'item')} that can be {form}, got {found}"
    values = forms.values_of(wanted)
    hint = f"add {phrases.literal(values[0])}" if len(values) == 1 and found < least else ""
    return SchemaFinding("contains", case.path, message, hint)


_DESCRIBERS: dict[str, Callable[[ViolationCase], SchemaFinding]] = {
    "additionalProperties": _unknown,
    "const": _const,
    "contains": _contains,
    "dependentRequired": _dependent,
    "enum": _enum,
    "exclusiveMaximum": _bound("below"),
    "exclusiveMinimum": _bound("above"),
    "format": _format,
    "maxItems": _size("at most", "item"),
    "maxLength": _size("at most", "character"),
    "maxProperties": _size("at most", "key"),
    "maximum": _bound("of at most"),
    "minItems": _size("at least", "item"),
    "minLength": _size("at least", "character"),
    "minProperties": _size("at least", "key"),
    "minimum": _bound("of at least"),
    "multipleOf": _multiple,
    "not": _not,
    "pattern": _pattern,
    "required": _required,
    "type": _type,
    "unevaluatedProperties": _unknown,
    "uniqueItems": _unique,
}
