"""Policies: their words, which rule decides, what each settles and what it leaves."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from sessionctl.core.conflict.conflict import Conflict, ConflictKind
from sessionctl.core.conflict.markers import MarkerStyle
from sessionctl.core.keypath import KeyPath
from sessionctl.core.merge import merge
from sessionctl.core.merge.context import MergeContext
from sessionctl.core.merge.policy.conflict_resolver import ConflictResolver
from sessionctl.core.merge.policy.policy import Policy
from sessionctl.core.merge.policy.time_stamps import newer_side, read_date
from sessionctl.core.schema.model import Schema
from sessionctl.core.toml.parse.statement import ParseMemory
from sessionctl.errors import UsageError
from tests.together import together
from tests.world import CHECKOUT

OLD, NEW = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)


DATES = (OLD, NEW)


def told(result):
    return [(str(s.path), s.way, s.rule) for s in result.decisions]


def merged(base, ours, theirs, *policy, **options):
    """Return the text of a merge that a policy leaves clean."""
    result = merge(base, ours, theirs, policy=policy, **options)
    assert result.is_clean, result.conflicts
    return result.text


def stays(base, ours, theirs, *policy, **options):
    """Return whether a policy leaves the merge as it is without one."""
    result = merge(base, ours, theirs, policy=policy, **options)
    plain = merge(base, ours, theirs, **options)
    return result == plain and not result.is_clean and result.decisions == ()


# -- words -----------------------------------------------------------------------------


@together(
    ("words", "rules"),
    [
        ("", []),
        ("theirs", ["theirs"]),
        ("max,windows.*=ours", ["max", "windows.*=ours"]),
        (" max  a=ours,\tb=newest\n", ["max", "a=ours", "b=newest"]),
        ('"a, b".c=max union', ['"a, b".c=max', "union"]),
        ("'a b'=max", ["'a b'=max"]),
        ("w[name=a b].x=max", ["w[name=a b].x=max"]),
        (["max, ours", "a=theirs"], ["max", "ours", "a=theirs"]),
        ([], []),
    ],
)
def test_a_policy_is_a_list_of_words(words, rules):
    assert list(map(str, Policy.parse(words).rules)) == rules


@together("word", ["min", "=max", "a=", "a=min", "a", "windows.*", ["max", ""], ["=", "max"]])
def test_another_word_is_refused(word):
    with pytest.raises(UsageError, match=r"expected ours, theirs, .* or PATH=") as refused:
        Policy.parse(word)
    assert "windows.*=theirs" in refused.value.hints[0]


@together(
    ("words", "way"),
    [
        ("ours", "ours"),
        ("ours theirs", "theirs"),
        ("a.*=max ours", "max"),
        ("ours a.*=max", "max"),
        ("a.b=max a.*=ours", "ours"),
        ("a.*=ours a.b=max", "max"),
        ("c=max", None),
        ("", None),
    ],
)
def test_the_last_pattern_that_fits_decides_before_what_has_no_pattern(words, way):
    rule = Policy.parse(words).rule_for(KeyPath(["a", "b"]))
    assert (rule.way if rule else None) == way


def test_only_newest_asks_for_dates():
    assert Policy.parse("ours, a=newest").asks_for_dates
    assert not Policy.parse("ours, a=max").asks_for_dates


@together(
    "words, dates, paths, waits",
    [
        ("newest", None, ["a"], True),
        ("newest", DATES, ["a"], False),
        ("newest", None, [], False),
        ("a=newest", None, ["a"], True),
        ("a=newest", None, ["b"], False),
        ("a=newest", None, ["b", "a"], True),
        ("newest a=max", None, ["a"], False),
        ("max", None, ["a"], False),
        ("", None, ["a"], False),
    ],
)
def test_a_policy_says_whether_dates_might_resolve_what_is_left(words, dates, paths, waits):
    found = Policy.parse(words, dates).leaves_undated(map(KeyPath.parse, paths))
    assert found is waits


# -- one rule decides ------------------------------------------------------------------


def test_what_the_rule_for_a_place_cannot_settle_no_other_rule_settles():
    base, ours, theirs = (
        f'a = {{ b = "{x}", c = {n} }}\n' for x, n in (("x", 1), ("y", 2), ("z", 3))
    )
    assert stays(base, ours, theirs, "theirs", "a.b=max")
    assert merged(base, ours, theirs, "theirs", "a.b=ours") == 'a = { b = "y", c = 3 }\n'
    assert stays('a = "x"\n', 'a = "y"\n', 'a = "z"\n', "theirs", "a=max")


def test_a_conflict_is_settled_as_a_whole_or_not_at_all():
    base, ours, theirs = (f'a = {{ b = "{n}", c = "{n}" }}\n' for n in (1, 2, 3))
    assert stays(base, ours, theirs, "a.b=max")
    result = merge(base, ours, theirs, policy=["a.b=max", "a.c=ours"])
    assert result.text == 'a = { b = "3", c = "2" }\n'
    assert told(result) == [("a.b", "max", "a.b=max"), ("a.c", "ours", "a.c=ours")]


def test_the_words_of_a_policy_may_be_one_text_or_a_policy():
    texts = ("a = 1\n", "a = 2\n", "a = 3\n")
    assert merge(*texts, policy="a=ours, theirs").text == "a = 2\n"
    assert merge(*texts, policy=Policy.parse("theirs")).text == "a = 3\n"
    with pytest.raises(UsageError):
        merge(*texts, policy="bigger")


# -- sides -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "by_ours", "by_theirs"),
    [
        # an entry deleted against an edited one, beside an entry that does not clash
        ("{ x = 1, y = 1 }", "{ y = 1 }", "{ x = 2, y = 3 }", "{ y = 3 }", "{ x = 2, y = 3 }"),
        # an element deleted against one replaced
        ("['a>=1', 'b']", "['b']", "['a>=2', 'b', 'c']", "['b', 'c']", "['a>=2', 'b', 'c']"),
        # two orders
        ("[1, 2, 3]", "[3, 1, 2]", "[2, 3, 1, 4]", "[3, 1, 4, 2]", "[2, 3, 1, 4]"),
        ("[1, 2, 3]", "[3, 5, 2, 1]", "[2, 4, 3, 1]", "[3, 5, 2, 4, 1]", "[2, 4, 3, 5, 1]"),
        # elements that repeat
        ("[1, 1, 2]", "[1, 5, 2]", "[1, 6, 7, 2]", "[1, 5, 2]", "[1, 6, 7, 2]"),
        # two shapes
        ("1", "[2]", "'x'", "[2]", "'x'"),
        # a requirement both added
        (
            "['z']",
            "['z', 'a>=1']",
            "['z', 'a>=2', 'b']",
            "['z', 'a>=1', 'b']",
            "['z', 'a>=2', 'b']",
        ),
    ],
)
def test_a_side_decides_what_clashes_and_nothing_around_it(base, ours, theirs, by_ours, by_theirs):
    texts = [f"k = {value}\n" for value in (base, ours, theirs)]
    assert merged(*texts, "ours") == f"k = {by_ours}\n"
    assert merged(*texts, "theirs") == f"k = {by_theirs}\n"


def test_lines_of_a_text_that_do_not_clash_are_kept_beside_those_of_a_side():
    base, ours, theirs = (f't = """\n{a}\nb\nc\n{d}\n"""\n' for a, d in ("ad", "xd", "yz"))
    assert "x\nb\nc\nd\n" in merged(base, ours, theirs, "ours")


def test_a_side_settles_lines_that_are_not_toml():
    assert merged("x", "y", "z", "ours") == "y"
    assert merge("x", "y", "z", policy="a.*=ours").conflicts
    assert merged("x", "y", "z", "*=theirs") == "z"


# -- union -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "union"),
    [
        ("['a']", "['b']", "['c']", "['b', 'c']"),
        ("['a>=1', 'z']", "['z']", "['a>=2', 'z']", "['a>=2', 'z']"),
        ("[1, 2, 3]", "[3, 2, 1]", "[2, 3, 1]", "[3, 2, 1]"),
        ("[1, 1]", "[1, 2]", "[1, 3, 3]", "[1, 2, 3, 3]"),
        ("['a']", "['x', 'a', 'c']", "['y', 'c', 'b']", "['x', 'y', 'c', 'b']"),
        ("{ x = [1] }", "{ x = [2] }", "{ x = [3], y = 1 }", "{ x = [2, 3], y = 1 }"),
        ("{ x = 1 }", "{}", "{ x = 2 }", "{ x = 2 }"),
    ],
)
def test_a_union_has_what_both_sides_have(base, ours, theirs, union):
    assert (
        merged(*(f"k = {value}\n" for value in (base, ours, theirs)), "union") == f"k = {union}\n"
    )


def test_a_union_keeps_the_comments_beside_the_elements():
    base = "k = [\n  'a', # one\n]\n"
    ours = "k = [\n  'b', # two\n]\n"
    theirs = "k = [\n  # above\n  'c',\n  # end\n]\n"
    assert merged(base, ours, theirs, "union") == (
        "k = [\n  'b', # two\n  # above\n  'c',\n  # end\n]\n"
    )


def test_a_union_of_sorted_arrays_is_sorted():
    texts = ("k = ['a', 'm', 'z']\n", "k = ['a', 'n', 'z']\n", "k = ['a', 'b', 'z']\n")
    assert merged(*texts, "union") == "k = ['a', 'b', 'n', 'z']\n"


@pytest.mark.parametrize(
    ("base", "ours", "theirs"),
    [
        ("1", "2", "3"),
        ("'a'", "'b'", "'c'"),
        ("{ x = 1 }", "{ x = 2 }", "{ x = 3 }"),
        ("[1]", "{ x = 1 }", "[2]"),
        ("[{ name = 'a', x = 1 }]", "[{ name = 'a', x = 2 }]", "[{ name = 'a', x = 3 }]"),
    ],
)
def test_a_union_of_what_is_there_once_stays_a_conflict(base, ours, theirs):
    assert stays(*(f"k = {value}\n" for value in (base, ours, theirs)), "union")


def test_tables_of_two_shapes_have_no_union():
    assert stays("a = 1\n", "[a]\nb = 1\n", "a = 2\n", "union")


@pytest.mark.parametrize(
    ("ours", "theirs", "union"),
    [
        (r"a\nb", r"a\nc", r"a\nb\nc"),
        (r"a\nb", r"a\nb\n", r"a\nb\n"),
        (r"x\na", r"y\na", r"x\ny\na"),
    ],
)
def test_a_last_line_without_an_end_stays_a_line_of_its_own(ours, theirs, union):
    texts = (f't = "{text}"\n' for text in (ours, theirs))
    assert merged("", *texts, "union") == f't = "{union}"\n'


def test_the_last_lines_of_what_is_not_toml_stay_lines():
    assert merged("= x", "= y", "= z", "union") == "= y\n= z"
    assert merged("= x\r\nb", "= y\r\nb", "= z\r\nb", "union") == "= y\r\n= z\r\nb"


def test_lines_of_two_keys_are_never_put_together():
    lines = ["-----BEGIN X-----", *"abcdefgh", "-----END X-----", ""]
    text = "k = '''\n" + "\n".join(lines) + "'''\n"
    ours, theirs = text.replace("a\nb", "A\nB"), text.replace("g\nh", "G\nH")
    assert not merge(text, ours, theirs).is_clean
    assert stays(text, ours, theirs, "union")
    assert merged(text, ours, theirs, "ours") == ours
    assert merge(text, ours, theirs).conflicts[0].offers == ()


def test_a_union_of_two_texts_shares_their_lines():
    ours, theirs = "t = '''\na\nb\n'''\n", "t = '''\na\nc\n'''\n"
    assert merged("", ours, theirs, "union") == "t = '''\na\nb\nc\n'''\n"


# -- max -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "highest"),
    [
        ("1", "3", "2", "3"),
        ("1.0", "0.5", "0.25", "0.5"),
        ("['a==1', 'b==1']", "['a==2', 'b==3']", "['a==3', 'b==2']", "['a==3', 'b==3']"),
        ("[[1], [2]]", "[[1], [3]]", "[[1], [3], [4]]", "[[1], [3], [4]]"),
        ("'1'", "{ version = '2', x = 1 }", "'3'", "{ version = '3', x = 1 }"),
        ("'1'", "'2'", "{ version = '3', x = 1 }", "{ version = '3', x = 1 }"),
        (
            "'1'",
            "{ version = '2', x = 1 }",
            "{ version = '3', y = 1 }",
            "{ version = '3', x = 1, y = 1 }",
        ),
    ],
)
def test_max_takes_the_higher_wherever_it_is(base, ours, theirs, highest):
    assert (
        merged(*(f"k = {value}\n" for value in (base, ours, theirs)), "max") == f"k = {highest}\n"
    )


@together(
    ("base", "ours", "theirs"),
    [
        ("true", "1", "2.0"),
        ("'a'", "'b'", "'c'"),
        ("1", "nan", "2.0"),
        ("['a==1']", "[]", "['a==2']"),
        ("[1, 2, 3]", "[3, 2, 1]", "[2, 3, 1]"),
        ("[1, 1]", "[1, 2]", "[1, 3]"),
        ("['z']", "['z', 'a']", "['z', 'a>=2']"),
        ("{ version = '1', x = 1 }", "{ version = '2', x = 2 }", "'3'"),
        ("'1'", "{ version = 2, x = 1 }", "'3'"),
        ("'1'", "{ path = 'x' }", "'3'"),
        ("'1'", "{ version.x = '1' }", "'3'"),
        ("{ v = '1', rev = 'a' }", "{ v = '2', rev = 'b' }", "{ v = '3', rev = 'c' }"),
    ],
)
def test_max_leaves_what_it_cannot_compare(base, ours, theirs):
    assert stays(*(f"k = {value}\n" for value in (base, ours, theirs)), "max")


# -- newest ----------------------------------------------------------------------------


def test_newest_without_dates_goes_by_the_time_stamps_around():
    base, ours, theirs = (
        f"modified_at = 2026-01-0{a}\n[t]\nupdated = {b}\n[t.u]\nx = {n}\n"
        for n, a, b in ((1, 1, 1), (2, 3, 1), (3, 2, 1))
    )
    assert "x = 2" in merged(base, ours, theirs, "newest")


def test_newest_goes_by_the_dates_of_the_sides_where_there_is_no_time_stamp():
    texts = ("x = 1\ny = [1]\n", "x = 2\ny = [2]\n", "x = 3\ny = [3]\nz = 1\n")
    newest = Policy.parse("newest", (NEW, OLD))
    assert merge(*texts, policy=newest).text == "x = 2\ny = [2]\nz = 1\n"
    assert merge(*texts, policy=newest._replace(dates=(OLD, NEW))).text == texts[2]
    assert not merge(*texts, policy=newest._replace(dates=(OLD, OLD))).is_clean
    assert not merge(*texts, policy="newest").is_clean


def test_the_newer_side_wins_with_a_deletion_too():
    texts = ("x = 1\ny = 1\n", "y = 1\n", "x = 2\ny = 1\n")
    assert merge(*texts, policy=Policy.parse("newest", (NEW, OLD))).text == "y = 1\n"
    assert merge(*texts, policy=Policy.parse("newest", (OLD, NEW))).text == texts[2]


def test_of_two_moments_the_later_is_the_newest_whatever_the_dates():
    texts = ("x = 2026-01-01\n", "x = 2026-01-02\n", "x = 2026-01-03\n")
    assert merge(*texts, policy=Policy.parse("newest", (NEW, OLD))).text == texts[2]


def test_newest_settles_lines_that_are_not_toml_by_the_dates():
    assert merge("x", "y", "z", policy=Policy.parse("newest", (OLD, NEW))).text == "z"


ITEM = KeyPath.parse("w[name=a].p[name=b].x")


@together(
    ("path", "ours", "theirs", "side"),
    [
        (ITEM, {"w": [{"name": "a", "updated": 2}]}, {"w": [{"name": "a", "updated": 1}]}, ""),
        (
            ITEM,
            {"w": [{"name": "b"}, {"name": "a", "updated": date(2026, 1, 2)}]},
            {"w": [{"name": "a", "updated": date(2026, 1, 1)}]},
            "ours",
        ),
        (ITEM, {"updated": "2026-01-01"}, {"updated": "2026-01-02"}, "theirs"),
        (ITEM, {"updated": "2026-01-02", "w": 1}, {"updated": "2026-01-01", "w": [1]}, "ours"),
        (
            KeyPath(["w", 0, "x"]),
            {"w": [{"updated": date(2026, 1, 2)}]},
            {"w": [{"updated": date(2026, 1, 1)}]},
            "",
        ),
        (
            ITEM,
            {"w": [{"name": "a", "updated": date(2026, 1, 2)}] * 2},
            {"w": [{"name": "a", "updated": date(2026, 1, 1)}]},
            "",
        ),
        (KeyPath(["x"]), {"updated": 1}, {}, ""),
        (KeyPath(), {"updated": date(2026, 1, 2)}, {"updated": date(2026, 1, 1)}, ""),
    ],
)
def test_a_time_stamp_counts_where_both_sides_have_one_in_the_same_table(path, ours, theirs, side):
    assert newer_side(path, ours, theirs, None) == side
    assert newer_side(path, ours, theirs, (NEW, OLD)) == side or side == ""


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("0", datetime(1970, 1, 1, tzinfo=UTC)),
        ("2026-01-31", datetime(2026, 1, 31, tzinfo=UTC)),
        ("2026-01-31T08:00:00", datetime(2026, 1, 31, 8, tzinfo=UTC)),
        (
            "2026-01-31T08:00:00+02:00",
            datetime(2026, 1, 31, 8, tzinfo=timezone(timedelta(hours=2))),
        ),
        ("yesterday", None),
        ("123456789012", None),
    ],
)
def test_the_dates_of_sides_are_read_in_some_forms(text, moment):
    assert read_date(text) == moment


# -- what is not one statement ---------------------------------------------------------


def test_a_table_deleted_by_one_side_is_kept_by_union_and_decided_by_a_side():
    base = "[a]\nx = 1\n\n[b]\ny = 1\n"
    ours, theirs = "[b]\ny = 1\n", base.replace("x = 1", "x = 2")
    assert merged(base, ours, theirs, "union") == "[a]\nx = 2\n[b]\ny = 1\n"
    assert merged(base, ours, theirs, "ours") == ours
    assert stays(base, ours, theirs, "max")


def test_what_is_not_toml_together_is_settled_as_far_as_it_goes(monkeypatch):
    texts = ("a = 1\nb = 1\n", "a = 2\nb = 2\n", "a = 3\nb = 3\n")
    resolve = ConflictResolver.resolve

    def broken(self, conflict, **options):
        settled = resolve(self, conflict, **options)
        is_first = settled is not None and str(conflict.path) == "a"
        return settled._replace(text="b = 9\n") if is_first else settled

    monkeypatch.setattr(ConflictResolver, "resolve", broken)
    result = merge(*texts, policy="theirs")
    assert [str(conflict.path) for conflict in result.conflicts] == ["a"]
    assert told(result) == [("b", "theirs", "theirs")]
    assert result.text.endswith("b = 3\n")


@pytest.mark.parametrize(
    "texts",
    [
        (None, "a = 1\nb = 1\n", "a = 2\nb = 2\n"),
        (None, "a = \n", "a = 1\n"),
        (None, "b = 1\n", "b = 2\n"),
        (None, "# only a comment\n", "# another\n"),
    ],
)
def test_what_is_not_the_statement_of_the_path_is_not_taken_apart(texts):
    conflict = Conflict(ConflictKind.BOTH_ADDED, KeyPath(["a"]), *texts)
    resolver = ConflictResolver(Policy.parse("max"), MergeContext(MarkerStyle(), ParseMemory()))
    assert resolver.resolve(conflict) is None


# -- hints -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "offers"),
    [
        ("'1.0'", "'1.1'", "'1.2'", ("max",)),
        ("['a>=1', 'b']", "['a>=2', 'b']", "['a>=3', 'b']", ("max",)),
        ("['a']", "['b']", "['c']", ("union",)),
        ("5432", "5433", "6432", ()),
        ("2026-01-01", "2026-01-02", "2026-01-03", ("max",)),
        ("'a'", "'b'", "'c'", ()),
    ],
)
def test_a_conflict_says_which_policy_would_settle_it(base, ours, theirs, offers):
    texts = [f"k = {value}\n" for value in (base, ours, theirs)]
    [conflict] = merge(*texts).conflicts
    assert conflict.offers == offers
    assert bool(conflict.hint) == bool(offers)
    if offers:
        assert f"'k={offers[0]}'" in conflict.hint
        assert merge(*texts, policy=f"k={offers[0]}").is_clean


def test_a_deletion_is_not_offered_a_union():
    [conflict] = merge("k = ['a']\nx = 1\n", "x = 1\n", "k = ['b']\nx = 1\n").conflicts
    assert conflict.offers == ("usual",)
    assert "the deletion" in conflict.hint


# -- schemas ---------------------------------------------------------------------------

COUNTED = Schema(
    {
        "properties": {
            "count": {"x-merge": "max", "maximum": 9},
            "seen": {"x-merge": "newest"},
            "t": {"properties": {"n": {"x-merge": "max"}}},
            "words": {"x-merge": "atomic", "maxItems": 3},
        }
    }
)


def test_what_the_schema_settles_says_so():
    base, ours, theirs = (f"count = {n}\nt = {{ n = {n}, x = 1 }}\n" for n in (1, 2, 3))
    result = merge(base, ours, theirs, schema=COUNTED)
    assert result.text == theirs
    assert told(result) == [("count", "max", "x-merge"), ("t.n", "max", "x-merge")]


def test_a_time_stamp_the_schema_calls_newest_is_the_later_one():
    texts = (f'seen = "2026-01-0{n}T00:00:00Z"\n' for n in (1, 3, 2))
    assert merged(*texts, schema=COUNTED) == 'seen = "2026-01-03T00:00:00Z"\n'


def test_a_settled_value_that_is_not_valid_is_a_conflict():
    texts = ("words = ['a']\nx = 1\n", "words = ['b']\nx = 2\n", "words = ['c']\nx = 3\n")
    assert merge(*texts, schema=COUNTED, policy="union").text.count("<<<<<<<") == 2
    with_max = merge("count = 1\n", "count = 8\n", "count = 12\n", schema=COUNTED)
    assert with_max.is_clean  # theirs breaks the schema already: the merge is not to blame


LIMITED = Schema(
    {
        "properties": {"ports": {"type": "array"}},
        "if": {"properties": {"low": {"const": 2}}},
        "then": {"properties": {"ports": {"maxItems": 2}}},
    }
)


def test_a_side_that_leaves_the_result_invalid_does_not_settle_the_conflict():
    base = "low = 1\nports = [1, 2]\n"
    ours, theirs = base.replace("2]", "2, 3]"), base.replace("low = 1", "low = 2")
    for way in ("ours", "union", "max"):
        result = merge(base, ours, theirs, schema=LIMITED, policy=way)
        assert [conflict.kind for conflict in result.conflicts] == [ConflictKind.INVALID]
        assert result.decisions == ()
    assert merged(base, ours, theirs, "theirs", schema=LIMITED) == theirs.replace("= 1", "= 2")


def test_the_nearest_time_stamp_decides():
    day = [date(2026, 1, number) for number in range(1, 4)]
    ours = {"updated": day[2], "t": {"updated": day[0], "x": 1}}
    theirs = {"updated": day[1], "t": {"updated": day[1], "x": 2}}
    assert newer_side(KeyPath(["t", "x"]), ours, theirs, None) == "theirs"
    assert newer_side(KeyPath(["x"]), ours, theirs, None) == "ours"
    theirs["t"]["updated"] = day[0]
    assert newer_side(KeyPath(["t", "x"]), ours, theirs, None) == "ours"


def test_a_union_keeps_the_comment_above_an_element_that_is_gone():
    base = "k = [\n  'a', 'c',\n  # about b\n  'b',\n]\n"
    ours = "k = [\n  'x', 'c',\n]\n"
    theirs = "k = [\n  'y', 'c',\n  # more about b\n  'b',\n]\n"
    text = merged(base, ours, theirs, "union")
    assert "# more about b\n" in text
    assert "'b'" not in text


_LOADED = """
import sys
from sessionctl.core.merge import merge
merge(*{texts!r})
print(*sorted(m.rpartition(".")[2] for m in sys.modules if m.startswith("sessionctl.core")))
"""


@pytest.mark.parametrize(
    ("texts", "loaded"),
    [
        (("a = 1\nb = 1\n", "a = 2\nb = 1\n", "a = 1\nb = 2\n"), set()),
        (("a = 'x'\n", "a = 'y'\n", "a = 'z'\n"), set()),
        (("a = '1'\n", "a = '2'\n", "a = '3'\n"), {"policy", "conflict_resolver", "versions"}),
        (
            ("a = ['1']\n", "a = ['2']\n", "a = ['b']\n"),
            {"policy", "conflict_resolver", "set_merge"},
        ),
    ],
)
def test_the_code_of_policies_is_loaded_when_one_may_settle_a_conflict(texts, loaded):
    done = subprocess.run(
        [sys.executable, "-c", _LOADED.format(texts=texts)],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    )
    found = set(done.stdout.split())
    assert "strategy" in found
    assert loaded <= found
    unneeded = {"policy", "policy_guide", "conflict_resolver", "set_merge", "versions"}
    assert loaded or not found & unneeded
