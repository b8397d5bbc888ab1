"""Rows of changes: a tree of tables, folding, and the sides of each kind of change."""

from __future__ import annotations

from sessionctl.core.diff.change_rows import change_rows, sides_of, unfolded
from sessionctl.core.diff.comparison import diff
from sessionctl.core.keypath import KeyPath

BEFORE = """\
name = "api"
gone = 1

[a.b.c]
x = 1  # old
[[windows]]
name = "one"
[[windows]]
name = "two"
layout = "tiled"
[old]
p = 1
q = 2
"""
AFTER = """\
name = "web"

[a.b.c]
x = 1  # new
[[windows]]
name = "two"
layout = "even-vertical"
[[windows]]
name = "one"
[new]
p = 1
q = 2
[added]
# why
t = { u = [1] }
"""


def rows():
    return change_rows(diff(BEFORE, AFTER))


def test_changes_stand_below_their_table_with_a_sign_for_their_kind():
    drawn = [f"{'  ' * row.depth}{row.sign or row.inside} {row.label}" for row in rows()]
    assert drawn == [
        "~ name",
        "- gone",
        "> windows[name=one]",
        "> old",
        "+ added",
        "1 windows[name=two]",
        "  ~ layout",
        "1 a.b.c",
        "  # x",
    ]


def test_a_table_counts_the_changes_of_all_tables_in_it():
    text = "[a]\nx = 1\n[a.b]\ny = 1\nz = 1\n[a.b.c.d]\nw = 1\n"
    found = change_rows(diff(text, text.replace("1", "2")))
    assert [(row.depth, row.label, row.sign, row.inside) for row in found] == [
        (0, "a", "", 4), (1, "x", "~", 0),
        (1, "b", "", 3), (2, "y", "~", 0), (2, "z", "~", 0), (2, "c.d", "", 1), (3, "w", "~", 0),
    ]  # fmt: skip


def test_a_folded_table_hides_what_is_in_it():
    found = rows()
    seen = unfolded(found, {KeyPath(("a", "b", "c"))})
    assert len(seen) == len(found) - 1
    assert "x" not in [row.label for row in seen]
    assert unfolded(found, set()) == found


def test_each_kind_of_change_has_its_sides():
    found = {row.label: sides_of(row.change) for row in rows() if row.change is not None}
    assert found["name"][:3] == ("modified", "api", "web")
    assert found["gone"][:3] == ("removed", 1, None)
    assert found["added"].after == {"t": {"u": [1]}}
    assert found["added"].comments == ("t: # why",)
    assert found["old"].note == "renamed to new"
    assert found["windows[name=one]"].note == "moved from [0] to [1]"
    assert found["x"][:4] == ("comment", "# old", "# new", "comment beside")


def test_a_change_of_what_is_masked_says_so():
    masked = diff("a = 1\n", "a = 2\n").changes[0]
    from dataclasses import replace

    assert "it is a secret" in sides_of(replace(masked, after=1)).note


def test_changes_of_the_document_itself_have_a_row():
    found = change_rows(diff("a = 1\n# end\n", "a = 1\n# other end\n"))
    assert [row.label for row in found] == ["(the file)"]
