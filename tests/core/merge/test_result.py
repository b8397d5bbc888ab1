"""What a merge returns: how it was found, its conflicts, its changes, and their settling."""

from __future__ import annotations

import pytest

from sessionctl import merge
from sessionctl.core.conflict.conflict import Conflict, ConflictKind
from sessionctl.core.keypath import KeyPath
from sessionctl.core.merge import Labels, MergeResult

BASE = "a = 1\nb = 1\n\n[t]\nc = 1\n"
OURS = BASE.replace("a = 1", "a = 2").replace("c = 1", "c = 2")
THEIRS = BASE.replace("a = 1", "a = 3").replace("b = 1", "b = 3")
NOT_TOML = "a = \nb = 1\n\n[t]\nc = 1\n"


# -- method ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("versions", "method"),
    [
        ((BASE, BASE, OURS), "same"),
        ((BASE, OURS, BASE), "same"),
        ((BASE, OURS, OURS), "same"),
        ((BASE, BASE.replace("a = 1", "a = 2"), BASE.replace("c = 1", "c = 2")), "lines"),
        ((BASE, BASE.replace("a = 1", "a = 2"), BASE.replace("b = 1", "b = 2")), "structure"),
        ((NOT_TOML, OURS, THEIRS), "text"),
    ],
)
def test_the_result_tells_how_it_was_found(versions, method):
    result = merge(*versions)
    assert result.method == method
    assert result.before == versions[1]


def test_a_side_that_did_not_change_may_be_anything_at_all():
    assert merge("\0", "\0", "= =").text == "= ="
    assert merge("\0", "= =", "\0").text == "= ="


# -- conflicts -------------------------------------------------------------------------


def test_a_conflict_has_the_text_of_each_side_and_its_place():
    result = merge(BASE, OURS, THEIRS)
    (conflict,) = result.conflicts
    assert not result.is_clean
    assert conflict == Conflict(
        ConflictKind.BOTH_MODIFIED, KeyPath(["a"]), "a = 1\n", "a = 2\n", "a = 3\n", conflict.span
    )
    assert result.text[slice(*conflict.span)] == (
        "<<<<<<< ours\na = 2\n||||||| base\na = 1\n=======\na = 3\n>>>>>>> theirs\n"
    )
    assert result.text[conflict.span.end :] == "b = 3\n\n[t]\nc = 2\n"


def test_a_side_that_has_nothing_has_no_text():
    (conflict,) = merge("a = 1\nb = 1\n", "b = 1\n", "a = 2\nb = 1\n").conflicts
    assert (conflict.base, conflict.ours, conflict.theirs) == ("a = 1\n", None, "a = 2\n")


def test_labels_of_several_words_or_lines_stand_on_one_line():
    labels = Labels("main  (mine)", "", "topic\nbranch")
    lines = merge(BASE, OURS, THEIRS, labels=labels, marker_size=4).text.splitlines()
    assert lines[0] == "<<<< main (mine)"
    assert "||||" in lines
    assert ">>>> topic branch" in lines


# -- settling --------------------------------------------------------------------------


def test_the_conflicts_settled_by_a_side_have_its_text_and_the_rest_stays_merged():
    result = merge(BASE, OURS, THEIRS)
    assert result.resolved("ours").text == "a = 2\nb = 3\n\n[t]\nc = 2\n"
    assert result.resolved("theirs").text == "a = 3\nb = 3\n\n[t]\nc = 2\n"
    assert result.resolved("ours").is_clean


def test_a_clean_result_is_settled_already():
    result = merge(BASE, OURS, BASE)
    assert result.resolved("theirs") is result


def test_a_side_without_a_final_newline_is_settled_on_a_line_of_its_own():
    result = merge("a = 1", "a = 2", "a = 3")
    assert result.resolved("ours").text == "a = 2"
    result = MergeResult("<>\nb = 1\n", (result.conflicts[0]._replace(span=(0, 3)),))
    result = result._replace(conflicts=(_moved(result.conflicts[0], 0, 3),))
    assert result.resolved("ours").text == "a = 2\nb = 1\n"


def _moved(conflict, start, end):
    from sessionctl.core.problem import Span

    return conflict._replace(span=Span(start, end))


def test_conflicts_stay_when_the_text_would_not_be_toml_without_them():
    conflict = Conflict(ConflictKind.OPAQUE, KeyPath(), "a = 1\n", "a = 2\n", "b = 2\n")
    result = MergeResult("<>\na = 1\n", (_moved(conflict, 0, 3),), "structure")
    assert result.resolved("ours") is result
    assert result.resolved("theirs").text == "b = 2\na = 1\n"


def test_conflicts_of_what_is_not_toml_can_be_settled_too():
    result = merge(NOT_TOML, NOT_TOML.replace("a = ", "a = ?"), NOT_TOML.replace("a = ", "a = !"))
    assert result.method == "text"
    assert result.resolved("ours").text == NOT_TOML.replace("a = ", "a = ?")
    assert result.resolved("theirs").text == NOT_TOML.replace("a = ", "a = !")


@pytest.mark.parametrize("side", ["ours", "theirs"])
def test_a_side_that_is_preferred_settles_the_conflicts(side):
    result = merge(BASE, OURS, THEIRS, policy=side)
    assert result.is_clean
    assert result.text == merge(BASE, OURS, THEIRS).resolved(side).text


# -- changes ---------------------------------------------------------------------------


def test_the_changes_are_what_the_merge_brought_to_ours():
    changes = merge(BASE, OURS, THEIRS).changes
    assert [str(change.path) for change in changes] == ["b"]


def test_a_merge_that_brings_nothing_has_no_changes():
    assert tuple(merge(BASE, OURS, BASE).changes) == ()


def test_texts_that_are_not_toml_have_no_changes():
    assert tuple(merge(BASE, NOT_TOML, THEIRS).changes) == ()
