"""sessionctl sync: two clones and a remote, all real; nothing is lost, whatever happens."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import threading
import tomllib

import pytest

from sessionctl.resources import schema_text
from sessionctl.system.git import porcelain
from tests.git import conftest
from tests.git.conftest import read_answer
from tests.git.inprocess import run_inside
from tests.world import GitRepo, need

NAME = "api.session.toml"
BASE = f"schema_version = 1\n{conftest.BASE}"
SMALL = 'schema_version = 1\nname = "small"\n'
EVEN = BASE.replace('"tiled"', '"even-horizontal"')
WORK = BASE.replace('"~/src/api"', '"~/work/api"')
CODE = BASE.replace('"~/src/api"', '"~/code/api"')


def sync(repo, *arguments, **more):
    return run_inside("sync", *arguments, **{"cwd": repo.path, **more})


def told(repo, *arguments, code=0):
    done = sync(repo, "--json", *arguments)
    assert done.returncode == code, done.stdout + done.stderr
    return read_answer(done.stdout, "sync")


def push(repo):
    """Commit and push all that was changed, as another program does."""
    repo.commit("sync: api")
    repo.run("push", "--quiet", "origin", "main")


def head(repo, name=""):
    return repo.run("rev-parse", name).stdout.strip() if name else repo.head()


def status(repo):
    return repo.run("status", "--porcelain").stdout


@pytest.fixture
def remote(tmp_path):
    need("git")
    GitRepo(tmp_path).run("init", "--quiet", "--bare", "--initial-branch=main", "origin.git")
    return GitRepo(tmp_path / "origin.git")


@pytest.fixture
def clone(remote, program_path, repository_templates):
    """Return a function that clones the remote and installs sessionctl in the clone."""

    def make(name):
        repo = GitRepo(remote.path.parent / name)
        GitRepo(remote.path.parent).run("clone", "--quiet", str(remote.path), name)
        repository_templates.install(repo, lambda: run_inside("git", "install", cwd=repo.path))
        return repo

    return make


@pytest.fixture
def one(remote, clone, repository_templates):
    """Return a clone that has pushed a session; made before ``two``."""
    repo = GitRepo(remote.path.with_name("one"))

    def build():
        clone("one")
        repo.run("config", "remote.origin.url", "../origin.git")
        repo.write(NAME, BASE)
        repo.commit("base")
        repo.run("push", "--quiet", "origin", "main")

    repository_templates.fill(repo, "one that has pushed", build)
    repository_templates.fill(remote, "what it has pushed to", lambda: None)
    config = repo.read(".git/config")
    assert config.count("../origin.git") == 1
    repo.write(".git/config", config.replace("../origin.git", str(remote.path)))
    return repo


@pytest.fixture
def two(one, clone):
    return clone("two")


# -- committing ----------------------------------------------------------------------------


def test_changed_session_files_are_committed_and_pushed(one, remote):
    one.write(NAME, EVEN)
    one.write("sub/web.session.toml", SMALL)
    done = sync(one)
    assert done.returncode == 0, done.stderr
    assert f"committed  {head(one)[:8]} sync: api, web\n" in done.stdout
    assert "new sub/web.session.toml" in done.stdout
    assert "pushed     1 commit to origin/main\n" in done.stdout
    assert head(remote, "main") == head(one)
    assert status(one) == ""


def test_with_nothing_to_do_nothing_is_done(one):
    before = head(one)
    done = sync(one)
    assert (done.returncode, done.stdout) == (0, "main and origin/main are in sync\n")
    assert head(one) == before


def test_other_files_are_left_as_they_are_staged_ones_stay_staged(one):
    one.commit("others", staged="1\n", dirty="1\n")
    one.write("staged", "2\n")
    one.run("add", "staged")
    one.write("dirty", "2\n")
    one.write("untracked", "2\n")
    one.write(NAME, EVEN)
    before = status(one).replace(f" M {NAME}\n", "")
    assert sync(one).returncode == 0
    assert status(one) == before == " M dirty\nM  staged\n?? untracked\n"
    assert one.run("show", "--name-only", "--format=", "HEAD").stdout == f"{NAME}\n"


def test_only_the_paths_that_are_named_are_committed(one):
    one.write(NAME, EVEN)
    one.write("sub/web.session.toml", SMALL)
    one.write("sub/db.session.toml", SMALL)
    answer = told(one, "sub/web.session.toml", "-m", "only web")
    assert answer["committed"]["files"] == [{"path": "sub/web.session.toml", "change": "new"}]
    assert one.run("log", "-1", "--format=%s").stdout == "only web\n"
    answer = told(one, "sub")
    assert [file["path"] for file in answer["committed"]["files"]] == ["sub/db.session.toml"]
    assert status(one) == f" M {NAME}\n"


def test_paths_are_seen_from_a_subdirectory(one):
    one.write("sub/web.session.toml", "name = \n")
    done = sync(one, "web.session.toml", cwd=one.path / "sub")
    assert done.stdout.startswith("web.session.toml:1:8: error[syntax]:")
    done = sync(one, cwd=one.path / "sub")
    assert done.stdout.startswith("web.session.toml:1:8: error[syntax]:")


def test_a_deleted_and_a_renamed_file_are_committed(one):
    one.commit("more", b__session__toml=SMALL, c__session__toml=SMALL)
    (one.path / "b.session.toml").unlink()
    one.run("mv", "c.session.toml", "d.session.toml")
    answer = told(one)
    assert {(file["path"], file["change"]) for file in answer["committed"]["files"]} == {
        ("b.session.toml", "deleted"),
        ("c.session.toml", "deleted"),
        ("d.session.toml", "new"),
    }
    assert status(one) == ""


def test_a_file_that_shall_leave_the_repository_is_not_taken_in_again(one):
    one.run("rm", "--quiet", "--cached", NAME)
    assert told(one)["committed"] is None
    assert status(one) == f"D  {NAME}\n?? {NAME}\n"


def test_a_file_added_and_deleted_again_is_nothing(one):
    one.write("b.session.toml", SMALL)
    one.run("add", "b.session.toml")
    (one.path / "b.session.toml").unlink()
    assert told(one)["committed"] is None


def test_files_that_git_ignores_or_is_told_not_to_look_for_are_no_news(one):
    one.commit("ignore", __gitignore="b.*\n")
    one.write(".gitignore", "b.*\n")
    one.commit("ignore")
    one.write("b.session.toml", SMALL)
    assert told(one)["committed"] is None
    one.write("c.session.toml", SMALL)
    one.run("config", "status.showUntrackedFiles", "no")
    assert told(one)["committed"] is None


@pytest.mark.parametrize("name", ["two words", "-leading", "caf\u00e9", "[x]*", "it's"])
def test_any_file_name_is_committed(one, name):
    one.write(f"{name}.session.toml", SMALL)
    assert told(one)["committed"]["message"] == f"sync: {name}"
    assert status(one) == ""


def test_many_files_are_counted_in_the_message(one):
    for letter in "bcde":
        one.write(f"{letter}.session.toml", SMALL)
    assert told(one)["committed"]["message"] == "sync: 4 session files"


# -- refusing ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("name = \n", 1, f"{NAME}:1:8: error[syntax]:"),
        ("schema_version = 1\nname = 1\n", 1, f"{NAME}:2:8: error[type]: name:"),
        ("<<<<<<< a\na = 1\n=======\na = 2\n>>>>>>> b\n", 1, f"{NAME}:1:1: error[conflict-marker]"),
        (
            'schema_version = 1\n[connections.db]\ndriver = "postgres"\npassword = "hunter2"\n',
            5,
            f"{NAME}:4:12: error[secret-key]: connections.db.password:",
        ),
    ],
)
def test_what_must_not_be_committed_stops_everything_with_its_place(one, text, code, place):
    one.write(NAME, text)
    one.write("b.session.toml", SMALL)
    before, changes = head(one), status(one)
    done = sync(one)
    assert done.returncode == code
    assert place in done.stdout
    assert "nothing was committed" in done.stderr
    assert "hunter2" not in done.stdout + done.stderr
    assert (head(one), status(one), one.read(NAME)) == (before, changes, text)
    assert told(one, code=code)["invalid"][0]["file"] == NAME
    assert sync(one, "--dry-run").returncode == code


def test_a_file_that_cannot_be_checked_stops_everything(one):
    one.write(NAME, "#:schema ./nowhere.json\na = 1\n")
    done = sync(one)
    assert done.returncode == 3
    assert "nowhere.json" in done.stdout


def test_a_detached_head_is_refused(one):
    one.run("checkout", "--quiet", "--detach")
    one.write(NAME, EVEN)
    done = sync(one)
    assert done.returncode == 5
    assert "detached head" in done.stderr
    assert "git switch" in done.stderr
    assert status(one) == f" M {NAME}\n"


@pytest.mark.parametrize("operation", ["rebase", "cherry-pick", "merge"])
def test_an_operation_under_way_is_refused(one, operation):
    one.run("checkout", "--quiet", "-b", "topic")
    one.write(NAME, WORK)
    one.commit("topic")
    one.run("checkout", "--quiet", "main")
    one.write(NAME, CODE)
    one.commit("main")
    one.run(operation, "topic", check=False)
    text, before = one.read(NAME), head(one)
    done = sync(one)
    assert done.returncode == 5
    assert f"git is in the middle of a {operation}" in done.stderr
    assert f"git {operation} --abort" in done.stderr
    assert f"hint: first: sessionctl resolve {NAME} && git add {NAME}\n" in done.stderr
    assert (one.read(NAME), head(one)) == (text, before)


def test_a_lock_that_was_left_is_told(one):
    one.write(".git/index.lock", "")
    one.write(NAME, EVEN)
    done = sync(one)
    assert done.returncode == 3
    assert "git left its lock here" in done.stderr
    assert "index.lock" in done.stderr


def test_a_lock_of_a_moment_is_waited_for(one):
    lock = one.write(".git/index.lock", "")
    one.write(NAME, EVEN)
    timer = threading.Timer(0.2, lock.unlink)
    timer.start()
    assert sync(one).returncode == 0
    timer.join()


@pytest.mark.parametrize(
    ("paths", "code", "message"),
    [
        (["Cargo.toml"], 2, "Cargo.toml: not a session file"),
        (["nowhere/x.session.toml"], 3, "no such file or directory"),
        (["nowhere"], 3, "nowhere: no such file or directory"),
        ([".", "../two"], 2, "one repository at a time"),
    ],
)
def test_paths_that_cannot_be_synced_are_told(one, two, paths, code, message):
    one.write("Cargo.toml", "a = 1\n")
    done = sync(one, *paths)
    assert done.returncode == code
    assert message in done.stderr


def test_outside_of_a_repository_nothing_is_done(tmp_path, one):
    done = run_inside("sync", cwd=tmp_path)
    assert done.returncode == 3
    assert "not in a git repository" in done.stderr
    env = {"GIT_DIR": str(one.path / ".git"), "GIT_WORK_TREE": str(one.path)}
    done = run_inside("sync", tmp_path, cwd=one.path, env=env)
    assert done.returncode == 2
    assert "outside of the work tree" in done.stderr


def test_a_hook_that_refuses_the_commit_leaves_all_as_it_was(one):
    hook = one.write(".git/hooks/pre-commit", "#!/bin/sh\necho no thanks >&2\nexit 1\n")
    hook.chmod(0o755)
    one.write(NAME, EVEN)
    one.write("b.session.toml", SMALL)
    before, changes = head(one), status(one)
    done = sync(one)
    assert done.returncode == 3
    assert "no thanks" in done.stderr
    assert "nothing was committed" in done.stderr
    assert (head(one), status(one)) == (before, changes)


def test_what_a_hook_makes_of_a_file_is_committed_and_nothing_is_left_staged(one, remote):
    edit = f"sed -i 's/^name = .*/name = \"hook\"/' {NAME} && git add {NAME}"
    hook = one.write(".git/hooks/pre-commit", f"#!/bin/sh\n{edit}\n")
    hook.chmod(0o755)
    one.write(NAME, EVEN)
    one.write("b.session.toml", SMALL)
    one.write("staged", "1\n")
    one.run("add", "staged")
    assert sync(one).returncode == 0
    assert 'name = "hook"' in one.run("show", f"HEAD:{NAME}").stdout
    assert one.run("diff", "--cached", "--name-only").stdout == "staged\n"
    assert one.run("diff", "--name-only").stdout == ""
    assert "in sync" in sync(one).stdout


def test_an_author_that_git_does_not_know_is_told_how_to_name_himself(one, monkeypatch):
    for name in (
        "GIT_AUTHOR_NAME",
        "GIT_AUTHOR_EMAIL",
        "GIT_COMMITTER_NAME",
        "GIT_COMMITTER_EMAIL",
    ):
        monkeypatch.delenv(name)
    one.run("config", "user.useConfigOnly", "true")
    one.write(NAME, EVEN)
    before = head(one)
    done = sync(one)
    assert done.returncode == 3
    assert "error: git commit: git does not know who you are\n" in done.stderr
    assert "hint: set it: git config --global user.name" in done.stderr
    assert (head(one), one.read(NAME)) == (before, EVEN)


def test_the_reason_of_a_failed_fetch_is_told_not_gits_advice(one):
    one.run("remote", "set-url", "origin", "/nowhere/at/all")
    told_by_git = sync(one).stderr
    assert "'/nowhere/at/all' does not appear to be a git repository" in told_by_git
    assert "access rights" not in told_by_git


def test_a_hook_that_refuses_the_push_leaves_the_commit(one, remote):
    hook = one.write(".git/hooks/pre-push", "#!/bin/sh\necho no push >&2\nexit 1\n")
    hook.chmod(0o755)
    one.write(NAME, EVEN)
    answer = told(one, code=3)
    assert answer["committed"]["commit"] == head(one)
    assert "cannot push" in answer["failure"]["message"]
    assert head(remote, "main") == head(one, "HEAD~1")


def test_a_remote_that_refuses_is_told_in_its_words(one, remote):
    hook = remote.write("hooks/pre-receive", "#!/bin/sh\necho closed on sundays >&2\nexit 1\n")
    hook.chmod(0o755)
    one.write(NAME, EVEN)
    done = sync(one)
    assert done.returncode == 3
    assert "closed on sundays" in done.stderr
    assert "pre-receive hook declined" in done.stderr


# -- without a remote ----------------------------------------------------------------------


def test_without_a_remote_it_commits_and_says_so(git_repo):
    git_repo.write(NAME, BASE)
    done = sync(git_repo)
    assert done.returncode == 0
    assert "committed  " in done.stdout
    assert "there is no remote" in done.stderr
    assert "git remote add origin URL" in done.stderr
    assert git_repo.run("rev-list", "--count", "HEAD").stdout == "1\n"
    assert sync(git_repo).stdout == "nothing to commit\n"


def test_without_an_upstream_it_commits_and_names_the_command(one):
    one.run("checkout", "--quiet", "-b", "topic")
    one.write(NAME, EVEN)
    done = sync(one)
    assert done.returncode == 0
    assert "topic has no upstream" in done.stderr
    assert "git push --set-upstream origin topic" in done.stderr


def test_attributes_that_only_this_clone_has_are_reported(repo):
    said = ".gitattributes is not in git"
    assert said not in sync(repo).stderr
    repo.run("rm", "--quiet", "--cached", ".gitattributes")
    repo.run("commit", "--quiet", "--message", "without")
    (repo.path / "sub").mkdir()
    done = sync(repo, cwd=repo.path / "sub")
    assert (done.returncode, said in done.stderr) == (0, True)
    assert "git add -f ':(top).gitattributes' && git commit" in done.stderr
    assert [said in note["message"] for note in told(repo)["notes"]] == [False, True]
    attributes = repo.read(".gitattributes")
    repo.write(".gitattributes", "*.png binary\n")
    assert said not in sync(repo).stderr
    # What is staged, or in the file alone, is nothing that others get.
    repo.run("add", ".gitattributes")
    repo.run("commit", "--quiet", "--message", "other attributes")
    repo.write(".gitattributes", attributes)
    said = ".gitattributes is not committed with the lines of sessionctl"
    assert said in sync(repo).stderr
    repo.run("add", ".gitattributes")
    assert said in sync(repo).stderr
    repo.run("config", "sessionctl.attributes", "Local")
    assert ".gitattributes" not in sync(repo).stderr
    repo.run("config", "--unset", "sessionctl.attributes")
    repo.run("commit", "--quiet", "--message", "ours", ":(top).gitattributes")
    assert ".gitattributes" not in sync(repo).stderr


def test_the_command_for_attributes_works_where_git_ignores_them(repo):
    repo.run("rm", "--quiet", "--cached", ".gitattributes")
    repo.write(".gitignore", "*\n")
    repo.run("commit", "--quiet", "--message", "without")
    hints = [line for line in sync(repo).stderr.splitlines() if "git add" in line]
    step = hints[0].partition("hint: ")[2].replace("git commit", "git commit --quiet -m x")
    subprocess.run(["sh", "-c", step], cwd=repo.path, check=True)
    assert ".gitattributes" not in sync(repo).stderr


def test_an_unborn_branch_without_a_session_is_left_unborn(git_repo):
    assert sync(git_repo).returncode == 0
    assert git_repo.run("rev-parse", "HEAD", check=False).returncode != 0


def test_a_branch_of_the_same_repository_is_merged_and_not_pushed_to(one):
    one.run("checkout", "--quiet", "-b", "topic", "--track", "main")
    one.write(NAME, EVEN)
    main = head(one, "main")
    answer = told(one)
    assert (answer["upstream"], answer["pushed"]) == ("main", 0)
    assert head(one, "main") == main


def test_offline_the_commit_stays_and_the_reason_is_told(one, remote):
    moved = remote.path.rename(remote.path.with_name("away.git"))
    one.write(NAME, EVEN)
    done = sync(one)
    assert done.returncode == 3
    assert f"committed  {head(one)[:8]}" in done.stdout
    assert "origin: cannot fetch" in done.stderr
    assert "your commits stay here" in done.stderr
    moved.rename(remote.path)
    answer = told(one)
    assert (answer["committed"], answer["pushed"]) == (None, 1)


# -- the first time ------------------------------------------------------------------------


def test_two_clones_of_an_empty_remote_come_together(remote, clone):
    first, second = clone("first"), clone("second")
    first.write(NAME, BASE)
    assert told(first)["pushed"] == 1
    second.write("web.session.toml", SMALL)
    answer = told(second)
    assert (answer["merged"], answer["pushed"]) == (1, 1)
    assert second.read(NAME) == BASE
    assert told(first)["merged"] == 1
    assert first.read("web.session.toml") == SMALL


def test_a_file_both_began_alone_is_not_overwritten(remote, clone):
    first, second = clone("first"), clone("second")
    first.write(NAME, BASE)
    sync(first)
    second.write(NAME, EVEN)
    done = sync(second)
    assert done.returncode == 3
    assert f"{NAME}: not committed here, and origin/main would overwrite it" in done.stderr
    assert f"mv {NAME} {NAME}.mine" in done.stderr
    assert second.read(NAME) == EVEN


def test_offline_an_unborn_branch_gets_no_commit_of_its_own(remote, clone):
    first = clone("first")
    first.write(NAME, BASE)
    remote.path.rename(remote.path.with_name("away.git"))
    done = sync(first)
    assert done.returncode == 3
    assert "nothing was committed: the branch may have begun elsewhere" in done.stderr
    assert first.run("rev-parse", "HEAD", check=False).returncode != 0


def test_histories_that_have_nothing_in_common_are_refused(one, clone, remote):
    other = clone("other")
    other.run("checkout", "--quiet", "--orphan", "new")
    other.commit("another beginning", b__session__toml=SMALL)
    other.run("branch", "--quiet", "-M", "new", "main")
    other.run("branch", "--quiet", "--set-upstream-to=origin/main")
    before = head(other)
    done = sync(other)
    assert done.returncode == 5
    assert "no commit in common" in done.stderr
    assert "--allow-unrelated-histories" in done.stderr
    assert head(other) == before


# -- merging -------------------------------------------------------------------------------


def test_edits_of_both_sides_come_together(one, two):
    one.write(NAME, WORK)
    assert sync(one).returncode == 0
    two.write(NAME, EVEN)
    answer = told(two)
    assert (answer["merged"], answer["pushed"]) == (1, 2)
    assert two.read(NAME) == EVEN.replace('"~/src/api"', '"~/work/api"')
    answer = told(one)
    assert (answer["merged"], answer["pushed"]) == (2, 0)
    assert one.read(NAME) == two.read(NAME)


def conflict(one, two):
    """Let both clones change one key; ``two`` stops at the conflict."""
    one.write(NAME, WORK)
    push(one)
    two.write(NAME, CODE)
    return sync(two)


def test_a_conflict_stops_with_the_next_step_which_concludes_and_pushes(one, two, remote):
    done = conflict(one, two)
    assert done.returncode == 1
    assert f"{NAME}:4:1: conflict: root: both sides changed it\n" in done.stdout
    assert f"sessionctl resolve {NAME}" in done.stderr
    assert "then: sessionctl sync" in done.stderr
    text = two.read(NAME)
    assert "<<<<<<< main\n" in text
    assert ">>>>>>> origin/main\n" in text
    answer = told(two, code=1)
    assert [(file["path"], file["conflicts"]) for file in answer["conflicts"]] == [
        (NAME, [{"line": 4, "what": "root"}])
    ]
    assert two.read(NAME) == text
    # Sync again concludes the merge and pushes.
    two.write(NAME, BASE.replace("~/src/api", "~/both"))
    done = sync(two)
    assert done.returncode == 0, done.stderr
    assert f"concluded  the merge, as {head(two)[:8]}" in done.stdout
    assert "pushed     2 commits to origin/main" in done.stdout
    assert head(remote, "main") == head(two)
    assert len(two.run("rev-parse", "HEAD^@").stdout.split()) == 2
    assert two.run("log", "-1", "--format=%B").stdout.strip() == (
        "Merge remote-tracking branch 'origin/main'"
    )
    assert status(two) == ""
    sync(one)
    assert one.read(NAME) == two.read(NAME)


@pytest.mark.slow
def test_once_the_conflicts_are_resolved_the_next_step_is_the_sync_that_ends_the_merge(one, two):
    conflict(one, two)
    done = run_inside("resolve", NAME, "--prefer", "ours", cwd=two.path)
    assert done.stderr.endswith("no conflicts left\nsessionctl: hint: next: sessionctl sync\n")
    done = run_inside("status", cwd=two.path)
    assert done.stderr.endswith("sessionctl: hint: next: sessionctl sync\n")
    two.run("add", NAME)
    done = run_inside("status", cwd=two.path)
    assert done.stderr.endswith("sessionctl: hint: next: sessionctl sync\n")
    assert sync(two).returncode == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("<<<<<<< a\n<<<<<<< b\n=======\n>>>>>>> b\n", 2),
        ('schema_version = 1\nname = """\n<<<<<<< a\n1\n=======\n2\n>>>>>>> b\n"""\n', 3),
    ],
)
def test_markers_of_any_kind_are_not_settled(one, two, text, line):
    conflict(one, two)
    two.write(NAME, text)
    answer = told(two, code=1)
    assert answer["conflicts"][0]["conflicts"][0]["line"] == line
    assert two.run("ls-files", "-u").stdout != ""


@pytest.mark.slow
@pytest.mark.parametrize("side", [WORK, CODE])
def test_a_conflict_settled_by_one_side_is_concluded(one, two, side):
    conflict(one, two)
    two.write(NAME, side)
    assert told(two)["concluded"] == head(two)
    assert two.read(NAME) == side


@pytest.mark.slow
def test_a_merge_settled_and_staged_by_hand_is_concluded_with_the_message(one, two):
    conflict(one, two)
    two.write(NAME, WORK)
    two.run("add", NAME)
    two.write("new.session.toml", SMALL)
    answer = told(two, "-m", "both")
    assert answer["committed"]["files"] == [{"path": "new.session.toml", "change": "new"}]
    assert two.run("log", "-2", "--format=%s").stdout == "both\nboth\n"


@pytest.mark.slow
def test_a_settled_file_that_is_not_valid_is_not_committed(one, two):
    conflict(one, two)
    two.write(NAME, "name = \n")
    before = head(two)
    done = sync(two)
    assert done.returncode == 1
    assert f"{NAME}:1:8: error[syntax]" in done.stdout
    assert head(two) == before
    assert two.run("ls-files", "-u").stdout != ""


@pytest.mark.slow
def test_a_file_that_was_not_really_merged_is_not_taken_for_settled(one, two):
    # As a driver that dies does: the file holds ours alone, without markers.
    two.run("config", "merge.sessionctl.driver", "false")
    done = conflict(one, two)
    assert done.returncode == 1
    assert "it holds one side only" in done.stdout
    assert f"git mergetool {NAME}" in done.stderr
    assert sync(two).returncode == 1
    two.run("add", NAME)
    assert sync(two).returncode == 0


def test_a_file_deleted_on_one_side_is_for_a_person_to_decide(one, two):
    one.write(NAME, WORK)
    push(one)
    (two.path / NAME).unlink()
    done = sync(two)
    assert done.returncode == 1
    assert f"{NAME}:1:1: conflict: changed on one side, deleted on the other" in done.stdout
    assert f"git add {NAME}, or delete it: git rm {NAME}" in done.stderr
    two.run("rm", "--quiet", NAME)
    assert sync(two).returncode == 0
    assert not (two.path / NAME).exists()


def test_a_conflict_in_another_file_is_told(one, two):
    for repo, text in ((one, "1\n"), (two, "2\n")):
        repo.commit("notes", notes=text)
    push(one)
    done = sync(two)
    assert done.returncode == 1
    assert "notes:1:1: conflict: git could not merge it" in done.stdout
    assert "git add notes" in done.stderr


@pytest.mark.slow
def test_rerere_settles_what_was_settled_before(one, two):
    two.run("config", "rerere.enabled", "true")
    two.run("config", "rerere.autoupdate", "true")
    conflict(one, two)
    before = head(two)
    two.write(NAME, BASE.replace("~/src/api", "~/both"))
    two.run("commit", "--quiet", "-a", "-m", "settled")
    two.run("reset", "--quiet", "--hard", before)
    assert told(two)["concluded"] == head(two)
    assert two.read(NAME) == BASE.replace("~/src/api", "~/both")


@pytest.mark.slow
def test_a_hook_that_refuses_the_merge_leaves_it_to_be_concluded(one, two):
    one.write(NAME, WORK)
    push(one)
    two.write(NAME, EVEN)
    two.run("commit", "--quiet", "-a", "-m", "mine")
    for name in ("pre-merge-commit", "pre-commit"):
        hook = two.write(f".git/hooks/{name}", "#!/bin/sh\necho not now >&2\nexit 1\n")
        hook.chmod(0o755)
    done = sync(two)
    assert done.returncode == 3
    assert "not now" in done.stderr
    assert "the merge is made and not committed" in done.stderr
    for name in ("pre-merge-commit", "pre-commit"):
        (two.path / ".git" / "hooks" / name).unlink()
    assert told(two)["concluded"] == head(two)


@pytest.mark.parametrize("is_staged", [False, True])
def test_a_dirty_file_in_the_way_of_the_merge_is_named_and_kept(one, two, is_staged):
    one.commit("notes", notes="1\n", more="1\n")
    push(one)
    sync(two)
    one.commit("notes", notes="2\n")
    push(one)
    two.write("notes", "mine\n")
    two.write(NAME, EVEN)
    if is_staged:
        two.run("add", "notes")
    done = sync(two)
    assert done.returncode == 3
    assert "notes: changed here and not committed, and origin/main would overwrite" in done.stderr
    assert two.read("notes") == "mine\n"
    assert two.run("log", "-1", "--format=%s").stdout == "sync: api\n"
    assert two.run("stash", "list").stdout == ""


@pytest.mark.parametrize("is_gone", [False, True])
def test_what_another_sync_commits_at_the_same_moment_is_pushed(two, monkeypatch, is_gone):
    commit_files = porcelain.commit_files

    def overtaken(git, files, message):
        commit_files(git, files, "another sync")
        return commit_files(git, files, message)

    monkeypatch.setattr(porcelain, "commit_files", overtaken)
    if is_gone:
        (two.path / NAME).unlink()
    else:
        two.write(NAME, EVEN)
    done = sync(two)
    assert (done.returncode, done.stdout) == (0, "pushed     1 commit to origin/main\n")
    assert two.run("log", "-1", "--format=%s").stdout == "another sync\n"


def test_a_file_that_a_stash_left_in_conflict_is_not_passed_over(two):
    two.write(NAME, EVEN)
    two.run("stash", "--quiet")
    two.write(NAME, BASE.replace('"tiled"', '"main-vertical"'))
    two.run("commit", "--quiet", "--all", "--message", "another layout")
    two.run("stash", "pop", check=False)
    before = two.read(NAME)
    assert "<<<<<<<" in before
    done = sync(two)
    assert (done.returncode, two.read(NAME)) == (5, before)
    assert f"{NAME}: git could not merge it, so it would not be committed" in done.stderr
    assert f"hint: first: sessionctl resolve {NAME} && git add {NAME}" in done.stderr
    run_inside("resolve", NAME, "--prefer", "theirs", cwd=two.path)
    assert sync(two).returncode == 5
    two.run("add", NAME)
    assert told(two)["committed"]["message"] == "sync: api"


@pytest.mark.slow
def test_settings_that_would_stash_squash_or_forbid_a_merge_do_not_count(one, two):
    for key, value in {
        "merge.autoStash": "true", "merge.ff": "only", "pull.rebase": "true",
        "branch.main.mergeOptions": "--squash --no-commit",
    }.items():  # fmt: skip
        two.run("config", key, value)
    one.write(NAME, WORK)
    push(one)
    two.write(NAME, EVEN)
    assert told(two)["merged"] == 1
    assert len(two.run("rev-parse", "HEAD^@").stdout.split()) == 2


@pytest.mark.parametrize("fault", ["no driver", "no program", "no attribute"])
def test_without_the_driver_what_both_changed_is_not_merged_by_lines(
    one, two, program_path, monkeypatch, fault
):
    one.write(NAME, WORK)
    push(one)
    two.write(NAME, EVEN)
    if fault == "no driver":
        two.run("config", "--remove-section", "merge.sessionctl")
    elif fault == "no program":
        git = program_path / "git"
        git.symlink_to(need("git"))
        (program_path / "sessionctl").unlink()
        (program_path / "sh").symlink_to(need("sh"))
        monkeypatch.setenv("PATH", str(program_path))
    else:
        two.write(".gitattributes", "*.session.toml merge=text\n")
    done = sync(two)
    assert done.returncode == 3
    assert f"{NAME}: changed here and in origin/main, and " in done.stderr
    assert "sessionctl git install" in done.stderr
    assert two.read(NAME) == EVEN
    assert two.run("log", "-1", "--format=%s").stdout == "sync: api\n"


@pytest.mark.slow
def test_without_the_driver_what_one_side_changed_is_merged(one, two):
    two.run("config", "--remove-section", "merge.sessionctl")
    one.write(NAME, WORK)
    push(one)
    two.write("b.session.toml", SMALL)
    assert told(two)["merged"] == 1


# -- pushing -------------------------------------------------------------------------------


def overtake(one, two, times):
    """Let ``one`` push each time just before ``two`` does, so often."""
    one.run("config", "sync.left", str(times))
    hook = two.write(
        ".git/hooks/pre-push",
        "#!/bin/sh\n"
        f"cd '{one.path}' || exit 1\nunset $(git rev-parse --local-env-vars)\n"
        "left=$(git config sync.left)\n"
        '[ "$left" -gt 0 ] || exit 0\n'
        "git config sync.left $((left - 1))\n"
        'echo "a = $left" > "race$left.session.toml"\n'
        "git pull -q --no-rebase --no-edit && git add . && git commit -qm race && git push -q\n",
    )
    hook.chmod(0o755)


def test_a_rejected_push_merges_and_pushes_again(one, two, remote):
    overtake(one, two, 2)
    two.write(NAME, EVEN)
    done = sync(two)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("changed meanwhile") == 2
    assert head(remote, "main") == head(two)
    assert {path.name for path in two.path.glob("race*")} == {
        "race1.session.toml", "race2.session.toml",
    }  # fmt: skip


@pytest.mark.slow
def test_after_three_rejected_pushes_it_gives_up_and_keeps_the_commits(one, two):
    overtake(one, two, 3)
    two.write(NAME, EVEN)
    done = sync(two)
    assert done.returncode == 3
    assert "others pushed each time" in done.stderr
    assert two.read(NAME) == EVEN
    assert sync(two).returncode == 0


@pytest.mark.slow
def test_no_push_does_all_but_the_push(one, two, remote):
    one.write(NAME, WORK)
    push(one)
    before = head(remote, "main")
    two.write(NAME, EVEN)
    answer = told(two, "--no-push")
    assert (answer["merged"], answer["pushed"]) == (1, 0)
    assert head(remote, "main") == before


def test_where_git_pushes_elsewhere_nothing_is_pushed(one, remote):
    one.run("remote", "add", "fork", str(remote.path))
    one.run("config", "remote.pushDefault", "fork")
    one.write(NAME, EVEN)
    done = sync(one)
    assert done.returncode == 0
    assert "not pushed: git pushes this branch to fork" in done.stderr


@pytest.mark.parametrize("is_first", [False, True])
def test_a_mistake_that_was_committed_by_hand_is_not_pushed(one, remote, is_first):
    if is_first:
        GitRepo(remote.path).run("update-ref", "-d", "refs/heads/main")
        one.run("fetch", "--quiet", "--prune")
    one.commit("oops", b__session__toml='[connections.b]\npassword = "hunter2"\n')
    done = sync(one)
    assert done.returncode == 5
    assert "b.session.toml:2:12: error[secret-key]" in done.stdout
    assert "not pushed" in done.stderr
    assert "hunter2" not in done.stdout + done.stderr
    one.write("b.session.toml", SMALL)
    assert told(one)["pushed"] >= 2


def test_nothing_is_ever_forced(one, two, remote):
    one.write(NAME, WORK)
    push(one)
    theirs = head(remote, "main")
    two.run("config", "remote.origin.push", "+refs/heads/*:refs/heads/*")
    two.write(NAME, EVEN)
    assert sync(two).returncode == 0
    remote.run("merge-base", "--is-ancestor", theirs, "main")


# -- telling -------------------------------------------------------------------------------


def test_a_dry_run_tells_the_steps_and_does_nothing(one, two):
    one.write(NAME, WORK)
    push(one)
    two.write(NAME, EVEN)
    refs = two.run("for-each-ref").stdout
    done = sync(two, "--dry-run")
    assert done.returncode == 0
    assert done.stdout == (
        "commit as: sync: api\n"
        f"  modified {NAME}\n"
        "fetch from origin\n"
        "merge what is new in origin/main\n"
        "push to origin/main\n"
    )
    assert two.run("for-each-ref").stdout == refs
    answer = told(two, "-n", "--no-push")
    assert answer["dry_run"] is True
    assert answer["steps"][-1] == {"action": "merge", "upstream": "origin/main"}


@pytest.mark.slow
def test_a_dry_run_tells_what_is_to_be_settled_first(one, two):
    conflict(one, two)
    done = sync(two, "--dry-run")
    assert done.returncode == 1
    assert done.stdout == f"{NAME}:4:1: conflict: root: both sides changed it\n"
    two.write(NAME, WORK)
    assert sync(two, "--dry-run").stdout.startswith("commit the merge that is under way\n")


def test_a_dry_run_with_nothing_to_do_says_so(git_repo):
    done = sync(git_repo, "--dry-run")
    assert (done.returncode, done.stdout) == (0, "")
    assert "nothing would be done" in done.stderr


def test_the_schema_tells_of_files_as_that_of_validate_does():
    sync_schema, validate_schema = (
        json.loads(schema_text(f"output-{name}.v1")) for name in ("sync", "validate")
    )
    assert sync_schema["$defs"] == validate_schema["$defs"]


# -- other places --------------------------------------------------------------------------


def test_a_linked_work_tree_is_synced(one, remote):
    one.run("worktree", "add", "--quiet", "-b", "other", "../linked", "--track", "origin/main")
    linked = GitRepo(one.path.parent / "linked")
    linked.write(NAME, EVEN)
    linked.run("config", "push.default", "upstream")
    assert told(linked)["pushed"] == 1
    assert head(remote, "main") == head(linked)


def test_dotfiles_in_a_bare_repository_are_synced(one, remote, home, monkeypatch):
    place = GitRepo(home)
    place.run("clone", "--quiet", "--bare", str(remote.path), "dots")
    monkeypatch.chdir(home)
    monkeypatch.setenv("GIT_DIR", "dots")
    monkeypatch.setenv("GIT_WORK_TREE", ".")
    place.run("config", "remote.origin.fetch", "+refs/heads/*:refs/remotes/origin/*")
    place.run("fetch", "--quiet")
    place.run("branch", "--set-upstream-to=origin/main")
    place.run("config", "status.showUntrackedFiles", "no")
    place.run("checkout", "--quiet")
    (home / "sub").mkdir()
    place.write(NAME, EVEN)
    answer = told(place, NAME)
    assert answer["committed"]["files"] == [{"path": NAME, "change": "modified"}]
    assert answer["pushed"] == 1


def test_a_tracked_symlink_is_committed_and_not_read(one):
    (one.path / "link.session.toml").symlink_to("/nowhere/at/all")
    assert told(one)["committed"]["files"] == [{"path": "link.session.toml", "change": "new"}]


# -- nothing is lost -----------------------------------------------------------------------


@pytest.mark.slow
def test_two_clones_syncing_random_edits_in_turn_end_alike_with_all_edits(one, two):
    choose = random.Random(20)
    expected = tomllib.loads(BASE)
    one.write(NAME, BASE.replace("[[windows]]", "[preferences]\n\n[[windows]]"))
    assert sync(one).returncode == 0
    assert sync(two).returncode == 0
    expected["preferences"] = {}
    for number in range(20):
        # Both edit, then sync in turn: the second one merges what the first one pushed.
        for repo, mine in ((one, f"one{number}"), (two, f"two{number}")):
            key = choose.choice([f"preferences.{mine}", f"apps.x.{mine}"])
            arguments = ("set", "-q", NAME, key, f"h{number}")
            assert run_inside(*arguments, cwd=repo.path).returncode == 0
            table, *names = key.split(".")
            inner = expected.setdefault(table, {})
            for name in names[:-1]:
                inner = inner.setdefault(name, {})
            inner[names[-1]] = f"h{number}"
        for repo in choose.sample([one, two], 2):
            done = sync(repo)
            assert done.returncode == 0, done.stdout + done.stderr
    for repo in (one, two, one):
        assert sync(repo).returncode == 0
    assert one.read(NAME) == two.read(NAME)
    assert tomllib.loads(one.read(NAME)) == expected
    assert status(one) == status(two) == ""


@pytest.mark.slow
def test_no_commit_is_ever_lost(one, two, remote):
    """Every commit that either clone ever had is in the end in both."""
    commits = set()
    for text, other in ((WORK, EVEN), (CODE, BASE)):
        one.write(NAME, text)
        two.write(NAME, other + "# two\n")
        for repo in (one, two):
            if sync(repo).returncode == 1:
                repo.write(NAME, text)
                assert sync(repo).returncode == 0
            commits.add(head(repo))
        sync(one)
    for commit in commits:
        for repo in (one, two):
            repo.run("merge-base", "--is-ancestor", commit, "HEAD")


def test_a_remote_that_is_gone_for_good_does_no_harm(one, remote):
    shutil.rmtree(remote.path)
    one.write(NAME, EVEN)
    assert told(one, code=3)["committed"]["commit"] == head(one)
    assert status(one) == ""
