"""Findings: violations in words, and how those that several keywords share are made."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.core.keypath import KeyPath, render_key
from sessionctl.core.schema.check.moment import Moment
from sessionctl.core.schema.check.quick_check import is_type
from sessionctl.core.schema.check.violation import Violation
from sessionctl.core.schema.words import forms, phrases
from sessionctl.core.schema.words.quote_hint import QUOTE, UNQUOTE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from sessionctl.core.schema.model import Schema

VALUE, KEY, TABLE = "value", "key", "table"
REMOVE = "remove one of them"

_SAMPLES = {
    "string": '"..."',
    "integer": "1",
    "number": "1",
    "boolean": "true",
    "array": "[]",
    "object": "{}",
}


# What alone does not say what is meant.
_UNCLEAR = frozenset({
    "anyOf", "contains", "format", "maxLength", "minLength", "multipleOf", "not", "oneOf",
    "pattern",
})  # fmt: skip


class SchemaFinding(NamedTuple):
    """A violation in words; ``at`` says what to point at: the value, its key or the table.

    ``path`` holds keys and indexes, and always leads to something that is there. ``about`` is the
    key that is missing, or that an unknown one was meant to be.
    """

    rule: str
    path: KeyPath
    message: str
    hint: str = ""
    at: str = VALUE
    severity: str = "error"
    about: str = ""


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
        if not self.may_guess:
            return ""
        known = list(words)
        is_possible = self.schema.affords(phrases.nearest_steps(word, len(known)))
        return phrases.nearest(word, known) if is_possible else ""

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


def explained(finding: SchemaFinding, case: ViolationCase) -> SchemaFinding:
    """Return the finding with what the schema itself says of such a mistake, if it does."""
    schema, keyword = case.violation.schema, case.violation.keyword
    said = forms.said_by(schema, keyword)
    is_open = finding.hint in ("", REMOVE)
    if not said and is_open and keyword in _UNCLEAR and not forms.expected_by(schema):
        said = forms.described_by(schema) or case.description
    if not said or finding.hint.startswith("did you mean"):
        return finding
    return finding._replace(hint=f"{REMOVE}; {said}" if finding.hint == REMOVE else said)


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
    """Return the finding that the value is not one of ``values``, nor of the forms ``more``."""
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
    return SchemaFinding("missing-key", case.path, message, hint, TABLE, about=key)


def together(case: ViolationCase, sets: list[list[str]]) -> SchemaFinding:
    """Return the finding that all keys of ``sets`` are there, and should not be together."""
    keys = [key for one in sets for key in one]
    last = [key for key in case.violation.value if key in keys][-1]
    if len(keys) == 1:
        return SchemaFinding("not", case.path / last, "is not allowed here", at=KEY)
    is_plain = all(len(one) == 1 for one in sets) or len(sets) == 1
    names = forms.keys_in_words(keys) if is_plain else " and ".join(map(forms.keys_in_words, sets))
    return SchemaFinding("not", case.path / last, f"{names} exclude each other", REMOVE, KEY)


def _type_hint(case: ViolationCase, names: list[str]) -> str:
    value = case.violation.value
    if names[:1] == ["string"] and isinstance(value, Moment | bool | int | float):
        text = str(value) if isinstance(value, Moment) else phrases.literal(value)
        return QUOTE if case.is_hidden else f'{QUOTE}: "{text}"'
    if isinstance(value, str) and not case.is_hidden:
        text = value.strip()
        is_number = (
            text.lstrip("+-").isdigit()
            and text.isascii()
            and bool({"integer", "number"} & set(names))
        )
        if (is_number and len(text) < 20) or ("boolean" in names and text in ("true", "false")):
            return f"{UNQUOTE}: {text}"
    if names == ["object"] and isinstance(value, str) and not case.is_hidden:
        # panes = ["vim"], as other tools have it
        keys = case.schema.keys_at(case.path)
        key = next((key for key in ("run", "name") if key in keys), "")
        return f"write it as {{ {key} = {phrases.quoted(value)} }}" if key else ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return f"write it without a point: {int(value)}" if "integer" in names else ""
    return example_of(case, names)


def example_of(case: ViolationCase, kinds: Iterable[str] = ()) -> str:
    """Return the first example of the value that has one of ``kinds`` as a hint, or ""."""
    examples = case.schema.annotation(case.path, "examples")
    for example in examples if isinstance(examples, list) else ():
        if _is_toml(example) and (not kinds or any(is_type(example, kind) for kind in kinds)):
            key = case.path[-1] if case.path else ""
            name = f"{render_key(key)} = " if isinstance(key, str) and key else ""
            return f"for example: {name}{phrases.literal(example)}"
    return ""


def sample_of(case: ViolationCase, key: str) -> str:
    """Return a value that may stand at the missing ``key``, or ""."""
    here = case.violation.schema.get("properties", {}).get(key)
    parts = (
        case.schema.parts_of(here) if isinstance(here, dict) else case.schema.at(case.path / key)
    )
    for keyword in ("const", "default", "examples", "enum"):
        for part in parts:
            offered = part.get(keyword, [])
            if keyword in part and keyword in ("const", "default"):
                offered = [offered]
            usable = filter(_is_toml, offered if isinstance(offered, list) else ())
            for sample in usable:
                return phrases.literal(sample)
    kinds = [part["type"] for part in parts if isinstance(part.get("type"), str)]
    return _SAMPLES.get(kinds[0], "") if kinds else ""


def _is_toml(value: object) -> bool:
    """Return whether a file can hold ``value``: TOML has no null."""
    if isinstance(value, dict):
        return all(map(_is_toml, value.values()))
    if isinstance(value, list):
        return all(map(_is_toml, value))
    return value is not None
