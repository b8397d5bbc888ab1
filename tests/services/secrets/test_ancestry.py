"""What the history of a work tree says of an entry that is older than one seen here."""

from __future__ import annotations

import os

import pytest

from sessionctl.core.secrets.sidecar import Sidecar, SidecarEntry
from sessionctl.errors import GitError
from sessionctl.services.secrets.access import ancestry
from sessionctl.services.secrets.access.ancestry import History
from tests.sidecars import in_armor
from tests.together import together

FILE = "api.secrets.toml"


def entry(content, name="token"):
    return SidecarEntry(name, in_armor(content.encode() * 20))


def digest(content):
    return entry(content).digest


def text(*contents):
    """Return a sidecar with the secret ``token`` of the first content, and more beside it."""
    made = Sidecar.new("3f0d", "age1abc", FILE)
    for number, content in enumerate(contents):
        made = made.put(entry(content, f"more{number}" if number else "token"))
    return made.text


def history(repo, **environ):
    return History(repo.path / FILE, {**os.environ, **environ})


@pytest.fixture
def grown(git_repo):
    """A history with a secret on each way that one is left behind; main has ``new``."""
    repo = git_repo
    repo.commit("old", api__secrets__toml=text("old"))
    repo.commit("reset", api__secrets__toml=text("reset"))
    repo.run("reset", "--quiet", "--hard", "HEAD~1")
    repo.run("checkout", "--quiet", "-b", "side")
    repo.commit("side", api__secrets__toml=text("side"))
    repo.run("checkout", "--quiet", "-b", "gone", "main")
    repo.commit("gone", api__secrets__toml=text("gone"))
    repo.run("checkout", "--quiet", "--orphan", "foreign")
    repo.commit("foreign", api__secrets__toml=text("foreign"))
    repo.run("checkout", "--quiet", "main")
    repo.run("branch", "--quiet", "-D", "gone")
    repo.commit("new", api__secrets__toml=text("new", "beside"))
    return repo


@together(
    ("content", "is_lost"),
    [
        ("old", True),  # an older commit of the branch
        ("new", True),
        ("reset", True),
        ("side", False),
        ("gone", True),  # its branch was deleted
        ("foreign", True),  # of a branch without a common ancestor
    ],
)
def test_an_entry_was_lost_unless_only_another_branch_has_it(grown, content, is_lost):
    assert history(grown).has_lost([digest(content)], is_loose=True) is is_lost


def test_an_entry_that_no_commit_has_was_lost_unless_it_was_never_committed(grown):
    assert history(grown).has_lost([digest("never")], is_loose=True) is False
    assert history(grown).has_lost([digest("never")], is_loose=False) is True
    assert history(grown).has_lost([digest("side"), digest("old")], is_loose=True) is True


def test_what_is_committed_is_what_head_has(grown):
    found = history(grown)
    wanted = {"new": True, "old": False, "side": False, "never": False}
    assert {one: found.has_committed(digest(one)) for one in wanted} == wanted
    grown.write(FILE, "no sidecar")
    assert history(grown).has_committed(digest("new"))
    grown.commit("broken")
    assert not history(grown).has_committed(digest("new"))
    grown.run("rm", "--quiet", FILE)
    grown.commit("none")
    assert not history(grown).has_committed(digest("new"))
    assert not history(grown, PATH="/nowhere").has_committed(digest("new"))


def test_every_entry_of_the_past_is_told_once(grown):
    found = history(grown)
    told = {one.digest for one in found.past_entries("token")}
    assert told == {digest(one) for one in ("old", "reset", "side", "gone", "foreign", "new")}
    assert len(found.past_entries("token")) == 6
    assert [one.digest for one in found.past_entries("more1")] == [entry("beside").digest]
    assert found.past_entries("none") == []


def test_too_many_versions_are_not_read(grown, monkeypatch):
    monkeypatch.setattr(ancestry, "_MOST_BLOBS", 5)
    with pytest.raises(GitError, match="too many versions of sidecars"):
        history(grown).past_entries("token")
    assert history(grown).has_lost([digest("side")], is_loose=True)
    monkeypatch.setattr(ancestry, "_MOST_BLOBS", 6)
    assert not history(grown).has_lost([digest("side")], is_loose=True)


def test_of_what_git_does_not_keep_all_counts_as_lost(git_repo):
    git_repo.commit("other", other="x")
    git_repo.write(FILE, text("a"))
    untracked = history(git_repo)
    assert untracked.has_lost([digest("b")], is_loose=True)
    assert not untracked.has_committed(digest("a"))
    assert untracked.past_entries("token") == []
    git_repo.commit("kept")
    shallow = git_repo.path / ".git" / "shallow"
    shallow.write_text(git_repo.head() + "\n")
    assert history(git_repo).has_lost([digest("b")], is_loose=True)  # others have more
    shallow.unlink()
    assert not history(git_repo).has_lost([digest("b")], is_loose=True)


def test_no_repository_has_no_past(tmp_path, monkeypatch):
    monkeypatch.setattr(History, "_changes", None)  # of its past git is not asked
    environ = {key: value for key, value in os.environ.items() if key != "GIT_DIR"}
    none = History(tmp_path / FILE, environ | {"GIT_CEILING_DIRECTORIES": str(tmp_path.parent)})
    assert none.past_entries("token") == []
    assert none.has_lost([digest("a")], is_loose=True)
    assert not none.has_committed(digest("a"))


def test_a_replaced_commit_is_seen_as_it_was(grown):
    old = grown.run("rev-parse", "main~1").stdout.strip()
    foreign = grown.run("rev-parse", "foreign").stdout.strip()
    grown.run("replace", old, foreign)
    assert history(grown).has_lost([digest("old")], is_loose=True)
    assert not history(grown).has_lost([digest("side")], is_loose=True)
