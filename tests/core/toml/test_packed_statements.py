"""Packed statements are those that were packed, in every way a sequence is asked."""

from __future__ import annotations

from bisect import bisect_right

from hypothesis import given

from sessionctl.core.toml.parse.packed_statements import PackedStatements, header_indexes
from sessionctl.core.toml.parse.parser import parse
from sessionctl.core.toml.parse.statement import KEY
from tests.strategies import documents

TEXT = """\
a = 1
b.c = [
  1,
]
  [[ t ]]
x = "y"  # z
["u v".w]
"""


def shown(statement):
    places = (statement.key_start, statement.key_end, statement.value_start, statement.value_end)
    return (statement.kind, statement.keys, *places, statement.end)


def all_shown(statements):
    return [shown(one) for one in statements]


def test_each_statement_is_what_it_was():
    _, statements = parse(TEXT)
    packed = PackedStatements(statements)
    assert len(packed) == 5
    assert all_shown(packed) == all_shown(statements)
    assert [shown(packed[n]) for n in range(-5, 5)] == [shown(statements[n]) for n in range(-5, 5)]


def test_a_slice_is_a_list_of_statements():
    _, statements = parse(TEXT)
    packed = PackedStatements(statements)
    for part in (slice(1, 3), slice(None), slice(-2, None), slice(4, 1), slice(None, None, 2)):
        assert all_shown(packed[part]) == all_shown(statements[part])


def test_statements_are_found_by_where_they_end():
    packed = PackedStatements(parse(TEXT)[1])
    places = [bisect_right(packed, offset, key=lambda one: one.end) for offset in range(len(TEXT))]
    assert (places[0], places[6], places[-1]) == (0, 1, 4)


def test_headers_are_found_packed_or_not():
    _, statements = parse(TEXT)
    assert header_indexes(statements) == header_indexes(PackedStatements(statements)) == [2, 4]


def test_no_statements_are_packed_too():
    packed = PackedStatements([])
    assert (len(packed), [*packed], packed[:], header_indexes(packed)) == (0, [], [], [])


@given(documents())
def test_statements_of_any_document_are_what_they_were(text):
    _, statements = parse(text)
    packed = PackedStatements(statements)
    assert all_shown(packed) == all_shown(statements)
    assert header_indexes(packed) == [n for n, one in enumerate(statements) if one.kind != KEY]
