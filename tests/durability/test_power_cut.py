"""The power goes at any moment of a save: every state that may be on the disk loads."""

from __future__ import annotations

import os
import shutil
import sys

import pytest

from sessionctl.services.documents.document_store import open_store
from sessionctl.services.history.recovery import candidates, settle_all
from tests.durability.disk import Disk, frozen, write_tree
from tests.durability.tracing import Call, need_strace, record, report, sessionctl

OLD = 'schema_version = 1\nname = "old"\n# by hand\n'
NEW = OLD.replace('"old"', '"new"')
NAME = "x.session.toml"
BEGUN_ANEW = """
import os, sys
from sessionctl.services.documents.document_store import open_store
from sessionctl.system.store import displacement
file, new = sys.argv[1:]
real = displacement.is_same
def changed_once(*arguments):
    displacement.is_same = real
    return False
displacement.is_same = changed_once
open_store(os.environ["XDG_STATE_HOME"] + "/sessionctl").save(file, new)
"""
NAIVE = """
import os, sys
path, text = sys.argv[1:]
with open(path + ".tmp", "w") as stream:
    stream.write(text)
os.replace(path + ".tmp", path)
"""


class Replay:
    """A save that was recorded, and what is found after a power cut at each of its calls."""

    def __init__(self, tmp_path, *, has_backups=False, argv=None):
        self.work, self.log = tmp_path / "work", tmp_path / "log"
        self.state = self.work / "state"
        self.file = self.work / NAME
        self.store = open_store(str(self.state / "sessionctl"))
        self.work.mkdir()
        self.state.mkdir()
        self.file.write_text(OLD)
        if has_backups:
            self.store.save(self.file, OLD + "[preferences]\n")
            self.store.save(self.file, OLD)
        self.disk = Disk(str(self.work))
        argv = argv or sessionctl("set", self.file, "name", "new")
        self.calls = record(argv, self.state, self.log)
        assert self.file.read_text() == NEW

    def without(self, matches) -> list[Call]:
        """Return the calls but those that match: what a careless save would have done."""
        return [call for call in self.calls if not matches(call)]

    def faults(self, calls):
        """Yield what is wrong with each state that is wrong; ``count`` is of all states."""
        seen: set[object] = set()
        for number, call in enumerate([*calls, None]):
            is_done = call is None
            for tree in self.disk.states():
                key = (frozen(tree), is_done)
                if key not in seen:
                    seen.add(key)
                    self.count = len(seen)
                    fault = self._fault(tree, is_done=is_done)
                    if fault:
                        yield f"before call {number} ({call}): {fault}"
            if call is not None:
                self.disk.apply(call)

    def _fault(self, tree, *, is_done) -> str:
        shutil.rmtree(self.work)
        write_tree(tree, str(self.work))
        if not self.file.exists():
            return "the file is gone"
        text = self.file.read_text()
        if text not in (OLD, NEW):
            return f"the file is damaged: {text!r}"
        if is_done and text != NEW:
            return "the save said it was done, and the file is the old one"
        settle_all(self.store)
        found = [one.data.decode() for one in candidates(self.store, str(self.file), {})]
        if text == NEW and OLD not in found:
            return "the old text cannot be had back"
        if is_done and NEW not in found:
            return "the new text is not kept"
        if [name for name in os.listdir(self.work) if name.startswith(".sessionctl")]:
            return "a temporary file stays"
        self.store.save(self.file, NEW)
        return "" if self.file.read_text() == NEW else "the next save does not go well"


def is_flush_of(calls, directory, name=""):
    """Return what tells the calls that flush ``directory``, or the files of a name in it."""
    wanted = os.fsencode(f"{directory}/{name}" if name else directory)
    flushed = []
    opened: dict[int, bytes] = {}
    for call in calls:
        if call.name == "openat" and call.strings:
            opened[call.result] = call.strings[0]
        elif call.name == "fsync":
            path = opened.get(call.descriptor, b"")
            if path.startswith(wanted) if name else path == wanted:
                flushed.append(call)
    assert flushed
    return lambda call: call in flushed


@pytest.fixture(autouse=True)
def _strace():
    need_strace()


@pytest.mark.slow
@pytest.mark.parametrize("has_backups", [False, True], ids=["the first save", "a later save"])
def test_every_state_after_a_power_cut_loads(tmp_path, has_backups):
    replay = Replay(tmp_path, has_backups=has_backups)
    assert list(replay.faults(replay.calls)) == []
    report(f"{replay.count} states, all load")
    assert replay.count >= 10


@pytest.mark.slow
def test_every_state_loads_where_a_save_had_to_begin_anew(tmp_path):
    argv = [sys.executable, "-c", BEGUN_ANEW, str(tmp_path / "work" / NAME), NEW]
    replay = Replay(tmp_path, argv=argv)
    assert list(replay.faults(replay.calls)) == []
    report(f"{replay.count} states, all load")
    assert replay.count >= 20


@pytest.mark.slow
def test_without_the_flush_of_the_directory_a_save_that_was_done_may_be_gone(tmp_path):
    replay = Replay(tmp_path)
    faults = replay.faults(replay.without(is_flush_of(replay.calls, replay.work)))
    assert any("said it was done, and the file is the old one" in fault for fault in faults)


@pytest.mark.slow
def test_without_the_flush_of_the_archive_the_old_text_may_be_gone(tmp_path):
    replay = Replay(tmp_path)
    directory = replay.store.archive(replay.file).directory
    faults = replay.faults(replay.without(is_flush_of(replay.calls, directory)))
    assert any("the old text cannot be had back" in fault for fault in faults)


@pytest.mark.slow
def test_without_the_flush_of_the_new_text_the_file_may_be_torn(tmp_path):
    replay = Replay(tmp_path)
    faults = replay.faults(replay.without(is_flush_of(replay.calls, replay.work, ".sessionctl")))
    assert any("the file is damaged" in fault for fault in faults)


@pytest.mark.slow
def test_a_naive_writer_is_found_out(tmp_path):
    argv = [sys.executable, "-c", NAIVE, str(tmp_path / "work" / NAME), NEW]
    replay = Replay(tmp_path, argv=argv)
    faults = replay.faults(replay.calls)
    assert any("the file is damaged" in fault for fault in faults)
