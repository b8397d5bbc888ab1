"""Every system call of one save killed or failed: the file is the old or the new one."""

from __future__ import annotations

import os
import shutil
import sys
import tomllib

import pytest

from sessionctl.errors import SessionctlError
from sessionctl.services.documents.document_store import open_store
from sessionctl.services.history.recovery import candidates, settle_all
from tests.durability.tracing import (
    Call,
    environment,
    need_strace,
    record,
    report,
    run_with_fault,
    sessionctl,
)

OLD = 'schema_version = 1\nname = "old"\n# by hand\n'
NEW = OLD.replace('"old"', '"new"')
FAULTS = {
    "openat": ("KILL", "ENOSPC", "EIO"),
    "read": ("EIO",),
    "write": ("KILL", "ENOSPC", "EIO"),
    "fsync": ("KILL", "ENOSPC", "EIO"),
    "mkdir": ("KILL", "ENOSPC", "EIO"),
    "rename": ("KILL", "ENOSPC", "EIO"),
    "renameat2": ("KILL", "ENOSPC", "EIO"),
    "link": ("KILL", "ENOSPC", "EIO"),
    "unlink": ("KILL", "ENOSPC", "EIO"),
    "flock": ("KILL", "ENOLCK", "EIO"),
    "fchmod": ("KILL", "EIO"),
    "close": ("KILL", "EIO"),
}
EDIT = OLD + "[preferences]\nedit = 1\n"
BOTH = EDIT.replace('"old"', '"new"')
SLIP = """
import os, sys
from sessionctl.services.documents.document_store import open_store
from sessionctl.system.store import displacement
file, new, edit = sys.argv[1:]
real = displacement.swap
def swap_after_edit(*names):
    displacement.swap = real
    with open(file + ".edit", "w") as stream:
        stream.write(edit)
    os.replace(file + ".edit", file)
    return real(*names)
with open(file) as stream:
    old = stream.read()
displacement.swap = swap_after_edit
saved = open_store(os.environ["XDG_STATE_HOME"] + "/sessionctl").save(file, new, expected=old)
sys.stderr.write(repr(saved.notes))
"""
NAIVE = """
import sys
path, text = sys.argv[1:]
with open(path, "w") as stream:
    for begin in range(0, len(text), 20):
        stream.write(text[begin:begin + 20])
        stream.flush()
"""


class Stage:
    """A directory with the file and a state directory, put back for every fault."""

    def __init__(self, tmp_path, *, has_backups):
        self.begin, self.work = tmp_path / "begin", tmp_path / "work"
        self.begin.mkdir()
        (self.begin / "x.session.toml").write_text(OLD)
        (self.begin / "x.session.toml").chmod(0o640)
        (self.begin / "state").mkdir()
        self.file, self.state = self.work / "x.session.toml", self.work / "state"
        self.store = open_store(str(self.state / "sessionctl"))
        if has_backups:
            self.reset()
            self.store.save(self.file, NEW)
            self.store.save(self.file, OLD)
            shutil.rmtree(self.begin)
            self.work.rename(self.begin)

    def reset(self):
        shutil.rmtree(self.work, ignore_errors=True)
        shutil.copytree(self.begin, self.work)

    def calls_of(self, argv) -> list[Call]:
        """Return the calls of ``argv`` on the file, beside it, and in the state directory."""
        self.reset()
        record(argv, self.state, self.begin.parent / "log")  # a first run fills the caches
        self.reset()
        opened: set[int] = set()
        found = []
        for call in record(argv, self.state, self.begin.parent / "log"):
            if call.name in ("read", "write", "fsync", "flock", "fchmod", "close"):
                is_ours = call.descriptor in opened
            else:
                is_ours = any(text.startswith(os.fsencode(self.work)) for text in call.strings)
            if is_ours:
                found.append(call)
                if call.name == "openat":
                    opened.add(call.result)
                elif call.name == "close":
                    opened.discard(call.descriptor)
        return found


def offered(stage):
    """Return the texts that can be had: in the file, or offered by recover."""
    texts = [stage.file.read_text()]
    return texts + [one.data.decode() for one in candidates(stage.store, str(stage.file), {})]


def left_beside(stage):
    return [path.name for path in stage.work.iterdir() if path.name.startswith(".sessionctl")]


def is_without_backup(done, fault):
    """Return whether the save went on because its state directory is full, and said so."""
    is_said = "no backup is kept" in done.stderr
    assert not is_said or (fault == "ENOSPC" and done.returncode == 0), done.stderr
    return is_said


@pytest.mark.slow
@pytest.mark.parametrize("has_backups", [False, True], ids=["the first save", "a later save"])
def test_a_fault_at_any_call_leaves_the_old_or_the_new_file(tmp_path, has_backups):
    need_strace()
    stage = Stage(tmp_path, has_backups=has_backups)
    argv = sessionctl("set", stage.file, "name", "new")
    faults = [(call, fault) for call in stage.calls_of(argv) for fault in FAULTS[call.name]]
    assert stage.file.read_text() == NEW
    both = unkept = 0
    for call, fault in faults:
        stage.reset()
        done = run_with_fault(argv, stage.state, call, fault)
        told = f"{call.name} {call.number} {fault}: exit {done.returncode}\n{done.stderr}"
        text = stage.file.read_text()
        assert text in (OLD, NEW), told
        assert stage.file.stat().st_mode & 0o777 == 0o640, told
        tomllib.loads(text)
        if done.returncode == 0:
            assert text == NEW, told
        elif fault != "KILL":
            assert "Traceback" not in done.stderr, told
            assert "sessionctl: error: " in done.stderr or call.name == "write", told
        settle_all(stage.store)
        if is_without_backup(done, fault):
            unkept += 1
            continue
        texts = offered(stage)
        assert OLD in texts, told
        both += NEW in texts
        if NEW not in texts:
            # It failed before the list of changes had it: nothing was begun.
            assert not stage.store.archive(stage.file).entries(), told
            assert done.returncode != 0, told
        assert not left_beside(stage), told
        stage.store.save(stage.file, NEW)
        assert stage.file.read_text() == NEW, told
    report(f"{len(faults)} faults, 0 damaged, both texts offered after {both}")
    assert len(faults) >= (100 if has_backups else 150)
    if has_backups:
        assert both + unkept == len(faults)


@pytest.mark.slow
def test_a_fault_while_an_edit_slips_in_loses_neither(tmp_path):
    need_strace()
    stage = Stage(tmp_path, has_backups=True)
    argv = [sys.executable, "-c", SLIP, str(stage.file), NEW, EDIT]
    calls = stage.calls_of(argv)
    assert stage.file.read_text() == BOTH
    exchanges = [index for index, call in enumerate(calls) if call.name == "renameat2"]
    assert len(exchanges) == 3, "the save's own, the giving back, the save of both"
    faults = [(call, fault) for call in calls[exchanges[0] :] for fault in FAULTS[call.name][:2]]
    for call, fault in faults:
        stage.reset()
        done = run_with_fault(argv, stage.state, call, fault)
        told = f"{call.name} {call.number} {fault}: exit {done.returncode}\n{done.stderr}"
        assert stage.file.read_text() in (EDIT, NEW, BOTH), told
        settle_all(stage.store)
        assert "edit = 1" in stage.file.read_text(), told
        assert is_without_backup(done, fault) or {OLD, EDIT} <= set(offered(stage)), told
        assert not left_beside(stage), told
    report(f"{len(faults)} faults, 0 edits lost")


@pytest.mark.slow
def test_the_same_sweep_damages_the_file_of_a_naive_writer(tmp_path):
    need_strace()
    stage = Stage(tmp_path, has_backups=False)
    argv = [sys.executable, "-c", NAIVE, str(stage.file), NEW]
    damaged = 0
    for call in stage.calls_of(argv):
        for fault in FAULTS[call.name]:
            stage.reset()
            run_with_fault(argv, stage.state, call, fault)
            damaged += stage.file.read_text() not in (OLD, NEW)
    assert damaged >= 3, "killed and failed in the midst of its three writes"


def test_the_environment_of_a_sweep_writes_no_coverage(tmp_path, monkeypatch):
    monkeypatch.setenv("COVERAGE_PROCESS_CONFIG", "x")
    assert "COVERAGE_PROCESS_CONFIG" not in environment(tmp_path)


def test_what_cannot_be_kept_is_told(tmp_path):
    with pytest.raises(SessionctlError):
        open_store(None).archive(tmp_path)
