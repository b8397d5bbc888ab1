"""The history of choices: undo, redo, and another text with some of the same conflicts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sessionctl.core.conflict.choice_history import ChoiceHistory, same_conflicts
from sessionctl.core.conflict.marked_text import Side, read_conflicts

STEPS = st.lists(
    st.dictionaries(st.integers(0, 4), st.sampled_from(list(Side)), max_size=3)
    | st.sampled_from(["undo", "redo"]),
    max_size=12,
)


def block(ours, theirs, base="x = 0\n"):
    return f"<<<<<<< a\n{ours}||||||| b\n{base}=======\n{theirs}>>>>>>> c\n"


@given(STEPS)
def test_undo_and_redo_are_inverse_and_no_choice_is_lost(steps):
    history = ChoiceHistory()
    for step in steps:
        if step == "undo":
            history = history.undo()
        elif step == "redo":
            history = history.redo()
        else:
            before, history = history, history.with_choices(step)
            assert history.now == {**before.now, **step}
        if history.past:
            assert history.undo().redo() == history
        if history.future:
            assert history.redo().undo() == history


def test_a_choice_that_changes_nothing_is_no_step():
    history = ChoiceHistory().with_choices({0: Side.OURS})
    assert history.with_choices({0: Side.OURS}) is history
    assert history.without(frozenset({3})) is history
    assert history.without(frozenset({0})).undo().now == {0: Side.OURS}


def test_choices_move_with_their_conflicts():
    before = read_conflicts(block("x = 1\n", "x = 2\n") + block("y = 1\n", "y = 2\n"))
    after = read_conflicts("# new\n" + block("y = 1\n", "y = 2\n") + block("z = 1\n", "z = 2\n"))
    places = same_conflicts(before, after)
    assert places == {1: 0}
    history = ChoiceHistory().with_choices({0: Side.OURS}).with_choices({1: Side.THEIRS})
    assert history.moved(places).now == {0: Side.THEIRS}


def test_conflicts_that_are_alike_keep_their_order():
    text = read_conflicts(block("x = 1\n", "x = 2\n") * 3)
    assert same_conflicts(text, text) == {0: 0, 1: 1, 2: 2}
