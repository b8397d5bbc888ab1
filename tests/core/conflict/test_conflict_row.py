"""Rows of conflicts: the cell of a side, what a side did, the next open one."""

from __future__ import annotations

import pytest

from sessionctl.core.conflict.conflict_row import (
    INVALID,
    OPEN,
    TAKEN,
    ConflictRow,
    cell_text,
    cells_of,
    deed_of,
    next_open,
)
from tests.together import together


@together(
    ("text", "shown"),
    [
        (None, "?"),
        ("", "(nothing)"),
        ("\n \n", "(nothing)"),
        ("port = 5432\n", "5432"),
        ("  'a b' . c = [1]\n", "[1]"),
        ("# only a comment\n", "# only a comment"),
        ("[connections.prod]\nport = 1\nhost = 'a'\n", "[connections.prod]  (+2 lines)"),
        ("[a]\n\n  b = 1\n", "[a]  (+1 line)"),
        ("a = 1", "1"),
        ("a = ", "a ="),
        ("a=1 # x = 2", "1 # x = 2"),
        ("a b = 1", "a b = 1"),
    ],
)
def test_a_side_in_one_line(text, shown):
    assert cell_text(text) == shown


def test_the_cells_keep_their_keys_where_a_side_has_several_lines():
    row = ConflictRow("a", "a = 1\n", "a = 2\n", "")
    assert row[4:] == (None, "", (), (), ("", ""), "")  # nothing is chosen, nothing known of it
    assert cells_of(row) == ("1", "2", "(nothing)", "open")
    assert cells_of(row._replace(result="a = 2\n")) == ("1", "2", "(nothing)", "2")
    many = row._replace(base=None, theirs="b = 1\nc = 2\n")
    assert cells_of(many) == ("?", "a = 2", "b = 1  (+1 line)", "open")


def test_of_a_huge_side_only_the_beginning_is_looked_at():
    text = cell_text('notes = "' + "x" * 1_000_000 + '"\n')
    assert text == '"' + "x" * (4_000 - len('notes = "'))
    assert cell_text("a = 1\n" * 10_000) == "a = 1  (+9999 lines)"
    assert cell_text("a = " + "x" * 3_996 + "\nb = 1\n") == f"a = {'x' * 3_996}  (+1 line)"


@pytest.mark.parametrize(
    ("base", "side", "deed"),
    [
        (None, "a = 1\n", ""),
        ("a = 1\n", "a = 1\n", "left it as it was"),
        ("", "a = 1\n", "added it"),
        ("a = 1\n", "", "deleted it"),
        ("a = 1\n", "a = 2\n", "changed it"),
    ],
)
def test_what_a_side_did(base, side, deed):
    assert deed_of(base, side) == deed


def test_the_state_of_a_row():
    row = ConflictRow("a", None, "a = 1\n", "a = 2\n")
    assert row.state == OPEN
    assert row._replace(result="a = 1\n", choice="ours").state == TAKEN
    assert row._replace(result="", choice="base", problems=("missing",)).state == INVALID


def test_the_next_open_one_goes_on_at_the_other_end():
    rows = [True, False, True, False]
    assert next_open(rows, 0, 1) == 2
    assert next_open(rows, 2, 1) == 0
    assert next_open(rows, 0, -1) == 2
    assert next_open([False, True], 1, 1) == 1
    assert next_open([False], 0, 1) is None
    assert next_open([], 0, 1) is None
