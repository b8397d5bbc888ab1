"""The text that makes up one value."""

from __future__ import annotations

import tomllib

import pytest

from sessionctl.core.toml.document import Document
from sessionctl.core.toml.literal import KINDS, read_literal
from sessionctl.core.toml.value_text import value_text
from sessionctl.errors import KeyNotFoundError, UsageError
from tests.together import together

TEXT = """\
#:schema x
# the name
name = "api"  # short
n = 0x1F

# floating

# servers
[servers]
# first
a.port = 1

# second
a.host = "x"
list = [
  1,  # one
]

[other]
k = { a = 1, d.e = 2, d.f = 3 }

# late
[servers.b]
x = 1

# item
[[items]]
v = 1

  # inner
  [[items.sub]]
  w = 2

[[items]]
v = 3
"""
DOCUMENT = Document.parse(TEXT)


@together(
    ("path", "expected"),
    [
        ("name", '"api"'),
        ("n", "0x1F"),
        ("servers.list", "[\n  1,  # one\n]"),
        ("servers.list[0]", "1"),
        ("other.k", "{ a = 1, d.e = 2, d.f = 3 }"),
        ("other.k.d", "{ e = 2, f = 3 }"),
        ("other.k.d.e", "2"),
        ("servers.a", '# first\na.port = 1\n\n# second\na.host = "x"\n'),
        ("servers.b", "# late\n[servers.b]\nx = 1\n"),
        (
            "servers",
            "# servers\n[servers]\n# first\na.port = 1\n\n# second\na.host = \"x\"\n"
            "list = [\n  1,  # one\n]\n\n# late\n[servers.b]\nx = 1\n",
        ),
        ("items[0]", "# item\n[[items]]\nv = 1\n\n  # inner\n  [[items.sub]]\n  w = 2\n"),
        ("items[-1]", "[[items]]\nv = 3\n"),
        ("items[0].sub", "  # inner\n  [[items.sub]]\n  w = 2\n"),
    ],
)  # fmt: skip
def test_a_value_gives_its_text_with_its_comments(path, expected):
    assert value_text(DOCUMENT, path) == expected


def test_an_array_of_tables_gives_all_its_items():
    text = value_text(DOCUMENT, "items")
    assert text == TEXT[TEXT.index("# item") :]


def test_the_empty_path_gives_the_whole_text():
    assert value_text(DOCUMENT, ()) == TEXT


@pytest.mark.parametrize("path", ["servers", "items", "servers.b", "items[0]"])
def test_the_fragment_of_a_table_is_toml_with_the_same_keys(path):
    key = path.partition("[")[0].partition(".")[0]
    assert key in tomllib.loads(value_text(DOCUMENT, path))


def test_pieces_from_several_places_are_parted_as_the_file_ends_its_lines():
    document = Document.parse("[a]\r\nx = 1\r\n[b]\r\n[a.c]\r\ny = 1\r\n")
    assert value_text(document, "a") == "[a]\r\nx = 1\r\n\r\n[a.c]\r\ny = 1\r\n"


def test_a_missing_key_is_told():
    with pytest.raises(KeyNotFoundError):
        value_text(DOCUMENT, "nowhere")


# -- values as people type them ----------------------------------------------------------


@together(
    ("text", "expected"),
    [
        ("1", 1),
        ("-1", -1),
        ("1.5", 1.5),
        ("true", True),
        ('"1"', "1"),
        ("'a'", "a"),
        ("[1, 2]", [1, 2]),
        ("[1,\n 2]", [1, 2]),
        ('{ secret = "x" }', {"secret": "x"}),
        (" 5 ", 5),
        ("", ""),
        ("api", "api"),
        ("1.2.0", "1.2.0"),
        ("~/src", "~/src"),
        ("1 # one", "1 # one"),
        ("# one", "# one"),
        ("1\nb = 2", "1\nb = 2"),
        ('"a', '"a'),
        ("=", "="),
        ("two words ", "two words "),
        ("[" * 5000, "[" * 5000),
    ],
)
def test_toml_is_read_as_toml_and_all_else_is_a_string(text, expected):
    value = read_literal(text)
    assert value == expected
    assert type(value) is type(expected)


def test_a_string_may_be_asked_for():
    assert read_literal("1", "string") == "1"


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("1", "integer", 1),
        ("1", "float", 1.0),
        ("1.5", "float", 1.5),
        ("true", "boolean", True),
        ("[1]", "array", [1]),
        ("{a = 1}", "table", {"a": 1}),
    ],
)
def test_a_kind_may_be_asked_for(text, kind, expected):
    value = read_literal(text, kind)
    assert value == expected
    assert type(value) is type(expected)


@pytest.mark.parametrize(
    "text", ["2026-01-02", "2026-01-02T03:04:05", "2026-01-02T03:04:05Z", "03:04:05"]
)
def test_dates_and_times_are_of_one_kind(text):
    assert read_literal(text, "datetime").isoformat()


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "string"])
def test_a_value_of_another_kind_is_refused_without_repeating_it(kind):
    with pytest.raises(UsageError) as error:
        read_literal("hunter2", kind)
    article = "an" if kind[0] in "aeiou" else "a"
    assert error.value.message == f"the value is not {article} {kind}, got a string"
    assert error.value.hints
    with pytest.raises(UsageError):
        read_literal("0x1" if kind in ("boolean", "datetime", "array", "table") else "[]", kind)


def test_the_kind_that_was_found_is_told():
    with pytest.raises(UsageError, match="the value is not a boolean, got an integer"):
        read_literal("1", "boolean")
