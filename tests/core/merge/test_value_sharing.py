"""What two documents share is the same as before, in values and in the order of keys."""

from __future__ import annotations

import math

from hypothesis import given

from sessionctl.core.merge.context import MergeContext
from sessionctl.core.merge.value_sharing import shared
from sessionctl.core.toml.parse.packed_statements import PackedStatements
from sessionctl.core.toml.parse.parser import parse
from sessionctl.core.toml.parse.statement import ParseMemory
from tests.strategies import edit_pairs


def value_of(text, memory=None):
    return parse(text, "", memory)[0]


def sharing(before, after):
    known, value = value_of(before), value_of(after)
    return known, shared(value, known)


def test_what_is_the_same_is_there_once():
    known, value = sharing("[a]\nx = 1000\n[b]\ny = 1\n", "[a]\nx = 1000\n[b]\ny = 2\n")
    assert value == {"a": {"x": 1000}, "b": {"y": 2}}
    assert value["a"] is known["a"]
    assert known["b"] == {"y": 1}


def test_a_document_that_is_the_same_is_the_other():
    known, value = sharing("a = [1, { b = 2 }]\n", "a = [1, {b = 2}]\n")
    assert value is known


def test_keys_in_another_order_keep_theirs():
    known, value = sharing("[a]\nx = 1\ny = 1\n", "[a]\ny = 1\nx = 1\n")
    assert value["a"] is not known["a"]
    assert (list(value["a"]), list(known["a"])) == (["y", "x"], ["x", "y"])


def test_values_of_another_type_are_not_the_same():
    pairs = (("1", "1.0"), ("1", "true"), ("0.0", "-0.0"), ("[1]", "[1.0]"))
    for before, after in pairs:
        _, value = sharing(f"a = {before}\n", f"a = {after}\n")
        assert repr(value) == repr(value_of(f"a = {after}\n"))
    known, value = sharing("a = nan\n", "a = nan\n")
    assert math.isnan(value["a"])
    assert value["a"] is known["a"]


def test_items_around_a_new_one_are_there_once():
    items = [f'[[a]]\nn = "{n}"\n' for n in range(5)]
    new = '[[a]]\nn = "x"\n'
    for place in range(6):
        more = [*items[:place], new, *items[place:]]
        for before, after in ((items, more), (more, items)):
            known, value = sharing("".join(before), "".join(after))
            assert value == value_of("".join(after))
            ids = {id(item) for item in known["a"]}
            assert sum(id(item) in ids for item in value["a"]) == 5


@given(edit_pairs())
def test_a_shared_value_is_what_it_was(pair):
    before, after = pair
    memory = ParseMemory()
    known, value = value_of(before, memory), value_of(after, memory)
    assert repr(shared(value, known)) == repr(value_of(after))
    assert repr(known) == repr(value_of(before))


def test_a_large_document_of_a_merge_is_packed_and_shares_its_values():
    text = "".join(f"[t{n}]\na = {n}000\n" for n in range(1, 2101))
    context = MergeContext(None, ParseMemory())
    base = context.parse(text)
    ours = context.parse(text.replace("a = 7000\n", "a = 8\n"), base)
    assert isinstance(ours.statements, PackedStatements)
    assert ours.value["t6"] is base.value["t6"]
    assert (ours.value["t7"], base.value["t7"]) == ({"a": 8}, {"a": 7000})
    assert isinstance(context.parse("a = 1\n").statements, list)
