"""Who holds the lock of an index, in words, with the next step."""

from __future__ import annotations

import os

from sessionctl.services.git.operation import LockState, _held, lock_state
from sessionctl.system.git.index_lock import YOUNG_S, LockHolder
from tests.together import together


@together(
    ("holder", "reason"),
    [
        (LockHolder(7, "git"), "git (process 7) is at work here"),
        (LockHolder(7, "git", "vim"), "git (process 7) is at work here, and waits for vim"),
        (
            LockHolder(7, "git", is_certain=False),
            "git (process 7), of another user or elsewhere, may be at work here",
        ),
    ],
)
def test_a_program_that_holds_it_is_named_and_to_be_waited_for(holder, reason):
    assert _held(holder) == LockState(reason, "let it end; see it: ps -fp 7")


def test_only_a_lock_that_is_left_over_is_to_be_removed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "a b" / ".git"
    folder.mkdir(parents=True)
    assert lock_state(str(folder)) is None
    lock = folder / "index.lock"
    lock.write_text("")
    assert lock_state(str(folder)) == LockState(
        "git is at work here", "wait a moment, and try it again"
    )
    os.utime(lock, (os.stat(lock).st_mtime - YOUNG_S - 1,) * 2)
    left = "git left its lock here, and no process of this machine holds it"
    hint = "if none on another machine does, remove it: rm"
    assert lock_state(str(folder)) == LockState(left, f"{hint} 'a b/.git/index.lock'")
    monkeypatch.chdir(folder)
    assert lock_state(str(folder)) == LockState(left, f"{hint} index.lock")
    (tmp_path / "else").mkdir()
    monkeypatch.chdir(tmp_path / "else")
    assert lock_state(str(folder)) == LockState(left, f"{hint} '{lock}'")
