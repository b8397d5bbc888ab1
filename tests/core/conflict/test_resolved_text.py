"""What a marked text may become: key paths, both sides, and what is wrong with a choice."""

from __future__ import annotations

import pytest

from sessionctl.core.conflict import resolved_text as module
from sessionctl.core.conflict.marked_text import CustomText, Side, read_conflicts
from sessionctl.core.conflict.resolved_text import ResolvedText
from sessionctl.core.merge import merge
from sessionctl.core.merge.resolution.both_sides import keep_both
from sessionctl.core.schema.model import Schema
from tests.together import together

SESSION = """\
schema_version = 1
name = "api"
[[windows]]
name = "editor"
layout = "tiled"
[[windows.panes]]
run = ["vim", "x"]
[connections.prod]
driver = "postgres"
port = 1
"""


def block(ours, theirs, base=""):
    return f"<<<<<<< a\n{ours}||||||| b\n{base}=======\n{theirs}>>>>>>> c\n"


def settled(text, schema=None):
    return ResolvedText(read_conflicts(text), schema)


def session(**changes):
    """Return the merge of two edits of the session; each change is (before, ours, theirs)."""
    ours = theirs = SESSION
    for old, one, other in changes.values():
        ours, theirs = ours.replace(old, one), theirs.replace(old, other)
    return settled(merge(SESSION, ours, theirs).text, Schema.session())


def paths(found, index=0):
    return [str(path) for path in found.key_paths(index)]


# -- key paths -------------------------------------------------------------------------


def test_a_conflict_is_told_by_its_key_and_items_by_their_name():
    found = session(
        layout=("tiled", "even-vertical", "even-horizontal"),
        port=("port = 1", "port = 2", "port = 3"),
    )
    assert paths(found, 0) == ["windows[name=editor].layout"]
    assert paths(found, 1) == ["connections.prod.port"]


def test_the_keys_of_both_sides_are_told_once():
    found = settled(block("a = 1\nb = 2\n", "b = 3\nc = 4\n"))
    assert paths(found) == ["a", "b", "c"]


def test_of_a_table_the_header_is_told_only():
    assert paths(settled("[x]\n" + block("[t]\na = 1\n[t.u]\nb = 1\n", ""))) == ["t"]


def test_a_conflict_inside_a_value_is_told_by_its_key():
    text = 'a = [\n  "x",\n' + block('  "y",\n', '  "z",\n') + "]\n"
    assert paths(settled(text)) == ["a"]


def test_dotted_keys_and_tables_without_a_header_are_told_in_full():
    assert paths(settled("[a.b]\n" + block("c.d = 1\n", "c.d = 2\n"))) == ["a.b.c.d"]


def test_a_conflict_of_comments_has_no_key():
    assert paths(settled("a = 1\n" + block("# x\n", "# y\n", "# z\n"))) == []


def test_where_both_deleted_the_key_of_the_base_is_told():
    assert paths(settled(block("", "# gone\n", "a = 1\n"))) == ["a"]


def test_where_a_whole_side_is_no_toml_each_conflict_is_looked_at_alone():
    # All ours define b twice, all theirs a.
    found = settled(block("a = 1\nb = 1\n", "a = 1\n") + block("b = 2\n", "a = 2\n"))
    assert paths(found, 0) == ["a", "b"]
    assert paths(found, 1) == ["b", "a"]


def test_what_is_never_toml_has_no_keys():
    found = settled("= =\n" + block("a = 1\n", "a = 2\n"))
    assert found.with_side(0, Side.OURS) is None
    assert paths(found) == []
    assert found.side_problems(0, Side.OURS) == ()


def test_a_large_text_that_is_no_toml_is_not_tried_again_and_again(monkeypatch):
    monkeypatch.setattr(module, "MOST_TRIED", 10)
    found = settled(block("a = 1\na = 1\n", "a = 2\n"))
    assert found.with_side(0, Side.OURS) is None
    assert found.with_side(0, Side.THEIRS) is not None


# -- both ------------------------------------------------------------------------------


@together(
    ("text", "result"),
    [
        (block("a = 1\n", "b = 2\n"), "a = 1\nb = 2\n"),
        (block("[[w]]\nn = 1\n", "[[w]]\nn = 2\n"), "[[w]]\nn = 1\n[[w]]\nn = 2\n"),
        (block("a = [1, 3]\n", "a = [1, 4]\n", "a = [1, 2]\n"), "a = [1, 3, 4]\n"),
        (
            block("a = [\n  1, # x\n]\n", "a = [2] # y\n"),
            "a = [\n  1, # x\n  2,\n] # y\n",
        ),
        (block("t = { x = 1 }\n", "t = { y = 2 }\n"), "t = { x = 1, y = 2 }\n"),
        (block("[t]\nx = 1\n", "[t]\ny = 2\n"), "[t]\nx = 1\ny = 2\n"),
        (block("# x\n", "# y\n"), "# x\n# y\n"),
        # Behind the header of ours, z would be a key of t.
        (block("[t]\nx = 1\n", "z = 2\n"), "z = 2\n[t]\nx = 1\n"),
        ('a = """\n' + block("one\n", "two\n") + '"""\n', 'a = """\none\ntwo\n"""\n'),
    ],
)
def test_both_sides_are_kept_where_that_is_toml(text, result):
    found = settled(text)
    choice = keep_both(found, 0)
    assert choice is not None
    assert found.marked.resolve({0: choice}) == result


@together(
    "text",
    [
        block("a = 1\n", "a = 2\n"),
        block("a = []\n", "a = 2\n"),
        block("a = [1]\n", "a = 2\n"),
        block("a = 1\nb = 1\n", "a = 2\nb = 2\n"),
        block("", "a = 2\n"),
        block("a = 2\n", "\n"),
        block("a = \n", "a = 2\n"),
        block("a = 2\n", "a = \n"),
        "= =\n" + block("a = [1]\n", "a = [2]\n"),
        block('a = """\n', 'x"""\n'),
    ],
)
def test_both_sides_are_not_kept_where_one_would_be_lost(text):
    assert keep_both(settled(text), 0) is None


def test_what_the_schema_calls_one_thing_is_not_mixed():
    text = SESSION.replace('run = ["vim", "x"]\n', block('run = ["vim", "y"]\n', 'run = ["ed"]\n'))
    assert keep_both(settled(text, Schema.session()), 0) is None
    unparsed = settled(text.replace("port = 1", "port ="), Schema.session())
    assert keep_both(unparsed, 0) is None
    assert keep_both(settled(text), 0) == CustomText('run = ["vim", "y", "ed"]\n', "both")


# -- faults ----------------------------------------------------------------------------


def messages(problems):
    return [problem.message for problem in problems]


def test_a_side_that_breaks_the_schema_is_told():
    found = session(port=("port = 1\n", "port = 2\n", "port = 70000\n"))
    assert found.side_problems(0, Side.OURS) == ()
    assert messages(found.side_problems(0, Side.THEIRS)) == [
        "expected a number of at most 65535, got 70000"
    ]
    (fault,) = found.choice_problems({0: Side.THEIRS})
    assert fault.line == 10
    assert found.choice_problems({0: Side.OURS}) == []


def test_what_both_sides_break_is_no_fault_of_the_choice():
    found = session(port=("port = 1\n", "port = 0\nuser = 'a'\n", "port = 0\nuser = 'b'\n"))
    assert found.choice_problems({0: Side.THEIRS}) == []


def test_a_choice_is_checked_while_others_are_left():
    found = session(
        layout=("tiled", "even-vertical", "even-horizontal"),
        port=("port = 1\n", "port = 2\n", "port = 70000\n"),
    )
    assert [fault.line for fault in found.choice_problems({1: Side.THEIRS})] == [16]
    assert found.choice_problems({0: Side.THEIRS}) == []


def test_choices_that_are_no_toml_together_are_a_fault():
    found = settled(block("a = 1\n", "b = 1\n") + block("b = 2\n", "a = 2\n"))
    assert found.choice_problems({0: Side.OURS, 1: Side.OURS}) == []
    (fault,) = found.choice_problems({0: Side.OURS, 1: Side.THEIRS})
    assert fault.problem.message == 'the key "a" is defined twice'
    assert fault.line == 7


def test_a_fault_behind_a_conflict_has_its_line_in_the_marked_text():
    found = settled(block("a = 1\n", "b = 1\n") + "x = 1\n\nb = 2\n")
    assert [fault.line for fault in found.choice_problems({0: Side.THEIRS})] == [9]


def test_while_the_text_is_never_toml_no_choice_is_to_blame():
    found = settled("= =\n" + block("a = 1\n", "a = 2\n") + block("b = 1\n", "b = 2\n"))
    assert found.choice_problems({0: Side.OURS}) == []
    assert [fault.line for fault in found.choice_problems({0: Side.OURS, 1: Side.OURS})] == [1]


def test_without_toml_on_either_side_every_schema_error_counts():
    text = SESSION + block("x = \n", "x = \n") + block("driver = 1\n", "\n")
    found = settled(text, Schema.session())
    (fault,) = found.choice_problems({0: CustomText("port2 = 1\n"), 1: CustomText("")})
    assert fault.problem.rule == "unknown-key"


@pytest.mark.parametrize(
    ("text", "message", "start"),
    [
        ("port = \n", "expected a value, found the end of the line", 7),
        ("user = 'x'\nport = 70000\n", "expected a number of at most 65535, got 70000", 18),
        ("driver = 'x'\n", 'the key "driver" is defined twice', 0),
    ],
)
def test_an_edited_text_is_checked_in_its_place(text, message, start):
    found = session(port=("port = 1\n", "port = 2\n", "port = 3\n"))
    (problem,) = found.text_problems(0, text)
    assert problem.message == message
    assert problem.span.start == start
    assert problem.hint == ""
    assert found.text_problems(0, "port = 9\n") == ()


def test_an_edited_part_of_a_value_is_checked_with_the_value():
    found = settled('a = [\n  "x",\n' + block('  "y",\n', '  "z",\n') + "]\n")
    assert found.text_problems(0, '  "w",\n') == ()
    (problem,) = found.text_problems(0, '  w",\n')
    assert 0 <= problem.span.start <= 7


def test_in_what_is_never_toml_an_edited_text_is_read_by_itself():
    found = settled("= =\n" + block("= 1\n", "a = 2\n"))
    assert found.text_problems(0, "a = 3\n") == ()
    assert messages(found.text_problems(0, "a = \n")) == [
        "expected a value, found the end of the line"
    ]
