"""What is not TOML: where, why and the way out, word by word."""

from __future__ import annotations

import pytest

from sessionctl.core.text.mask import INERT
from sessionctl.core.toml.document import Document
from sessionctl.errors import ParseError
from tests.together import together

# The text, the message with its place, and the hint.
ERRORS = [
    ("a", '1:1: expected "=" and a value after the key', ""),
    ("a b = 1", '1:3: expected "=" after the key a', "quote a key with other characters"),
    ("a1 b = 1", '1:4: expected "=" after the key', "quote a key with other characters"),
    ("= 1", "1:1: expected a key before the equals sign", ""),
    ("a. = 1", "1:4: expected a key before the equals sign", ""),
    (
        "a.! = 1",
        '1:3: expected a key after the dot, found "!"',
        "keys are letters, digits, - and _; quote any other",
    ),
    (
        "! = 1",
        '1:1: expected a key, found "!"',
        "keys are letters, digits, - and _; quote any other",
    ),
    ("a = ", "1:5: expected a value, found the end of the line", ""),
    ("a = x", "1:5: this is not a value; a string needs quotes", ""),
    ("a = # x", "1:5: expected a value, found the end of the line", ""),
    (
        'a = "x',
        '1:5: the string is never closed: " is missing',
        "a string of several lines is written in three quotes",
    ),
    ('a = """x', '1:5: the string is never closed: """ is missing', ""),
    (
        "a = 'x",
        "1:5: the string is never closed: ' is missing",
        "a string of several lines is written in three quotes",
    ),
    (
        'a = "\\q"',
        '1:6: "\\q" is not an escape',
        "write \\\\ for a backslash, or use a string in single quotes",
    ),
    ('a = "\\e"', "1:6: the escape \\e is TOML 1.1", "use \\u001B"),
    ('a = "\\x41"', "1:6: the escape \\x is TOML 1.1", "use \\u00 and two digits"),
    (
        'a = "\\u12"',
        "1:6: \\u needs 4 hexadecimal digits",
        "write \\\\ for a backslash, or use a string in single quotes",
    ),
    (
        'a = "\\U12"',
        "1:6: \\U needs 8 hexadecimal digits",
        "write \\\\ for a backslash, or use a string in single quotes",
    ),
    (
        'a = "C:\\temp\\q"',
        '1:13: "\\q" is not an escape',
        "a Windows path is written in single quotes, 'C:\\...', or with \\\\ for each \\",
    ),
    ("a = [1", '1:5: the array is never closed: "]" is missing', "the text ends at 1:7"),
    ("a = [1 2]", '1:8: expected "," or "]" in the array', ""),
    (
        "a = {b = 1",
        '1:5: the inline table is never closed: "}" is missing',
        "the text ends at 1:11",
    ),
    (
        "a = {b = 1\n}",
        "1:11: a line end or comment inside an inline table is TOML 1.1",
        "write the inline table on one line, or use a [table]",
    ),
    (
        "a = {b = 1,}",
        "1:11: a comma after the last entry of an inline table is TOML 1.1",
        "remove the comma",
    ),
    (
        "a = {b = 1 # x",
        "1:12: a line end or comment inside an inline table is TOML 1.1",
        "write the inline table on one line, or use a [table]",
    ),
    ("a = 1\na = 2", '2:1: the key "a" is defined twice', "the first one is at f:1:1"),
    ("[t]\n[t]", '2:2: the table "t" is defined twice', "the first one is at f:1:2"),
    (
        "[t]\nx = 1\n[t.x]",
        '3:2: "t.x" adds to a value that is complete where it was written',
        "it is at f:2:1: write the new key there, or change that table to [table] form",
    ),
    (
        "a = {b = 1}\n[a.c]",
        '2:2: "a.c" adds to an inline table that is complete where it was written',
        "it is at f:1:1: write the new key there, or change that table to [table] form",
    ),
    (
        "a = [1]\n[[a]]",
        '2:3: "a" adds to an array that is complete where it was written',
        "it is at f:1:1: write the new key there, or change that table to [table] form",
    ),
    (
        "a = 1\n[a]",
        '2:2: "a" adds to a value that is complete where it was written',
        "it is at f:1:1: write the new key there, or change that table to [table] form",
    ),
    (
        "[[a]]\n[a]",
        '2:2: "a" is an array of tables, not a single table',
        "it begins at f:1:3: write [[a]] for one more item",
    ),
    ("[a]\n[[a]]", '2:3: the table "a" is defined twice', "the first one is at f:1:2"),
    ("a.b = 1\n[a]", '2:2: the table "a" is defined twice', "the first one is at f:1:1"),
    ("a = 1\x01", "1:6: expected the end of the line after the value", ""),
    (
        "# \x7f",
        "1:3: the control character U+007F is not allowed here",
        'in a string in double quotes it is written "\\u007F"',
    ),
    (
        'a = "\x00"',
        "1:6: the control character U+0000 is not allowed here",
        'in a string in double quotes it is written "\\u0000"',
    ),
    (
        "<<<<<<< x\n",
        "1:1: a conflict marker was left in the file",
        "resolve the conflict, then remove the marker lines",
    ),
    (
        "[t u]",
        '1:4: expected "]" at the end of the table header',
        'quote a key with other characters: ["my key"]',
    ),
    ("[t", '1:3: expected "]" at the end of the table header', ""),
    ("[t  # x", '1:5: expected "]" at the end of the table header', ""),
    ("[]", '1:2: expected a key, found "]"', "keys are letters, digits, - and _; quote any other"),
    (
        "[[t]",
        '1:4: expected "]]" at the end of the table header',
        "",
    ),
    ("[t] x", "1:5: expected the end of the line after the table header", ""),
    ("a = 1 2", "1:7: expected the end of the line after the value", ""),
    ("a = 01", "1:5: a number does not start with a zero", ""),
    ("a = 1__0", "1:5: an underscore in a number must be between two digits", ""),
    ("a = 1.", "1:5: this is not a number, a date or a time", ""),
    ("a = 2026-13-01", "1:5: this is not a number, a date or a time", ""),
    ("a = 25:00:00", "1:5: this is not a number, a date or a time", ""),
    ("a = tru", "1:5: this is not a value; a string needs quotes", ""),
    ("a = +true", "1:5: this is not a number, a date or a time", ""),
    ("a = 0x", "1:5: this is not a number, a date or a time", ""),
    ("a = 1e", "1:5: this is not a number, a date or a time", ""),
    ("a = '''x", "1:5: the string is never closed: ''' is missing", ""),
    ("a = [1,,2]", '1:8: expected a value, found ","', "a string needs quotes"),
    (
        "a = {,}",
        '1:6: expected a key, found ","',
        "keys are letters, digits, - and _; quote any other",
    ),
    ("a = {b}", '1:7: expected "=" after the key b', "quote a key with other characters"),
    (
        '"a = 1',
        '1:1: the string is never closed: " is missing',
        "a string of several lines is written in three quotes",
    ),
    ("a = 1\rb = 2", "1:6: a carriage return must come before a line feed, or be escaped", ""),
    (
        "\x00",
        "1:1: the control character U+0000 is not allowed here",
        'in a string in double quotes it is written "\\u0000"',
    ),
    ("a = inf1", "1:5: this is not a value; a string needs quotes", ""),
    ("a = 2026-01-02T", "1:5: this is not a number, a date or a time", ""),
    (
        "a = 1979-05-27T07:32",
        "1:5: a time without seconds is TOML 1.1; TOML 1.0 needs hh:mm:ss",
        "",
    ),
]


@together("text, message, hint", ERRORS, ids=ascii)
def test_a_text_that_is_not_toml_is_refused_word_by_word(text, message, hint):
    with pytest.raises(ParseError) as caught:
        Document.parse(text, "f")
    assert (caught.value.message, caught.value.problem.hint) == (f"f:{message}", hint)


# The same texts in their order, with the stretch that is to blame.
BLAMED = [
    "«a»",
    "a «b» = 1",
    "a1 «b» = 1",
    "«=» 1",
    "a. «=» 1",
    "a.«!» = 1",
    "«!» = 1",
    "a = «»",
    "a = «x»",
    "a = «#» x",
    'a = «"»x',
    'a = «"""»x',
    "a = «'»x",
    'a = "«\\q»"',
    'a = "«\\e»"',
    'a = "«\\x»41"',
    'a = "«\\u»12"',
    'a = "«\\U»12"',
    'a = "C:\\temp«\\q»"',
    "a = «[»1",
    "a = [1 «2»]",
    "a = «{»b = 1",
    "a = {b = 1«\n»}",
    "a = {b = 1«,»}",
    "a = {b = 1 «#» x",
    "a = 1\n«a» = 2",
    "[t]\n[«t»]",
    "[t]\nx = 1\n[«t.x»]",
    "a = {b = 1}\n[«a.c»]",
    "a = [1]\n[[«a»]]",
    "a = 1\n[«a»]",
    "[[a]]\n[«a»]",
    "[a]\n[[«a»]]",
    "a.b = 1\n[«a»]",
    "a = 1«\x01»",
    "# «\x7f»",
    'a = "«\x00»"',
    "«<<<<<<<» x\n",
    "[t «u»]",
    "[t«»",
    "[t  «#» x",
    "[«]»",
    "[[t«]»",
    "[t] «x»",
    "a = 1 «2»",
    "a = «01»",
    "a = «1__0»",
    "a = «1.»",
    "a = «2026-13-01»",
    "a = «25:00:00»",
    "a = «tru»",
    "a = «+true»",
    "a = «0x»",
    "a = «1e»",
    "a = «'''»x",
    "a = [1,«,»2]",
    "a = {«,»}",
    "a = {b«}»",
    '«"»a = 1',
    "a = 1«\r»b = 2",
    "«\x00»",
    "a = «inf1»",
    "a = «2026-01-02T»",
    "a = «1979-05-27T07:32»",
]


@together("text, blamed", [(error[0], text) for error, text in zip(ERRORS, BLAMED, strict=True)])
def test_the_stretch_that_is_to_blame_is_marked(text, blamed):
    with pytest.raises(ParseError) as caught:
        Document.parse(text, "f")
    start, end = caught.value.problem.span
    assert f"{text[:start]}«{text[start:end]}»{text[end:]}" == blamed
    is_twice = any(word in caught.value.message for word in ("twice", "adds to", "not a single"))
    rule = "duplicate" if is_twice else "conflict-marker" if text[0] == "<" else "syntax"
    assert caught.value.problem.rule == rule
    # In the midst of a text it is the same stretch, where the same is wrong.
    message = caught.value.problem.message
    with pytest.raises(ParseError) as caught:
        Document.parse(f"x_1 = 0\n{text}\n# the end\n", "f")
    if caught.value.problem.message == message and end > start:
        assert caught.value.problem.span == (start + 8, end + 8)


_WHOLE = "<<<<<<< a\nb = 1\n=======\nb = 2\n>>>>>>> c\n"
_BY_HAND = "resolve the conflict, then remove the marker lines"


@together(
    ("text", "name", "hint"),
    [
        (_WHOLE, "-a b.toml", "resolve the conflict: sessionctl resolve './-a b.toml'"),
        (_WHOLE.replace("\n", "\r\n"), "a.toml", "resolve the conflict: sessionctl resolve a.toml"),
        (_WHOLE, "-", _BY_HAND),
        (_WHOLE, "HEAD:a.toml", _BY_HAND),
        # Of these the command says that there is no conflict, or none that ends.
        ("a = 1\n=======\nb = 2\n", "a.toml", _BY_HAND),
        ("||||||| x\n", "a.toml", _BY_HAND),
        ("=======\n>>>>>>> c\n", "a.toml", _BY_HAND),
        ("<<<<<<< a\nb = 1\n=======\n", "a.toml", _BY_HAND),
        ("<<<<<<< a\nb = 1\n>>>>>>> c\n=======\n", "a.toml", _BY_HAND),
    ],
)
def test_resolve_is_named_for_a_whole_conflict_of_a_file_alone(text, name, hint):
    with pytest.raises(ParseError) as caught:
        Document.parse(text, name)
    assert caught.value.problem.hint == hint


def test_text_for_reading_is_known_by_its_ends_of_lines_and_what_it_masks():
    said = "this is text that git diff shows for reading, its secrets are masked"
    hint = "restore the file, and make patches with: git diff --no-textconv"
    for text in (f'a = "***"{INERT}\n', f'a = "sealed sha256:0"{INERT}\n'):
        with pytest.raises(ParseError) as caught:
            Document.parse(text)
        problem = caught.value.problem
        assert (problem.message, problem.hint, problem.rule) == (said, hint, "masked-text")
        assert problem.span.start == text.index(INERT)
    with pytest.raises(ParseError) as caught:
        Document.parse(f"a = 1{INERT}\n")
    assert caught.value.problem.rule == "syntax"
