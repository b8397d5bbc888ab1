"""Edits that come to rest are committed: what is due, what is refused, and how it is done."""

from __future__ import annotations

import os
import threading

import pytest

from sessionctl.services.watching.auto_commit import QUIET_MS, Committer
from sessionctl.services.watching.watch_event import WatchEvent
from tests.world import GitRepo

TEXT = 'schema_version = 1\nname = "a"\n'


@pytest.fixture
def two(git_repo, tmp_path):
    """Two repositories with a session each, that are committed."""
    second = tmp_path / "second"
    second.mkdir()
    other = GitRepo(second)
    other.run("init", "--quiet", "--initial-branch=main")
    for repo in (git_repo, other):
        repo.commit("base", **{"a.session.toml": TEXT, "b.session.toml": TEXT})
    return git_repo, other


def edit(file, what="applied"):
    return WatchEvent(1.0, str(file), what, None)


def test_all_edits_rest_before_any_is_due_and_each_repository_is_its_own(two, tmp_path):
    one, other = two
    committer = Committer(dict(os.environ))
    assert committer.due(QUIET_MS) == []
    files = [str(one.path / "a.session.toml"), str(one.path / "b.session.toml")]
    files.append(str(other.path / "a.session.toml"))
    for at, file in enumerate(files):
        committer.note(edit(file), at)
    for what in ("invalid", "committed", "uncommitted"):
        committer.note(edit(files[0], what), 10**6)
    (tmp_path / "outside").mkdir()
    committer.note(edit(tmp_path / "outside" / "x.session.toml"), 0)
    assert committer.due(QUIET_MS + 1) == []
    assert committer.due(QUIET_MS + 2) == [files[:2], files[2:]]
    assert committer.due(10 * QUIET_MS) == []
    # Where another git is at work, they wait on; what is in no repository is forgotten.
    for file in files:
        committer.note(edit(file, "merged"), 0)
    lock = other.path / ".git" / "index.lock"
    lock.write_text("")
    assert committer.due(QUIET_MS) == [files[:2]]
    assert committer.due(QUIET_MS) == []
    lock.unlink()
    assert committer.due(QUIET_MS) == [files[2:]]


def test_what_differs_is_committed_and_a_refusal_said_once(two, monkeypatch):
    one, _ = two
    monkeypatch.chdir(one.path)
    committer = Committer(dict(os.environ))
    file = one.write("a.session.toml", TEXT)
    assert committer.commit([str(file)], 7.0) is None, "nothing differs"
    one.write("a.session.toml", TEXT + "colour = 1\n")
    event = committer.commit([str(file)], 7.0)
    assert (event.time_s, event.file, event.what) == (7.0, "a.session.toml", "uncommitted")
    assert event.detail.error is None
    assert committer.commit([str(file)], 8.0) is None
    one.run("switch", "--quiet", "--detach")
    event = committer.commit([str(file)], 9.0)
    assert (event.file, event.what) == (str(file), "uncommitted")
    assert event.detail.error.message.endswith("(detached head), a commit could get lost")
    one.run("switch", "--quiet", "main")
    one.write("a.session.toml", TEXT + 'root = "~"\n')
    event = committer.commit([str(file)], 10.0)
    assert (event.time_s, event.file, event.what) == (10.0, str(file), "committed")
    assert event.detail.subject == "watch: a"
    assert one.head().startswith(event.detail.commit)
    # After a commit, what is refused is said again.
    one.write("a.session.toml", TEXT + "colour = 1\n")
    assert committer.commit([str(file)], 11.0).what == "uncommitted"


def test_a_commit_in_its_thread_holds_its_own_repository_alone(two, monkeypatch):
    one, other = two
    committer = Committer(dict(os.environ))
    file, elsewhere = one.path / "a.session.toml", other.path / "a.session.toml"
    assert (committer.is_busy, committer.holds_lock(str(file))) == (False, False)
    monkeypatch.setattr(committer, "_committing_in", os.path.realpath(one.path / ".git"))
    held = [committer.holds_lock(str(name)) for name in (file, elsewhere, "/x.session.toml")]
    assert held == [True, False, False]

    began, ends, told = threading.Event(), threading.Event(), []
    done = []

    def commit(files, time_s):
        began.set()
        assert ends.wait(30)
        done.append((files, time_s))
        return edit(files[0]) if files == ["a"] else None

    monkeypatch.setattr(committer, "commit", commit)
    committer.start([["a"], ["b"]], 3.0, told.append)
    assert began.wait(30)
    assert committer.is_busy
    ends.set()
    committer._worker.join(30)
    assert (committer.is_busy, done, told) == (False, [(["a"], 3.0), (["b"], 3.0)], [edit("a")])
    committer.stop()
    committer.start([["a"]], 4.0, told.append)
    committer._worker.join(30)
    assert len(done) == 2, "nothing is begun after the end"
