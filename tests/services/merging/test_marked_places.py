"""Where the conflicts of a text are: by line and title, those inside of strings too."""

from __future__ import annotations

import pytest

from sessionctl.services.merging.marked_places import all_marked_places, marked_places

BLOCK = "<<<<<<< main\na = 1\n||||||| base\n=======\na = 2\n>>>>>>> topic\n"


def test_a_conflict_has_its_line_and_its_keys():
    assert marked_places("x.toml", "b = 1\n" + BLOCK) == ((2, "a"),)
    assert all_marked_places("x.toml", "b = 1\n" + BLOCK) == ((2, "a"),)
    assert marked_places("x.toml", "b = 1\n") == all_marked_places("x.toml", "b = 1\n") == ()


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("text = '''\n<<<<<<<<< a\n=========\n>>>>>>>>> b\n'''\n", [2]),
        ("a = 1\n>>>>>>> topic\n", [2]),
        ("=======\n", []),
    ],
)
def test_markers_that_make_no_conflict_have_their_lines_alone(text, lines):
    assert all_marked_places("x.toml", text)[len(lines) :] == ()
    assert [place.line for place in all_marked_places("x.toml", text)] == lines
