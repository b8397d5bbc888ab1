"""Merges under a schema: the identity it names, and edits that are invalid together."""

from __future__ import annotations

import pytest

from sessionctl.core.conflict.conflict import ConflictKind
from sessionctl.core.merge import Labels, merge
from sessionctl.core.schema.model import Schema
from sessionctl.core.schema.verdict import validate
from tests.core.merge import oracle
from tests.together import together

PORTS = Schema(
    {
        "type": "object",
        "properties": {
            "low": {"type": "integer"},
            "ports": {"type": "array", "maxItems": 3, "items": {"type": "integer"}},
            "t": {"type": "object", "maxProperties": 2},
        },
        "required": ["low"],
        "maxProperties": 4,
    }
)


def test_a_result_that_holds_to_the_schema_is_clean():
    result = merge(
        "low = 1\nports = [5]\n",
        "low = 2\nports = [5]\n",
        "low = 1\nports = [5, 6]\n",
        schema=PORTS,
    )
    assert result.text == "low = 2\nports = [5, 6]\n"
    assert result.is_clean


def test_edits_that_are_invalid_together_are_a_conflict():
    base = "low = 1\nports = [5, 6]\nlast = 1\n"
    ours, theirs = base.replace("5, 6", "5, 6, 9"), base.replace("5, 6", "2, 5, 6")
    result = merge(base, ours, theirs, schema=PORTS)
    (conflict,) = result.conflicts
    assert conflict.kind is ConflictKind.INVALID
    assert str(conflict.path) == "ports"
    assert conflict.ours == "ports = [5, 6, 9]\n"
    assert conflict.theirs == "ports = [2, 5, 6]\n"
    assert conflict.base == "ports = [5, 6]\n"
    assert "together the two edits are invalid" in conflict.hint
    assert result.text.startswith("low = 1\n<<<<<<< ours\nports")
    assert result.text.endswith(">>>>>>> theirs\nlast = 1\n")
    assert result.text[slice(*conflict.span)].startswith("<<<<<<<")
    assert result.resolved("ours").text == ours
    assert result.resolved("theirs").text == theirs
    assert merge(base, ours, theirs).is_clean


LISTS = Schema(
    {
        "properties": {name: {"maxItems": 3} for name in ("alpha", "zeta")},
        "if": {"properties": {"mode": {"const": 2}}},
        "then": {"properties": {"level": False}},
    }
)
TWO = "zeta = [5, 6]\n# x\n  alpha = [5, 6] # why\nmid = 1\n"
TWO_MARKED = """\
<<<<<<< a
zeta = [5, 6, 9]
||||||| b
zeta = [5, 6]
=======
zeta = [2, 5, 6]
>>>>>>> c
# x
<<<<<<< a
  alpha = [5, 6, 9] # why
||||||| b
  alpha = [5, 6] # why
=======
  alpha = [2, 5, 6] # why
>>>>>>> c
mid = 1
"""
LONGER = TWO.replace("6", "6, 9")
MODE = "mode = 1\nname = 1\n"
KEY = """\
mode = 2
<<<<<<< a
level = 5
||||||| b
=======
>>>>>>> c
name = 1
"""
TOO_MANY = "together the two edits are invalid: expected at most 3 items, got 4"
LEVEL = "together the two edits are invalid: is not allowed here"


@together("newline", ["\n", "\r\n"])
@together(
    ("base", "ours", "theirs", "text", "found", "taken"),
    [
        (TWO, LONGER, TWO.replace("[", "[2, "), TWO_MARKED,
         [("zeta", TOO_MANY), ("alpha", TOO_MANY)], (LONGER, TWO.replace("[", "[2, "), TWO)),
        (MODE, "mode = 1\nlevel = 5\nname = 1\n", "mode = 2\nname = 1\n", KEY,
         [("level", LEVEL)], ("mode = 2\nlevel = 5\nname = 1\n", *["mode = 2\nname = 1\n"] * 2)),
    ],
)  # fmt: skip
def test_each_statement_that_is_invalid_is_a_conflict(
    base, ours, theirs, text, found, taken, newline
):
    sides = [side.replace("\n", newline) for side in (base, ours, theirs)]
    result = merge(*sides, schema=LISTS, labels=Labels("a", "b", "c"))
    assert result.text == text.replace("\n", newline)
    assert [(str(one.path), one.hint) for one in result.conflicts] == found
    # What each side has there, with what else was merged.
    for side, expected in zip(("ours", "theirs", "base"), taken, strict=True):
        assert result.taken([side] * len(found)) == expected.replace("\n", newline)


def test_a_statement_and_a_table_that_are_invalid_are_one_conflict_over_what_differs():
    base = "low = 1\nports = [5, 6]\n\n[t]\na = 1\n"
    ours = base.replace("5, 6", "5, 6, 9").replace("a = 1", "a = 1\nb = 1")
    theirs = base.replace("5, 6", "2, 5, 6").replace("a = 1", "a = 1\nc = 1")
    result = merge(base, ours, theirs, schema=PORTS)
    assert {conflict.kind for conflict in result.conflicts} == {ConflictKind.INVALID}
    assert [(str(one.path), one.hint) for one in result.conflicts] == [("ports", TOO_MANY)]
    for conflict in result.conflicts:
        assert result.text[slice(*conflict.span)].startswith("<<<<<<<")


def test_a_document_that_both_sides_emptied_together_is_a_conflict_when_it_may_not_be_empty():
    schema = Schema({"type": "object", "minProperties": 1})
    result = merge("a = 1\nx = 0\nb = 1\n", "b = 1\n", "a = 1\n", schema=schema)
    assert [conflict.kind for conflict in result.conflicts] == [ConflictKind.INVALID]


@pytest.mark.parametrize(
    ("rule", "base", "ours", "theirs"),
    [
        ({"maxProperties": 3}, "a = 1\nb = 1\n", "a = 1\nb = 1\nc = 1\n", "z = 1\na = 1\nb = 1\n"),
        (
            {"dependentRequired": {"c": ["d"]}},
            "d = 1\na = 1\n",
            "a = 1\n",
            "d = 1\na = 1\nc = 1\n",
        ),
        (
            {"properties": {"t": {"maxProperties": 1}}},
            "b = 1\n",
            "b = 1\nt.x = 1\n",
            "t.y = 1\nb = 1\n",
        ),
        (
            {"properties": {"w": {"items": {"maxProperties": 2}}}},
            '[[w]]\nname = "x"\n',
            '[[w]]\nname = "x"\na = 1\n',
            '[[w]]\nb = 1\nname = "x"\n',
        ),
    ],
)
def test_a_table_that_is_invalid_is_settled_without_loss(rule, base, ours, theirs):
    schema = Schema({"type": "object", **rule})
    result = merge(base, ours, theirs, schema=schema)
    assert {conflict.kind for conflict in result.conflicts} == {ConflictKind.INVALID}
    b, o, t = map(oracle.value_of, (base, ours, theirs))
    by_ours, by_theirs = (
        oracle.value_of(result.resolved(side).text) for side in ("ours", "theirs")
    )
    assert oracle.lost_changes(b, o, t, by_ours) == []
    assert oracle.lost_changes(b, t, o, by_theirs) == []
    assert oracle.leaves(o) & oracle.leaves(t) <= oracle.leaves(by_ours) & oracle.leaves(by_theirs)
    for side in ("ours", "theirs"):
        assert not validate(result.resolved(side).text, schema)


def test_a_value_that_is_invalid_beside_the_other_sides_edit_is_shown_from_both():
    schema = Schema(
        {
            "if": {"properties": {"mode": {"const": 2}}},
            "then": {"properties": {"level": {"maximum": 0}}},
        }
    )
    base = "mode = 1\nname = 1\n"
    result = merge(base, base + "level = 5\n", base.replace("mode = 1", "mode = 2"), schema=schema)
    (conflict,) = result.conflicts
    assert (conflict.kind, str(conflict.path)) == (ConflictKind.INVALID, "level")
    assert (conflict.base, conflict.ours, conflict.theirs) == (None, "level = 5\n", None)
    assert result.resolved("theirs").text == "mode = 2\nname = 1\n"


@pytest.mark.parametrize("broken", [0, 1, 2])
def test_a_merge_is_not_to_blame_when_a_side_was_invalid_before(broken):
    base = "low = 1\nports = [5, 6]\n"
    versions = [base, base.replace("5, 6", "5, 6, 9"), base.replace("5, 6", "2, 5, 6")]
    versions[broken] += "more = 1\nstill = 2\nothers = 3\n"
    assert merge(*versions, schema=PORTS).is_clean


def test_a_merge_with_other_conflicts_is_not_checked():
    base = "low = 1\nports = [5, 6]\n"
    ours = "low = 2\nports = [5, 6, 9]\n"
    result = merge(base, ours, "low = 3\nports = [2, 5, 6]\n", schema=PORTS)
    assert [conflict.kind for conflict in result.conflicts] == [ConflictKind.BOTH_MODIFIED]


def test_what_is_not_toml_is_not_checked():
    result = merge("a = \n", "a = \nb = 1\n", "c = 1\na = \n", schema=PORTS)
    assert result.method == "text"


def test_the_schema_names_the_identity_of_items():
    schema = Schema({"properties": {"jobs": {"type": "array", "x-item-key": "queue"}}})
    base = '[[jobs]]\nqueue = "a"\nname = "x"\n\n[[jobs]]\nqueue = "b"\nname = "y"\n'
    ours = base.replace('name = "x"', 'name = "y"').replace('b"\nname = "y"', 'b"\nname = "x"')
    theirs = base.replace('queue = "a"\n', 'queue = "a"\nlevel = 1\n')
    result = merge(base, ours, theirs, schema=schema)
    assert result.text == ours.replace('queue = "a"\n', 'queue = "a"\nlevel = 1\n')


def test_the_session_schema_tells_windows_by_name():
    base = '[[windows]]\nname = "a"\nlayout = "tiled"\n'
    ours = base.replace("tiled", "even-vertical")
    theirs = base + '\n[[windows]]\nname = "b"\n'
    result = merge(base, ours, theirs, schema=Schema.session())
    assert result.text == ours + '\n[[windows]]\nname = "b"\n'
