"""Conflict markers read from a text, and choices put in their place."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sessionctl.core.conflict.marked_text import CustomText, Side, read_conflicts
from sessionctl.core.conflict.markers import MarkerStyle, conflict_block
from sessionctl.core.merge import Labels, merge
from sessionctl.core.toml.document import Document
from sessionctl.core.toml.parse.parser import KEY
from tests import strategies
from tests.together import together

DIFF3 = """\
a = 1
<<<<<<< main
b = 2
||||||| 1a2b3c4
b = 1
=======
b = 3
>>>>>>> topic
c = 1
"""
PLAIN = DIFF3.replace("||||||| 1a2b3c4\nb = 1\n", "")


def sized(text, size):
    for character in "<|=>":
        text = text.replace(character * 7, character * size)
    return text


def unended(text):
    """Return ``text`` without its last line end, and with one kind of line end."""
    return text.replace("\r\n", "\n").removesuffix("\n")


def test_a_diff3_conflict_is_read():
    (found,) = read_conflicts(DIFF3).conflicts
    assert (found.base, found.ours, found.theirs) == ("b = 1\n", "b = 2\n", "b = 3\n")
    assert found.labels == Labels("main", "1a2b3c4", "topic")
    assert (found.line, found.marker_size) == (2, 7)
    assert DIFF3[slice(*found.span)].startswith("<<<<<<< main\n")
    assert DIFF3[slice(*found.span)].endswith(">>>>>>> topic\n")


def test_a_conflict_of_two_sides_has_no_base():
    (found,) = read_conflicts(PLAIN).conflicts
    assert (found.base, found.ours, found.theirs) == (None, "b = 2\n", "b = 3\n")
    assert found.text_of(Side.BASE) == ""


def test_a_zdiff3_conflict_is_read_as_it_stands():
    text = "<<<<<<< a\nx = 2\n||||||| b\nh = 0\nx = 1\n=======\nx = 3\n>>>>>>> c\n"
    (found,) = read_conflicts(text).conflicts
    assert found.base == "h = 0\nx = 1\n"


@together("size", [1, 3, 7, 11, 127])
@together("text", [DIFF3, PLAIN], ids=["diff3", "plain"])
def test_any_marker_size_is_found(text, size):
    (found,) = read_conflicts(sized(text, size)).conflicts
    assert found.marker_size == size
    assert read_conflicts(sized(text, size)).resolved(Side.OURS) == "a = 1\nb = 2\nc = 1\n"


def test_sizes_may_differ_within_a_text():
    marked = read_conflicts(DIFF3 + sized(PLAIN, 9))
    assert [conflict.marker_size for conflict in marked.conflicts] == [7, 9]


def test_line_ends_of_windows_and_a_byte_order_mark_are_no_hindrance():
    text = "\ufeff" + DIFF3.removeprefix("a = 1\n").replace("\n", "\r\n")
    marked = read_conflicts(text)
    assert marked.conflicts[0].labels.theirs == "topic"
    assert marked.resolved(Side.THEIRS) == "\ufeffb = 3\r\nc = 1\r\n"


def test_markers_without_labels_or_a_last_line_end_are_read():
    marked = read_conflicts("<<<<<<<\na = 1\n=======\n>>>>>>>")
    assert marked.conflicts[0].labels == Labels("", "", "")
    assert marked.resolved(Side.OURS) == "a = 1\n"


def test_nested_conflicts_of_gits_own_are_text_of_the_base():
    inner = sized(PLAIN, 9)
    text = f"<<<<<<< a\nx = 1\n||||||| b\n{inner}=======\nx = 2\n>>>>>>> c\n"
    (found,) = read_conflicts(text).conflicts
    assert found.base == inner


@pytest.mark.parametrize(
    "text",
    [
        'a = """\n=======\n|||||||\n"""\n',  # a heading and its kind, in a string
        "<< b\n>\n<\n",  # too short for markers that lack their fellows
        ">>>>>> quoted\n",
        "<<<<<<<x\n=======\n>>>>>>>y\n",
        "",
    ],
)
def test_what_only_looks_like_a_marker_is_text(text):
    marked = read_conflicts(text)
    assert (marked.conflicts, marked.problems) == ((), ())


def test_a_short_line_of_angles_does_not_hide_a_conflict():
    marked = read_conflicts('a = """\n<<\n"""\n' + DIFF3)
    assert [conflict.line for conflict in marked.conflicts] == [5]


def test_a_conflict_behind_one_that_does_not_end_is_read():
    marked = read_conflicts("<<<<<<<<< a\n" + DIFF3)
    assert [problem.span.start for problem in marked.problems] == [0]
    assert [conflict.line for conflict in marked.conflicts] == [3]


def test_a_separator_with_a_label_is_text():
    marked = read_conflicts(DIFF3.replace("b = 2", "======= x"))
    assert marked.conflicts[0].ours == "======= x\n"


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("<<<<<<< a\nx = 1\n", 1, "this conflict does not end"),
        ("x = 1\n>>>>>>> a\n", 2, "the end of a conflict that has no beginning"),
        ("<<<<<<< a\n>>>>>>> b\n", 2, "the conflict of line 1 has no separator"),
        (
            "<<<<<<< a\n=======\n=======\n>>>>>>> b\n",
            3,
            "a second separator in the conflict of line 1",
        ),
        (
            "<<<<<<< a\n=======\n|||||||\n>>>>>>> b\n",
            3,
            "a base in the wrong place in the conflict of line 1",
        ),
        (DIFF3.replace("b = 2\n", PLAIN), 4, "a conflict inside the one of line 2"),
    ],
)
def test_broken_markers_are_a_problem_with_its_place(text, line, message):
    marked = read_conflicts(text)
    (problem,) = marked.problems
    assert problem.message == message
    assert text.count("\n", 0, problem.span.start) + 1 == line
    assert marked.conflicts == ()
    assert problem.hint == "fix the markers in an editor"


def test_a_conflict_behind_a_broken_one_is_read():
    marked = read_conflicts("<<<<<<< a\n=======\n=======\n" + DIFF3)
    assert len(marked.problems) == 1
    assert [conflict.ours for conflict in marked.conflicts] == ["b = 2\n"]


def test_choices_leave_all_other_bytes_and_the_other_conflicts():
    marked = read_conflicts(DIFF3 + DIFF3 + DIFF3)
    assert marked.resolve({}) == marked.text
    text = marked.resolve({1: Side.BOTH, 2: CustomText("b = 9\n")})
    assert text == DIFF3 + "a = 1\nb = 2\nb = 3\nc = 1\n" + "a = 1\nb = 9\nc = 1\n"
    assert read_conflicts(text).conflicts == marked.conflicts[:1]


def test_the_places_of_replaced_conflicts_are_told():
    text, spans = read_conflicts(DIFF3).with_spans({0: "new\n"})
    assert text[slice(*spans[0])] == "new\n"


_TEXTS = st.lists(st.sampled_from(["a = 1", "", "# x", "====", "<", "\u00e9"]), max_size=4).map(
    lambda lines: "".join(f"{line}\n" for line in lines)
)


@given(
    st.lists(st.tuples(_TEXTS, _TEXTS, _TEXTS, _TEXTS), max_size=4),
    st.integers(5, 20),
    st.sampled_from(["\n", "\r\n"]),
)
def test_what_is_written_between_markers_is_read_back(blocks, size, newline):
    style = MarkerStyle(Labels("our side", "base", "x y"), size, newline)
    text = "".join(
        common + conflict_block(base, ours, theirs, style) for common, base, ours, theirs in blocks
    )
    marked = read_conflicts(text)
    found = [(c.base, c.ours, c.theirs) for c in marked.conflicts]
    assert found == [block[1:] for block in blocks]
    assert not marked.problems
    assert marked.resolved(Side.THEIRS) == "".join(b[0] + b[3] for b in blocks)


@st.composite
def clashing(draw):
    """Generate base, ours and theirs; ours and theirs changed one value differently."""
    rng = draw(st.randoms(use_true_random=False))
    base = strategies.write_document(rng)
    keys = [s for s in Document.parse(base).statements if s.kind == KEY]
    assume(keys)
    one = rng.choice(keys)
    sides = [f"{base[: one.value_start]}{n}{base[one.value_end :]}" for n in ("[1, 77]", "'78'")]
    return base, *(strategies.edit_document(rng, side, 2) for side in sides)


@given(clashing(), st.sampled_from(["ours", "theirs"]))
def test_settling_all_by_a_side_is_what_the_merge_settles_by_it(triple, side):
    result = merge(*triple)
    assume(not result.is_clean)
    marked = read_conflicts(result.text)
    assert [c.span for c in marked.conflicts] == [c.span for c in result.conflicts]
    settled = result.resolved(side)
    if settled.is_clean:
        # Markers stand on lines of their own: that a side had no last line end is not told.
        assert unended(marked.resolved(Side(side))) == unended(settled.text)
