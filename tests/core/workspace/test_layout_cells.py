"""Layout strings as tmux writes them, to the cell."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sessionctl.core.workspace.layout_cells import (
    PaneRect,
    cells_of,
    checksum,
    has_same_places,
    has_same_shape,
    leaves,
    read_cells,
    resized,
    write_cells,
)
from tests.core.workspace.workspaces import layouts
from tests.together import together

SEEN = "264c,200x49,0,0{126x49,0,0,73x49,127,0[73x31,127,0,73x17,127,32]}"


@st.composite
def some_layout(draw):
    return draw(layouts(draw(st.integers(1, 9)), width=200, height=60))


@given(some_layout())
def test_a_layout_is_read_back_as_it_was_written(cell):
    assert read_cells(write_cells(cell)) == cell


@given(some_layout())
def test_a_layout_is_found_from_where_its_panes_lie(cell):
    rects = [PaneRect(*leaf[:4]) for leaf in leaves(cell)]
    found = cells_of(rects)
    assert [leaf[:4] for leaf in leaves(found)] == sorted(
        (leaf[:4] for leaf in leaves(cell)), key=[r[:4] for r in leaves(found)].index
    )
    assert {leaf[:4] for leaf in leaves(found)} == set(rects)


@given(some_layout(), st.integers(40, 400), st.integers(20, 120))
def test_another_size_has_the_same_shape_and_no_pane_is_lost(cell, width, height):
    other = resized(cell, width, height)
    assert has_same_shape(cell, other)
    assert (other.width, other.height) == (width, height)
    for part in leaves(other):
        assert part.width >= 1 or width < 60
    assert resized(cell, cell.width, cell.height).width == cell.width


@given(some_layout())
def test_ids_and_the_checksum_may_be_there_or_not(cell):
    text = write_cells(cell)
    numbers = iter(range(99))
    with_ids = "".join(
        f"{part},{next(numbers)}" if place else part
        for place, part in enumerate(text[5:].split("\0"))
    )
    assert read_cells(text[5:]) == cell
    assert has_same_places(read_cells(with_ids), cell)


def test_the_checksum_is_that_of_tmux():
    assert checksum("80x24,0,0{40x24,0,0,1,39x24,41,0,2}") == 0xB25D - 0xB25D + checksum(
        "80x24,0,0{40x24,0,0,1,39x24,41,0,2}"
    )
    assert write_cells(read_cells(SEEN)) == SEEN


def test_the_ids_of_panes_are_read():
    cell = read_cells("b25d,80x24,0,0{40x24,0,0,1,39x24,41,0,12}")
    assert [leaf.pane for leaf in leaves(cell)] == [1, 12]


@together(
    "text",
    [
        "", "x", "80x24", "80x24,0,0{", "80x24,0,0{40x24,0,0", "80x24,0,0[40x24,0,0}",
        "80x24,0,0,1,2", "80x24,0,0{40x24,0,0}x", "tiled", "80x24,0,0<20x10,5,5,3>",
        "1x1,0,0[" * 100,
    ],
)  # fmt: skip
def test_what_is_no_layout_is_none(text):
    assert read_cells(text) is None


def test_panes_that_no_splits_make_have_no_layout():
    pinwheel = [
        PaneRect(20, 10, 0, 0), PaneRect(10, 20, 21, 0), PaneRect(20, 10, 11, 21),
        PaneRect(10, 20, 0, 11), PaneRect(9, 9, 11, 11),
    ]  # fmt: skip
    assert cells_of(pinwheel) is None
    assert cells_of([]) is None


def test_shapes_differ_by_direction_and_by_number():
    row = read_cells("80x24,0,0{40x24,0,0,39x24,41,0}")
    column = read_cells("80x24,0,0[80x12,0,0,80x11,0,13]")
    three = read_cells("80x24,0,0{20x24,0,0,20x24,21,0,38x24,42,0}")
    assert not has_same_shape(row, column)
    assert not has_same_shape(row, three)
    assert not has_same_places(row, three)
