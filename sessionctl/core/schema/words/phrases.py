"""Phrases of findings: types, values and numbers as people read them."""

from __future__ import annotations

from sessionctl.core.keypath import escape_basic, render_key
from sessionctl.core.scan.redaction import redact
from sessionctl.core.scan.rules.shapes import is_quotable
from sessionctl.core.schema.check.moment import Moment
from sessionctl.core.text.mask import MASK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_TYPES = {
    "string": "a string",
    "integer": "an integer",
    "number": "a number",
    "boolean": "true or false",
    "array": "an array",
    "object": "a table",
    "null": "nothing",
}
_SHOWN = 60
_LISTED = 12
_COMPARED = 300


def kind(value: object) -> str:
    """Return what ``value`` is: "a string", "an array", "a date"."""
    if isinstance(value, Moment):
        return {"datetime": "a date-time", "date": "a date", "time": "a time"}[value.kind]
    if isinstance(value, bool):
        return "a boolean"
    names = {
        str: "a string",
        int: "an integer",
        float: "a float",
        dict: "a table",
        list: "an array",
    }
    return names.get(type(value), "a value")


def got(value: object, *, is_hidden: bool) -> str:
    """Return ``value`` for the end of a message; only its kind when it must not be shown."""
    if is_hidden or isinstance(value, dict | list):
        return kind(value)
    return shown(value)


def shown(value: object) -> str:
    """Return ``value`` as TOML writes it, cut when it is long, with no password in it."""
    if isinstance(value, Moment):
        text = f"{value[:-6]}Z" if value.endswith("+00:00") else value
        return f"the {kind(value)[2:]} {text}"
    if isinstance(value, str):
        return quoted(value)
    text = literal(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def quoted(text: str) -> str:
    """Return ``text`` in double quotes, cut when it is long.

    What is not made of plain words may be a secret at the wrong place, and is masked.
    """
    if not is_quotable(text):
        return f'"{MASK}"'
    text = redact(text)
    if len(text) > _SHOWN:
        text = f"{text[:_SHOWN]}..."
    return f'"{escape_basic(text)}"'


def literal(value: object) -> str:
    """Return a JSON value as TOML writes it on one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{escape_basic(value)}"'
    if isinstance(value, dict):
        inside = ", ".join(f"{render_key(key)} = {literal(item)}" for key, item in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(value, list):
        return f"[{', '.join(map(literal, value))}]"
    return "nothing" if value is None else str(value)


def type_words(names: Iterable[str]) -> str:
    """Return JSON Schema types in words: "a string or an array"."""
    unique = list(dict.fromkeys(_TYPES.get(name, name) for name in names))
    if "a number" in unique and "an integer" in unique:
        unique.remove("an integer")
    return either(unique)


def either(words: Sequence[str]) -> str:
    """Return the alternatives as people say them: "a, b or c"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} or {words[-1]}"


def one_of(values: Sequence[object], more: Sequence[str] = ()) -> str:
    """Return "one of" and the allowed values, or the only one; ``more`` are other forms."""
    texts = [literal(value) for value in values[:_LISTED]]
    if len(values) > _LISTED:
        texts.append(f"{len(values) - _LISTED} more")
    if len(texts) + len(more) == 1:
        return "".join([*texts, *more])
    return f"{'one of ' if len(texts) > 1 else ''}{either([*texts, *more])}"


def nearest(word: str, words: Iterable[object]) -> str:
    """Return the one of ``words`` that ``word`` was probably meant to be, or ""."""
    from sessionctl.core.text import near_words

    return (near_words.nearest(word, words) or [""])[0]


def nearest_steps(word: str, count: int) -> int:
    """Return about how many steps of a budget it takes to find the nearest of ``count`` words."""
    each = 4 + min(len(word), _SHOWN) ** 2 // 16
    return count // 4 + each * min(count, _COMPARED)


def known_keys(keys: Sequence[str]) -> str:
    """Return a hint with the keys that are known, when they are few enough to read."""
    if not keys:
        return ""
    more = "" if len(keys) <= _LISTED else f" and {len(keys) - _LISTED} more"
    return f"known keys: {', '.join(map(render_key, keys[:_LISTED]))}{more}"
