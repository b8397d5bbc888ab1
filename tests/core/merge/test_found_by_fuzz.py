"""Faults that the fuzz found, each as small as it gets; fixed ones stay as tests."""

from __future__ import annotations

from sessionctl.core.merge import merge


def test_a_comment_in_an_array_with_elements_that_repeat_is_changed_too():
    base = "a=[\n  2,\n  3, # x\n  1,\n  2\n]\n"
    result = merge(base, base.replace("  2,", "  49,"), base.replace("# x", "# y"))
    assert result.text == "a=[\n  49,\n  3, # y\n  1,\n  2\n]\n"


def test_the_comment_of_one_of_two_elements_that_are_the_same_is_changed_too():
    base = "a=[\n  3,\n  3 # x\n]\n"
    result = merge(base, base.replace("3,\n", "3,\n\n"), base.replace("# x", "# y"))
    assert "# y" in result.text


def test_a_comment_added_above_a_header_that_the_other_side_leaves_out_is_not_lost():
    base, theirs = "[b]\n[b.c]\nx = 1\n", "[b.c]\nx = 1\n"
    result = merge(base, "# note\n[b]\n[b.c]\nx = 2\n", theirs)
    assert "# note" in result.text


def test_the_only_key_of_an_item_of_an_array_replaced_by_both_sides_is_a_conflict():
    base, ours, theirs = (f"arr = [{{a=1}}, {{a={number}}}]\n" for number in (2, 94, 62))
    assert not merge(base, ours, theirs).is_clean
