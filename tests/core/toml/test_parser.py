"""What the parser refuses, in which words and where; what it remembers between versions."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessionctl.core.problem import Span
from sessionctl.core.toml.document import Document
from sessionctl.core.toml.parse import parser
from sessionctl.core.toml.parse.parser import ARRAY_TABLE, KEY, MAX_DEPTH, TABLE, parse_value
from sessionctl.core.toml.parse.statement import ParseMemory
from sessionctl.core.values import same_value
from sessionctl.errors import ParseError
from tests.core.toml.corpus import TRICKY
from tests.strategies import documents
from tests.together import together

DEEP = MAX_DEPTH + 72

REFUSED = [
    # -- keys ------------------------------------------------------------------------------
    ("a = 1\n=\n", "2:1", "expected a key before the equals sign"),
    ("a.", "1:3", "expected a key, found the end of the line"),
    ("a.\r\n", "1:3", "expected a key, found the end of the line"),
    ("a.? = 1", "1:3", 'expected a key after the dot, found "?"'),
    ("[]\n", "1:2", 'expected a key, found "]"'),
    ("\x01", "1:1", "the control character U+0001 is not allowed here"),
    ("a\x01 = 1", "1:2", "the control character U+0001 is not allowed here"),
    ("a b = 1", "1:3", 'expected "=" after the key a'),
    ("a", "1:1", 'expected "=" and a value after the key'),
    ("a\n= 1", "1:1", 'expected "=" and a value after the key'),
    ('"""a""" = 1', "1:1", "a key cannot be a multi-line string"),
    ("'a = 1", "1:1", "the string is never closed: ' is missing"),
    ('"\\q" = 1', "1:2", '"\\q" is not an escape'),
    ("\ufeff\ufeffa = 1", "1:1", 'expected a key, found "\\ufeff"'),
    # -- values ----------------------------------------------------------------------------
    ("a =", "1:4", "expected a value, found the end of the line"),
    ("a = # c\n", "1:5", "expected a value, found the end of the line"),
    ("a = ?\n", "1:5", 'expected a value, found "?"'),
    ("a = \x02\n", "1:5", "the control character U+0002 is not allowed here"),
    ("a = hunter2\n", "1:5", "this is not a value; a string needs quotes"),
    ("a = True\n", "1:5", "True is written in lower case: true"),
    ("a = -NaN\n", "1:5", "-NaN is written in lower case: -nan"),
    ("a = 1__0", "1:5", "an underscore in a number must be between two digits"),
    ("a = 1_.0", "1:5", "an underscore in a number must be between two digits"),
    ("a = +01", "1:5", "a number does not start with a zero"),
    ("a = .5", "1:5", "this is not a number, a date or a time"),
    ("a = 1979-02-30", "1:5", "there is no such date: day is out of range for month"),
    ("a = 12:30", "1:5", "a time without seconds is TOML 1.1; TOML 1.0 needs hh:mm:ss"),
    ("a = 1979-01-01 12:30Z", "1:5", "a time without seconds is TOML 1.1; TOML 1.0 needs hh:mm:ss"),
    ("a = 1979-01-01 1", "1:16", "expected the end of the line after the value"),
    ("a = " + "9" * 4001, "1:5", "the integer has more than 4000 digits"),
    ("a = 1 2", "1:7", "expected the end of the line after the value"),
    ("a = 1 # x\x7f\n", "1:10", "the control character U+007F is not allowed here"),
    ("# \x01\n", "1:3", "the control character U+0001 is not allowed here"),
    ("a = 1\rb", "1:6", "a carriage return must come before a line feed, or be escaped"),
    # -- strings ---------------------------------------------------------------------------
    ('a = "x', "1:5", 'the string is never closed: " is missing'),
    ('a = "x\n"', "1:5", 'the string is never closed: " is missing'),
    ('a = "x\r\n', "1:5", 'the string is never closed: " is missing'),
    ('a = "x\\', "1:5", 'the string is never closed: " is missing'),
    ("a = 'x\n'", "1:5", "the string is never closed: ' is missing"),
    ("a = 'x\x01'", "1:7", "the control character U+0001 is not allowed here"),
    ('a = "x\r"', "1:7", "the control character U+000D is not allowed here"),
    ('a = """x', "1:5", 'the string is never closed: """ is missing'),
    ("a = '''\x01'''", "1:8", "the control character U+0001 is not allowed here"),
    ('a = """x""""""', "1:14", "expected the end of the line after the value"),
    ('a = "\\e"', "1:6", "the escape \\e is TOML 1.1"),
    ('a = "\\u12"', "1:6", "\\u needs 4 hexadecimal digits"),
    ('a = "\\U12"', "1:6", "\\U needs 8 hexadecimal digits"),
    ('a = "\\ud800"', "1:6", "the escape is not a Unicode scalar value"),
    ('a = "\\Uffffffff"', "1:6", "the escape is not a Unicode scalar value"),
    # -- arrays and inline tables ----------------------------------------------------------
    ("a = [1", "1:5", 'the array is never closed: "]" is missing'),
    ("a = [1,", "1:5", 'the array is never closed: "]" is missing'),
    ("a = [ # c", "1:5", 'the array is never closed: "]" is missing'),
    ("a = [1 2]", "1:8", 'expected "," or "]" in the array'),
    ("a = [,]", "1:6", 'expected a value, found ","'),
    ("a = [1 # \x01\n]", "1:10", "the control character U+0001 is not allowed here"),
    ("a = {", "1:5", 'the inline table is never closed: "}" is missing'),
    ("a = {b = 1", "1:5", 'the inline table is never closed: "}" is missing'),
    ("a = {b", "1:6", 'expected "=" and a value after the key'),
    ("a = {b = 1 c = 2}", "1:12", 'expected "," or "}" in the inline table'),
    ("a = {b = 1,}", "1:11", "a comma after the last entry of an inline table is TOML 1.1"),
    ("a = {\nb = 1}", "1:6", "a line end or comment inside an inline table is TOML 1.1"),
    ("a = {b = 1, # c\n}", "1:13", "a line end or comment inside an inline table is TOML 1.1"),
    # -- tables ----------------------------------------------------------------------------
    ("[a b]\n", "1:4", 'expected "]" at the end of the table header'),
    ("[[a] ]\n", "1:4", 'expected "]]" at the end of the table header'),
    ("[a] x\n", "1:5", "expected the end of the line after the table header"),
    ("a = 1\na = 2\n", "2:1", 'the key "a" is defined twice'),
    ('a = 1\n"a" = 2\n', "2:1", 'the key "a" is defined twice'),
    ("a = {b = 1, b = 2}", "1:13", 'the key "b" is defined twice'),
    (
        "a = {b = {c = 1}, b.d = 2}",
        "1:19",
        '"b.d" adds to an inline table that is complete where it was written',
    ),
    (
        "a = {b = [1], b.d = 2}",
        "1:15",
        '"b.d" adds to an array that is complete where it was written',
    ),
    ("[a]\n[a]\n", "2:2", 'the table "a" is defined twice'),
    ("[[a]]\n[a]\n", "2:2", '"a" is an array of tables, not a single table'),
    ("[a]\n[[a]]\n", "2:3", 'the table "a" is defined twice'),
    ("a = 1\n[[a]]\n", "2:3", '"a" adds to a value that is complete where it was written'),
    ("a = {}\n[a]\n", "2:2", 'the table "a" is defined twice'),
    (
        "a = {}\n[a.b]\n",
        "2:2",
        '"a.b" adds to an inline table that is complete where it was written',
    ),
    (
        "a = {}\na.b = 1\n",
        "2:1",
        '"a.b" adds to an inline table that is complete where it was written',
    ),
    ("[a.b]\n[a]\nb.c = 1\n", "3:1", 'the table "b.c" is defined twice'),
    ("a.b = 1\n[a]\n", "2:2", 'the table "a" is defined twice'),
    # -- limits and markers ----------------------------------------------------------------
    ("a = 1\n<<<<<<< ours\n", "2:1", "a conflict marker was left in the file"),
    ("=======\n", "1:1", "a conflict marker was left in the file"),
    (" <<<<<<< ours\n", "1:2", 'expected a key, found "<"'),
    ("a = " + "[" * DEEP, "1:132", "nested deeper than 128 levels"),
    ("a = " + "{b=" * DEEP, "1:386", "nested deeper than 128 levels"),
    ("a = " + "[" * 127 + "{a = {", "1:132", "nested deeper than 128 levels"),
    ("a = " + "[" * 126 + "{a = {", "1:136", "nested deeper than 128 levels"),
    ("a = {" + "b." * 126 + "c = {}}", "1:262", "nested deeper than 128 levels"),
    ("a = {" + "b." * 127 + "c = 1}", "1:6", "nested deeper than 128 levels"),
    ("b." * DEEP + "c = 1", "1:401", "nested deeper than 128 levels"),
    ("[a]\n" + "b." * 127 + "c = 1", "2:1", "nested deeper than 128 levels"),
    ("[" + "a." * DEEP + "b]", "1:2", "nested deeper than 128 levels"),
    ('["a".' + "a." * DEEP + "b]", "1:406", "nested deeper than 128 levels"),
]


@together(("text", "place", "message"), REFUSED)
def test_a_text_is_refused_with_the_place_and_the_reason(text, place, message):
    with pytest.raises(ParseError) as caught:
        Document.parse(text, "x.toml")
    assert caught.value.message == f"x.toml:{place}: {message}"
    with pytest.raises((tomllib.TOMLDecodeError, RecursionError, ValueError)):
        deep = "nested deeper" in message or "4000 digits" in message
        tomllib.loads("=" if deep else text)


@together(
    ("text", "hint"),
    [
        ("a = 1\n[t]\na = 1\nb = 2\na = 3\n", "the first one is at 3:1"),
        ("[t]\n[u]\n[t]\n", "the first one is at 1:2"),
        ('a = "x\n', "a string of several lines is written in three quotes"),
        ("a = [1\n\n", "the text ends at 3:1"),
        ("a = {b = 1,}", "remove the comma"),
        ("my key = 1", "quote a key with other characters"),
        ("=======\n", "resolve the conflict, then remove the marker lines"),
        ("a = \x01", 'in a string in double quotes it is written "\\u0001"'),
    ],
)
def test_the_hint_tells_the_way_out(text, hint):
    with pytest.raises(ParseError) as caught:
        Document.parse(text)
    assert caught.value.hints == (hint,)


def test_a_duplicate_of_what_dotted_keys_made_names_the_first_of_them():
    for text in ("a.b = 1\n[a]\n", "[a.b]\n[a]\nb.c = 1\n", "[t]\na.b = 1\na.b.c = 1\n"):
        with pytest.raises(ParseError):
            Document.parse(text)
    with pytest.raises(ParseError) as caught:
        Document.parse("[t]\na.b = 1\n[t.u]\n[t.a]\n")
    assert caught.value.hints == ("the first one is at 2:1",)


def test_a_place_covers_what_is_wrong():
    with pytest.raises(ParseError) as caught:
        Document.parse("a = 1\nb = True\n")
    problem = caught.value.problem
    assert (problem.rule, problem.span) == ("syntax", Span(10, 14))
    assert (caught.value.line, caught.value.column) == (2, 5)


def test_a_text_beyond_the_limit_is_refused(monkeypatch):
    monkeypatch.setattr(parser, "MAX_LENGTH", 10)
    assert Document.parse("a = 1    \n").value == {"a": 1}
    with pytest.raises(ParseError, match="1:1: the text is longer than 10 characters"):
        Document.parse("a = 1     \n")


def test_a_message_steers_no_terminal():
    with pytest.raises(ParseError) as caught:
        Document.parse("\u202ea = 1", "x")
    assert "\u202e" not in str(caught.value)


def test_nesting_up_to_the_limit_is_read():
    for text in (
        "a = " + "[" * 127 + "]" * 127,
        "a = {" + "b." * 126 + "c = 1}",
        "b." * 127 + "c = 1",
        "[" + "a." * 127 + "b]",
    ):
        assert Document.parse(text).value == tomllib.loads(text)


def test_statements_tell_where_things_lie():
    text = "\ufeff# c\r\n a . 'b' = [1] # c\r\n[ t ]\n[[u]]\nx=1"
    statements = Document.parse(text).statements
    kinds = [(s.kind, s.keys) for s in statements]
    assert kinds == [(KEY, ("a", "b")), (TABLE, ("t",)), (ARRAY_TABLE, ("u",)), (KEY, ("x",))]
    assert [text[s.key_start : s.key_end] for s in statements] == ["a . 'b'", "t", "u", "x"]
    assert [text[s.value_start : s.value_end] for s in statements] == ["[1]", "[ t ]", "[[u]]", "1"]
    assert [text[s.end - 1 : s.end] for s in statements] == ["\n", "\n", "\n", "1"]
    assert repr(statements[0]) == f"<key a.b {statements[0].key_start}:{statements[0].end}>"


@given(st.lists(st.sampled_from([*TRICKY.values()]) | documents(), max_size=4))
def test_versions_that_share_a_memory_read_the_same(texts):
    memory = ParseMemory()
    for text in [*texts, *texts]:
        plain, remembered = Document.parse(text), Document.parse(text, memory=memory)
        assert same_value(plain.value, remembered.value)
        assert [*map(repr, plain.statements)] == [*map(repr, remembered.statements)]
        assert [s.value_end for s in plain.statements] == [
            s.value_end for s in remembered.statements
        ]


def test_versions_that_share_a_memory_share_their_strings_and_keys():
    memory = ParseMemory()
    text = 'a = "some words"\n[b.c]\n'
    one, other = (Document.parse(text + more, memory=memory) for more in ("", "d = 1\n"))
    assert one.value["a"] is other.value["a"]
    assert [s.keys for s in one.statements] == [("a",), ("b", "c")]
    assert all(s.keys is t.keys for s, t in zip(one.statements, other.statements, strict=False))


def test_a_value_alone_is_that_of_the_document():
    text = 'a = "x"\nb = [1]\n[[c]]\nd.e = 2 # f\n'
    assert parse_value(text) == parse_value(text, ParseMemory()) == Document.parse(text).value
    for wrong in ("a = 1\na = 2\n", "[b]\n[b]\n", "a = 1\n[a]\n", "a = {b = 1, b = 2}\n"):
        with pytest.raises(ParseError):
            parse_value(wrong)


def test_what_is_remembered_is_checked_all_the_same():
    memory = ParseMemory()
    text = "a.b = [\n  1,\n]\n"
    Document.parse(text, memory=memory)
    with pytest.raises(ParseError, match="defined twice"):
        Document.parse(text + text, memory=memory)
    # The same first line, but another value.
    assert Document.parse("a.b = [\n  2,\n]\n", memory=memory).value == {"a": {"b": [2]}}


@given(documents())
def test_the_text_of_a_document_is_the_text_it_was_read_from(text):
    document = Document.parse(text)
    assert document.text == text
    assert same_value(document.value, tomllib.loads(text.removeprefix("\ufeff")))


@given(st.text(alphabet="ab=.\"'[]{}#,1-: \n\r\t\\\u00e9\x00", max_size=30))
def test_whatever_the_text_it_is_read_as_tomllib_does_or_refused(text):
    try:
        expected = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        with pytest.raises(ParseError):
            Document.parse(text)
    else:
        assert same_value(Document.parse(text).value, expected)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('a = """\\\r\nx\\r\\ny"""\r\n', "x\r\ny"),
        ('a = """x\r\ny\\r\\nz"""\r\n', "x\ny\r\nz"),
        ('a = """x\\\\\r\ny"""\r\n', "x\\\ny"),
        ('a = """\\r\\n"""', "\r\n"),
    ],
)
def test_line_ends_that_escapes_write_stay_as_they_are(text, value):
    assert Document.parse(text).value == tomllib.loads(text) == {"a": value}


def test_a_bad_escape_behind_windows_line_ends_is_told_at_its_place():
    with pytest.raises(ParseError, match=r"3:1: "):
        Document.parse('a = """x\r\ny\r\n\\q"""\r\n')


def test_a_statement_is_shown_by_its_kind_keys_and_place():
    statements = Document.parse("a . b = 1\n[t]\n[[u.v]]\n").statements
    assert list(map(repr, statements)) == [
        "<key a.b 0:10>",
        "<table t 11:14>",
        "<array table u.v 16:22>",
    ]
