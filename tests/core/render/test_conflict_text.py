"""The sides of a conflict as lines for a terminal."""

from __future__ import annotations

from sessionctl.core.render.conflict_text import ShownSide, render_sides


def plain(lines):
    return ["".join(text for text, _ in line) for line in lines]


def sides(base, ours, theirs):
    return [
        ShownSide("base", "", base),
        ShownSide("ours", "m", ours),
        ShownSide("theirs", "", theirs),
    ]


def test_each_side_has_its_name_its_label_and_its_text():
    assert plain(render_sides(sides("a = 1\n", "a = 2\n", ""))) == [
        "  base",
        "          a = 1",
        "  ours    m",
        "          a = 2",
        "  theirs",
        "          (nothing)",
    ]


def test_the_words_that_changed_are_marked():
    lines = render_sides(sides("a = 'one two'\n", "a = 'one six'\n", "a = 'one two'\n"))
    assert [piece for piece in lines[3] if piece[1] == "added"] == [("six", "added")]
    assert all(role != "added" for _, role in lines[5])


def test_a_new_line_is_marked_as_a_whole():
    lines = render_sides(sides("a = 1\n", "a = 1\nb = 2\n", "a = 1\n"))
    assert lines[4][-1] == ("b = 2", "added")


def test_without_a_base_theirs_is_compared_with_ours():
    lines = render_sides(sides("", "x = 'a b'\n", "x = 'a c'\n")[1:])
    assert lines[1] == [(" " * 10, ""), ("x = 'a b'", "")]
    assert [piece for piece in lines[3] if piece[1] == "added"] == [("c", "added")]


def test_one_side_alone_is_shown_as_it_is():
    assert plain(render_sides([ShownSide("ours", "m", "a = 1\n")]))[1] == " " * 10 + "a = 1"


def test_remarks_stand_below_the_text():
    lines = render_sides([ShownSide("ours", "m", "a = 1\n", ("expected a string",))])
    assert lines[-1] == [(" " * 10 + "! expected a string", "warning")]


def test_of_a_long_text_what_changed_is_shown_with_some_lines_around():
    base = "".join(f"k{n} = {n}\n" for n in range(30))
    shown = plain(render_sides(sides(base, base.replace("k9 = 9\n", "k9 = 0\n"), base)))
    ours = [
        line.strip() for line in shown[shown.index("  ours    m") + 1 : shown.index("  theirs")]
    ]
    assert ours == [
        "... 8 lines",
        "k8 = 8",
        "> k9 = 0",
        "k10 = 10",
        "... 19 lines",
    ]
    assert shown[-1].strip() == "... 30 lines"


def test_a_change_at_the_end_of_a_long_text_has_no_gap_behind_it():
    base = "".join(f"k{n} = {n}\n" for n in range(30))
    shown = plain(render_sides(sides(base, base + "z = 1\n", base)))
    assert shown[shown.index("  theirs") - 1].strip() == "> z = 1"


def test_a_very_long_change_is_cut():
    ours = "".join(f"k{n} = {n}\n" for n in range(100))
    assert plain(render_sides(sides("", ours, "")))[-3].strip() == "... 60 lines"


def test_nothing_in_a_text_steers_the_terminal():
    (line,) = render_sides([ShownSide("ours", "\x1b[2J", "")])[:1]
    assert line[1] == ("\u241b[2J", "dim")


def test_a_long_line_keeps_its_key_and_what_changed_and_is_folded():
    base = f'run = "{"word " * 60}--ff {"more " * 60}"\n'
    shown = plain(render_sides(sides(base, base.replace("--ff", "--lf"), base), 80))
    assert max(map(len, shown)) <= 80
    ours = "".join(shown[shown.index("  ours    m") + 1 : shown.index("  theirs")])
    assert ours.split()[:2] == ["run", "="]
    assert "--lf" in ours
    assert len(ours) < 200


def test_a_narrow_terminal_has_the_texts_further_left():
    shown = plain(render_sides(sides("a = 'one two'\n", "a = 'one six'\n", "a = 2\n"), 30))
    assert shown[1] == "    a = 'one two'"


def test_the_blank_line_that_all_sides_begin_with_is_not_shown():
    shown = plain(render_sides(sides("\na = 1\n", "\na = 2\n", "")))
    assert shown[:4] == ["  base", " " * 10 + "a = 1", "  ours    m", " " * 10 + "a = 2"]
