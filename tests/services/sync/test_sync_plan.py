"""What a sync would do, and why it does nothing: each refusal with its message and next step."""

from __future__ import annotations

import os

import pytest

from sessionctl.errors import SessionctlError
from sessionctl.services.sync.sync_plan import Request, _message, plan_sync
from sessionctl.system.git.work_state import ChangedFile
from tests.together import together

TEXT = 'schema_version = 1\nname = "a"\n'


def refusal(*paths, **more):
    with pytest.raises(SessionctlError) as caught:
        plan_sync(Request(dict(os.environ), tuple(map(str, paths)), **more))
    return type(caught.value).__name__, caught.value.message, list(caught.value.hints)


def test_a_fresh_repository_is_planned_whole(git_repo, monkeypatch):
    monkeypatch.chdir(git_repo.path)
    git_repo.write("a.session.toml", TEXT)
    git_repo.write("other.txt", "x")
    plan = plan_sync(Request(dict(os.environ)))
    assert (plan.top, plan.branch, plan.is_unborn) == (git_repo.path, "main", True)
    assert (plan.upstream, plan.merging, plan.findings) == (None, None, ())
    assert (plan.files, plan.message, plan.pushes) == (
        (ChangedFile("a.session.toml", "new"),), "sync: a", True
    )  # fmt: skip
    assert (plan.is_stopped, plan.unsettled) == (False, ())
    git_repo.write("bad.session.toml", TEXT + "colour = 1\n")
    plan = plan_sync(Request(dict(os.environ), message="mine", pushes=False))
    assert (plan.message, plan.pushes, plan.is_stopped) == ("mine", False, True)
    assert [one.name for one in plan.findings] == ["bad.session.toml"]
    only = plan_sync(Request(dict(os.environ), (str(git_repo.path / "a.session.toml"),)))
    assert ([file.path for file in only.files], only.is_stopped) == (["a.session.toml"], False)


def test_paths_that_no_sync_takes_are_refused(git_repo, tmp_path, monkeypatch):
    monkeypatch.chdir(git_repo.path)
    second = tmp_path / "second"
    (second / ".git").mkdir(parents=True)
    git_repo.run("init", "--quiet", str(second))
    git_repo.write("other.txt", "x")
    assert refusal("gone.toml") == (
        "FileError", "gone.toml: no such file or directory", ["see what is there: ls ."],
    )  # fmt: skip
    assert refusal("other.txt") == (
        "UsageError", "other.txt: not a session file, and sync commits no others",
        ["commit it with git: git add other.txt && git commit"],
    )  # fmt: skip
    assert refusal(git_repo.path, second) == (
        "UsageError", f"sync: one repository at a time, got {git_repo.path} and {second}",
        ["run it once for each"],
    )  # fmt: skip
    monkeypatch.setenv("GIT_DIR", str(git_repo.path / ".git"))
    assert refusal(second)[:2] == (
        "UsageError", f"{second}: outside of the work tree {git_repo.path}"
    )  # fmt: skip


def test_outside_of_a_repository_the_one_of_the_sessions_is_named(git_repo, tmp_path, monkeypatch):
    here = tmp_path / "outside"
    here.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    sessions = git_repo.path / "my sessions"
    sessions.mkdir()
    message = f"{here}: not in a git repository"
    assert refusal(sessions=str(sessions)) == (
        "GitError", message, [f"your sessions are in one: sessionctl sync '{sessions}'"]
    )  # fmt: skip
    (here / "sessions").symlink_to(sessions)
    assert refusal(sessions=str(here / "sessions"))[2] == [
        f"your sessions are in one: sessionctl sync {here}/sessions"
    ]
    plain = refusal()
    assert plain[2] != []
    for elsewhere in ("", str(here), str(here / "gone")):
        assert refusal(sessions=elsewhere) == plain
    git_repo.write("x.session.toml", TEXT)
    (here / "x.session.toml").symlink_to(git_repo.path / "x.session.toml")
    assert refusal(sessions=str(sessions)) == (
        "GitError", message,
        [f"its session files are links into one: sessionctl sync {git_repo.path}"],
    )  # fmt: skip


def test_what_git_is_in_the_middle_of_comes_first(git_repo, monkeypatch):
    monkeypatch.chdir(git_repo.path)
    top = git_repo.path
    git_repo.commit("one", **{"a.session.toml": TEXT})
    git_repo.run("switch", "--quiet", "--detach")
    assert refusal() == (
        "RefusedError", f"{top}: no branch is checked out (detached head), a commit could get lost",
        ["go to a branch: git switch main, or make one: git switch -c NAME"],
    )  # fmt: skip
    git_repo.run("switch", "--quiet", "main")
    git_repo.write("a.session.toml", TEXT + "# theirs\n")
    git_repo.run("stash", "--quiet")
    git_repo.commit("two", **{"a.session.toml": TEXT + "# ours\n"})
    git_repo.run("stash", "pop", "--quiet", check=False)
    assert refusal() == (
        "RefusedError", "a.session.toml: git could not merge it, so it would not be committed",
        ["first: sessionctl resolve a.session.toml && git add a.session.toml",
         "then: sessionctl sync"],
    )  # fmt: skip
    git_repo.run("reset", "--quiet", "--hard")
    git_repo.run("switch", "--quiet", "-c", "side", "HEAD~1")
    git_repo.commit("three", **{"a.session.toml": TEXT + "# side\n"})
    for operation in ("merge", "rebase"):
        git_repo.run(operation, "main", check=False)
        assert refusal() == (
            "RefusedError", f"{top}: git is in the middle of a {operation}",
            ["first: sessionctl resolve a.session.toml && git add a.session.toml",
             f"finish it: git {operation} --continue, or abort it: git {operation} --abort",
             "then: sessionctl sync"],
        )  # fmt: skip
        git_repo.run(operation, "--abort")


@together(
    "paths, message",
    [
        ([], "sync: who can read the secrets"),
        (["x/.sessionctl/vault.age"], "sync: who can read the secrets"),
        (["b.session.toml", "x/a.session.toml", "b.secrets.toml"], "sync: a, b"),
        (["c.session.toml", "b.session.toml", "a.session.toml"], "sync: a, b, c"),
        ([f"{name}.session.toml" for name in "abcd"], "sync: 4 session files"),
    ],
)
def test_the_message_names_up_to_three_sessions(paths, message):
    assert _message([ChangedFile(path, "edited") for path in paths]) == message
