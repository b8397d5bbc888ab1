"""The choices of a host between what its file and its live state changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from sessionctl.core.conflict.conflict import Conflict, ConflictKind
from sessionctl.core.keypath import KeyPath
from sessionctl.sdk.conflict_choices import LiveConflicts, MarkedConflicts, open_conflicts
from sessionctl.services.machine import Machine
from sessionctl.system.files.text import read_text
from tests.conflict_texts import HEAD, PORT, block


class Host:
    """A host that notes what it is asked to resolve."""

    def __init__(self, conflicts=(), file="", home=""):
        self.resolved = []
        self.conflicts, self.file = conflicts, str(file)
        self.machine = Machine({"HOME": str(home)})

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


@pytest.fixture
def marked(tmp_path):
    """Return a host whose file has the marks of two conflicts."""
    file = tmp_path / "a.session.toml"
    file.write_text(HEAD + block('root = "~/a"\n', 'root = "~/b"\n', 'root = "~/c"\n') + PORT)
    return Host(file=file, home=tmp_path / "home")


def test_of_a_host_the_marks_in_the_file_come_first(choices, marked, tmp_path):
    plain = tmp_path / "plain.toml"
    plain.write_text("a = 1\n")
    conflicts = choices._conflicts
    assert isinstance(open_conflicts(marked), MarkedConflicts)
    assert isinstance(open_conflicts(Host(conflicts, plain)), LiveConflicts)
    assert isinstance(open_conflicts(Host(conflicts, tmp_path / "none")), LiveConflicts)
    assert open_conflicts(Host((), plain)) is None


def test_each_kind_names_its_sides_and_notices_other_conflicts(choices, marked):
    live = LiveConflicts(choices._conflicts)
    assert live.labels(0) == ("last agreed", "the file", "the application")
    assert not live.is_outdated(Host(choices._conflicts))
    assert live.is_outdated(Host(choices._conflicts[:2]))
    assert live.is_outdated(Host([one._replace(theirs="9") for one in choices._conflicts]))
    found = open_conflicts(marked)
    assert found.labels(0) == ("1234567", "HEAD", "topic")
    assert not found.is_outdated(marked)
    Path(marked.file).write_text(HEAD)
    assert found.is_outdated(marked)


def test_marks_are_decided_for_one_and_for_the_rest_and_undone(marked):
    found = open_conflicts(marked)
    assert (found.count, found.left) == (2, 2)
    assert found.take(1, "ours") == ""
    assert (found.left, chosen(found)) == (1, ["", "ours"])
    found.take_rest("theirs")
    assert (found.left, chosen(found)) == (0, ["theirs", "ours"])
    assert found.undo()
    assert (found.left, chosen(found)) == (1, ["", "ours"])
    assert found.write(marked) == ()
    text = read_text(marked.file)
    assert (text.count("<<<<<<<"), "port = 5433\n" in text) == (1, True)
    assert found.undo()
    assert not found.undo()


def test_marks_that_would_make_the_file_invalid_are_not_written(marked):
    before = read_text(marked.file)
    found = open_conflicts(marked)
    found.take_rest("theirs")
    assert found.write(marked) == ('connections.prod.port: expected an integer, got "x"',)
    assert read_text(marked.file) == before
