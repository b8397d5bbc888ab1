"""What a schema says about one key, for people who write the file."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.core.keypath import KeyPath, render_key
from sessionctl.core.schema.words import forms, phrases
from sessionctl.core.schema.words.borrowed_keys import own_key, own_place
from sessionctl.errors import KeyNotFoundError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from sessionctl.core.keypath import Part
    from sessionctl.core.schema.model import Schema

_NOTES = {
    "atomic": "merges as a whole",
    "list": "merges item by item, in order",
    "set": "merges as a set: what either side added is there, what one removed is not",
    "text": "merges line by line",
    "max": "merges to the larger value",
    "newest": "merges to the later time",
}
_ANY_NAME = "NAME"


class Variant(NamedTuple):
    """What a key means in one kind of table; ``owner`` names the kind, "" if there is one."""

    owner: str
    type: str
    description: str
    required: bool
    default: object
    allowed: tuple[object, ...]
    examples: tuple[object, ...]
    notes: tuple[str, ...]


class Child(NamedTuple):
    """A key of a table: its name (``NAME`` for one of your choice), type and first sentence."""

    name: str
    type: str
    summary: str
    required: bool


class Explanation(NamedTuple):
    """All about the key at ``path``; ``default`` None in a variant says that it has none."""

    path: KeyPath
    variants: tuple[Variant, ...]
    children: tuple[Child, ...]


def explain(schema: Schema, path: KeyPath) -> Explanation:
    """Return what ``schema`` says about the key at ``path``; indexes may be left out.

    Raises:
      KeyNotFoundError: the schema knows no such key; the hint names near ones.
    """
    for depth in range(1, len(path) + 1):
        if not schema.heads(path[:depth]):
            raise _unknown(schema, path, depth)
    heads = schema.heads(path) if path else [({}, schema.data)]
    variants: list[Variant] = []
    for owner, head in heads:
        variant = _variant(schema, owner, head, path[-1] if path else "")
        same = [v for v in variants if v._replace(owner="") == variant._replace(owner="")]
        if not same:
            variants.append(variant)
    if len(variants) == 1:
        variants = [variants[0]._replace(owner="")]
    return Explanation(path, tuple(variants), tuple(_children(schema, path)))


def _variant(
    schema: Schema, owner: Mapping[str, Any], head: Mapping[str, Any], part: Part
) -> Variant:
    parts = schema.parts_of(head)
    fixed = next(([p["const"]] for p in parts if "const" in p), [])
    allowed = fixed or [value for p in parts for value in p.get("enum", ())]
    return Variant(
        owner=str(owner.get("title", "")),
        type=type_of(schema, head),
        description=str(_first(parts, "description") or ""),
        required=part in owner.get("required", ()),
        default=_first(parts, "default"),
        allowed=tuple(allowed),
        examples=tuple(_first(parts, "examples") or ()),
        notes=tuple(dict.fromkeys(_notes(parts))),
    )


def type_of(schema: Schema, head: Mapping[str, Any]) -> str:
    """Return the type of what ``head`` describes, in words; "" when anything may stand there."""
    found = schema.resolve(head)
    for keyword in ("oneOf", "anyOf"):
        branches = [
            schema.resolve(branch) for branch in found.get(keyword, ()) if isinstance(branch, dict)
        ]
        kinds = [_branch_type(branch) for branch in branches]
        if all(kinds) and kinds and found.get("type") != "object":
            return phrases.either(list(dict.fromkeys(kinds)))
    names = found.get("type")
    if names == "array":
        items = found.get("items")
        inner = schema.resolve(items) if isinstance(items, dict) else {}
        plural = {"object": "tables", "string": "strings", "integer": "integers"}
        of = plural.get(str(inner.get("type")), "")
        return f"an array of {of}" if of else "an array"
    if names is None and "const" in found:
        return phrases.kind(found["const"])
    return phrases.type_words([names] if isinstance(names, str) else names or [])


def _branch_type(branch: Mapping[str, Any]) -> str:
    title = branch.get("title")
    if isinstance(title, str):
        return title
    names = branch.get("type")
    return phrases.type_words([names]) if isinstance(names, str) else ""


def _notes(parts: tuple[Mapping[str, Any], ...]) -> list[str]:
    notes: list[str] = []
    expected = _first(parts, "x-expected")
    if isinstance(expected, str):
        notes.append(f"must be {expected}")
    for low, high, noun in (
        ("minimum", "maximum", ""),
        ("exclusiveMinimum", "exclusiveMaximum", ""),
        ("minLength", "maxLength", " characters"),
        ("minItems", "maxItems", " items"),
    ):
        notes += _range(_first(parts, low), _first(parts, high), noun, low.startswith("ex"))
    notes += _format_note(_first(parts, "format"))
    if _first(parts, "writeOnly"):
        notes.append("is secret: the file holds only a reference")
    if _first(parts, "x-volatile"):
        notes.append("is volatile: kept outside the committed file")
    item_key = _first(parts, "x-item-key")
    if isinstance(item_key, str):
        notes.append(f"items are known by their {item_key}")
    note = _NOTES.get(str(_first(parts, "x-merge")))
    return [*notes, note] if note else notes


def _format_note(name: object) -> list[str]:
    """Return what is to be known of a format, save of those of dates, which are types of TOML."""
    if not isinstance(name, str) or name in forms.MOMENTS or name == "password":
        return []
    if name in forms.FORMATS:
        return [f"must be {forms.FORMATS[name]}"]
    return [f'its format "{name}" is not checked']


def _range(low: object, high: object, noun: str, is_open: object) -> list[str]:
    if low is None and high is None:
        return []
    if low == 1 and high is None and noun:
        return ["must not be empty"]
    if low is not None and high is not None:
        return [f"from {low} to {high}{noun}"]
    if high is None:
        return [f"{'above' if is_open else 'at least'} {low}{noun}"]
    return [f"{'below' if is_open else 'at most'} {high}{noun}"]


def _children(schema: Schema, path: KeyPath) -> list[Child]:
    owners = schema.through_arrays(path)
    described = [owner for owner in owners if owner.get("properties")]
    children: dict[str, Child] = {}
    for owner in owners:
        for key, head in owner.get("properties", {}).items():
            if key not in children and isinstance(head, dict):
                required = all(key in other.get("required", ()) for other in described)
                children[key] = _child(schema, render_key(key), head, required=required)
        free = owner.get("additionalProperties")
        if isinstance(free, dict) and _ANY_NAME not in children:
            children[_ANY_NAME] = _child(schema, _ANY_NAME, free, required=False)
    return list(children.values())


def _child(schema: Schema, name: str, head: Mapping[str, Any], *, required: bool) -> Child:
    description = str(_first(schema.parts_of(head), "description") or "")
    return Child(name, type_of(schema, head), _first_sentence(description), required)


def _first_sentence(text: str) -> str:
    end = text.find(". ")
    return text if end < 0 else text[: end + 1]


def _first(parts: tuple[Mapping[str, Any], ...], keyword: str) -> Any:
    return next((part[keyword] for part in parts if keyword in part), None)


def _unknown(schema: Schema, path: KeyPath, depth: int) -> KeyNotFoundError:
    parent, part = KeyPath(path[: depth - 1]), path[depth - 1]
    known = list(schema.keys_at(parent))
    place = f'"{parent}"' if parent else "a session"
    word = str(part)
    near = own_key(word, known)
    elsewhere = "" if near else own_place(word, parent, schema)
    near = near or ("" if elsewhere else phrases.nearest(word, known))
    if near:
        hint = f"did you mean {parent / near}?"
    elif elsewhere:
        hint = f"did you mean {elsewhere}?"
    elif known:
        hint = phrases.known_keys(known)
    else:
        hint = f"what is in {place} is of your own choice"
    return KeyNotFoundError(f"{path}: {place} has no key {KeyPath([part])}", hints=[hint])
