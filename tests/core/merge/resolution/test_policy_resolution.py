"""A policy put to conflicts that are marked in a text."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from sessionctl.core.conflict.marked_text import CustomText, Side, read_conflicts
from sessionctl.core.conflict.resolved_text import ResolvedText
from sessionctl.core.merge.resolution import policy_resolution
from sessionctl.core.merge.resolution.policy_resolution import merge_sides, resolve_by_policy
from sessionctl.core.schema.model import Schema
from sessionctl.core.toml.parse.document_text import DocumentText
from tests.together import together

ATOMIC = Schema({"properties": {"argv": {"x-merge": "atomic"}}})
DATES = datetime(2026, 1, 2, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)


def block(ours, theirs, base=""):
    middle = "" if base is None else f"||||||| base\n{base}"
    return f"<<<<<<< main\n{ours}{middle}=======\n{theirs}>>>>>>> topic\n"


def settle(text, way, dates=None, schema=None, **options):
    return resolve_by_policy(ResolvedText(read_conflicts(text), schema), 0, way, dates, **options)


@together(
    ("text", "way", "result"),
    [
        (block('a = "1.2"\n', 'a = "1.10"\n', 'a = "1"\n'), "max", 'a = "1.10"\n'),
        (block('a = "1.2"\n', 'a = "1.10"\n', None), "max", 'a = "1.10"\n'),
        (block("a = [1]\n", "a = [2]\n", "a = [0]\n"), "union", "a = [1, 2]\n"),
        (block("a = [1]\n", "", "a = [0]\n"), "union", "a = [1]\n"),
        (block("a = 1\nb = 2\n", "a = 2\nb = 1\n", "a = 1\nb = 1\n"), "max", "a = 2\nb = 2\n"),
        (block("a = 3\nb = 2\n", "a = 2\nb = 1\n", "a = 1\nb = 1\n"), "max", "a = 3\nb = 2\n"),
        ("[t]\n" + block("a = 1\r\n", "a = 2\r\n", "a = 0\r\n"), "max", "a = 2\r\n"),
        (block("[t]\na = 2\nb = 1\n", "[t]\na = 3\nb = 1\n", ""), "max", "[t]\na = 3\nb = 1\n"),
        (block("", "a = 2\n", "a = 0\n"), "usual", ""),
        (block("a = 2\n", "", "a = 0\n"), "usual", ""),
        (block("", "a = 2\n"), "union", "a = 2\n"),
    ],
)
def test_a_policy_settles_a_marked_conflict(text, way, result):
    assert settle(text, way) == CustomText(result, way)


@together(
    ("text", "way"),
    [
        (block('a = "x"\n', 'a = "y"\n', 'a = "z"\n'), "max"),
        (block("a = 1\n", "", "a = 0\n"), "max"),
        # Where base has nothing, nobody deleted it.
        (block("", "a = 2\n"), "usual"),
        (block("a = 2\n", ""), "usual"),
        (block("[s]\na = = 1\n", "[s]\nb = 2\n"), "max"),
        (block("a = 1\nb = 1\n", "", "a = 0\n"), "max"),
        (block("a = 1\nb = 1\n", "", ""), "max"),
        (block("[[x]]\na = 1\n", "[[x]]\na = 2\n", "[[x]]\na = 0\n"), "max"),
        (block("# one\n", "# two\n"), "union"),
        (block("a = 1\nb = 2\n", "a = 2\nb = 1\n", None), "max"),
        (block("a = 1\nb = 'x'\n", "a = 2\nb = 'y'\n", "a = 0\nb = ''\n"), "max"),
        (block("a = 1\n", "a = 2\n", "a = 0\n"), "newest"),
        ("= =\n" + block("a = 1\n", "a = 2\n", "a = 0\n"), "max"),
        # Numbered tables that both sides renumbered: which is which is open.
        (block("[s.1]\na = 1\n", "[s.1]\nb = 2\n", "[s.1]\na = 1\n"), "max"),
        # Two tables of one name that have but a line of a text, or a table in them, in common.
        (block('[s]\na = """\\\n  x\\\n  """\n', '[s]\nb = """\\\n  x\\\n  """\n', ""), "max"),
        (block("[s]\na = 1\n[s.t]\nx = 1\n", "[s.t]\nx = 1\ny = 2\n", ""), "max"),
        (block("[s.1]\na = 1\n", "[s.1]\nb = 2\n", ""), "max"),
    ],
)
def test_a_policy_leaves_what_it_cannot_settle(text, way):
    assert settle(text, way) is None


def test_newest_goes_by_time_stamps_and_dates():
    plain = block("a = 1\n", "a = 2\n", "a = 0\n")
    assert settle(plain, "newest", DATES) == CustomText("a = 1\n", "newest")
    stamped = "updated = 2026-01-01\n" + plain
    assert settle(stamped, "newest", DATES) == CustomText("a = 1\n", "newest")
    theirs = "updated = 2026-01-02\na = 2\n"
    both = block("updated = 2026-01-01\na = 1\n", theirs, "")
    assert settle(both, "newest") == CustomText(theirs, "newest")


def test_what_the_schema_calls_one_thing_is_not_taken_apart():
    text = block("argv = ['a']\n", "argv = ['b']\n", "argv = []\n")
    assert settle(text, "union", schema=ATOMIC) is None
    assert settle("x = 1\n" + text.replace("argv", "words"), "union", schema=ATOMIC) is not None
    two = block("argv = ['a']\nx = 1\n", "argv = ['b']\nx = 2\n", "argv = []\nx = 0\n")
    assert settle(two, "union", schema=ATOMIC) is None


def test_numbers_are_spared_where_a_policy_is_only_offered():
    assert settle(block("a = 1\n", "a = 2\n"), "max", is_offer=True) is None
    assert settle(block("a = '1'\n", "a = '2'\n"), "max", is_offer=True) is not None
    assert settle(block("a = [1]\n", "a = [2]\n", "a = [0]\n"), "union", is_offer=True) is not None
    edited = block("a = { x = 1 }\n", "a = {}\n", "a = { x = 0 }\n")
    assert settle(edited, "union", is_offer=True) is None
    assert settle(edited, "union") == CustomText("a = { x = 1 }\n", "union")
    several = block("a = '1'\nb = '1'\n", "a = '2'\nb = '2'\n")
    assert settle(several, "max", is_offer=True) is None


def test_of_many_conflicts_the_whole_text_is_not_read_for_each(monkeypatch):
    text = "".join(block(f'a{i} = "2"\n', f'a{i} = "3"\n', f'a{i} = "1"\n') for i in range(50))
    settled = ResolvedText(read_conflicts(text))
    parse = DocumentText.parse.__func__
    large = []

    def counted(kind, text, *arguments, **options):
        large.extend([text] if len(text) > 200 else [])
        return parse(kind, text, *arguments, **options)

    monkeypatch.setattr(DocumentText, "parse", classmethod(counted))
    for way in ("max", "newest"):
        found = [resolve_by_policy(settled, index, way, DATES) for index in range(50)]
        assert all(found)
    assert 0 < len(large) < 10


def test_of_a_large_file_only_the_whole_is_checked(monkeypatch):
    text = block("a = 1\nb = 2\n", "a = 2\nb = 1\n", "a = 1\nb = 1\n")
    monkeypatch.setattr(policy_resolution, "MOST_TRIED", 10)
    monkeypatch.setattr(ResolvedText, "with_text", None)
    assert settle(text, "max") == CustomText("a = 2\nb = 2\n", "max")


def test_how_large_a_file_is_counts_for_each_of_its_conflicts(monkeypatch):
    text = block("a = 1\nb = 2\n", "a = 2\nb = 1\n", "a = 1\nb = 1\n") + block("c = 1\n", "c = 2\n")
    monkeypatch.setattr(policy_resolution, "MOST_TRIED", 2 * len(text) - 1)
    monkeypatch.setattr(policy_resolution, "paths_in", None)
    assert settle(text, "max") == CustomText("a = 2\nb = 2\n", "max")
    monkeypatch.setattr(policy_resolution, "MOST_TRIED", 2 * len(text))
    with pytest.raises(TypeError):  # it is asked now
        settle(text, "max")


@together(
    "text, chosen",
    [
        (block("a = 1\n", "a = 1\n", "a = 0\n"), Side.OURS),
        (block("a = 1\n", "a = 1\n", None), Side.OURS),
        (block("a = 1\n", "a = 0\n", "a = 0\n"), Side.OURS),
        (block("a = 0\n", "a = 1\n", "a = 0\n"), Side.THEIRS),
        (block("", "a = 1\n", ""), Side.THEIRS),
        (block("a = 1\n", "a = 2\n", None), None),
        (block("a = 1\n", "a = 2\n", "a = 0\n"), None),
        (block("a = 1\nb = 1\n", "a = 0\nb = 2\n", "a = 0\nb = 1\n"),
         CustomText("a = 1\nb = 2\n", "merged")),
        (block("a = 1\nb = 1\n", "a = 0\nb = 2\n", "a = 0\nb = 0\n"), None),
        (block("a = [1, 2]\n", "a = [0, 1]\n", "a = [1]\n"),
         CustomText("a = [0, 1, 2]\n", "merged")),
        (block("a = 1\n", "", "a = 0\n"), None),
        # what another part of the file has already cannot come in
        ("b = 1\n" + block("a = 1\nc = 1\n", "a = 0\nc = 1\nb = 2\n", "a = 0\nc = 1\n"), None),
    ],
    ids=lambda value: str(value)[:90],
)  # fmt: skip
def test_without_a_policy_what_does_not_clash_is_merged(text, chosen):
    assert merge_sides(ResolvedText(read_conflicts(text)), 0) == chosen
