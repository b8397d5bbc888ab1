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
    assert checksum(SEEN[5:]) == 0x264C
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


ROW = "80x24,0,0{40x24,0,0,39x24,41,0}"
THREE = "80x24,0,0{20x24,0,0,20x24,21,0,38x24,42,0}"


@together(
    "text, width, height, expected",
    [
        (ROW, 80, 24, ROW),
        (ROW, 40, 24, "40x24,0,0{20x24,0,0,19x24,21,0}"),
        (ROW, 81, 12, "81x12,0,0{41x12,0,0,39x12,42,0}"),
        (ROW, 3, 10, "3x10,0,0{1x10,0,0,1x10,2,0}"),
        # Too narrow for the panes and the border between them: each has a cell anyway.
        (ROW, 2, 1, "2x1,0,0{1x1,0,0,1x1,2,0}"),
        ("80x24,0,0[80x12,0,0,80x11,0,13]", 100, 11, "100x11,0,0[100x5,0,0,100x5,0,6]"),
        (THREE, 160, 48, "160x48,0,0{41x48,0,0,40x48,42,0,77x48,83,0}"),
        (THREE, 4, 9, "4x9,0,0{1x9,0,0,1x9,2,0,1x9,4,0}"),
        (SEEN[5:], 100, 24, "100x24,0,0{63x24,0,0,36x24,64,0[36x15,64,0,36x8,64,16]}"),
        ("80x24,5,7{40x24,5,7,39x24,46,7}", 40, 12, "40x12,5,7{20x12,5,7,19x12,26,7}"),
        ("80x24,0,0{0x24,0,0,0x24,1,0}", 40, 24, "40x24,0,0{1x24,0,0,38x24,2,0}"),
        ("80x24,3,4,7", 10, 5, "10x5,3,4"),
    ],
)
def test_the_parts_of_another_size_keep_their_shares(text, width, height, expected):
    cell = read_cells(text)
    other = resized(cell, width, height)
    assert write_cells(other)[5:] == expected
    assert [leaf.pane for leaf in leaves(other)] == [leaf.pane for leaf in leaves(cell)]


@together(
    "text",
    [
        "80x24,0,0",
        ROW,
        THREE,
        SEEN[5:],
        "80x24,0,0[80x12,0,0,80x11,0,13]",
        "80x24,3,2{40x24,3,2,39x24,44,2}",
        "81x25,0,0[81x12,0,0{40x12,0,0,40x12,41,0},81x12,0,13{20x12,0,13,60x12,21,13}]",
        "81x25,0,0{40x25,0,0[40x12,0,0,40x12,0,13],40x25,41,0[40x8,41,0,40x16,41,9]}",
    ],
)
def test_the_splits_are_found_from_where_the_panes_lie(text):
    cell = cells_of([PaneRect(*leaf[:4]) for leaf in leaves(read_cells(text))])
    assert write_cells(cell)[5:] == text
    numbers = [leaf.pane for leaf in leaves(cell)]
    assert numbers == list(range(len(numbers)))


@together(
    "places",
    [
        [(40, 24, 0, 0), (40, 24, 40, 0)],  # no cell for the border between them
        [(40, 24, 0, 0), (39, 24, 41, 0), (5, 5, 41, 0)],  # one above another
    ],
)
def test_panes_that_touch_have_no_layout(places):
    assert cells_of([PaneRect(*place) for place in places]) is None
