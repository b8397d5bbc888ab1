"""How panes lie in tmux's layouts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessionctl.core.workspace.layout import NAMES, LayoutPane, LayoutSplit, arrange, parse_layout
from tests.together import together


def shape(layout):
    """Return a layout as nested text: (row) and [column], as tmux writes them."""
    if isinstance(layout, LayoutPane):
        return str(layout.number)
    inner = ",".join(shape(part) for _, part in layout.parts)
    return f"{{{inner}}}" if layout.is_row else f"[{inner}]"


def panes_of(layout):
    if isinstance(layout, LayoutPane):
        return [layout.number]
    return [number for _, part in layout.parts for number in panes_of(part)]


@together(
    ("name", "count", "expected"),
    [
        ("even-horizontal", 3, "{0,1,2}"),
        ("even-vertical", 3, "[0,1,2]"),
        ("main-vertical", 3, "{0,[1,2]}"),
        ("main-vertical", 2, "{0,1}"),
        ("main-vertical-mirrored", 3, "{[1,2],0}"),
        ("main-horizontal", 4, "[0,{1,2,3}]"),
        ("main-horizontal-mirrored", 3, "[{1,2},0]"),
        ("tiled", 2, "[0,1]"),
        ("tiled", 3, "[{0,1},2]"),
        ("tiled", 4, "[{0,1},{2,3}]"),
        ("tiled", 5, "[{0,1},{2,3},4]"),
        ("tiled", 7, "[{0,1,2},{3,4,5},6]"),
        ("", 2, "[0,1]"),
        ("main-nonsense", 2, "[0,1]"),
        ("even-vertical", 1, "0"),
        ("even-vertical", 0, "0"),
    ],
)
def test_a_named_layout_is_laid_out_as_tmux_does(name, count, expected):
    assert shape(arrange(name, count)) == expected


def test_the_main_pane_is_the_larger_one():
    layout = arrange("main-vertical", 3)
    assert isinstance(layout, LayoutSplit)
    assert [share for share, _ in layout.parts] == [3, 2]


@pytest.mark.parametrize(
    ("text", "count", "expected"),
    [
        ("b25d,80x24,0,0{40x24,0,0,1,39x24,41,0,2}", 2, "{0,1}"),
        ("b25d,80x24,0,0{40x24,0,0,1,39x24,41,0[39x12,41,0,2,39x11,41,13,12]}", 3, "{0,[1,2]}"),
        ("80x24,0,0[80x12,0,0,80x11,0,13]", 2, "[0,1]"),
        ("b25d,80x24,0,0,5", 1, "0"),
        ("b25d,80x24,0,0", 1, "0"),
    ],
)
def test_a_layout_string_gives_the_geometry(text, count, expected):
    layout = parse_layout(text, count)
    assert layout is not None
    assert shape(layout) == expected
    assert shape(arrange(text, count)) == expected


def test_a_layout_string_gives_the_sizes():
    layout = parse_layout("b25d,80x24,0,0{50x24,0,0,1,29x24,51,0,2}", 2)
    assert layout == LayoutSplit(is_row=True, parts=((50, LayoutPane(0)), (29, LayoutPane(1))))


@together(
    "text",
    [
        "",
        "b25d",
        "80x24",
        "80x24,0,0{",
        "80x24,0,0{40x24,0,0,1",
        "80x24,0,0{40x24,0,0,1]",
        "80x24,0,0{40x24,0,0,1,39x24,41,0,2}}",
        "80x24,0,0{40x24,0,0,1,x}",
        "80x24,0,0" + "{80x24,0,0" * 40 + ",1" + "}" * 40,
        "9999999x1,0,0",
    ],
)
def test_what_is_no_layout_string_is_tiled(text):
    assert parse_layout(text, 2) is None
    assert shape(arrange(text, 2)) == "[0,1]"


def test_a_layout_string_for_another_number_of_panes_is_tiled():
    assert parse_layout("80x24,0,0{40x24,0,0,1,39x24,41,0,2}", 3) is None


def test_a_pane_of_no_width_still_has_a_share():
    assert parse_layout("1x1,0,0{0x1,0,0,1x1,0,0}", 2) == LayoutSplit(
        is_row=True, parts=((1, LayoutPane(0)), (1, LayoutPane(1)))
    )


@given(st.sampled_from([*NAMES, "", "x"]), st.integers(1, 40))
def test_every_pane_has_one_place(name, count):
    assert panes_of(arrange(name, count)) == list(range(count)) or "mirrored" in name
    assert sorted(panes_of(arrange(name, count))) == list(range(count))


@given(st.text(alphabet="0123456789abx,{}[]", max_size=60), st.integers(1, 4))
def test_no_text_makes_the_reader_fail(text, count):
    layout = parse_layout(text, count)
    assert layout is None or sorted(panes_of(layout)) == list(range(count))
