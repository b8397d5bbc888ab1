"""What a schema asks of a value, in words that stand after "expected", and what it says itself."""

from __future__ import annotations

from sessionctl.core.keypath import render_key
from sessionctl.core.schema.words import phrases
from sessionctl.core.text.plural import counted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

MOMENTS = {
    "date": "a date such as 2026-01-02",
    "date-time": "a date-time such as 2026-01-02T03:04:05Z",
    "time": "a time such as 03:04:05",
}
FORMATS = {
    **MOMENTS,
    "duration": "a duration such as P1DT12H",
    "email": "an email address such as me@example.org",
    "hostname": "a host name such as db.example.org",
    "ipv4": "an IPv4 address",
    "ipv6": "an IPv6 address",
    "json-pointer": "a JSON pointer such as /a/b",
    "regex": "a regular expression",
    "relative-json-pointer": "a relative JSON pointer such as 1/a",
    "uri": "a URI such as https://example.org/a",
    "uri-reference": "a URI or a path in one",
    "uuid": "a UUID",
}
_LONGEST = 160
_NUMBERS = ("integer", "number")


def expected_by(schema: Mapping[str, Any]) -> str:
    """Return the words that a schema has for what it expects, or ""."""
    expected = schema.get("x-expected")
    return expected if isinstance(expected, str) else ""


def values_of(schema: Mapping[str, Any]) -> list[Any]:
    """Return the values that a schema allows one by one."""
    if "const" in schema:
        return [schema["const"]]
    found = schema.get("enum", [])
    return list(found) if isinstance(found, list) else []


def form_of(schema: Mapping[str, Any]) -> str:
    """Return what ``schema`` allows: "a number from 1 to 5", "a UUID"; "" if it is not said."""
    own = expected_by(schema) or schema.get("title")
    if isinstance(own, str) and own:
        return own
    values = values_of(schema)
    if values:
        return phrases.one_of(values)
    if isinstance(schema.get("pattern"), str):
        return f"a string of the form {schema['pattern']}"
    if schema.get("format") in FORMATS:
        return FORMATS[schema["format"]]
    return _range_of(schema) or _size_of(schema) or _kind_of(schema)


def _range_of(schema: Mapping[str, Any]) -> str:
    low, high = schema.get("minimum"), schema.get("maximum")
    above, below = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
    if above is True:
        low, above = None, low
    if below is True:
        high, below = None, high
    parts = []
    if low is not None and high is not None:
        parts.append(f"from {phrases.literal(low)} to {phrases.literal(high)}")
        low = high = None
    bounds = (
        (low, "of at least"),
        (above, "above"),
        (high, "of at most"),
        (below, "below"),
    )
    for limit, words in bounds:
        if isinstance(limit, int | float) and not isinstance(limit, bool):
            parts.append(f"{words} {phrases.literal(limit)}")
    kind = "an integer" if schema.get("type") == "integer" else "a number"
    return f"{kind} {' and '.join(parts)}" if parts else ""


def _size_of(schema: Mapping[str, Any]) -> str:
    least, most = schema.get("minLength"), schema.get("maxLength")
    if least == 1 and most is None:
        return "a string that is not empty"
    if least is not None and least == most:
        return f"a string of {counted(least, 'character')}"
    if least is not None and most is not None:
        return f"a string of {least} to {counted(most, 'character')}"
    if least is not None:
        return f"a string of at least {counted(least, 'character')}"
    return f"a string of at most {counted(most, 'character')}" if most is not None else ""


def _kind_of(schema: Mapping[str, Any]) -> str:
    keys = schema.get("properties")
    fixed = {key: one["const"] for key, one in keys.items() if _is_fixed(one)} if keys else {}
    if fixed:
        pairs = (f"{render_key(key)} = {phrases.literal(one)}" for key, one in fixed.items())
        return f"a table with {' and '.join(pairs)}"
    needed = schema.get("required")
    if isinstance(needed, list) and needed:
        return f"a table with {keys_in_words(needed)}"
    kinds = schema.get("type")
    if isinstance(kinds, str):
        return phrases.type_words([kinds])
    return phrases.type_words(kinds) if isinstance(kinds, list) else ""


def _is_fixed(schema: object) -> bool:
    return isinstance(schema, dict) and "const" in schema


def keys_in_words(keys: list[str]) -> str:
    """Return "the key a" or "the keys a and b"."""
    names = [render_key(key) for key in keys]
    if len(names) == 1:
        return f"the key {names[0]}"
    return f"the keys {', '.join(names[:-1])} and {names[-1]}"


def said_by(schema: Mapping[str, Any], keyword: str) -> str:
    """Return what ``schema`` itself says of a value that does not meet ``keyword``, or "".

    As ``errorMessage`` and ``patternErrorMessage``, which editors and other validators show.
    """
    message = schema.get("errorMessage")
    if isinstance(message, dict):
        message = message.get(keyword, message.get("_"))
    if not isinstance(message, str) and keyword == "pattern":
        message = schema.get("patternErrorMessage")
    return _quoted(message)


def described_by(schema: Mapping[str, Any]) -> str:
    """Return the first sentence of the description of ``schema``, as a hint, or ""."""
    return _quoted(schema.get("description"))


def _quoted(text: object) -> str:
    if not isinstance(text, str) or not text.strip():
        return ""
    line = " ".join(text.strip().splitlines()[0].split())
    end = line.find(". ")
    line = line if end < 0 else line[: end + 1]
    line = line if len(line) <= _LONGEST else f"{line[:_LONGEST]}..."
    return f"the schema says: {''.join(filter(str.isprintable, line))}"
