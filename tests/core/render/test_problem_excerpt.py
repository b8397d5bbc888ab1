"""Excerpts of broken texts: of a large one only the part around the mistake is looked at."""

from __future__ import annotations

from sessionctl.core.problem import Problem, Span
from sessionctl.core.render.problem_excerpt import _area, safe_source
from sessionctl.core.text.source import Source
from tests.together import together

MISTAKE, LAST = 200, 400
LARGE = 1 << 16


def text_of(headers, first="k1 = 1"):
    """Return a text of 400 lines, headers on some of them, that breaks off on line 200."""
    lines = [f"k{number} = 1  # {'x' * 160}" for number in range(1, LAST + 1)]
    for number, header in {1: first, MISTAKE: "m =", **headers}.items():
        lines[number - 1] = header
    return "".join(f"{line}\n" for line in lines)


def part_of(text, name="a.toml", rule="syntax", times=1):
    """Return the first and the last line of the part that is looked at, None for all."""
    source, start = Source(text, name), text.index("m =")
    area = _area(source, [Problem(rule, "no value", Span(start, start + 3))] * times)
    return area and (source.place(area.start)[0], source.place(area.end)[0] - 1)


# The headers of the text, and the lines that are looked at.
AREAS = [
    ({}, (1, 400)),
    ({100: "[a]", 300: "[b]"}, (100, 299)),
    ({100: "[[a]]  # c", 120: "[ b.'c d'.\"e\" ]", 280: "[[ d ]] # e", 300: "[f]"}, (120, 279)),
    # 50 lines on both sides are looked at in any case
    ({149: "[a]", 250: "[b]"}, (149, 249)),
    ({140: "[a]", 150: "[b]", 249: "[c]", 251: "[d]"}, (140, 250)),
    # what is not sure to be a header of its own is none: it may be a part of an array
    ({100: " [a]", 120: "b = [1]", 130: "# [a]", 300: "[b", 310: "[c] d", 320: "[d]"}, (1, 319)),
]


@together("headers, lines", AREAS)
def test_a_large_broken_text_is_looked_at_between_two_headers(headers, lines):
    assert part_of(text_of(headers)) == lines


HEADERS = {100: "[a]", 300: "[b]"}
TEXT = text_of(HEADERS)
PART = (100, 299)
OTHERS = {
    "a mistake of another kind": (TEXT, {"rule": "type"}, None),
    "a key that is there twice": (TEXT, {"rule": "duplicate"}, PART),
    "a conflict": (TEXT, {"rule": "conflict-marker"}, PART),
    "two mistakes": (TEXT, {"times": 2}, None),
    "of just that size": (TEXT[:LARGE], {}, PART),
    "one character less": (TEXT[: LARGE - 1], {}, None),
    "with the line ends of Windows": (TEXT.replace("\n", "\r\n"), {}, PART),
    "a sidecar": (TEXT, {"name": "a.secrets.toml"}, None),
    "the header is part of a string": (text_of(HEADERS, first='s = """'), {}, None),
}


@together("name", OTHERS)
def test_what_is_not_one_mistake_in_a_large_text_is_looked_at_whole(name):
    text, options, lines = OTHERS[name]
    assert part_of(text, **options) == lines


def test_outside_of_the_part_nothing_is_shown():
    text = text_of({149: "[a]", 150: 'b = "bb"', 152: "password = 'hunter2'", 250: "[c]"})
    source, start = Source(text, "a.toml"), text.index("m =")
    problem = Problem("syntax", "no value", Span(start, start + 3))
    shown = safe_source(source, [problem], None, in_session=False)

    def line(number):
        start = source.line_start(number)
        return shown.excerpt(Span(start, start + 1))[1]

    assert line(148) == "1 | ***"
    assert line(149) == "149 | [a]"
    assert line(152) == "152 | password = ***"
    assert line(MISTAKE) == "200 | m ="
    assert line(249).startswith("249 | k249 = 1")
    assert line(251) == "250 | ***"


# The string that a problem is about is shown if it is a word.
QUOTED = [
    ('x = "even"\n', '"even"', 'x = "even"'),
    ("x = 'hK9q2Lx7Zr4Tn8Wb'\n", "'hK9q2Lx7Zr4Tn8Wb'", "x = '***'"),
    ("x = 1\n", "1", "x = 1"),
]


@together("text, word, shown", QUOTED)
def test_the_string_that_a_problem_is_about_is_hidden_unless_it_is_a_plain_word(text, word, shown):
    start = text.index(word)
    span = Span(start, start + len(word))
    source = safe_source(Source(text), [Problem("type", "", span)], None, in_session=False)
    assert source.excerpt(span)[1] == f"1 | {shown}"
