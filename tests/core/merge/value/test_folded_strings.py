"""Folded strings: their lines, which end in a backslash, merge as lines do."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessionctl.core.merge import merge

FORMS = {
    "prompt": ('format = """\n', "${name}\\\n", '"""\n'),
    "first line beside the quotes": ('format = """', "$name\\\n", '$end"""\nx = 1\n'),
    "indented": ('[p]\nformat = """\\\n', "    $name\\\n", '    $end"""\n'),
    "words": ('text = """\\\n', "some name \\\n", 'end"""\n'),
    "in an inline table": ('t = { format = """\n', "$name\\\n", '$end""", x = 1 }\n'),
    "in an array": ('t = ["""\n', "$name\\\n", '$end""", "b"]\n'),
    "with lines of the value between": ('format = """\n', "$name\\\n", '\n>\n"""\n'),
}


def write(form, names):
    opening, line, closing = FORMS[form]
    return opening + "".join(line.replace("name", name) for name in names) + closing


@st.composite
def edits_apart(draw):
    """Generate names, and two edits of them with a line between, as lists of names."""
    known = ["git", "rust", "time", "dir", "py", "go", "git_branch", "line_break"]
    names = draw(st.lists(st.sampled_from(known), min_size=5, unique=True))
    first = draw(st.integers(0, len(names) - 4))
    second = draw(st.integers(first + 3, len(names) - 1))
    kinds = [draw(st.sampled_from(["add", "change", "delete"])) for _ in range(2)]
    return names, (first, kinds[0], "one"), (second, kinds[1], "two")


def edited(names, *edits):
    found = list(names)
    for at, kind, name in sorted(edits, reverse=True):
        found[at : at + 1] = {"add": [name, found[at]], "change": [name], "delete": []}[kind]
    return found


@pytest.mark.parametrize("form", FORMS)
@given(edits_apart(), st.booleans())
def test_edits_of_two_lines_apart_are_both_there(form, edits, is_swapped):
    names, one, two = edits
    sides = [write(form, edited(names, edit)) for edit in (one, two)]
    result = merge(write(form, names), *(reversed(sides) if is_swapped else sides))
    expected = write(form, edited(names, one, two))
    assert result.is_clean
    assert tomllib.loads(result.text) == tomllib.loads(expected)


@pytest.mark.parametrize("form", FORMS)
def test_two_edits_of_one_line_are_a_conflict(form):
    texts = [write(form, ["a", name, "b", "c"]) for name in ("base", "ours", "theirs")]
    assert merge(*texts).conflicts
