"""Documents merged by structure: where keys go, how they are spelled, what clashes."""

from __future__ import annotations

import pytest

from sessionctl.core.merge import merge
from tests.core.merge import oracle
from tests.together import together


def clean(base, ours, theirs):
    result = merge(base, ours, theirs)
    assert not result.conflicts
    return result.text


def clash(base, ours, theirs):
    """Return kind, path and the texts of ours and theirs for every conflict."""
    result = merge(base, ours, theirs)
    for side, text in (("ours", ours), ("theirs", theirs)):
        settled = oracle.value_of(result.resolved(side).text)
        for conflict in result.conflicts:
            assert at(settled, conflict.path) == at(oracle.value_of(text), conflict.path)
    return [(c.kind.value, str(c.path), c.ours, c.theirs) for c in result.conflicts]


def at(value, path):
    for part in path:
        if isinstance(part, tuple):
            field, name = part
            value = next((item for item in value if str(item.get(field)) == name), {})
        elif isinstance(part, int):
            value = value[part]
        else:
            value = value.get(part, {}) if isinstance(value, dict) else {}
    return oracle.canonical(value)


# -- one table in several spellings ----------------------------------------------------


def test_a_key_that_one_side_adds_goes_below_the_header_that_the_other_made():
    dotted = "a.x = 1\na.y = 1\n"
    header = "[a]\nx = 1\ny = 1\n"
    assert clean(dotted, header, dotted + "a.z = 3\n") == header + "z = 3\n"
    assert clean(dotted, header, dotted + '  "a" . "z w" = 3 # c\n') == header + '"z w" = 3 # c\n'
    assert clean(dotted, dotted + "a.z.q = 3\n", header) == header + "z.q = 3\n"


def test_a_key_that_is_moved_into_a_section_which_is_the_same_in_all_goes_behind_its_keys():
    base = "x = 1\n\n[t]\nk = 1\n"
    result = clean(base, "x = 2\nt2.a = 1\n\n[t]\nk = 1\n", "x = 1\n\n[t]\nk = 1\n\n[t2]\nb = 1\n")
    assert oracle.value_of(result) == {"x": 2, "t2": {"a": 1, "b": 1}, "t": {"k": 1}}


def test_a_header_that_both_sides_spell_anew_is_spelled_as_ours():
    assert clean("[a]\nx = 1\n", "[ a ]\nx = 1\n", '["a"]\nx = 2\n') == "[ a ]\nx = 2\n"


def test_a_header_that_one_side_spells_anew_is_spelled_so():
    assert clean("[a]\nx = 1\n", "[a]\nx = 2\n", '["a"]\nx = 1\n') == '["a"]\nx = 2\n'


def test_an_inline_table_is_opened_where_the_other_side_has_a_header():
    inline, header = "s = { x = 1, y = 1 } # c\nb = 1\n", "b = 1\n\n[s] # c\nx = 1\ny = 1\n"
    result = clean(inline, header, inline.replace("y = 1 }", "y = 2 }"))
    assert result == header.replace("y = 1", "y = 2")


def test_an_inline_table_on_the_last_line_is_opened_too():
    assert clean("s = { x = 1 }", "[s]\nx = 1\n", "s = { x = 2 }") == "[s]\nx = 2\n"


def test_inline_items_above_a_last_line_without_an_end_are_opened():
    base = "x = [{ a = 1 }, { a = 2 }]\ny = 2"
    theirs = "y = 2\n\n[[x]]\na = 1\n\n[[x]]\na = 3\n"
    result = clean(base, base.replace("y = 2", "y = 3"), theirs)
    assert oracle.value_of(result) == {"x": [{"a": 1}, {"a": 3}], "y": 3}


def test_an_empty_inline_table_is_a_table():
    result = clean("s = {}\nb = 1\n", "b = 2\n[s]\nx = 1\n", "s = {}\nb = 1\nc = 2\n")
    assert oracle.value_of(result) == {"b": 2, "c": 2, "s": {"x": 1}}


def test_an_empty_array_is_an_array_of_tables():
    result = clean("s = []\nb = 1\n", "b = 2\n[[s]]\nx = 1\n", "s = []\nb = 1\nc = 2\n")
    assert oracle.value_of(result) == {"b": 2, "c": 2, "s": [{"x": 1}]}


def test_inline_items_below_a_header_are_opened_behind_the_keys_of_their_section():
    inline = "[s]\nt = [{ n = 1 }, { n = 2 }]\nafter = 1"
    headers = "[s]\nafter = 1\n\n[[s.t]]\nn = 1\n\n[[s.t]]\nn = 2\n"
    result = clean(
        inline, headers, inline.replace("n = 2", "n = 3").replace("after = 1", "after = 2")
    )
    assert oracle.value_of(result) == {"s": {"t": [{"n": 1}, {"n": 3}], "after": 2}}


def test_inline_items_behind_the_last_key_of_a_section_are_opened_in_their_place():
    inline = "[s]\nafter = 1\nt = [{ n = 1, m = { o = 1 } }]\n[z]\n"
    headers = "[s]\nafter = 1\n[[s.t]]\nn = 1\nm = { o = 1 }\n[z]\n"
    result = clean(inline, headers, inline.replace("o = 1", "o = 2"))
    assert result == headers.replace("o = 1", "o = 2")


def test_inline_items_in_front_of_a_free_comment_are_opened_behind_it():
    inline = "t = [{ n = 1 }]\n\n# free\n\n[z]\n"
    headers = "# free\n\n[[t]]\nn = 1\n\n[z]\n"
    result = clean(inline, headers, inline.replace("n = 1", "n = 2"))
    assert oracle.value_of(result) == {"t": [{"n": 2}], "z": {}}
    assert result.count("# free") == 1


def test_a_key_that_one_side_deletes_is_gone_where_the_other_spells_its_table_otherwise():
    base = "a.x = 1\na.y = 1\n"
    result = clean(base, base + "c = 1\n", "[a]\ny = 1\nz = 1\n")
    assert oracle.value_of(result) == {"a": {"y": 1, "z": 1}, "c": 1}


def test_a_key_deleted_by_one_side_and_only_laid_out_anew_by_the_other_is_gone():
    assert clean("x=1\ny=1\n", "x = 1\ny=1\n", "y=1\n") == "y=1\n"
    assert clean("x=1 # a\ny=1\n", "y=1\n", "  x = 1  # a\ny=1\n") == "y=1\n"


def test_a_multi_line_string_is_merged_by_lines_beside_a_key_that_changed_too():
    base = 'k = 1\na = """x\ny\nz"""\n'
    result = clean(base, base.replace("k = 1", "k = 2").replace("z", "Z"), base.replace("x", "X"))
    assert result == 'k = 2\na = """X\ny\nZ"""\n'


# -- deletions -------------------------------------------------------------------------


def test_a_table_added_below_one_that_the_other_side_deleted_is_a_conflict():
    found = clash("[a]\nx = 1\n", "", "[a]\nx = 1\n[a.b.c]\ny = 1\n")
    assert found == [("deleted-by-us", "a.b.c", None, "[a.b.c]\ny = 1\n")]


@pytest.mark.parametrize("section", ["", "[t]\n"])
def test_a_key_added_below_a_dotted_table_that_the_other_side_deleted_is_a_conflict(section):
    base, gone = f"{section}a.x = 1\nb = 1\n", f"{section}b = 1\n"
    path = "t.a.y" if section else "a.y"
    more = f"{section}a.x = 1\na.y = 2\nb = 1\n"
    assert clash(base, gone, more) == [("deleted-by-us", path, None, "a.y = 2\n")]
    assert clash(base, more, gone) == [("deleted-by-them", path, "a.y = 2\n", None)]


def test_a_sub_table_deleted_by_one_side_and_changed_by_the_other_is_a_conflict():
    base = "[a]\nx = 1\n\n[a.b]\ny = 1\n"
    found = clash(base, "[a]\nx = 1\n", base.replace("= 1", "= 2"))
    assert found == [("deleted-by-us", "a.b", None, "\n[a.b]\ny = 2\n")]


def test_a_table_deleted_by_one_side_and_only_laid_out_anew_by_the_other_is_gone():
    assert clean("[a]\nx=1\n[b]\n", "[a]\n  x = 1\n[b]\n", "[b]\n") == "[b]\n"
    assert clean("[a]\nx=1\n[b]\n", "[b]\n", "[a]\n\nx = 1\n[b]\n") == "[b]\n"


@pytest.mark.parametrize(
    "changed", ["[a]\nx = 1 # why\n", "[a]\n# why\nx = 1\n", "# why\n[a]\nx = 1\n", "[a]\ny = 1\n"]
)
def test_a_table_deleted_by_one_side_and_changed_in_any_way_by_the_other_is_a_conflict(changed):
    assert clash("[a]\nx = 1\n", "", changed) == [("deleted-by-us", "a", None, changed)]


def test_a_key_deleted_by_one_side_and_commented_by_the_other_is_a_conflict():
    found = clash("x = 1 # a\ny = 1\n", "y = 1\n", "x = 1 # b\ny = 1\n")
    assert found == [("deleted-by-us", "x", None, "x = 1 # b\n")]


# -- clashes of shape ------------------------------------------------------------------


def test_a_value_made_a_table_by_one_side_and_an_array_by_the_other_is_one_conflict():
    found = clash("a = 1\n", "[a]\nx = 1\n", "[[a]]\ny = 1\n")
    assert found == [("type-changed", "a", "[a]\nx = 1\n", "[[a]]\ny = 1\n")]


def test_a_table_and_a_value_added_under_one_key_are_a_conflict():
    base = "b = 1\n"
    found = clash(base, "b = 2\n\n[a]\nx = 1\n", "a = 5\nb = 1\n")
    assert found == [("both-added", "a", "[a]\nx = 1\n", "a = 5\n")]


def test_a_table_with_its_sub_tables_clashes_as_a_whole():
    found = clash("[a]\nx = 1\n", "[a]\nx = 2\n\n[a.s]\ny = 1\n", "[[a]]\nx = 1\n")
    assert found == [("type-changed", "a", "[a]\nx = 2\n\n[a.s]\ny = 1\n", "[[a]]\nx = 1\n")]


def test_a_clash_inside_a_table_stands_in_its_section_and_is_told_once():
    found = clash(
        "[a]\nx = 1\n[z]\n", "[a]\nx.p = 2\nx.q = 3\n[z]\n", "[a]\nx = 3\n[a.y]\nk = 1\n[z]\n"
    )
    assert found == [("type-changed", "a.x", "x.p = 2\nx.q = 3\n", "x = 3\n")]


def test_blocks_inside_a_table_clash_with_a_key_of_it():
    found = clash("[a]\nx = 1\n", "[a]\n[a.x]\nq = 1\n[a.x.r]\nw = 1\n", "[a]\nx = 3\n")
    assert found == [("type-changed", "a.x", "[a.x]\nq = 1\n[a.x.r]\nw = 1\n", "x = 3\n")]


def test_a_change_of_shape_on_one_side_alone_is_no_clash():
    assert clean("a = 1\nb = 1\n", "a.x = 1\nb = 1\n", "a = 1\nb = 2\n") == "a.x = 1\nb = 2\n"


def test_a_table_that_one_side_makes_an_array_is_no_clash_where_the_other_did_not_touch_it():
    result = clean("[a]\nx = 1\n", "[[a]]\nx = 1\n", "b = 1\n\n[a]\nx = 1\n")
    assert result == "b = 1\n[[a]]\nx = 1\n"


def test_a_clash_of_keys_written_in_two_sections_keeps_its_meaning_when_settled():
    assert clash("v = 0\n[a]\nx.y = 1\n", "a.x.y = 2\nv = 0\n", "[a]\nx = 3\n")


# -- items -----------------------------------------------------------------------------


def test_an_item_of_no_identity_is_named_by_its_place():
    found = clash("[[a]]\nx = 0.5\n", "[[a]]\nx = 1.5\n", "[[a]]\nx = 2.5\n")
    assert found == [("both-modified", "a[0]", "[[a]]\nx = 1.5\n", "[[a]]\nx = 2.5\n")]


def test_an_item_in_an_item_is_named_by_both():
    base = '[[w]]\nname = "a b"\n[[w.p]]\nid = 7\nx = 1\n'
    found = clash(base, base.replace("x = 1", "x = 2"), base.replace("x = 1", "x = 3"))
    assert [path for _, path, _, _ in found] == ["w[name=a b].p[id=7].x"]


def test_an_item_that_holds_nothing_is_merged_by_its_place():
    assert clean("[[a]]\n\n[[a]]\n", "[[a]]\nx = 1\n\n[[a]]\n", "[[a]]\n\n[[a]]\ny = 1\n") == (
        "[[a]]\nx = 1\n\n[[a]]\ny = 1\n"
    )


def test_blocks_of_an_item_that_stand_apart_are_merged_each_in_its_place():
    base = '[[a]]\nname = "x"\n[b]\nk = 1\n[a.s]\ny = 1\n[[a]]\nname = "z"\n'
    ours = base.replace("y = 1", "y = 2")
    theirs = base.replace('"x"\n', '"x"\nn = 1\n').replace("y = 1", "y = 1\nq = 1")
    assert clean(base, ours, theirs) == (
        '[[a]]\nname = "x"\nn = 1\n[b]\nk = 1\n[a.s]\ny = 2\nq = 1\n[[a]]\nname = "z"\n'
    )


def test_an_item_deleted_by_one_side_and_only_laid_out_anew_by_the_other_is_gone():
    base = '[[a]]\nname = "x"\nk=1\n\n[[a]]\nname = "y"\nk=1\n'
    gone, anew = '[[a]]\nname = "y"\nk=1\n', base.replace("k=1", "k = 1")
    assert clean(base, gone, anew) == clean(base, anew, gone) == '[[a]]\nname = "y"\nk = 1\n'


def test_an_item_deleted_by_one_side_and_commented_by_the_other_is_a_conflict():
    base = '[[a]]\nname = "x"\n'
    found = clash(base, "b = 1\n", "# why\n" + base)
    assert found == [("deleted-by-us", "a[name=x]", None, "# why\n" + base)]


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "expected"),
    [
        ("pqrt", "pqsrt", "prtq", "prtqs"),
        ("pqrt", "prtq", "pqsrt", "prtqs"),
        ("pqr", "tpqr", "spqr", "tspqr"),
        ("pqr", "pr", "pqsr", "psr"),
    ],
)
def test_items_inserted_behind_an_item_go_with_it(base, ours, theirs, expected):
    versions = [
        "".join(f'[[a]]\nname = "{name}"\n\n' for name in names) for names in (base, ours, theirs)
    ]
    items = oracle.value_of(clean(*versions))["a"]
    assert "".join(item["name"] for item in items) == expected


# -- comments --------------------------------------------------------------------------


def test_comments_above_a_key_that_both_sides_changed_are_both_kept_ours_first():
    base = "# a\n# b\nx = 1\ny = 1\n"
    assert clean(base, "# a\n# c\nx = 1\ny = 1\n", "# d\n# b\nx = 2\ny = 1\n") == (
        "# a\n# c\n# d\nx = 2\ny = 1\n"
    )
    result = clean("x = 1\ny = 1\n", "# o\n\n# p\nx = 1\ny = 1\n", "# t\n# p\nx = 2\ny = 1\n")
    assert oracle.comments_of(result) == {"# o": 1, "# p": 1, "# t": 1}


def test_comments_above_a_key_that_each_side_changed_elsewhere_are_merged_by_lines():
    base = "# a\n# b\n# c\n# d\nx = 1\n"
    ours = base.replace("# a", "# A").replace("x = 1", "x = 2")
    assert clean(base, ours, base.replace("# d", "# D")) == "# A\n# b\n# c\n# D\nx = 2\n"


def test_a_blank_line_above_one_of_two_new_comments_is_no_comment():
    result = clean("x = 1\ny = 1\n", "# s\nx = 1\ny = 1\n", "\n# t\nx = 2\ny = 1\n")
    assert oracle.comments_of(result) == {"# s": 1, "# t": 1}


def test_comments_beside_a_value_that_both_sides_changed_are_both_kept():
    assert clean("x = 1 # a\n", "x = 2 # b\n", "x = 1 # c\n") == "# c\nx = 2 # b\n"
    assert clean("x = [1]\n", "x = [1, 2] # b\n", "  x = [0, 1] # c\n") == (
        "  # c\n  x = [0, 1, 2] # b\n"
    )
    assert clean("x = [1] # a\n", "x = [1, 2] # a\n", "x = [0, 1] # c\n") == "x = [0, 1, 2] # c\n"


@pytest.mark.parametrize("longer", ["# port number", "## port ##", "#  # port"])
def test_comments_beside_a_value_of_which_one_is_part_of_the_other_are_both_kept(longer):
    result = clean("x = 1\ny = 1\n", f"x = 1 {longer}\ny = 1\n", "x = 1 # port\ny = 2\n")
    assert oracle.comments_of(result) == {longer: 1, "# port": 1}


def test_comments_beside_a_header_that_both_sides_wrote_are_both_kept():
    assert clean("[a]\nx = 1\n", "[a] # o\nx = 1\n", "[a] # t\nx = 2\n") == "# t\n[a] # o\nx = 2\n"
    assert clean("[a]\nx = 1\n", "[a] # o\nx = 1\n", "[ a ] # o\nx = 2\n") == "[a] # o\nx = 2\n"


def test_free_comments_that_read_the_same_are_counted():
    base = "a = 1\n\n# x\n\n# x\n\nb = 1\nc = 1\n"
    ours = base.replace("b = 1", "b = 2")
    theirs = base.replace("c = 1", "c = 2")
    assert clean(base, ours, theirs) == base.replace("b = 1", "b = 2").replace("c = 1", "c = 2")
    assert clean(base, ours, theirs.replace("# x\n\n", "", 1)).count("# x") == 1


def test_a_free_comment_in_front_of_a_conflict_stays_free():
    result = merge("# f\n\na = 1\n", "# f\n\na = 2\n", "# f\n\na = 3\n")
    assert result.text.startswith("# f\n\n<<<<<<< ours\na = 2\n")
    assert result.conflicts[0].span == (5, len(result.text))
    result = merge("# f\n\na = 1\nb = 1\n", "# g\n\nb = 1\n", "# f\n\na = 3\nb = 1\n")
    assert result.text.startswith("# g\n\n<<<<<<< ours\n|||||||")
    start, end = result.conflicts[0].span
    assert (start, result.text[end - len("theirs\n") : end]) == (5, "theirs\n")


def test_comments_both_sides_put_at_the_end_are_both_there():
    result = clean("a = 1\n", "a = 2\n\n# end\n", "a = 1\nb = 1\n\n# fin\n")
    assert oracle.comments_of(result) == {"# end": 1, "# fin": 1}


def test_blank_lines_at_the_top_appear_only_where_a_side_has_them():
    assert clean("a = 1\n\n[b]\nc = 1\n", "[b]\nc = 1\n", "a = 1\n\n[b]\nc = 2\n") == "[b]\nc = 2\n"
    assert clean("\na = 1\nb = 1\n", "\na = 2\nb = 1\n", "\na = 1\nb = 2\n") == "\na = 2\nb = 2\n"


@together(
    "base, ours, theirs, expected",
    [
        ("a = 1\n\n", "a = 1\nb = 2\n\n", "a = 1\nc = 2\n\n", "a = 1\nb = 2\nc = 2\n\n"),
        ("a = 1\n", "a = 1\n\n\n", "a = 2\n[t]\n", "a = 2\n[t]\n\n\n"),
        ("a = 1\n\n", "a = 1\n", "a = 2\n\n", "a = 2\n"),
        ("a = 1\n\n", "a = 1\n", "a = 2\n\n\n", "a = 2\n"),
        ("a = 1\n\n", "a = 2\n\n", "a = 1\n \n\n", "a = 2\n \n\n"),
        ("a = 1\n  \n", "a = 1\nb = 1\n  \n", "a = 2\n  \n", "a = 2\nb = 1\n  \n"),
        ("", "\n\n", "a = 1\n", "a = 1\n\n\n"),
        ("[t]\nx = 1", "[t]\nx = 1\ny = 1", "[t]\nx = 1\n\n[u]\n", "[t]\nx = 1\ny = 1\n\n[u]\n"),
    ],
)
def test_blank_lines_at_the_end_are_merged_by_themselves(base, ours, theirs, expected):
    assert clean(base, ours, theirs) == expected
