"""A merge as plain data: secrets are masked, changes have kinds and key paths."""

from __future__ import annotations

from sessionctl.core.keypath import KeyPath
from sessionctl.core.merge import merge
from sessionctl.core.render.merge_data import changes_data, conflicts_data


def test_a_conflict_as_data_masks_secrets():
    texts = tuple(f'[c]\npassword = "hunter{n}"\n' for n in (1, 2, 3))
    result = merge(*texts)
    assert conflicts_data(result, "a.session.toml") == [{
        "kind": "both-modified",
        "path": KeyPath(["c", "password"]),
        "line": 2,
        "end_line": 8,
        "base": "***",
        "ours": "***",
        "theirs": "***",
        "happened": {"ours": "value changed", "theirs": "value changed"},
        "hint": None,
        "offers": [],
    }]  # fmt: skip


def test_what_was_brought_to_ours_is_told_as_data():
    result = merge("a = 1\n", "a = 1\n", "# why\na = 2\nb = 1\n")
    assert {(change["kind"], str(change["path"])) for change in changes_data(result)} == {
        ("modified", "a"), ("comment-changed", "a"), ("added", "b"),
    }  # fmt: skip


def test_of_text_that_is_not_toml_no_changes_are_told():
    assert changes_data(merge("x", "x", "y")) == []
