"""The base of a criss-cross merge: a conflict in it is a value that nobody wrote."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessionctl.core.conflict.conflict import Conflict, ConflictKind
from sessionctl.core.keypath import KeyPath
from sessionctl.core.merge import merge
from sessionctl.core.merge.result import MergeResult
from sessionctl.core.merge.virtual_base import PLACEHOLDER, text_for_base, without_placeholders
from sessionctl.core.problem import Span
from sessionctl.core.toml.document import Document

KEYS = "abcde"
OPAQUE = ConflictKind.OPAQUE
UNKNOWN = object()
versions = st.dictionaries(st.sampled_from(KEYS), st.integers(1, 3))


def text_of(version, newline="\n"):
    """Write a version with keys above and below a header, comments between."""
    lines = [f"{key} = {version[key]}" for key in "ab" if key in version]
    lines += ["# the rest", "[t]"] + [
        f"  {key} = {version[key]}" for key in "cde" if key in version
    ]
    return newline.join([*lines, ""])


def merged(base, ours, theirs):
    """Return the merge of two versions, key by key: the oracle; UNKNOWN for a clash."""
    found = {}
    for key in KEYS:
        b, o, t = (version.get(key) for version in (base, ours, theirs))
        value = t if b == o else o if t in (b, o) else UNKNOWN
        if value is not None:
            found[key] = value
    return found


def value_of(result, side):
    value = Document.parse(result.resolved(side).text).value
    return {**{k: v for k, v in value.items() if k != "t"}, **value["t"]}


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@given(versions, versions, versions, versions, versions)
def test_what_either_branch_made_of_a_clash_of_the_bases_counts(
    newline, root, one, two, ours, theirs
):
    inner = merge(*(text_of(version, newline) for version in (root, one, two)))
    base = text_for_base(inner)
    assert "<<<<<<<" not in base
    result = without_placeholders(merge(base, text_of(ours, newline), text_of(theirs, newline)))
    wanted = merged(merged(root, one, two), ours, theirs)
    clear = {key: value for key, value in wanted.items() if value is not UNKNOWN}
    for side in ("ours", "theirs"):
        found = value_of(result, side)
        assert {key: found[key] for key in clear} == clear
        assert {k for k in found if k not in clear} <= {k for k in wanted if k not in clear}
    clashing = {str(conflict.path).removeprefix("t.") for conflict in result.conflicts}
    assert clashing == {key for key, value in wanted.items() if value is UNKNOWN}
    assert PLACEHOLDER not in result.text
    for conflict in result.conflicts:
        block = result.text[conflict.span.start : conflict.span.end]
        assert block.startswith("<<<<<<<")
        assert block.endswith(f">>>>>>> theirs{newline}")


def test_a_clash_over_more_than_one_key_keeps_its_markers():
    base = "[t]\na = 1\nb = 1\n"
    inner = merge(base, "", "[t]\na = 2\nb = 2\n")
    assert text_for_base(inner) == inner.text
    assert inner.text.startswith("<<<<<<<")


def test_a_clash_that_is_no_toml_by_itself_keeps_its_markers():
    inner = MergeResult(
        "<x>", (Conflict(OPAQUE, KeyPath(), "", "a = [\n", "b\n", Span(0, 3)),), "lines"
    )
    assert text_for_base(inner) == "<x>"


def test_what_is_not_toml_keeps_its_markers():
    inner = merge("one\n", "two\n", "three\n")
    assert text_for_base(inner) == inner.text


def test_a_result_whose_base_was_never_in_doubt_stays_as_it_is():
    result = merge("a = 1\n", "a = 2\n", "a = 3\n")
    assert without_placeholders(result) == result
