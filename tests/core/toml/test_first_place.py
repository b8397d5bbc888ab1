"""What is defined twice names the first place; Windows paths get their own advice."""

from __future__ import annotations

import pytest

from sessionctl import Document, ParseError, validate
from sessionctl.core.toml.escaped_paths import escaped_paths
from tests.together import together

# Text, place of the second, place of the first.
TWICE = {
    "a key": ("a = 1\n\na = 2\n", "3:1", "1:1"),
    "a quoted key": ("[t]\n'a' = 1\na = 2\n", "3:1", "2:1"),
    "a dotted key": ("[t]\n  b.c = 1\nb . c = 2\n", "3:1", "2:3"),
    "a key below a sub-table": ("[t]\na = 1\n[t.u]\n[v]\na = 1\na = 2\n", "6:1", "5:1"),
    "a key of a table that is continued": ("[a.b]\nx = 1\n[a]\nb = 1\n", "4:1", "1:2"),
    "a key of the last item": ("[[a]]\nb = 1\n[[a]]\nb = 1\nb = 2\n", "5:1", "4:1"),
    "a key of a table of the last item": (
        "[[a]]\n[a.t]\nb = 1\n[[a]]\n[a.t]\nb = 1\nb = 2\n", "7:1", "6:1",
    ),
    "a table": ("[a]\n[b]\n[a]\n", "3:2", "1:2"),
    "a table in another spelling": ('["a"]\n[b]\n[ a ]\n', "3:3", "1:2"),
    "a table of the last item": ("[[a]]\n[a.t]\n[[a]]\n[a.t]\n[a.t]\n", "5:2", "4:2"),
    "a dotted table": ("x = 1\na.b = 1\n[a]\n", "3:2", "2:1"),
    "a dotted table below": ("[a]\nx.y.z = 1\n[a.x.y]\n", "3:2", "2:1"),
    "an inline table": ("a = { x = 1 }\n[a]\n", "2:2", "1:1"),
    "a table for an array": ("[a]\n[[a]]\n", "2:3", "1:2"),
    "a key in an inline table": ("a = { x = 1, y = [1, { z = 2 }], x = 2 }\n", "1:34", "1:7"),
    "a dotted key in an inline table": ("a = { b.c = 1, b.c = 2 }\n", "1:16", "1:7"),
    "a key in a nested inline table": ("a = [{ b = { c = 1, c = 2 } }]\n", "1:21", "1:14"),
    "below a value": ("a = 1\na.b = 2\n", "2:1", "1:1"),
    "below a value of a table": ("[a]\nb = 1\n[a.b]\n", "3:2", "2:1"),
    "below a value of the last item": ("[[a]]\nb = 1\n[[a]]\nb = 2\n[a.b.c]\n", "5:2", "4:1"),
    "below an inline table": ("a = { x = 1 }\na.y = 2\n", "2:1", "1:1"),
    "a later key in an inline table": ("a = { b = 1, c.d = 2, c = 3 }\n", "1:23", "1:14"),
    "a key that holds a later one": ("a = { b=[1], c . d=2, c.d.e=3 }\n", "1:23", "1:14"),
    "below a value in an inline table": ("a = { b = 1, b.c = 2 }\n", "1:14", "1:7"),
    "items of a written array": ("a = [1]\n[[a]]\n", "2:3", "1:1"),
    "items of an array of another table": ("a = [1]\n[s]\nx = 1\n[[a]]\n", "4:3", "1:1"),
    "items of a table of another table": ("[a]\n[s]\na = 1\n[[a]]\n", "4:3", "1:2"),
    "a table of items of another table": ("[[a]]\n[s]\na = 1\n[a]\n", "4:2", "1:3"),
    "an array of tables as a table": ("[[a]]\n[[a]]\n[a]\n", "3:2", "1:3"),
}  # fmt: skip


@together("name", TWICE)
def test_what_is_defined_twice_names_the_first_place(name):
    text, second, first = TWICE[name]
    with pytest.raises(ParseError) as caught:
        Document.parse(text, "x.toml")
    assert str(caught.value).startswith(f"x.toml:{second}: ")
    (hint,) = caught.value.hints
    assert f" at x.toml:{first}" in f"{hint} "
    with pytest.raises(ParseError) as caught:
        Document.parse(text)
    assert f" at {first}" in caught.value.hints[0]


DRIVE = "a Windows path is written in single quotes, 'C:\\...', or with \\\\ for each \\"
PATHS = {
    r"C:\Users\me": (r"\U needs 8 hexadecimal digits", "C:"),
    r"T:\en": (r'"\e" is not an escape', "T:"),
    r"D:\xampp": (r'"\x" is not an escape', "D:"),
    r"C:\Program Files\x": (r'"\P" is not an escape', "C:"),
    r"c:\u12": (r"\u needs 4 hexadecimal digits", "c:"),
    r"C:\temp\data": (r'"\d" is not an escape', "C:"),
    r"\\server\share": (r'"\s" is not an escape', "\\"),
    r"%APPDATA%\data": (r'"\d" is not an escape', ""),
    r"..\data": (r'"\d" is not an escape', ""),
    r"~\data": (r'"\d" is not an escape', ""),
}


@together("quotes", ['"', '"""'])
@together("path", PATHS)
def test_a_windows_path_in_double_quotes_is_advised_on(path, quotes):
    message, start = PATHS[path]
    with pytest.raises(ParseError) as caught:
        Document.parse(f"a = {quotes}{path}{quotes}\n")
    assert message in str(caught.value)
    assert caught.value.hints == (DRIVE.replace("C:", start),)


@pytest.mark.parametrize("text", [r"^\d+$", r"a\.b", r"\w", r"100%\d"])
def test_other_backslashes_are_advised_on_as_before(text):
    with pytest.raises(ParseError) as caught:
        Document.parse(f'a = "{text}"\n')
    assert "write \\\\ for a backslash, or use a string in single quotes" in caught.value.hints


BY_CHANCE = {
    r'a = "C:\temp\new"': (r"\t", r'"\t" is a tab in this path'),
    r'a = "C:\bin"': (r"\b", r'"\b" is a backspace in this path'),
    r'a = ["x", { b = "d:\reports" }]': (r"\r", r'"\r" is a carriage return in this path'),
    r'a = "..\foo"': (r"\f", r'"\f" is a form feed in this path'),
    r'a = "%APPDATA%\npm"': (r"\n", r'"\n" is a line end in this path'),
    r'a = """C:\tmp"""': (r"\t", r'"\t" is a tab in this path'),
    r'a = "C:\u00e9t"': (r"\u00e9", r'"\u00e9" is one character in this path'),
    r'a = "C:\U0001F600"': (r"\U0001F600", r'"\U0001F600" is one character in this path'),
}


@together("text", BY_CHANCE)
def test_a_path_in_which_an_escape_was_hit_by_chance_is_a_warning(text):
    marked, message = BY_CHANCE[text]
    (problem,) = validate(text + "\n", {})
    assert (problem.rule, problem.severity, problem.message) == ("escape", "warning", message)
    assert text[problem.span.start : problem.span.end] == marked
    assert problem.hint.startswith("a Windows path is written in single quotes")
    assert escaped_paths(Document.parse(text)) == [problem]


@together(
    "text",
    [
        r"a = 'C:\temp'", r'a = "C:\\temp\\new"', r'a = "n:\t%d"', r'a = "Total:\t5"',
        r'a = "\tC:"', r'a = "C:\n\nD: x"', r'a = "x" # "C:\temp"', r'a = "\\\\s\\temp"',
        r'''a = 'say "C:\temp"' ''', r'a = "Note:\n- one"', r'a = "one\ntwo ..\\three"',
    ],
)  # fmt: skip
def test_what_is_no_such_path_is_no_warning(text):
    assert validate(text + "\n", {}) == ()


def test_a_long_line_of_texts_is_looked_through_quickly():
    import time

    items = ", ".join(f"'item {n}'" for n in range(5_000))
    text = f'p = "C:\\temp"\na = [{items}]\n'
    start = time.process_time()
    assert [problem.rule for problem in escaped_paths(Document.parse(text))] == ["escape"]
    assert time.process_time() - start < 10


def test_a_path_in_single_quotes_is_none_though_one_in_double_quotes_begins_alike():
    text = 'a = "C:\\temp"\nb = \'C:\\é\'\nc = "C:x\u00e9"\n'
    [problem] = escaped_paths(Document.parse(text))
    assert (str(problem.key_path), text[slice(*problem.span)]) == ("a", "\\t")


def test_fifty_such_paths_are_enough():
    text = "a = [" + ", ".join(['"C:\\temp"'] * 60) + "]\n"
    assert [str(one.key_path) for one in escaped_paths(Document.parse(text))] == [
        f"a[{number}]" for number in range(50)
    ]
