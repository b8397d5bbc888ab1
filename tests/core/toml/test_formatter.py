"""Tidying the layout of a text."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessionctl.core.text.source import Source
from sessionctl.core.toml import formatter
from sessionctl.core.toml.formatter import comments_of, format_text
from sessionctl.core.values import same_value
from sessionctl.errors import GuardError, ParseError
from tests.strategies import documents, edited, reformatted
from tests.together import together
from tests.world import find_shared

UNTIDY = '''


#:schema x
schema_version=1
name   = "a"   # c
long_name = 1\t



# attached
[a]
x   = 1    # one
yyy = 2    # two

z = """\x20
  foo\x20


 bar"""\x20
arr = [\x20


  1,\t# c\x20
  2,
]
\x20
[b]
[b.c]
q=1


'''

TIDY = '''#:schema x
schema_version = 1
name = "a"     # c
long_name = 1

# attached
[a]
x   = 1    # one
yyy = 2    # two

z = """\x20
  foo\x20


 bar"""
arr = [

  1,\t# c
  2,
]

[b]

[b.c]
q = 1
'''


def test_a_text_is_tidied():
    assert format_text(UNTIDY).text == TIDY


def test_a_tidy_text_has_no_edits():
    assert format_text(TIDY) == (TIDY, ())


def test_every_edit_names_its_place_and_reason():
    text = "a=1 \n\n\n\nb = 2"
    source = Source(text)
    told = [(*source.place(edit.start), edit.reason) for edit in format_text(text).edits]
    assert told == [
        (1, 2, 'spaces around "="'),
        (1, 4, "white space at the end of the line"),
        (3, 1, "more blank lines than one"),
        (4, 1, "more blank lines than one"),
        (5, 6, "no line end at the end of the file"),
    ]


@together(
    ("text", "expected"),
    [
        ("", ""),
        ("\n\n", ""),
        ("  ", ""),
        ("\ufeff", "\ufeff"),
        ("\ufeff\na=1", "\ufeffa = 1\n"),
        ("a = 1\n\n# end\n", "a = 1\n\n# end\n"),
        ("a = 1\n   ", "a = 1\n"),
        ("a = 1\n \nb = 1\n", "a = 1\n\nb = 1\n"),
        ("# x", "# x\n"),
        ("# x  \n", "# x\n"),
        ("a . b=1\n", "a . b = 1\n"),
        ('"a=b"=1\n', '"a=b" = 1\n'),
        ("[a]\nx=1\n", "[a]\nx = 1\n"),
        ("[a]\n\n\n[[b]]\n", "[a]\n\n[[b]]\n"),
        ("[a]\nx = 1\n  # c\n\t# d\n[b]\n", "[a]\nx = 1\n\n  # c\n  # d\n[b]\n"),
        ("a = 1\n# free\n\n[b]\n", "a = 1\n# free\n\n[b]\n"),
        ("a = 1\n# own\n[b]\n", "a = 1\n\n# own\n[b]\n"),
        ("# own\n[b]\n", "# own\n[b]\n"),
        ("#:schema x\n[b]\n", "#:schema x\n\n[b]\n"),
        ("a = '''\n#x\n'''\n[b]\n", "a = '''\n#x\n'''\n\n[b]\n"),
        ("a = '''\n\n\n\nx'''\n", "a = '''\n\n\n\nx'''\n"),
        ("a = ['''x\ny''', '''z\n\n\n''']\n", "a = ['''x\ny''', '''z\n\n\n''']\n"),
        ('a = """x \\   \n  y"""\n', 'a = """x \\   \n  y"""\n'),
        ("a = [\n\n\n1]\n", "a = [\n\n1]\n"),
        ("x = {a=1,b  =  2}\n", "x = {a=1,b  =  2}\n"),
    ],
)
def test_a_layout_is_tidied_so(text, expected):
    assert format_text(text).text == expected


@together(
    ("text", "expected"),
    [
        ("a   = 1\nbbb = 2\n", "a   = 1\nbbb = 2\n"),
        ("a     = 1\nbbb   = 2\n", "a   = 1\nbbb = 2\n"),
        ("a   =1\nbbb =  2\n", "a   = 1\nbbb = 2\n"),
        ("a   = 1\n\nbbb = 2\n", "a = 1\n\nbbb = 2\n"),
        ("aaa   = 1\nbbb   = 2\n", "aaa = 1\nbbb = 2\n"),
        ("a   = 1\nbbb   = 2\n", "a = 1\nbbb = 2\n"),
        ("a\t = 1\nbb = 2\n", "a = 1\nbb = 2\n"),
        ("  a   = 1\n  bbb = 2\n", "  a   = 1\n  bbb = 2\n"),
        ("  a = 1\nbbb = 2\n", "  a = 1\nbbb = 2\n"),
        ("  a  = 1\nbb = 2\n", "  a = 1\nbb = 2\n"),
        ("a   = [\n]\nbbb = 2\n", "a = [\n]\nbbb = 2\n"),
    ],
)
def test_an_aligned_column_of_equals_signs_is_kept(text, expected):
    assert format_text(text).text == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a=1 # c\n", "a = 1 # c\n"),
        ("a=1    # c\n", "a = 1  # c\n"),
        ("a=1  # c\n", "a = 1  # c\n"),
        ("a    =    1  # c\n", "a = 1        # c\n"),
        ("a=[ # c\n]   # d\n", "a = [ # c\n]   # d\n"),
    ],
)
def test_a_comment_keeps_its_column_where_it_can(text, expected):
    assert format_text(text).text == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\ta = 1\n  b = 1\n", "  a = 1\n  b = 1\n"),
        ("\ta = 1\n\tb = 1\n  c = 1\n", "\ta = 1\n\tb = 1\n\tc = 1\n"),
        ("  \ta = 1\n  b = 1\n    c = 1\n", "    a = 1\n  b = 1\n    c = 1\n"),
        ("\ta = 1\n\tb = 1\n", "\ta = 1\n\tb = 1\n"),
        ("\ta = 1\n \tb = 1\n", "    a = 1\n    b = 1\n"),
        (" a = 1\n\tb = 1\n\tc = 1\n", "\ta = 1\n\tb = 1\n\tc = 1\n"),
        ('\ta = """\n  x"""\n\tb = 1\n', '\ta = """\n  x"""\n\tb = 1\n'),
    ],
)
def test_mixed_indents_become_those_of_most_lines(text, expected):
    assert format_text(text).text == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a = 1\r\nb = 2\r\nc = 3\n", "a = 1\r\nb = 2\r\nc = 3\r\n"),
        ("a = 1\r\nb = 2\n", "a = 1\nb = 2\n"),
        ("a = 1\r\nb = 2", "a = 1\r\nb = 2\r\n"),
        ("a = 1\r\n[b]\r\n", "a = 1\r\n\r\n[b]\r\n"),
        ("a = 1\r\n\n\n\n\nb = 2\r\n", "a = 1\n\nb = 2\n"),
        ("a = '''\r\nx\n'''\n", "a = '''\nx\n'''\n"),
    ],
)
def test_line_ends_become_those_of_most_lines(text, expected):
    assert format_text(text).text == expected


def test_what_is_not_toml_is_refused_with_its_place():
    with pytest.raises(ParseError, match=r"^x.toml:1:5: "):
        format_text("a = \n", "x.toml")


def test_comments_are_found_and_strings_with_a_hash_are_not():
    text = "# one \na = \"# no\" # two\nb = '''\n# no\n'''\n'#' = '#'# three"
    assert comments_of(text) == ["# one", "# two", "# three"]


@pytest.mark.parametrize(
    ("result", "message"),
    [
        ("a = 2\n# c\nb = 1\n", "a value or a comment"),
        ("a = 1\n# d\nb = 1\n", "a value or a comment"),
        ("b = 1\n# c\na = 1\n", "the order"),
    ],
)
def test_a_result_that_says_something_else_is_never_returned(monkeypatch, result, message):
    monkeypatch.setattr(formatter, "_apply", lambda text, edits: result)
    with pytest.raises(GuardError, match=message):
        format_text("a = 1\n# c\nb = 1\n")
    with pytest.raises(GuardError, match=r"^x: "):
        format_text("a = 1\n# c\nb = 1\n", "x")


@st.composite
def untidy(draw):
    text = draw(reformatted(draw(edited(draw(documents())))))
    if draw(st.booleans()):
        text = text.replace("\r\n", "\n").replace("\n", "\r\n")
    if draw(st.booleans()):
        text = text.replace("\r\n", "\n", draw(st.integers(0, 9)))
    return text


def value_of(text):
    return tomllib.loads(text.removeprefix("\ufeff"))


@given(untidy())
def test_formatting_twice_is_formatting_once_and_changes_no_value_nor_comment(text):
    once = format_text(text)
    assert format_text(once.text) == (once.text, ())
    assert same_value(value_of(text), value_of(once.text))
    assert comments_of(text) == comments_of(once.text)
    assert (once.text == text) is (not once.edits)


VALID = find_shared("toml-test", "tests", "valid")
CASES = sorted(VALID.rglob("*.toml")) if VALID else []


@together("path", CASES, ids=lambda path: path.stem)
def test_real_documents_keep_their_value(path):
    text = path.read_bytes().decode()
    try:
        value = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        pytest.skip("TOML 1.1")
    once = format_text(text)
    assert same_value(tomllib.loads(once.text), value)
    assert format_text(once.text).edits == ()


@together(
    ("text", "tidy", "edits"),
    [
        (
            "a = 1\n\tb = 1\n  c = 1\n  d = 1\n",
            "a = 1\n  b = 1\n  c = 1\n  d = 1\n",
            [(6, 7, "  ", "an indent of other characters than most")],
        ),
        (
            "\ta = 1\n\tb = 1\n    c = 1\n  d = 1\n e = 1\n",
            "  a = 1\n  b = 1\n    c = 1\n  d = 1\n e = 1\n",
            [
                (0, 1, "  ", "an indent of other characters than most"),
                (7, 8, "  ", "an indent of other characters than most"),
            ],
        ),
        (
            "a = [\n  1,\n\t2,\n  \t3,\n]\n",
            "a = [\n  1,\n  2,\n    3,\n]\n",
            [
                (11, 12, "  ", "an indent of other characters than most"),
                (15, 18, "    ", "an indent of other characters than most"),
            ],
        ),
        (
            "a = 1\r\nb = 1\r\nc = 1\n",
            "a = 1\r\nb = 1\r\nc = 1\r\n",
            [(19, 20, "\r\n", "a line end unlike the others")],
        ),
        (
            "a = 1\r\nb = 1\n",
            "a = 1\nb = 1\n",
            [(5, 7, "\n", "a line end unlike the others")],
        ),
        (
            "a=1 # x\n",
            "a = 1 # x\n",
            [(1, 2, " = ", 'spaces around "="')],
        ),
        (
            "aa=1   # x\nb   =2    # y\n",
            "aa = 1  # x\nb = 2     # y\n",
            [
                (2, 3, " = ", 'spaces around "="'),
                (4, 7, "  ", "the column of a comment"),
                (12, 16, " = ", 'spaces around "="'),
                (17, 21, "     ", "the column of a comment"),
            ],
        ),
        (
            "a  =  1      # x\nbb = 2 # y\n",
            "a  = 1       # x\nbb = 2 # y\n",
            [(1, 6, "  = ", 'spaces around "="'), (7, 13, "       ", "the column of a comment")],
        ),
        (
            "aa = 1\nb  = 2\n",
            "aa = 1\nb  = 2\n",
            [],
        ),
        (
            "aa = 1\n b  = 2\n",
            "aa = 1\n b = 2\n",
            [(9, 13, " = ", 'spaces around "="')],
        ),
        (
            "a\t= 1\nbb = 2\n",
            "a = 1\nbb = 2\n",
            [(1, 4, " = ", 'spaces around "="')],
        ),
        (
            "aa  = 1\nbb  = 2\n",
            "aa = 1\nbb = 2\n",
            [(2, 6, " = ", 'spaces around "="'), (10, 14, " = ", 'spaces around "="')],
        ),
        (
            "\n\na = 1\n \t\n\n\n[t]\n[u]\n# c\n#: d\n# e\n[v]\n\n\n",
            "a = 1\n\n[t]\n\n[u]\n# c\n#: d\n\n# e\n[v]\n",
            [
                (0, 1, "", "blank lines at an end of the file"),
                (1, 2, "", "blank lines at an end of the file"),
                (8, 10, "", "white space on a blank line"),
                (11, 12, "", "more blank lines than one"),
                (12, 13, "", "more blank lines than one"),
                (17, 17, "\n", "no blank line before the table"),
                (30, 30, "\n", "no blank line before the table"),
                (38, 39, "", "blank lines at an end of the file"),
                (39, 40, "", "blank lines at an end of the file"),
            ],
        ),
        (
            "a = '''\n x \n\n\n'''  \n\n",
            "a = '''\n x \n\n\n'''\n",
            [
                (17, 19, "", "white space at the end of the line"),
                (20, 21, "", "blank lines at an end of the file"),
            ],
        ),
        (
            "  a = 1  \n  # c  \n",
            "  a = 1\n  # c\n",
            [
                (7, 9, "", "white space at the end of the line"),
                (15, 17, "", "white space at the end of the line"),
            ],
        ),
        (
            "[t]\nx = 1\n\n# c\n\n[u]",
            "[t]\nx = 1\n\n# c\n\n[u]\n",
            [(19, 19, "\n", "no line end at the end of the file")],
        ),
        (
            "\ufeff\n# c\n",
            "\ufeff# c\n",
            [(1, 2, "", "blank lines at an end of the file")],
        ),
    ],
    ids=repr,
)
def test_each_edit_is_where_it_must_be_for_its_reason(text, tidy, edits):
    found = format_text(text)
    assert found.text == tidy
    assert [tuple(edit) for edit in found.edits] == edits
