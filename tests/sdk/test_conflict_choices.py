"""The choices of a host between what its file and its live state changed."""

from __future__ import annotations

import pytest

from sessionctl.core.conflict.conflict import Conflict, ConflictKind
from sessionctl.core.keypath import KeyPath
from sessionctl.sdk.conflict_choices import LiveConflicts


class Host:
    """A host that notes what it is asked to resolve."""

    def __init__(self):
        self.resolved = []

    def resolve(self, *, by_file, paths):
        self.resolved.append((by_file, paths))


@pytest.fixture
def choices():
    return LiveConflicts(
        tuple(
            Conflict(ConflictKind.BOTH_MODIFIED, KeyPath([name]), "0", "1", "2") for name in "abc"
        )
    )


def chosen(choices):
    return [choices.row(index).choice for index in range(choices.count)]


def test_a_choice_for_the_rest_leaves_what_was_chosen(choices):
    assert (choices.left, chosen(choices)) == (3, ["", "", ""])
    assert choices.take(1, "ours") == ""
    choices.take_rest("theirs")
    assert (choices.left, chosen(choices)) == (0, ["theirs", "ours", "theirs"])
    assert [choices.row(index).result for index in range(3)] == ["2", "1", "2"]
    host = Host()
    assert choices.write(host) == ()
    assert host.resolved == [(True, ["b"]), (False, ["a", "c"])]


def test_each_choice_is_undone_in_turn(choices):
    choices.take(1, "ours")
    choices.take_rest("theirs")
    assert choices.undo()
    assert (choices.left, chosen(choices)) == (2, ["", "ours", ""])
    assert choices.undo()
    assert chosen(choices) == ["", "", ""]
    assert not choices.undo()
    host = Host()
    choices.write(host)
    assert host.resolved == []
