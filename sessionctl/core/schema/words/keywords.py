"""The findings for violated keywords, one function for each keyword."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.core.keypath import KeyPath, render_key
from sessionctl.core.schema.check.moment import Moment
from sessionctl.core.schema.check.violation import Violation
from sessionctl.core.schema.words import phrases
from sessionctl.core.text.plural import counted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from sessionctl.core.schema.model import Schema

VALUE, KEY, TABLE = "value", "key", "table"

_MOMENTS = {
    "date": "a date such as 2026-01-02",
    "date-time": "a date-time such as 2026-01-02T03:04:05Z",
    "time": "a time such as 03:04:05",
}
_SAMPLES = {
    "string": '"..."',
    "integer": "1",
    "number": "1",
    "boolean": "true",
    "array": "[]",
    "object": "{}",
}
_FORMATS = {**_MOMENTS, "ipv4": "an IPv4 address", "ipv6": "an IPv6 address", "uuid": "a UUID"}


class SchemaFinding(NamedTuple):
    """A violation in words; ``at`` says what to point at: the value, its key or the table.

    ``path`` holds keys and indexes, and always leads to something that is there.
    """

    rule: str
    path: KeyPath
    message: str
    hint: str = ""
    at: str = VALUE
    severity: str = "error"


class ViolationCase(NamedTuple):
    """A violation with what its description needs.

    ``may_guess`` allows for looking for what was meant, which takes long among many words.
    """

    violation: Violation
    path: KeyPath
    schema: Schema
    is_hidden: bool
    may_guess: bool = True

    def nearest(self, word: str, words: Iterable[object]) -> str:
        """Return the one of ``words`` that ``word`` was probably meant to be, or ""."""
        return phrases.nearest(word, words) if self.may_guess else ""

    @property
    def got(self) -> str:
        """The value as a message may show it."""
        return phrases.got(self.violation.value, is_hidden=self.is_hidden)


def describe(case: ViolationCase) -> SchemaFinding:
    """Return the finding for a violation of any keyword."""
    violation = case.violation
    if violation.is_key:
        return _key_name(case)
    describer = _DESCRIBERS.get(violation.keyword)
    if describer is not None:
        return describer(case)
    if violation.keyword == "None":
        return SchemaFinding("unknown-key", case.path, "is not allowed here", at=KEY)
    return SchemaFinding(
        kebab(violation.keyword), case.path, f'does not meet "{violation.keyword}" of the schema'
    )


def kebab(keyword: str) -> str:
    """Return the name of a rule for a keyword: ``minLength`` becomes ``min-length``."""
    return "".join(f"-{c.lower()}" if c.isupper() else c for c in keyword).lstrip("-$")


def type_finding(
    case: ViolationCase, kinds: list[str], names: list[str] | None = None
) -> SchemaFinding:
    """Return the finding that the value has none of the types ``kinds``.

    ``names`` are what the types are called, where that is not what JSON Schema calls them.
    """
    message = f"expected {phrases.type_words(names or kinds)}, got {case.got}"
    return SchemaFinding("type", case.path, message, _type_hint(case, kinds))


def choice_finding(
    case: ViolationCase, values: list[Any], more: tuple[str, ...] = (), rule: str = "enum"
) -> SchemaFinding:
    """Return the finding that the value is none of ``values``, nor of the forms ``more``."""
    message = f"expected {phrases.one_of(values, more)}, got {case.got}"
    value = case.violation.value
    near = case.nearest(value, values) if isinstance(value, str) and not case.is_hidden else ""
    return SchemaFinding(
        rule, case.path, message, f"did you mean {phrases.literal(near)}?" if near else ""
    )


def missing_finding(case: ViolationCase, key: str, because: str = "") -> SchemaFinding:
    """Return the finding that the table the case is about lacks ``key``."""
    sample = _sample(case, key)
    hint = f"add {render_key(key)} = {sample}" if sample else ""
    message = f"the key {render_key(key)} is missing{because}"
    return SchemaFinding("missing-key", case.path, message, hint, TABLE)


def _type(case: ViolationCase) -> SchemaFinding:
    operand = case.violation.operand
    names = [operand] if isinstance(operand, str) else list(operand)
    if names == ["object"] and _expected(case):
        return type_finding(case, names, [_expected(case)])
    moment = _MOMENTS.get(case.violation.schema.get("format", ""))
    if names == ["string"] and moment:
        return type_finding(case, [], [moment])
    return type_finding(case, names)


def _type_hint(case: ViolationCase, names: list[str]) -> str:
    value = case.violation.value
    if names[:1] == ["string"] and isinstance(value, Moment | bool | int | float):
        text = str(value) if isinstance(value, Moment) else phrases.literal(value)
        return "put it in quotes" if case.is_hidden else f'put it in quotes: "{text}"'
    if isinstance(value, str) and not case.is_hidden:
        text = value.strip()
        is_number = (
            text.lstrip("+-").isdigit()
            and text.isascii()
            and bool({"integer", "number"} & set(names))
        )
        if (is_number and len(text) < 20) or ("boolean" in names and text in ("true", "false")):
            return f"write it without quotes: {text}"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return f"write it without a point: {int(value)}" if "integer" in names else ""
    return _example(case)


def _example(case: ViolationCase) -> str:
    examples = case.schema.annotation(case.path, "examples")
    if isinstance(examples, list) and examples:
        key = case.path[-1] if case.path else ""
        name = f"{render_key(key)} = " if isinstance(key, str) and key else ""
        return f"for example: {name}{phrases.literal(examples[0])}"
    return ""


def _sample(case: ViolationCase, key: str) -> str:
    """Return a value that may stand at the missing ``key``, or ""."""
    here = case.violation.schema.get("properties", {}).get(key)
    parts = (
        case.schema.parts_of(here) if isinstance(here, dict) else case.schema.at(case.path / key)
    )
    for keyword in ("const", "default", "examples", "enum"):
        for part in parts:
            value = part.get(keyword)
            if keyword in part and keyword in ("const", "default"):
                return phrases.literal(value)
            if isinstance(value, list) and value:
                return phrases.literal(value[0])
    kinds = [part["type"] for part in parts if isinstance(part.get("type"), str)]
    return _SAMPLES.get(kinds[0], "") if kinds else ""


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
    near = case.nearest(key, known)
    hint = f"did you mean {render_key(near)}?" if near else ""
    if case.may_guess and not near:
        free = [name for name in known if name not in value and not name.startswith("$")]
        hint = phrases.known_keys(free)
    return SchemaFinding("unknown-key", case.path / key, "unknown key", hint, KEY)


def _key_name(case: ViolationCase) -> SchemaFinding:
    path = case.path / case.violation.value
    expected = _expected(case) or f"what the schema asks of keys ({case.violation.keyword})"
    key = phrases.quoted(case.violation.value)
    return SchemaFinding("key-name", path, f"expected {expected}, got the key {key}", at=KEY)


def _expected(case: ViolationCase) -> str:
    expected = case.violation.schema.get("x-expected")
    return expected if isinstance(expected, str) else ""


def _pattern(case: ViolationCase) -> SchemaFinding:
    expected = _expected(case) or f"a string of the form {case.violation.operand}"
    return SchemaFinding(
        "pattern", case.path, f"expected {expected}, got {case.got}", _example(case)
    )


def _format(case: ViolationCase) -> SchemaFinding:
    message = f"expected {_FORMATS[case.violation.operand]}, got {case.got}"
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
    from sessionctl.core.values import same_value

    items = case.violation.value
    for index, item in enumerate(items):
        for earlier in range(index):
            if same_value(items[earlier], item):
                message = f"the items [{earlier}] and [{index}] are the same"
                return SchemaFinding("unique-items", case.path / index, message)
    return SchemaFinding("unique-items", case.path, "holds an item twice")


def _multiple(case: ViolationCase) -> SchemaFinding:
    step = phrases.literal(case.violation.operand)
    return SchemaFinding("multiple-of", case.path, f"expected a multiple of {step}, got {case.got}")


def _not(case: ViolationCase) -> SchemaFinding:
    expected = _expected(case)
    message = f"expected {expected}, got {case.got}" if expected else f"cannot be {case.got} here"
    return SchemaFinding("not", case.path, message)


_DESCRIBERS: dict[str, Callable[[ViolationCase], SchemaFinding]] = {
    "additionalProperties": _unknown,
    "const": _const,
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
