"""What is taken over from the neighbours of a place: each part of a style, and who decides."""

from __future__ import annotations

from sessionctl.core.keypath import KeyPath
from sessionctl.core.toml.document import Document
from sessionctl.core.toml.edit.node_statements import opened
from sessionctl.core.toml.write.neighbour_style import equals_column, style_near, table_keys
from sessionctl.core.toml.write.table_form import TableForms
from sessionctl.core.toml.write.value_writer import DEFAULT_STYLE
from tests.together import together


def shown(style):
    """Return the fields of a style that are not as they are by default."""
    default = DEFAULT_STYLE._asdict()
    return {key: value for key, value in style._asdict().items() if value != default[key]}


@together(
    "line, style",
    [
        ("a = 1", {}),
        ("a=1", {"before_equals": "", "after_equals": ""}),
        ("a  =  1", {"after_equals": "  "}),
        ("a\t=1", {"before_equals": "\t", "after_equals": ""}),
        ("a = 'x'", {"quote": "'"}),
        ("a = ''", {"quote": "'"}),
        ("a = 'x\"'", {}),
        ("a = '\\'", {}),
        ('a = """x"""', {"long_quote": '"""', "opens_line": False}),
        ('a = """"""', {"long_quote": '"""', "opens_line": False}),
        ('a = """\nx"""', {"long_quote": '"""'}),
        ('a = """\r\nx"""', {"long_quote": '"""', "newline": "\r\n"}),
        ("a = '''x'''", {"long_quote": "'''", "opens_line": False}),
        ("a = []", {}),
        ("a = [ ]", {}),
        ("a = [1]", {}),
        ("a = [ 1 ]", {"array_pad": " "}),
        ("a = [\t1, 2]", {"array_pad": "\t"}),
        ("a = [1,2]", {"comma": ","}),
        ("a = [1,  2,3]", {"comma": ",  "}),
        ("a = [1,\n2]", {}),
        ("a = [1, # c\n2]", {}),
        ("a = [\n1,\n]", {"array_lines": True}),
        ("a = [\n1\n]", {"array_lines": True, "last_comma": False}),
        (
            "a = [\n    1,\n    2\n]",
            {"array_lines": True, "array_step": " " * 4, "last_comma": False},
        ),
        ("  a = [\n\t1,\n]", {"array_lines": True}),
        ("  a = [\n  \t1,\n]", {"array_lines": True, "array_step": "\t"}),
        ("  a = [\n  1,\n]", {"array_lines": True}),
        ("a = [ # c\n  1,\n]", {"array_lines": True}),
        ("a = ['x', 'y']", {"quote": "'"}),
        ("a = [\"x\", 'y']", {"quote": "'"}),
        ("a = ['x', \"y\"]", {}),
        ("a = [{x=1}]", {"table_equals": "=", "table_pad": ""}),
        ("a = [\n  [ 1 ],\n]", {"array_lines": True, "array_pad": " "}),
        ("a = [[ 1 ]]", {}),
        ("a = [\n  [\n    1\n  ],\n]", {"array_lines": True}),
        ("a = {}", {}),
        ("a = { x = 1 }", {"table_equals": " = "}),
        ("a = {x  =  1}", {"table_equals": "  =  ", "table_pad": ""}),
        ("a = {x=1, y = 2}", {"table_equals": " = ", "table_pad": ""}),
        ("a = { x = 'y', z = 1 }", {"table_equals": " = ", "quote": "'"}),
        ("a = { x = [ 1,2 ] }", {"table_equals": " = "}),
        ("a = { x = '''y''' }", {"table_equals": " = "}),
        ("[a]", {}),
        ("# a = 'x'", {}),
        ("", {}),
    ],
    ids=repr,
)
def test_a_line_shows_each_part_of_its_style(line, style):
    assert shown(style_near(Document.parse(line), 0)) == style


@together(
    "text, index, own, quote",
    [
        ("a = 'x'\nb = 1\nc = \"y\"\n", 1, (), '"'),
        ("a = \"x\"\nb = 1\nc = 'y'\n", 1, (), "'"),
        ('a = "x"\nb = \'x\'\nc = "y"\n', 1, (), "'"),
        ('a = "x"\nb = \'x\'\nc = "y"\n', 1, (0,), '"'),
        ("a = 'x'\nb = 1\nc = \"y\"\n", 1, (2, 0), "'"),
        ("a = 'x'\nb = 1\nc = \"y\"\n", 1, (0, 2), '"'),
        ("a = 'x'\n", 1, (), "'"),
        ("a = 'x'\n", 0, (), "'"),
        ("[t]\na = 'x'\n", 0, (0,), "'"),
    ],
    ids=repr,
)
def test_of_the_statements_around_the_nearest_decides(text, index, own, quote):
    assert style_near(Document.parse(text), index, own).quote == quote


def test_neighbours_are_twelve_statements_on_either_side():
    lines = [f"k{number} = 1\n" for number in range(40)]
    lines[20] = "k20 = 'x'\n"
    document = Document.parse("".join(lines))
    seen = [index for index in range(41) if style_near(document, index).quote == "'"]
    assert seen == list(range(9, 33))


def test_the_line_end_is_that_before_the_place():
    document = Document.parse("a = 1\r\nb = 2\nc = 3\n")
    newlines = [style_near(document, index).newline for index in range(4)]
    assert newlines == ["\r\n", "\r\n", "\n", "\n"]


@together(
    "text, columns",
    [
        ("a = 1\nb = 2\n", [0, 0]),
        ("a   = 1\nbbb = 2\n", [4, 4]),
        ("bbb = 2\na   = 1\n", [4, 4]),
        ("a  = 1\nbb = 2\n", [3, 3]),
        ("a   = 1\nb = 2\n", [0, 0]),
        ("a   = 1\nbbb  = 2\n", [0, 0]),
        ("a   = 1\nbbbb = 2\n", [4, 4]),
        ("a   = 1\nbbbbb = 2\nc   = 3\n", [4, 4, 4]),
        ("a   = 1\nbb = 2\nc   = 3\n", [0, 0, 0]),
        ("a   = 1\n# c\nbbb = 2\n\nc = 3\n", [4, 4, 0]),
        ("c = 3\n\na   = 1\n \t# c\nbbb = 2\n", [0, 4, 4]),
        ("  a   = 1\n\tbbb = 2\n", [4, 4]),
        ('"a" .b  = 1\nc       = 2\n', [8, 8]),
        ('a     = "="\n"=" = 2\n', [0, 0]),
        ("a   = 1\n", [4]),
    ],
    ids=repr,
)
def test_the_column_of_equals_signs_is_that_of_lines_without_a_gap(text, columns):
    document = Document.parse(text)
    keys = table_keys(document, document.node(KeyPath()))
    assert [equals_column(document, keys, at) for at in range(len(keys))] == columns


S = "value"
H = "headers"
D = "dots"
SHORT = {"x": 1, "y": 2}


@together(
    "text, parent, key, value, form",
    [
        ("", "", "a", 1, S),
        ("", "", "a", [], S),
        ("", "", "a", [1], S),
        ("", "", "a", [{}, 1], S),
        ("", "", "a", [{}], H),
        ("", "", "a", {}, H),
        ("a = { b = 1 }\n", "a", "c", {"d": 1}, S),
        ("a = { b = 1 }\n", "a", "c", [{"d": 1}], S),
        # the same key elsewhere
        ("[p]\nk = { x = 1 }\n[q]\nn = 1\n", "q", "k", SHORT, S),
        ("[p]\nk.x = 1\n[q]\nn = 1\n", "q", "k", SHORT, D),
        ("[p.k]\n[q]\nn = { x = 1 }\n", "q", "k", SHORT, H),
        ("[p]\nk = [{ x = 1 }]\n[q]\nn = 1\n", "q", "k", [SHORT], S),
        ("[p]\nk = [{ x = 1 }]\n[q.n]\n", "q", "k", SHORT, H),
        ("[[i]]\nk = { x = 1 }\n[q]\nn.m = 1\n", "q", "k", SHORT, S),
        # as many of two kinds: a header, then a line, then dots
        ("[p]\nk = { x = 1 }\n[r.k]\n[q]\nn = 1\n", "q", "k", SHORT, H),
        ("[p]\nk = { x = 1 }\n[r]\nk.x = 1\n[q]\nn = 1\n", "q", "k", SHORT, S),
        ("[p]\nk = { x = 1 }\n[r]\nk.x = 1\n[s]\nk.x = 1\n[q]\n", "q", "k", SHORT, D),
        # beside
        ("[q]\nn = { x = 1 }\n[t]\n", "q", "k", SHORT, S),
        ("[q]\nn.x = 1\nm = 1\n[t]\n", "q", "k", SHORT, D),
        ("[q.n]\n[q.o]\n[q]\nm = { x = 1 }\n", "q", "k", SHORT, H),
        ("[q]\nn = [{ x = 1 }]\nm.x = 1\n[t]\n", "q", "k", [SHORT], S),
        ("[q]\nn = [{ x = 1 }]\nm.x = 1\n[t]\n", "q", "k", SHORT, D),
        ("[q]\nn = []\n[t]\n", "q", "k", [SHORT], H),
        # at the same depth
        ("[p]\nn = { x = 1 }\n[q]\nm = 1\n", "q", "k", SHORT, S),
        ("[p]\nn.x = 1\n[q]\nm = 1\n", "q", "k", SHORT, D),
        ("[p.n]\no = { x = 1 }\n[q]\nm = 1\n", "q", "k", SHORT, H),
        ("[p]\nn = [{ x = 1 }]\n[q]\nm = 1\n", "q", "k", [SHORT], S),
        ("[[i]]\nn = { x = 1 }\n[q]\nm = 1\n", "q", "k", SHORT, S),
        ("n = { x = 1 }\n[q]\nm = 1\n", "q", "k", SHORT, H),
        # one entry, a map, a line where a value stood
        ("[q]\nm = 'x'\n[t]\n", "q", "k", {"x": 1}, S),
        ("[q]\nm = 'x'\n[t]\n", "q", "k", SHORT, H),
        ("[q]\nm = 'x'\nn = \"y\"\n[t]\n", "q", "k", SHORT, S),
        ("[q]\nm = 'x'\nn = 1\n[t]\n", "q", "k", {"x": 1}, H),
        ("[q]\n[t]\n", "q", "k", {"x": 1}, H),
        ("[q]\n[t]\n", "q", "k", {"secret": "x"}, S),
        ("[q]\nn = 1\n[t]\n", "q", "k", {"secret": "x"}, S),
        ("m = 'x'\nn = 'y'\n[t.u]\n", "", "k", {"x": 1}, H),
        ("[q]\nk = 1\n[t]\n", "q", "k", SHORT, S),
        ("k = 1\n", "", "k", SHORT, H),
        ("k = 1\nm = 1\n", "", "k", SHORT, S),
        ("q.k = 1\n[t]\n", "q", "k", SHORT, D),
        ("q.m = 'x'\nq.n = 'y'\n[t]\n", "q", "k", SHORT, D),
        # what is too long for a line, or has tables or lines in it
        ("[q]\nk = 1\n[t]\n", "q", "k", {"x": "y" * 74}, S),
        ("[q]\nk = 1\n[t]\n", "q", "k", {"x": "y" * 75}, H),
        ("[q]\nk = 1\n[t]\n", "q", "k", {"x": "y" * 30, "zz": "w" * 37}, S),
        ("[q]\nk = 1\n[t]\n", "q", "k", {"x": "y" * 30, "zz": "w" * 38}, H),
        ("[q]\nk = 1\n[t]\n", "q", "k", {"x": {}}, H),
        ("[q]\nk = 1\n[t]\n", "q", "k", {"x": [{}]}, H),
        ("[q]\nk = 1\n[t]\n", "q", "k", {"x": [1]}, S),
        ("[q]\nk = 1\n[t]\n", "q", "k", {"x": "y\nz"}, H),
        # nothing to go by
        ("q.m = 1\n", "q", "k", {"x": {}}, D),
        ("q.m = 1\n", "q", "k", [{}], S),
        ("m = 1\n", "", "k", {"x": {}}, H),
        ("a = { x = 1 }\nb = [1]\nq.m = 1\n", "q", "k", {"x": {}}, D),
        ("a = { b = { x = 1 } }\nm = 1\n", "", "k", {"x": {}}, S),
        ("a = { x = 1 }\n", "", "k", [{}], S),
        ("a = [{ x = 1 }]\n", "", "k", {"x": {}}, S),
    ],
    ids=repr,
)
def test_a_table_is_spelled_as_those_that_are_most_like_it(text, parent, key, value, form):
    document = Document.parse(text)
    node = opened(document, KeyPath.parse(parent) if parent else KeyPath())
    assert TableForms(document).choose(node, key, value) == form


@together(
    "text, key, value, depth, form",
    [
        ("", "k", 1, 1, S),
        ("", "k", {}, 1, H),
        ("[p]\nk = { x = 1 }\n", "k", {}, 9, S),
        ("[p]\nk = { x = 1 }\n", "k", [{}], 9, H),
        ("[p]\nn.x = 1\n", "k", {}, 2, D),
        ("[p]\nn.x = 1\n", "k", {}, 1, H),
        ("[p]\nn.x = 1\n", "k", {}, 3, H),
        ("[p]\nn = [{ x = 1 }]\n", "k", [{}], 2, S),
        ("[p.n]\nx = 1\n", "k", {"secret": "x"}, 2, S),
        ("[p.k]\nx = 1\n", "k", {"secret": "x"}, 2, H),
    ],
    ids=repr,
)
def test_below_a_new_header_a_table_is_spelled_as_its_key_is_or_its_depth(
    text, key, value, depth, form
):
    assert TableForms(Document.parse(text)).choose_below(key, value, depth) == form
