"""One value changed by both sides: arrays by element, inline tables by key, text by line."""

from __future__ import annotations

from sessionctl.core.conflict.conflict import ConflictKind
from sessionctl.core.merge import merge
from sessionctl.core.merge.value.array_merge import subject
from sessionctl.core.schema.model import Schema
from tests.together import together

CLASH = None


def merged(base, ours, theirs, key="a"):
    """Return what becomes of the value of ``key``, CLASH when the sides clash in it."""
    result = merge(*(f"{key} = {text}\n" for text in (base, ours, theirs)))
    if result.conflicts:
        (conflict,) = result.conflicts
        assert str(conflict.path) == key
        assert conflict.kind in {ConflictKind.BOTH_MODIFIED, ConflictKind.TYPE_CHANGED}
        assert [conflict.base, conflict.ours, conflict.theirs] == [
            f"{key} = {text}\n" for text in (base, ours, theirs)
        ]
        return CLASH
    return result.text.removeprefix(f"{key} = ").removesuffix("\n")


# -- arrays ----------------------------------------------------------------------------


@together(
    ("base", "ours", "theirs", "expected"),
    [
        # elements that are unique
        ("[3, 1]", "[3, 1, 5]", "[4, 3, 1]", "[4, 3, 1, 5]"),
        ("[3, 1, 2]", "[3, 2]", "[3, 1]", "[3]"),
        ("[3, 1, 2]", "[3, 2]", "[1, 2]", "[2]"),
        ("[1]", "[]", "[1, 2]", "[2]"),
        ("[]", "[1]", "[2]", "[1, 2]"),
        ("[]", "[ 1 ]", "[2]", "[ 1, 2 ]"),
        ("[1, 2]", "[2, 1]", "[1, 2, 3]", "[2, 3, 1]"),
        ("[3, 1, 2]", "[1, 3, 2]", "[3, 2, 1]", CLASH),
        ("[3, 1, 2]", "[3, 5, 2]", "[3, 6, 2]", CLASH),
        ("[3, 1, 2]", "[3, 2]", "[3, 9, 2]", CLASH),
        ("[true, 1]", "[1]", "[true, 1, 1.0]", "[1, 1.0]"),
        ("[[1], [2]]", "[[1], [2], [3]]", "[[0], [1], [2]]", "[[0], [1], [2], [3]]"),
        # sorted strings
        ('["b", "d"]', '["b", "c", "d"]', '["a", "b", "d"]', '["a", "b", "c", "d"]'),
        ('["A", "b"]', '["A", "b", "Z"]', '["A", "b", "c"]', '["A", "b", "c", "Z"]'),
        ('["a_b", "a-c"]', '["a_b", "a-c", "b"]', '["a_b", "a_bb", "a-c"]',
         '["a_b", "a_bb", "a-c", "b"]'),
        ('["a>=1", "a-b"]', '["a>=1", "a-b", "c"]', '["a>=1", "a-b", "b"]',
         '["a>=1", "a-b", "b", "c"]'),
        ('["b"]', '["b", "z"]', '["b", "c"]', '["b", "z", "c"]'),
        ('["b", "a"]', '["b", "a", "z"]', '["b", "a", "c"]', '["b", "a", "z", "c"]'),
        ('["aa", "aA", "Aa"]', '["aA", "aa", "Aa"]', '["aa", "Aa", "aA"]', '["aa", "Aa", "aA"]'),
        # requirements
        ('["p>=1", "q"]', '["p>=2", "q"]', '["p>=1", "q[x]"]', '["p>=2", "q[x]"]'),
        ('["p>=1", "q"]', '["p>=2", "q"]', '["q", "p>=1"]', '["q", "p>=2"]'),
        ('["q"]', '["q", "p>=2"]', '["p<3", "q"]', CLASH),
        ('["org/tool@v1"]', '["org/tool@v2"]', '["org/tool@v1", "x"]', '["org/tool@v2", "x"]'),
        # elements that repeat
        ("[1, 1]", "[1, 1, 2, 3]", "[1, 1, 4]", "[1, 1, 2, 3, 4]"),
        ("[1, 1, 5]", "[0, 1, 1, 5]", "[1, 1, 5, 6]", "[0, 1, 1, 5, 6]"),
        ("[1, 1, 5, 6]", "[1, 1, 7, 6]", "[1, 1, 5, 8]", "[1, 1, 7, 8]"),
        ("[1, 1, 5, 6, 9]", "[1, 1, 7, 0, 9]", "[1, 1, 7, 6, 4]", "[1, 1, 7, 0, 4]"),
        ("[1, 1, 5, 6]", "[1, 1, 7, 6]", "[1, 1, 8, 6]", CLASH),
        ("[1, 1, 5, 6]", "[1, 1, 7]", "[1, 1, 8, 6]", CLASH),
        # tables in arrays
        ("[{ id = 1, x = 1 }]", "[{ id = 1, x = 2 }]", "[{ id = 1, x = 1, y = 1 }]",
         "[{ id = 1, x = 2, y = 1 }]"),
        ("[{ id = 1 }, { id = 2 }]", "[{ id = 2 }, { id = 1 }]", "[{ id = 1 }, { id = 2, y = 1 }]",
         "[{ id = 2, y = 1 }, { id = 1 }]"),
        ("[{ x = 0.5 }]", "[{ x = 1.5 }]", "[{ x = 2.5 }]", CLASH),
        ("[{ x = 0.5 }, 1]", "[{ x = 0.5 }, 1, 2]", "[{ x = 0.5, y = 1 }, 1]",
         "[{ x = 0.5, y = 1 }, 1, 2]"),
    ],
)  # fmt: skip
def test_an_array_is_merged_by_its_elements(base, ours, theirs, expected):
    assert merged(base, ours, theirs) == expected


@together(
    ("base", "ours", "theirs", "expected"),
    [
        # layout
        ("[1, 2]", "[\n  1,\n  2,\n]", "[1, 2, 3]", "[\n  1,\n  2,\n  3,\n]"),
        ("[1, 2]", "[1, 2, 3]", "[\n  1,\n  2,\n]", "[\n  1,\n  2,\n  3,\n]"),
        ("[\n  1,\n  2\n]", "[\n  1,\n  2,\n  3\n]", "[\n  0,\n  1,\n  2\n]",
         "[\n  0,\n  1,\n  2,\n  3\n]"),
        ("[1,2]", "[1,2,3]", "[0,1,2]", "[0,1,2,3]"),
        # comments
        ("[\n  1,\n]", "[\n  1,\n  2, # two\n]", "[\n  # zero\n  0,\n  1,\n]",
         "[\n  # zero\n  0,\n  1,\n  2, # two\n]"),
        ("[\n  1,\n]", "[\n  1,\n  # ours\n]", "[\n  1,\n  # theirs\n]",
         "[\n  1,\n  # ours\n  # theirs\n]"),
        ("[\n  1,\n]", "[\n  # ours\n  1,\n]", "[\n  # theirs\n  1,\n]",
         "[\n  # ours\n  # theirs\n  1,\n]"),
        ("[\n  1, # a\n]", "[\n  1, # a\n  2,\n]", "[\n  1, # b\n]", "[\n  1, # b\n  2,\n]"),
        ("[1]", "[1, 2]", "[1, # one\n]", "[1, # one\n    2,\n]"),
        ("[\n  1,\n  2\n]", "[1, 2, 3]", "[\n  1,\n  2, 5 # x\n]", None),
        ("[\n  1 # a\n  , 2\n]", "[\n  1 # a\n  , 2, 3\n]", "[\n  0, 1 # a\n  , 2\n]", None),
    ],
)  # fmt: skip
def test_an_array_keeps_its_layout_and_its_comments(base, ours, theirs, expected):
    result = merged(base, ours, theirs)
    if expected is None:
        assert "# a" in result or "# x" in result
    else:
        assert result == expected


@together(
    ("text", "expected"),
    [
        ("requests", "requests"),
        ("Requests[socks] >= 2.28", "requests"),
        ("zope_interface==5", "zope-interface"),
        ("serde/derive", "serde/derive"),
        ("org/tool@v2", "org/tool"),
        ("@scope/name", "@scope/name"),
        ("a b c", "a"),
        ("*.py", ""),
        ("", ""),
        (1, ""),
    ],
)
def test_the_subject_of_a_string_is_what_comes_before_its_version(text, expected):
    assert subject(text) == expected


# -- inline tables ---------------------------------------------------------------------


@together(
    ("base", "ours", "theirs", "expected"),
    [
        ("{ x = 1, y = 2 }", "{ x = 3, y = 2 }", "{ x = 1, y = 4 }", "{ x = 3, y = 4 }"),
        ("{x=1,y=2}", "{x=1,y=2,z=3}", "{w=0,x=1,y=2}", "{w=0,x=1,y=2,z=3}"),
        ("{ x = 1, y = 2 }", "{ y = 2 }", "{ x = 1 }", "{}"),
        ("{ x = 1 }", "{}", "{ x = 1, y = 2 }", "{ y = 2 }"),
        ("{}", "{ y = 1 }", "{x = 1}", "{ y = 1, x = 1 }"),
        ("{}", "{}", "{x = 1}", "{x = 1}"),
        ("{ x = 1, y = 2 }", "{ y = 3 }", "{ x = 5, y = 2 }", CLASH),
        ("{ x = 1, y = 2 }", "{ x = 5, y = 2 }", "{ y = 3 }", CLASH),
        ("{ x = 1 }", "{ x = 2 }", "{ x = 3 }", CLASH),
        ("{}", "{ x = 1 }", "{ x = 2 }", CLASH),
        ("{ p.q = 1, r = 1 }", "{ p.q = 2, r = 1 }", "{ p.q = 1, r = 3 }", "{ p.q = 2, r = 3 }"),
        ("{ p = { q = 1, r = 1 } }", "{ p = { q = 2, r = 1 } }", "{ p = { q = 1, r = 3 } }",
         "{ p = { q = 2, r = 3 } }"),
        ("{ l = [3, 1] }", "{ l = [3, 1, 0] }", "{ l = [9, 3, 1] }", "{ l = [9, 3, 1, 0] }"),
        ('{ x = 1, y = 2 }', '{ "x" = 1, y = 3 }', "{ x = 4, y = 2 }", '{ "x" = 4, y = 3 }'),
    ],
)  # fmt: skip
def test_an_inline_table_is_merged_by_its_keys(base, ours, theirs, expected):
    assert merged(base, ours, theirs) == expected


# -- a plain value that was put into a table -------------------------------------------


@together(
    ("base", "ours", "theirs", "expected"),
    [
        ("1", "{ v = 1, x = 2 }", "3", "{ v = 3, x = 2 }"),
        ("1", "3", "{ x = 2, v = 1 }", "{ x = 2, v = 3 }"),
        ("1", "{ v = 1, x = 2 }", "{ v = 3 }", "{ v = 3, x = 2 }"),
        ("1", "{ v = 1, x = 2 }", "{ v = 1, y = 3 }", "{ v = 1, x = 2, y = 3 }"),
        ("1", "{ v = 1, w = 1 }", "3", CLASH),
        ("1", "{ v = 2 }", "3", CLASH),
        ("1", "{ v.w = 1 }", "3", CLASH),
        ("1", "{ v = 1 }", "[3]", CLASH),
        ("1", "{ v = 1 }", "{ w = 2 }", CLASH),
        ("1", "{ v = { w = 1 } }", "3", CLASH),
    ],
)
def test_a_value_put_into_a_table_is_still_that_value(base, ours, theirs, expected):
    assert merged(base, ours, theirs) == expected


# -- strings and scalars ---------------------------------------------------------------


@together(
    ("base", "ours", "theirs", "expected"),
    [
        ('"""\na\nb\nc\n"""', '"""\nA\nb\nc\n"""', '"""\na\nb\nC\n"""', '"""\nA\nb\nC\n"""'),
        ('"""\na\nb\n"""', '"""\nA\nb\n"""', '"""\nX\nb\n"""', CLASH),
        ('"""\na\nb\n"""', "'''\na\nB\n'''", '"""\nA\nb\n"""', CLASH),
        ('"a"', '"b"', '"c"', CLASH),
        ('"""\na\n"""', '"a"', '"""\nb\n"""', CLASH),
        (
            "'''\na\n  b\nc'''",
            "'''\nz\na\n  b\nc'''",
            "'''\na\n  b\nc\nd'''",
            "'''\nz\na\n  b\nc\nd'''",
        ),
        ("0x10", "16", "17", "17"),
        ("0x10", "17", "16", "17"),
        ("1", "2", "0b10", "2"),
        ("1", "2", "2.0", CLASH),
        # a value that one side only spelled another way gives way to any change of the other
        ("0x10", "16", "[1]", "[1]"),
        ("0x10", "[1]", "16", "[1]"),
        ("[1]", "[ 1 ]", "0x10", "0x10"),
        ("[1]", "0x10", "[ 1 ]", "0x10"),
        ("0x10", "16", "0b1_0000", "16"),
        ("1", "0x10", "16", "0x10"),
        ("1979-05-27", "1979-05-28", "1979-05-29", CLASH),
    ],
)
def test_text_is_merged_by_its_lines_and_other_values_as_a_whole(base, ours, theirs, expected):
    assert merged(base, ours, theirs) == expected


ARMORED = "-----BEGIN CERTIFICATE-----\nMIIB\nAAAA\nBBBB\nCCCC\n-----END CERTIFICATE-----\n"


@together("bare", [(), ("ours",), ("theirs",), ("ours", "theirs")])
def test_lines_of_two_certificates_make_neither(bare):
    texts = {"ours": ARMORED.replace("MIIB", "XXXX"), "theirs": ARMORED.replace("CCCC", "YYYY")}
    for side in bare:
        texts[side] = texts[side][28:-26]
    base = ARMORED[28:-26] if len(bare) == 2 else ARMORED
    quoted = [f"'''\n{text}'''" for text in (base, *texts.values())]
    expected = quoted[1].replace("CCCC", "YYYY") if len(bare) == 2 else CLASH
    assert merged(*quoted) == expected
    by_lines = Schema({"properties": {"a": {"x-merge": "text"}}})
    for options in ({"policy": "union"}, {"schema": by_lines}):
        result = merge(*(f"a = {text}\n" for text in quoted), **options)
        assert result.is_clean == (len(bare) == 2)


def test_a_comment_in_an_array_that_both_sides_added_stands_on_a_line_of_its_own():
    result = merge("", "a = [3]\n", "a = [5 # x\n]\nb = 1\n")
    assert result.is_clean
    assert "    5 # x\n]\nb = 1\n" in result.text


def test_equal_strings_both_sides_added_in_two_spellings_are_there_once():
    assert merge("", 'a = "#x"\n', "a = '#x'\nb = 1\n").text == 'a = "#x"\nb = 1\n'


def test_a_string_changed_to_the_same_in_two_spellings_is_no_clash():
    assert merged('"z"', '"#x"', "'#x'") == '"#x"'


def test_a_value_both_sides_added_in_two_spellings_is_there_once():
    result = merge("", "a = 16\n", "a = 0x10\nb = 1\n")
    assert result.text == "a = 16\nb = 1\n"
