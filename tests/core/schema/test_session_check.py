"""The check of a session of which one place was changed: that of the whole, in less time."""

from __future__ import annotations

import copy
from pathlib import Path
from types import SimpleNamespace

import pytest

from sessionctl.core.keypath import KeyPath
from sessionctl.core.schema.check.quick_check import Acceptance, accepts
from sessionctl.core.schema.session_check import accepts_change, makes_no_errors, session_errors
from sessionctl.core.schema.session_schema import SESSION
from sessionctl.core.toml.document import Document

EXAMPLES = Path(__file__).parents[3] / "examples"
GONE = object()
VALUES = (GONE, 7, "word", True, 1.5, [], {}, ["word"], {"name": "word"}, [{"name": "word"}])


def places(value, path=()):
    """Yield each path in ``value``, and one of a key that each table lacks."""
    if isinstance(value, dict):
        yield (*path, "unknown")
    children = value.items() if isinstance(value, dict) else ()
    for part, child in enumerate(value) if isinstance(value, list) else children:
        yield (*path, part)
        yield from places(child, (*path, part))


def changed(value, path, new):
    """Return ``value`` with ``new`` at ``path``, nothing else being another."""
    value = copy.deepcopy(value)
    table = value
    for part in path[:-1]:
        table = table[part]
    if new is GONE and path[-1] != "unknown":
        del table[path[-1]]
    elif new is not GONE:
        table[path[-1]] = copy.deepcopy(new)
    return value


def test_the_check_of_a_change_is_that_of_the_whole():
    found = []
    for file in EXAMPLES.rglob("*.session.toml"):
        old = Document.parse(file.read_text()).value
        for number, path in enumerate(places(old)):
            for new in (VALUES[number % len(VALUES)], VALUES[(number // 7 + 3) % len(VALUES)]):
                edited = changed(old, path, new)
                documents = (SimpleNamespace(value=old), SimpleNamespace(value=edited))
                found.append(accepts(SESSION, edited))
                assert makes_no_errors(*documents, KeyPath(path)) == found[-1], (path, new)
    assert min(map(found.count, (True, False))) > 100


NUMBERS = {"type": "array", "items": {"type": "integer"}}
WORDS = {"type": "array", "items": {"type": "string"}}


def either(keyword):
    """Return the schema of an item whose kind says which values it may have."""
    kinds = {"numbers": NUMBERS, "words": WORDS}
    alternatives = [
        {"properties": {"kind": {"const": kind}, "values": values}}
        for kind, values in kinds.items()
    ]
    return {"properties": {"items": {"items": {keyword: alternatives}}}}


@pytest.mark.parametrize(
    ("schema", "old", "new", "path", "is_valid"),
    [
        (
            either(keyword),
            {"items": [{"kind": "numbers", "values": [1]}]},
            {"items": [{"kind": kind, "values": [1]}]},
            ("items", 0, "kind"),
            kind == "numbers",
        )
        for keyword in ("anyOf", "oneOf")
        for kind in ("numbers", "words", "others")
    ]
    + [  # an item that went makes others of those behind it
        ({"prefixItems": [True, NUMBERS, NUMBERS, WORDS]}, [*old, ["w"]], new, (0,), is_valid)
        for old in [["x", [1], [2]]]
        for new, is_valid in [
            ([[1], [2], ["w"]], False),
            (["y", [1], [2], ["w"]], True),
            ([*old, ["w"], ["more"]], True),
        ]
    ]
    + [  # the same values, in a table that came with the change
        ({"additionalProperties": {"additionalProperties": NUMBERS}}, {}, new, ("a", "b"), is_valid)
        for new, is_valid in [({"a": {"b": [1]}}, True), ({"a": {"b": ["w"]}}, False)]
    ]
    + [({"required": ["a"]}, {"a": 1, "b": []}, {"b": []}, ("a",), False)],
)
def test_what_was_valid_for_another_reason_is_looked_at_again(schema, old, new, path, is_valid):
    assert accepts(schema, old)
    assert accepts(schema, new) == is_valid
    assert accepts_change(schema, old, new, path) == is_valid


def test_what_is_beside_the_change_is_not_looked_at_again(monkeypatch):
    looked_at = []
    holds = Acceptance.holds

    def counted(self, schema, value):
        looked_at.append(value)
        return holds(self, schema, value)

    monkeypatch.setattr(Acceptance, "holds", counted)
    keys = "".join(f"[preferences.service-{n}]\nport = {n}\n" for n in range(200))
    old = Document.parse(f'schema_version = 1\nname = "a"\n{keys}')
    new = Document.parse(old.text.replace("port = 150", "port = 151"))
    assert makes_no_errors(old, new, KeyPath(("preferences", "service-150", "port")))
    assert len(looked_at) < 20


def test_errors_come_in_the_order_of_the_text():
    text = "schema_version = 1\nroot = 3\nname = 4\nformat_version = 1\n[env]\nA = 1\n"
    found = session_errors(Document.parse(text, "a.session.toml"))
    assert [(one.rule, str(one.key_path)) for one in found] == [
        ("type", "root"), ("type", "name"), ("unknown-key", "format_version"), ("type", "env.A"),
    ]  # fmt: skip
    assert session_errors(Document.parse('schema_version = 1\nname = "a"\n')) == []
