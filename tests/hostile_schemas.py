"""Schemas that would keep a check busy for ever, each with a document that it is applied to.

``HOSTILE`` has for each name what makes a schema and a TOML text: no test needs all of them.
"""

from __future__ import annotations

import json

import pytest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

DRAFT_07 = "http://json-schema.org/draft-07/schema#"
DRAFT_2019 = "https://json-schema.org/draft/2019-09/schema"


def doubling(keyword: str, levels: int = 40, last: Any = None) -> dict[str, Any]:
    """Return a schema of which each level refers to the next one twice."""
    parts = {
        f"l{level}": {keyword: [{"$ref": f"#/$defs/l{level + 1}"}] * 2} for level in range(levels)
    }
    parts[f"l{levels}"] = last if last is not None else {"type": "object"}
    return {"$ref": "#/$defs/l0", "$defs": parts}


def doubled(operand: Any, levels: int = 40) -> dict[str, Any]:
    """Return a schema of levels, each of which ``operand(reference to the next one)`` makes."""
    parts = {f"l{n}": operand({"$ref": f"#/$defs/l{n + 1}"}) for n in range(levels)}
    parts[f"l{levels}"] = {"type": "object"}
    return {"$ref": "#/$defs/l0", "$defs": parts}


def nested(keyword: str, levels: int, *, as_list: bool = False) -> dict[str, Any]:
    """Return a schema that is nested in itself."""
    schema: dict[str, Any] = {}
    for _ in range(levels):
        schema = {keyword: [schema] if as_list else schema}
    return schema


def pattern(text: str) -> dict[str, Any]:
    """Return a schema that holds the string ``v`` to a pattern."""
    return {"properties": {"v": {"pattern": text}}}


_LONG = 'v = "' + "a" * 5000 + '!"\n'
_HUGE = 'v = "' + "a" * 500_000 + '!"\n'
_KEYS = "".join(f"k{n} = {n}\n" for n in range(20_000))
_TABLES = "".join(f"[[x]]\na = {n}\nb = [{n}]\n" for n in range(20_000))
_TEXTS = "".join(f'k{n} = "{"a" * 40}!"\n' for n in range(3000))
_TWO = "a = 1\nb = 2\n"

HOSTILE: dict[str, Callable[[], tuple[Any, str]]] = {
    "a repeated repetition": lambda: (pattern("^(a+)+$"), _LONG),
    "a repeated repetition in a long text": lambda: (pattern("^(a+)+$"), _HUGE),
    "equal alternatives": lambda: (pattern("^(a|a|aa)*$"), _LONG),
    "three repetitions": lambda: (pattern("a*a*a*b"), _HUGE),
    "a search without anchor": lambda: (pattern("a+$"), _HUGE),
    "counted repetitions": lambda: (pattern("^(a{1,60}){1,60}b"), _LONG),
    "large counts": lambda: (pattern("^((a{0,1000}){0,1000}){0,1000}b"), _LONG),
    "a back reference": lambda: (pattern(r"^(a+)+\1*b$"), _LONG),
    "looks ahead": lambda: (pattern("^(?=(a+)+$)(?!.*(a|a)*c).*b"), _LONG),
    "a pattern at every value": lambda: (
        {"additionalProperties": {"pattern": "^(([a-z])+.)+[A-Z]([a-z])+$"}},
        _TEXTS,
    ),
    "a pattern for keys": lambda: ({"patternProperties": {"^(k|k|kk)*([0-9]+)*x": {}}}, _KEYS),
    "many patterns for many keys": lambda: (
        {"patternProperties": {f"^k{n}x": {} for n in range(2000)}},
        _KEYS,
    ),
    "a pattern for names": lambda: ({"propertyNames": {"pattern": "^(k+[0-9]*)*!$"}}, _KEYS),
    "a thousand long patterns": lambda: (
        {"properties": {f"p{n}": {"pattern": f"^{'(a|b)' * 900}{n}$"} for n in range(1000)}},
        _TWO,
    ),
    "allOf of allOf": lambda: (doubling("allOf"), _TWO),
    "anyOf of anyOf": lambda: (doubling("anyOf", last={"type": "string"}), _TWO),
    "oneOf of oneOf": lambda: (doubling("oneOf"), _TWO),
    "allOf of allOf in draft 7": lambda: ({**doubling("allOf"), "$schema": DRAFT_07}, _TWO),
    "anyOf in draft 2019-09": lambda: (
        {**doubling("anyOf", last={"type": "string"}), "$schema": DRAFT_2019},
        _TWO,
    ),
    "not within if": lambda: (
        doubled(lambda ref: {"if": ref, "then": ref, "else": ref}),
        _TWO,
    ),
    "dependent schemas": lambda: (
        doubled(lambda ref: {"dependentSchemas": {"a": ref, "b": ref}}),
        _TWO,
    ),
    "unevaluated properties": lambda: (
        doubled(lambda ref: {"anyOf": [ref, ref], "unevaluatedProperties": ref}),
        _TWO,
    ),
    "what dependent schemas evaluate": lambda: (
        {
            **doubled(lambda ref: {"dependentSchemas": {"a": ref, "b": ref}}),
            "unevaluatedProperties": False,
        },
        _TWO,
    ),
    "contains of contains": lambda: (
        doubled(lambda ref: {"contains": {"allOf": [ref, ref]}, "minContains": 1}),
        "x = [1, 2, 3]\n",
    ),
    "unique tables": lambda: ({"properties": {"x": {"uniqueItems": True}}}, _TABLES),
    "unique tables, many times": lambda: (
        {"properties": {"x": {"allOf": [{"uniqueItems": True}] * 500}}},
        _TABLES,
    ),
    "a huge enum of tables": lambda: (
        {"properties": {"x": {"items": {"enum": [{"a": n, "b": [n, n]} for n in range(20_000)]}}}},
        _TABLES,
    ),
    "a huge enum": lambda: (
        {"additionalProperties": {"enum": [f"v{n}" for n in range(100_000)]}},
        _KEYS,
    ),
    "many required keys": lambda: (
        {"properties": {"x": {"items": {"required": [f"r{n}" for n in range(20_000)]}}}},
        _TABLES,
    ),
    "unknown keys near known ones": lambda: (
        {
            "additionalProperties": False,
            "properties": {f"kk{n}": {} for n in range(20_000)},
        },
        _KEYS,
    ),
    "a message for each": lambda: ({"additionalProperties": {"anyOf": [False] * 50}}, _KEYS),
    "a reference to itself": lambda: ({"$ref": "#"}, _TWO),
    "references in a ring": lambda: (
        {
            "$ref": "#/$defs/a",
            "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"allOf": [{"$ref": "#/$defs/a"}]}},
        },
        _TWO,
    ),
    "a dynamic reference to itself": lambda: (
        {"$dynamicAnchor": "n", "allOf": [{"$dynamicRef": "#n"}, {"$dynamicRef": "#n"}]},
        _TWO,
    ),
    "a recursive reference to itself": lambda: (
        {"$schema": DRAFT_2019, "$recursiveAnchor": True, "anyOf": [{"$recursiveRef": "#"}] * 2},
        _TWO,
    ),
    "not within not": lambda: (nested("not", 900), _TWO),
    "not within not, less deep": lambda: (nested("not", 98), _TWO),
    "allOf within allOf": lambda: (nested("allOf", 400, as_list=True), _TWO),
    "properties within properties": lambda: (nested("properties", 800), _TWO),
    "a huge multiple": lambda: ({"additionalProperties": {"multipleOf": 10**4200}}, _KEYS),
    "a tiny multiple": lambda: ({"additionalProperties": {"multipleOf": 5e-324}}, "v = 1.7e308\n"),
    "huge bounds": lambda: (
        {"additionalProperties": {"maximum": -(10**4200)}},
        _TWO + "c = 1.5\nd = inf\n",
    ),
    "references by anchor": lambda: (
        {
            "allOf": [{"$ref": f"#a{n}"} for n in range(3000)],
            "$defs": {f"d{n}": {"$anchor": f"a{n}"} for n in range(3000)},
        },
        _TWO,
    ),
    "a large schema": lambda: (
        {"properties": {f"p{n}": {"type": "string", "minLength": 1} for n in range(60_000)}},
        _TWO,
    ),
}


# What takes half a second and more.
_LENGTHY = {
    "a huge enum of tables", "a huge multiple", "a large schema", "a message for each",
    "a pattern for keys", "a repeated repetition in a long text", "many required keys",
    "three repetitions", "unique tables, many times", "unknown keys near known ones",
}  # fmt: skip
NAMES = [pytest.param(name, marks=pytest.mark.slow if name in _LENGTHY else ()) for name in HOSTILE]


def schema_text(name: str) -> str:
    """Return the JSON of one of the schemas."""
    return json.dumps(HOSTILE[name]()[0])
