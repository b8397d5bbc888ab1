"""Windows drawn to scale: proportions of layout strings, small room, many windows."""

from __future__ import annotations

from pathlib import Path

import pytest

from sessionctl.core.render.boxes.window_plan import PlannedWindow, draw_plan, draw_plans
from sessionctl.core.render.drawing import Charset, text_width
from sessionctl.core.workspace.layout import NAMES, arrange, parse_layout
from tests.core.render.marked_lines import marked
from tests.golden import parts_of
from tests.together import together

GOLDEN = parts_of(Path(__file__).parent / "golden" / "plans.txt")
UNICODE = Charset(is_ascii=False)
# 200x50: the left pane has three quarters of the width, the right one is divided 10 to 39.
LAYOUT = "d2f8,200x50,0,0{150x50,0,0,1,49x50,151,0[49x10,151,0,2,49x39,151,11,3]}"


def plan(layout="tiled", count=3, size=(200, 50)):
    panes = tuple([(f"p{number}", "")] for number in range(count))
    return PlannedWindow("1 work", "", size, arrange(layout, count), panes)


def texts(lines):
    return ["".join(text for text, _ in line) for line in lines]


def test_a_layout_string_is_drawn_in_its_proportions():
    window = PlannedWindow("1 work", "", (200, 50), parse_layout(LAYOUT, 3), plan().panes)
    drawn = texts(draw_plan(window, 82, 22, UNICODE))
    assert drawn[10].index("│", 1) == pytest.approx(60, abs=1)
    crossing = next(n for n, line in enumerate(drawn) if "├" in line)
    assert crossing == pytest.approx(22 * 10 / 50, abs=1)


@together("layout", NAMES)
@together("count", [1, 2, 3, 5, 9, 40])
@together("size", [(20, 3), (40, 8), (78, 12), (158, 50)])
def test_no_line_is_wider_than_there_is_room(layout, count, size):
    width, height = size
    lines = draw_plans([plan(layout, count), plan(layout, 1)], width, height, UNICODE)
    assert max(map(text_width, texts(lines))) <= max(width, 26)
    assert (
        len({text_width(line) for line in texts(draw_plan(plan(layout, count), 30, 9, UNICODE))})
        == 1
    )


@pytest.mark.parametrize("width", [1, 2, 3, 5])
@pytest.mark.parametrize("charset", [UNICODE, Charset(is_ascii=True)])
def test_a_window_without_room_is_drawn_as_far_as_it_goes(width, charset):
    lines = texts(draw_plans([plan(count=5), plan(count=1)], width, 3, charset))
    assert all(text_width(line) <= width + 1 for line in lines)
    assert lines[-1].strip()


def test_all_windows_fit_where_they_can():
    assert len(draw_plans([plan(), plan()], 78, 11, UNICODE)) <= 11
    assert len(draw_plans([plan()] * 30, 78, 11, UNICODE)) > 11


@together("count, rows", [(1, 3), (2, 5), (5, 11), (9, 19)])
def test_each_pane_of_a_column_has_a_row(count, rows):
    for size in ((200, 50), (200, 1), (0, 0)):
        assert len(draw_plans([plan("even-vertical", count, size)], 40, 3, UNICODE)) == rows
    assert len(draw_plans([plan("even-horizontal", count)], 40, 3, UNICODE)) == 3


def test_windows_that_just_fit_stand_beside_one_another():
    windows = [plan("tiled", 1)] * 2
    found = {width: draw_plans(windows, width, 3, UNICODE) for width in range(20, 80)}
    least = min(width for width, lines in found.items() if len(lines) == 3)
    assert max(map(text_width, texts(found[least]))) == least
    assert len(found[least - 1]) == 6


def test_a_window_that_is_high_is_drawn_high():
    flat = draw_plans([plan(size=(200, 20))], 80, 30, UNICODE)
    high = draw_plans([plan(size=(60, 80))], 80, 30, UNICODE)
    assert len(flat) < len(high)


def test_ascii_has_ascii_borders():
    lines = draw_plans([plan()], 60, 12, Charset(is_ascii=True))
    assert all(line.isascii() for line in texts(lines))


def test_the_thinnest_pane_has_a_column():
    thin = "d2f8,200x50,0,0{1x50,0,0,1,1x50,2,0,2,196x50,4,0,3}"
    window = PlannedWindow("1 work", "", (200, 50), parse_layout(thin, 3), plan().panes)
    row = texts(draw_plan(window, 30, 6, UNICODE))[2]
    assert [len(cells) for cells in row.strip("│").split("│")] == [1, 1, 24]


def titled(title, layout, count, size=(200, 50)):
    """Return a window whose panes have two lines each, in the roles of a name and a program."""
    panes = tuple([(f"pane {n}", "key"), ("runs 日本", "")] for n in range(count))
    return PlannedWindow(title, "tiled", size, arrange(layout, count), panes)


@together(
    "title, windows, width, height",
    [
        ("one window", [titled("1 work", "main-vertical", 3)], 60, 12),
        ("two beside one another", [titled("1 work", "even-horizontal", 2),
                                    titled("2 logs", "even-vertical", 2)], 90, 9),
        ("three in two rows", [titled("1 a", "tiled", 1), titled("2 b", "tiled", 4),
                               titled("3 c", "even-vertical", 3)], 62, 16),
        ("a high one and a flat one", [titled("1 high", "tiled", 1, (40, 60)),
                                       titled("2 flat", "tiled", 1, (200, 10))], 80, 12),
        ("panes without room", [titled("1 x", "even-horizontal", 9)], 26, 5),
        ("no size", [titled("1 x", "tiled", 2, (0, 0))], 40, 9),
        ("none", [], 40, 9),
    ],
)  # fmt: skip
def test_plans_are_drawn(title, windows, width, height):
    assert marked(draw_plans(windows, width, height, UNICODE)) == GOLDEN[title]
