"""What diff tells: values with their types, items by identity, order, names, comments."""

from __future__ import annotations

from itertools import combinations, product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sessionctl import ParseError
from sessionctl.core.diff import comparison
from sessionctl.core.diff.change import (
    Added,
    Comment,
    CommentChanged,
    Diff,
    Modified,
    Moved,
    Removed,
    Renamed,
)
from sessionctl.core.diff.comment_owners import comments_of
from sessionctl.core.diff.comparison import diff
from sessionctl.core.diff.patch import patch
from sessionctl.core.keypath import KeyPath
from sessionctl.core.toml.document import Document
from sessionctl.core.values import same_value
from tests.strategies import documents, edit_pairs, reformatted
from tests.together import together

WINDOWS = """\
[[windows]]
name = "editor"
layout = "tiled"

[[windows]]
name = "logs"

[[windows]]
name = "shell"
"""


def told(before, after, **options):
    """Return the changes as short lines."""
    return [short(change) for change in diff(before, after, **options)]


def short(change):
    match change:
        case Added():
            return f"+ {change.path} = {change.after!r}"
        case Removed():
            return f"- {change.path} = {change.before!r}"
        case Modified():
            return f"~ {change.path}: {change.before!r} -> {change.after!r}"
        case Moved():
            return f"> {change.path}: {change.before} -> {change.after}"
        case Renamed():
            return f"> {change.path}: {change.key}"
        case CommentChanged():
            return f"# {change.position} {change.path}: {change.before!r} -> {change.after!r}"


# -- laws ------------------------------------------------------------------------------


@given(documents())
def test_a_document_does_not_differ_from_itself(text):
    assert not diff(text, text)
    assert diff(text, text).changes == ()


@given(st.data())
def test_a_change_of_layout_is_no_change(data):
    text = data.draw(documents())
    assert diff(text, data.draw(reformatted(text))).changes == ()


@given(edit_pairs(most=6))
def test_there_are_changes_of_values_exactly_when_the_values_differ(pair):
    before, after = map(Document.parse, pair)
    assert diff(before, after).is_same_value == same_value(before.value, after.value)


@given(edit_pairs(most=6))
def test_exchanged_sides_give_the_same_changes_the_other_way_round(pair):
    before, after = map(Document.parse, pair)
    forth, back = diff(before, after), diff(after, before)
    assert sorted(repr(essence(change, before)) for change in forth) == sorted(
        repr(inverted(essence(change, after))) for change in back
    )


def test_exchanged_arrays_give_the_same_changes_the_other_way_round():
    arrays = [f"v = {list(v)}" for size in range(4) for v in product((1, 2, 3), repeat=size)]
    for before, after in combinations(map(Document.parse, arrays), 2):
        forth, back = diff(before, after), diff(after, before)
        assert sorted(repr(essence(change, before)) for change in forth) == sorted(
            repr(inverted(essence(change, after))) for change in back
        )


@given(edit_pairs(most=6))
def test_paths_lead_through_before_and_places_through_after(pair):
    found = diff(*pair)
    for change in found:
        if isinstance(change, Removed | Modified):
            assert same_value(found.before.get(change.path), change.before)
        if isinstance(change, Added | Modified):
            assert same_value(found.after.get(change.place), change.after)
        if isinstance(change, Moved | Renamed):
            assert change.path in found.before
            assert change.place in found.after


def essence(change, before):
    """Return a change in places only, in a form that can be turned round."""
    if isinstance(change, CommentChanged):  # its owner may be on one side only
        return (change.position, None, None, change.before, change.after)
    here = None if isinstance(change, Added) else before.resolve(change.path)
    there = None if isinstance(change, Removed) else change.place
    old, new = getattr(change, "before", None), getattr(change, "after", None)
    if isinstance(change, Renamed):
        old, new = here[-1], there[-1]
    kind = "one side" if isinstance(change, Added | Removed) else type(change).__name__
    return (kind, here, there, repr(old), repr(new))


def inverted(essence):
    kind, here, there, old, new = essence
    return (kind, there, here, new, old)


# -- values ----------------------------------------------------------------------------


@together(
    ("before", "after"),
    [
        ("1", "1.0"), ("1", "true"), ("0.0", "false"), ("1", '"1"'), ("2026-01-02", '"2026-01-02"'),
        ("2026-01-02T00:00:00Z", "2026-01-02T00:00:00"),
        ("2026-01-02T00:00:00Z", "2026-01-02T01:00:00+01:00"),
        ("[]", "{}"), ("[1]", "[1.0]"), ("[true]", "[1]"), ("[[1]]", "[[true]]"),
        ("[{ a = 1 }]", "[{ a = true }]"),
    ],
)  # fmt: skip
def test_values_of_different_types_differ(before, after):
    assert not diff(f"v = {before}", f"v = {after}").is_same_value


@together(
    ("before", "after"),
    [
        ("v = nan", "v = +nan"), ("v = 0x10", "v = 16"), ("v = 1.0", "v = 1e0"),
        ("v = 'a'", 'v = "\\u0061"'), ("v = [1, 2]", "v = [\n  1,\n  2,\n]"),
        ("a.b = 1", "[a]\nb = 1"),
        ("a = { b = 1 }", "[a]\nb = 1"), ("a = [{ b = 1 }]", "[[a]]\nb = 1"),
        ("[a]\n[b]", "[b]\n[a]"), ("a = 1\nb = 2", "b = 2\na = 1"), ("v = 1", "\ufeffv = 1\r\n"),
        ("a.b = 1 # note", "[a]\nb = 1 # note"),
    ],
)  # fmt: skip
def test_another_spelling_is_no_change_of_value_but_one_of_text(before, after):
    found = diff(before, after)
    assert not found
    assert found.is_same_value
    assert found.has_text_changes


def test_the_same_text_has_no_changes_of_text():
    assert not diff("a = 1", "a = 1").has_text_changes


def test_keys_are_added_removed_and_modified():
    assert told("a = 1\nb = 1\nc = 1", "b = 1\nc = 2\nd = 1") == [
        "- a = 1",
        "~ c: 1 -> 2",
        "+ d = 1",
    ]


def test_an_added_key_is_told_behind_the_key_it_follows():
    assert told("a = 1\nc = 1", "a = 2\nb = 1\nc = 2") == [
        "~ a: 1 -> 2",
        "+ b = 1",
        "~ c: 1 -> 2",
    ]


def test_a_key_added_first_is_told_first():
    assert told("b = 1", "a = 1\nb = 2")[0] == "+ a = 1"


def test_a_whole_table_is_one_change():
    assert told("", "[a]\nb = 1\n[a.c]\n") == ["+ a = {'b': 1, 'c': {}}"]


def test_a_value_that_became_a_table_is_modified():
    assert told('v = "x"', "v = { a = 1 }") == ["~ v: 'x' -> {'a': 1}"]


def test_text_that_is_not_toml_is_refused_with_its_place():
    with pytest.raises(ParseError, match="2:5"):
        diff("a = 1", "a = 1\nb = ")


def test_documents_and_texts_may_be_mixed():
    assert told(Document.parse("a = 1"), "a = 2") == told("a = 1", Document.parse("a = 2"))


# -- arrays ----------------------------------------------------------------------------


@together(
    ("before", "after", "changes"),
    [
        ("[1, 2]", "[1, 2, 3]", ["+ v[2] = 3"]),
        ("[1, 2, 3]", "[2, 3]", ["- v[0] = 1"]),
        ("[1, 2, 3]", "[1, 5, 3]", ["~ v[1]: 2 -> 5"]),
        ("[1, 2, 3]", "[3, 1, 2]", ["> v[2]: 2 -> 0"]),
        ("[1, 1]", "[1]", ["- v[1] = 1"]),
        ("[]", "[1]", ["+ v[0] = 1"]),
        ("[1]", "[]", ["- v[0] = 1"]),
        ("[[1, 2], [3]]", "[[1], [3]]", ["- v[0][1] = 2"]),
        ("[1, 2]", "[3]", ["- v[0] = 1", "- v[1] = 2", "+ v[0] = 3"]),
        ("[1, [2]]", "[1, 2]", ["- v[1] = [2]", "+ v[1] = 2"]),
        ("['a', { b = 1, c = 1 }]", "['a', { b = 1, c = 2 }]", ["~ v[1].c: 1 -> 2"]),
        ("['a', { b = 1 }]", "['a', { c = 2 }]", ["- v[1] = {'b': 1}", "+ v[1] = {'c': 2}"]),
    ],
)
def test_arrays_are_compared_element_by_element(before, after, changes):
    assert told(f"v = {before}", f"v = {after}") == changes


def test_items_are_told_by_name():
    after = WINDOWS.replace("tiled", "even-vertical")
    assert told(WINDOWS, after) == ["~ windows[name=editor].layout: 'tiled' -> 'even-vertical'"]


def test_a_reordered_item_is_moved():
    parts = WINDOWS.split("\n\n")
    after = "\n\n".join([parts[1], parts[2].rstrip(), parts[0]])
    assert told(WINDOWS, after) == ["> windows[name=editor]: 0 -> 2"]


def test_a_moved_item_may_be_changed_too():
    parts = WINDOWS.replace("tiled", "x").split("\n\n")
    after = "\n\n".join([parts[1], parts[2].rstrip(), parts[0]])
    assert told(WINDOWS, after) == [
        "> windows[name=editor]: 0 -> 2",
        "~ windows[name=editor].layout: 'tiled' -> 'x'",
    ]


def test_a_renamed_item_has_another_name():
    after = WINDOWS.replace("editor", "code")
    assert told(WINDOWS, after) == ["~ windows[name=editor].name: 'editor' -> 'code'"]


def test_an_item_is_added_and_removed_under_its_name():
    after = WINDOWS.replace('name = "logs"', 'name = "tests"\nlayout = "x"')
    assert told(WINDOWS, after) == [
        "- windows[name=logs] = {'name': 'logs'}",
        "+ windows[name=tests] = {'name': 'tests', 'layout': 'x'}",
    ]


def test_an_inline_array_of_tables_has_items_too():
    before = "v = [{ id = 1, x = 1 }, { id = 2 }, { id = 3 }]"
    after = "v = [{ id = 3 }, { id = 1, x = 2 }, { id = 2 }]"
    assert told(before, after) == ["~ v[id=1].x: 1 -> 2", "> v[id=3]: 2 -> 0"]


def test_items_without_an_identity_are_told_by_index():
    before = "[[v]]\na = true\nb = 1.5\nc = 1\n[[v]]\na = true\nb = 2.5\n"
    assert told(before, before.replace("c = 1", "c = 2")) == ["~ v[0].c: 1 -> 2"]


def test_an_item_key_decides_what_identifies_an_item():
    before = '[[t.v]]\nname = "a"\nslot = 1\n[[t.v]]\nname = "b"\nslot = 2\n'
    after = before.replace("slot = 1", "slot = 3").replace("slot = 2", "slot = 1")
    assert told(before, after) == [
        "~ t.v[name=a].slot: 1 -> 3",
        "~ t.v[name=b].slot: 2 -> 1",
    ]
    by_slot = ["~ t.v[slot=1].name: 'a' -> 'b'", "- t.v[slot=2]", "+ t.v[slot=3]"]
    for keys in ({"t.v": "slot"}, lambda path: "slot" if path == ("t", "v") else None):
        assert [line.partition(" = ")[0] for line in told(before, after, item_keys=keys)] == by_slot


def test_a_name_that_reads_badly_in_a_path_gives_way_to_the_index():
    before = '[[v]]\nname = "a\\nb"\nx = 1\n'
    assert told(before, before.replace("x = 1", "x = 2")) == ["~ v[0].x: 1 -> 2"]


def test_identities_that_read_the_same_give_way_to_the_index():
    before = '[[v]]\nid = 1\nx = 0\n[[v]]\nid = "1"\nx = 0\n'
    assert told(before, before.replace("x = 0", "x = 1", 1)) == ["~ v[0].x: 0 -> 1"]


# -- renamed tables --------------------------------------------------------------------


def test_a_table_under_another_key_is_renamed():
    before = '[c.prod]\nhost = "h"\nport = 1\nuser = "u"\n'
    assert told(before, before.replace("prod", "live")) == ["> c.prod: live"]
    changed = before.replace("prod", "live").replace('"u"', '"v"').replace("port", "port")
    assert told(before, changed + "db = 1\n") == [
        "- c.prod = " + repr({"host": "h", "port": 1, "user": "u"}),
        "+ c.live = " + repr({"host": "h", "port": 1, "user": "v", "db": 1}),
    ]


def test_changes_inside_a_renamed_table_are_told_under_its_old_key():
    before = "[old]\na = 1\nb = 2\nc = 3\nd = 4\n"
    assert told(before, before.replace("old", "new").replace("d = 4", "d = 5")) == [
        "> old: new",
        "~ old.d: 4 -> 5",
    ]


def test_an_array_of_tables_can_be_renamed_but_not_to_a_table():
    before = "[[old]]\na = 1\nb = 2\n"
    assert told(before, before.replace("old", "new")) == ["> old: new"]
    assert len(told(before, "[new]\na = 1\nb = 2\n")) == 2


def test_a_small_or_a_different_table_is_another_one():
    assert told("[a]\nx = 1\n", "[b]\nx = 1\n") == ["- a = {'x': 1}", "+ b = {'x': 1}"]
    assert len(told("[a]\nx = 1\ny = 2\n", "[b]\nx = 1\ny = 3\n")) == 2


def test_the_likest_table_is_the_renamed_one():
    before = "[a]\nx = 1\ny = 2\nz = 3\n"
    after = before.replace("[a]", "[b]").replace("z = 3", "z = 4") + before.replace("[a]", "[c]")
    assert told(before, after) == ["> a: c", "+ b = {'x': 1, 'y': 2, 'z': 4}"]


@pytest.mark.parametrize(
    ("size", "kinds"), [(3, {"Renamed", "Modified"}), (40, {"Added", "Removed"})]
)
def test_of_many_tables_only_equal_ones_are_told_as_renamed(size, kinds):
    before = "".join(f"[a{n}]\nw = 1\nx = {n}\ny = 2\nz = {n}\n" for n in range(size))
    after = before.replace("[a", "[b")
    assert {type(change).__name__ for change in diff(before, after)} == {"Renamed"}
    changed = after.replace("w = 1", "w = 2")
    assert {type(change).__name__ for change in diff(before, changed)} == kinds


def test_tables_that_are_equal_to_each_other_are_paired_by_name():
    before = "[a]\nx = 1\ny = 2\n[b]\nx = 1\ny = 2\n"
    after = before.replace("[a]", "[c]").replace("[b]", "[d]")
    assert told(before, after) == ["> a: c", "> b: d"]


# -- comments --------------------------------------------------------------------------


@together(
    ("before", "after", "change"),
    [
        ("# x\na = 1", "# y\na = 1", "# above a: '# x' -> '# y'"),
        ("a = 1", "a = 1 # y", "# beside a: '' -> '# y'"),
        ("[t] # x", "[t]", "# beside t: '# x' -> ''"),
        ("# x\n\na = 1", "# y\n\na = 1", "# apart a: '# x' -> '# y'"),
        ("a = 1\n# x", "a = 1\n# y", "# end : '# x' -> '# y'"),
        ("# x", "", "# end : '# x' -> ''"),
        ("#:schema x\na = 1", "#:schema y\na = 1", "# apart a: '#:schema x' -> '#:schema y'"),
        ("# x\n#: y\na = 1", "# z\n#: y\na = 1", "# apart a: '# x' -> '# z'"),
        ("a.b = 1 # x", "a.b = 1", "# beside a.b: '# x' -> ''"),
        ("[[t]]\n[[t]] # x", "[[t]]\n[[t]]", "# beside t[1]: '# x' -> ''"),
        ("[[t]]\n[[t.u]]\n[t.u.v] # x", "[[t]]\n[[t.u]]\n[t.u.v]",
         "# beside t[0].u[0].v: '# x' -> ''"),
        ("v = [ # x\n]", "v = [ # y\n]", "# end v: '# x' -> '# y'"),
        ("v = [\n1, # x\n]", "v = [\n1, # y\n]", "# beside v[0]: '# x' -> '# y'"),
        ("v = [\n# x\n1 ]", "v = [\n1 ]", "# above v[0]: '# x' -> ''"),
        ("v = [1,\n# x\n# z\n]", "v = [1,\n# x\n]", "# end v: '# x\\n# z' -> '# x'"),
        ("v = { a.b = [ # x\n1] }", "v = { a.b = [ 1 ] }", "# above v.a.b[0]: '# x' -> ''"),
        ('v = [ "#" ] # x', 'v = [ "#" ]', "# beside v: '# x' -> ''"),
    ],
)  # fmt: skip
def test_a_changed_comment_is_told_with_its_owner(before, after, change):
    for newline in ("\n", "\r\n"):
        found = diff(before.replace("\n", newline), after.replace("\n", newline))
        assert [short(change) for change in found] == [change]
        assert found
        assert found.is_same_value
        assert not found.without_comments()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("  #  x  \na = 1", "#  x\na = 1"),
        ("# x\na = 1", "# x\n\na = 1"),
        ("# x\na = 1", "a = 1 # x"),
        ("# x\n\n[a]\n[b]", "[b]\n# x\n\n[a]"),
        ("# x\n\n[a]\n[b]", "# x\n\n[b]\n[a]"),
        ("a = 1\n# x\n", "# x\n\na = 1\n"),
        ("v = [1, # x\n2]", "v = [\n 1 # x\n, 2 ]"),
    ],
)
def test_a_comment_that_keeps_text_and_owner_is_no_change(before, after):
    assert told(before, after) == []


def test_a_comment_follows_its_moved_or_renamed_owner():
    before = '[[w]]\nname = "a" # x\n[[w]]\nname = "b"\n[t] # t\nx = 1\ny = 2 # y\n'
    after = '[[w]]\nname = "b"\n[[w]]\nname = "a" # z\n[u] # t\nx = 1\ny = 2 # y\n'
    assert told(before, after)[-1] == "# beside w[name=a].name: '# x' -> '# z'"
    assert len(told(before, after)) == 3


def test_comments_of_added_values_come_with_them():
    (added,) = diff("", "# a\n[t] # b\n# c\nv = [ # d\n  1, # e\n  # f\n]\n")
    assert added.comments == (
        Comment(KeyPath(), "above", "# a"),
        Comment(KeyPath(), "beside", "# b"),
        Comment(KeyPath(["v"]), "above", "# c"),
        Comment(KeyPath(["v", 0]), "above", "# d"),
        Comment(KeyPath(["v", 0]), "beside", "# e"),
        Comment(KeyPath(["v"]), "end", "# f"),
    )


def test_comments_inside_a_new_value_come_with_it():
    (modified,) = diff("v = 1 # same", "v = [ # x\n 1,\n# y\n] # same")
    assert modified.comments == (
        Comment(KeyPath([0]), "above", "# x"),
        Comment(KeyPath(), "end", "# y"),
    )


def test_a_comment_that_stands_apart_is_told_though_its_neighbour_is_new_or_gone():
    assert told("b = 1", "# x\n\na = 1\nb = 1") == ["+ a = 1", "# apart a: '' -> '# x'"]
    assert told("# x\n\na = 1\nb = 1", "b = 1") == ["- a = 1", "# apart a: '# x' -> ''"]
    assert told("# x\n\na = 1\nb = 1", "# x\n\nb = 1") == ["- a = 1"]


def test_comments_of_a_removed_value_go_with_it():
    assert told("# x\na = 1 # y\n", "") == ["- a = 1"]


# -- the value Diff --------------------------------------------------------------------


def test_a_diff_is_a_sequence_of_changes():
    found = diff("a = 1", "a = 2 # x")
    assert len(found) == 2
    assert list(found) == list(found.changes)
    assert found == Diff(found.changes, found.before, found.after)
    assert found != found.without_comments()
    assert repr(found.before) not in repr(found)


# -- comments of documents that differ in values only --------------------------------------

LINES = (
    "# above\n", "\n", "a = 1\n", "a = 2\n", "a = 1 # beside\n", "b = [1, # one\n 2]\n",
    "b = [1,\n 2]\n", "b = [2, # one\n 2]\n", "[t]\n", "[[w]]\n", "name = 'x'\n", "name = 'y'\n",
    "c = '''\n# text\n'''\n", "#:schema x\n", "d = {a = 1}\n", "d = {a = [\n# in\n]}\n", "d = 1\n",
)  # fmt: skip


def parsed(lines):
    try:
        return Document.parse("".join(lines))
    except ParseError:
        return None


@given(st.lists(st.sampled_from(LINES), max_size=9), st.data())
def test_a_quick_look_at_comments_finds_what_a_thorough_one_does(lines, data):
    other = list(lines)
    for _ in range(data.draw(st.integers(0, 3)) if lines else 0):
        other[data.draw(st.integers(0, len(lines) - 1))] = data.draw(st.sampled_from(LINES))
    before, after = parsed(lines), parsed(other)
    assume(before is not None and after is not None)
    quick = diff(before, after)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(comparison, "share_comments", lambda _one, _other: False)
        assert quick.changes == diff(before, after).changes


def test_items_that_exchange_names_take_their_comments_along():
    before = "# first\n[[w]]\nname = 'x'\n\n# second\n[[w]]\nname = 'y'\n"
    after = "# first\n[[w]]\nname = 'y'\n\n# second\n[[w]]\nname = 'x'\n"
    kinds = [type(change) for change in diff(before, after)]
    assert Moved in kinds
    assert CommentChanged in kinds


KEYS = "".join(f"k{number} = {number}\n" for number in range(20))
OLD_TABLE = (
    f'[t.old]\n{KEYS}gone = 1\n[[t.old.w]]\nname = "a"  # x\n[[t.old.w]]\nname = "b"\nn = [1, 2]\n'
)
NEW_TABLE = (
    f"[t.new]\n{KEYS}come = 1\n"
    '[[t.new.w]]\nname = "b"\nn = [2, 1, 3]\n[[t.new.w]]\nname = "a"  # y\n'
    '[[t.new.w]]\n# why\nname = "c"\n'
)


def at(text):
    """Return the path that ``text`` spells, indexes as numbers."""
    return KeyPath.parse(text)


def test_what_moved_in_a_renamed_table_has_its_place_on_both_sides():
    found = diff(OLD_TABLE, NEW_TABLE)
    assert [(str(c.path), c.place) for c in found.changes if not isinstance(c, Removed)] == [
        ("t.old", at("t.new")),
        ("t.old.come", at("t.new.come")),
        ("t.old.w[name=a]", at("t.new.w[1]")),
        ("t.old.w[name=b].n[0]", at("t.new.w[0].n[1]")),
        ("t.old.w[name=b].n[2]", at("t.new.w[0].n[2]")),
        ("t.old.w[name=c]", at("t.new.w[2]")),
        ("t.old.w[name=a].name", at("t.new.w[1].name")),
    ]
    back = diff(NEW_TABLE, OLD_TABLE)
    assert [(str(c.path), c.place) for c in back.changes if not isinstance(c, Removed)] == [
        ("t.new", at("t.old")),
        ("t.new.gone", at("t.old.gone")),
        ("t.new.w[name=b].n[1]", at("t.old.w[1].n[0]")),
        ("t.new.w[name=a]", at("t.old.w[0]")),
        ("t.new.w[name=a].name", at("t.old.w[0].name")),
    ]
    for one, other in ((found, Document.parse(NEW_TABLE)), (back, Document.parse(OLD_TABLE))):
        assert same_value(patch(one.before, one).value, other.value)
        assert comments_of(patch(one.before, one)) == comments_of(other)
