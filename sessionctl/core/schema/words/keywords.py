"""The findings for violated keywords, one function for each keyword."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.core.keypath import KeyPath, render_key
from sessionctl.core.schema.check.moment import Moment
from sessionctl.core.schema.check.violation import Violation
from sessionctl.core.schema.secret_fields import is_secret
from sessionctl.core.schema.words import forms, phrases
from sessionctl.core.text.plural import counted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any

    from sessionctl.core.schema.model import Schema

VALUE, KEY, TABLE = "value", "key", "table"
_REMOVE = "remove one of them"

_SAMPLES = {
    "string": '"..."',
    "integer": "1",
    "number": "1",
    "boolean": "true",
    "array": "[]",
    "object": "{}",
}


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
    def description(self) -> str:
        """What the schema says of the value, as a hint, or ""."""
        heads = self.schema.heads(self.path) if self.path else []
        found = (forms.described_by(part) for _, h in heads for part in self.schema.parts_of(h))
        return next(filter(None, found), "")

    @property
    def got(self) -> str:
        """The value as a message may show it."""
        return phrases.got(self.violation.value, is_hidden=self.is_hidden)


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


def explained(finding: SchemaFinding, case: ViolationCase) -> SchemaFinding:
    """Return the finding with what the schema itself says of such a mistake, if it does."""
    schema, keyword = case.violation.schema, case.violation.keyword
    said = forms.said_by(schema, keyword)
    is_open = finding.hint in ("", _REMOVE)
    if not said and is_open and keyword in _UNCLEAR and not forms.expected_by(schema):
        said = forms.described_by(schema) or case.description
    if not said or finding.hint.startswith("did you mean"):
        return finding
    return finding._replace(hint=f"{_REMOVE}; {said}" if finding.hint == _REMOVE else said)


def _other(case: ViolationCase) -> SchemaFinding:
    keyword = case.violation.keyword
    return SchemaFinding(kebab(keyword), case.path, f'does not meet "{keyword}" of the schema')


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
    if not because and case.violation.needed_by:
        because = f", {render_key(case.violation.needed_by)} needs it"
    sample = sample_of(case, key)
    hint = f"add {render_key(key)} = {sample}" if sample else ""
    message = f"the key {render_key(key)} is missing{because}"
    return SchemaFinding("missing-key", case.path, message, hint, TABLE)


def _type(case: ViolationCase) -> SchemaFinding:
    operand = case.violation.operand
    names = [operand] if isinstance(operand, str) else list(operand)
    if names == ["object"] and _expected(case):
        return type_finding(case, names, [_expected(case)])
    moment = forms.MOMENTS.get(case.violation.schema.get("format", ""))
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


def sample_of(case: ViolationCase, key: str) -> str:
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
    elif not expected:
        expected = f"what the schema asks of keys ({violation.keyword})"
    hint = f"did you mean {render_key(near)}?" if near else ""
    return SchemaFinding("key-name", path, f"expected {expected}, got the key {key}", hint, KEY)


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
        "pattern", case.path, f"expected {expected}, got {case.got}", _example(case)
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
    if expected:
        return SchemaFinding("not", case.path, f"expected {expected}, got {case.got}")
    for part in case.schema.alternatives_of(case.violation.operand):
        found = _excluded(case, part)
        if found is not None:
            return found
    if isinstance(case.violation.value, dict):
        return SchemaFinding("not", case.path, 'is what "not" of the schema rules out', at=TABLE)
    return SchemaFinding("not", case.path, f"cannot be {case.got} here")


def _excluded(case: ViolationCase, part: Mapping[str, Any]) -> SchemaFinding | None:
    """Return the finding for a "not" that speaks of keys, items or a form; None: of none."""
    value = case.violation.value
    needed, keys = part.get("required"), list(part.get("properties", ()))
    if isinstance(value, dict) and len(keys) == 1 and keys[0] in value:
        return _cannot_be(case, keys[0], value[keys[0]])
    if isinstance(value, dict) and needed and all(key in value for key in needed):
        return together(case, needed)
    wanted = forms.values_of(case.schema.resolve(part.get("contains") or {}))
    if isinstance(value, list) and wanted:
        return next((_cannot_be(case, i, v) for i, v in enumerate(value) if v in wanted), None)
    if isinstance(value, str) and isinstance(part.get("pattern"), str):
        message = f"expected a string that is not of the form {part['pattern']}, got {case.got}"
        return SchemaFinding("not", case.path, message)
    return None


def _cannot_be(case: ViolationCase, part: str | int, value: object) -> SchemaFinding:
    path = case.path / part
    got = phrases.got(value, is_hidden=is_secret(path, case.schema))
    return SchemaFinding("not", path, f"cannot be {got} here")


def together(case: ViolationCase, keys: list[str]) -> SchemaFinding:
    """Return the finding that ``keys``, which are all there, may not be: not so many of them."""
    last = [key for key in case.violation.value if key in keys][-1]
    if len(keys) == 1:
        return SchemaFinding("not", case.path / last, "is not allowed here", at=KEY)
    names = forms.keys_in_words(keys)
    return SchemaFinding("not", case.path / last, f"{names} exclude each other", _REMOVE, KEY)


def _contains(case: ViolationCase) -> SchemaFinding:
    schema = case.violation.schema
    wanted = case.schema.resolve(case.violation.operand)
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


# What alone does not say what is meant.
_UNCLEAR = frozenset({
    "anyOf", "contains", "format", "maxLength", "minLength", "multipleOf", "not", "oneOf",
    "pattern",
})  # fmt: skip
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
