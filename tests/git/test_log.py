"""sessionctl log: what each commit changed, through renames and merges, in real repositories."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from sessionctl.resources import schema_text
from sessionctl.services.history import commit_history
from tests.git.conftest import read_answer
from tests.git.inprocess import run_inside

NAME = "api.session.toml"


def log(repo, *arguments, cwd=None, env=None):
    return run_inside("log", *arguments, cwd=cwd or repo.path, env=env)


def told(repo, *arguments):
    """Return the commits of the answer in JSON, which is as its schema says."""
    done = log(repo, "--json", *arguments)
    assert done.returncode == 0, done.stderr
    return read_answer(done.stdout, "log")["commits"]


def subjects(repo, *arguments):
    return [commit["subject"] for commit in told(repo, *arguments)]


@pytest.fixture
def repo(git_repo):
    git_repo.commit("begin", api__session__toml='name = "api"\n')
    git_repo.commit("other file", other="1\n")
    git_repo.commit("move the root", api__session__toml='name = "api"\nroot = "~/src"\n')
    return git_repo


def test_each_commit_is_told_key_by_key_the_newest_first(repo):
    done = log(repo, NAME)
    assert done.returncode == 0
    first, second, *rest = done.stdout.split("\n\n")
    assert rest == []
    assert first.splitlines()[0].endswith(" 2026-01-02 03:04 Ada: move the root")
    assert '  + root = "~/src"' in first
    assert "the file is new" in second
    assert '+ name = "api"' in second
    assert "other file" not in done.stdout


def test_the_json_answer_holds_what_diff_says_of_each_commit(repo):
    newest, oldest = told(repo, NAME)
    assert [change["path"] for change in newest["changes"]] == ["root"]
    assert newest["parents"] != []
    assert oldest["kind"] == "added"
    assert oldest["old_path"] is None


def test_the_schema_tells_changes_as_that_of_diff_does():
    log_schema, diff_schema = (
        json.loads(schema_text(f"output-{name}.v1")) for name in ("log", "diff")
    )
    del log_schema["$defs"]["commit"]
    assert log_schema["$defs"] == diff_schema["$defs"]


def test_the_number_of_commits_is_limited_and_the_rest_counted(repo):
    done = log(repo, "-n", "1", NAME)
    assert "begin" not in done.stdout
    assert "1 older commit not shown" in done.stderr
    assert f"sessionctl log --max-count 2 {NAME}" in done.stderr


def test_stat_counts_the_changes(repo):
    assert "  1 added\n" in log(repo, "--stat", NAME).stdout


def test_a_revision_to_begin_at_is_passed_to_git_as_it_is(repo):
    assert subjects(repo, "--rev", "HEAD@{1}", NAME) == ["begin"]
    done = log(repo, "--rev", "nonsense", NAME)
    assert done.returncode == 3
    assert "nonsense: no such commit" in done.stderr


def test_a_renamed_file_keeps_its_history(repo):
    repo.run("mv", NAME, "web.session.toml")
    repo.commit("rename it")
    repo.commit("after", web__session__toml='name = "web"\nroot = "~/src"\n')
    commits = told(repo, "web.session.toml")
    assert [commit["subject"] for commit in commits] == [
        "after", "rename it", "move the root", "begin",
    ]  # fmt: skip
    assert commits[1]["kind"] == "renamed"
    assert commits[1]["old_path"] == NAME
    assert (
        "renamed from api.session.toml to web.session.toml" in log(repo, "web.session.toml").stdout
    )


def test_a_file_renamed_and_edited_at_once_is_told_with_its_changes(repo):
    text = "".join(f"key{number} = {number}\n" for number in range(20))
    repo.commit("long", a__toml=text)
    repo.run("mv", "a.toml", "b.toml")
    repo.commit("both", b__toml=text.replace("= 7", "= 8"))
    newest = told(repo, "b.toml")[0]
    assert newest["kind"] == "renamed"
    assert [change["path"] for change in newest["changes"]] == ["key7"]


def test_a_file_renamed_on_a_branch_keeps_the_history_of_both_names(repo):
    repo.run("checkout", "--quiet", "-b", "topic")
    repo.run("mv", NAME, "web.session.toml")
    repo.commit("rename it")
    repo.run("checkout", "--quiet", "main")
    repo.commit("edit it", api__session__toml='name = "api"\nroot = "~/work"\n')
    repo.run("merge", "--quiet", "--no-edit", "topic")
    assert set(subjects(repo, "web.session.toml")) >= {
        "rename it", "edit it", "move the root", "begin",
    }  # fmt: skip


def test_a_file_that_was_removed_and_made_again_has_one_history(repo):
    repo.run("rm", "--quiet", NAME)
    repo.commit("remove it")
    repo.commit("make it again", api__session__toml="name = 'b'\n")
    commits = told(repo, NAME)
    assert [commit["kind"] for commit in commits] == ["added", "removed", "modified", "added"]
    repo.run("rm", "--quiet", NAME)
    repo.commit("remove it for good")
    assert "the file was removed" in log(repo, NAME).stdout


def branches(repo, ours, theirs):
    repo.run("checkout", "--quiet", "-b", "topic")
    repo.commit("theirs", api__session__toml=theirs)
    repo.run("checkout", "--quiet", "main")
    repo.commit("ours", api__session__toml=ours)


def test_commits_of_a_merged_branch_are_told(repo):
    text = 'name = "api"\nroot = "~/src"\n'
    branches(repo, text, text.replace("api", "web"))
    repo.run("merge", "--quiet", "--no-edit", "topic")
    assert subjects(repo, NAME) == ["theirs", "move the root", "begin"]


def test_a_merge_is_told_by_what_it_brought_to_its_first_parent(repo):
    text = 'name = "api"\nroot = "~/src"\n'
    branches(repo, text + "a = 1\n", text + "b = 2\n")
    repo.run("merge", "--quiet", "topic", check=False)
    repo.commit("merged", api__session__toml=text + "a = 1\nb = 2\n")
    merge = told(repo, NAME)[0]
    assert len(merge["parents"]) == 2
    assert [(change["kind"], change["path"]) for change in merge["changes"]] == [("added", "b")]
    assert "merge: what it brought to its first parent" in log(repo, NAME).stdout
    assert set(subjects(repo, NAME)) == {"merged", "ours", "theirs", "move the root", "begin"}


def test_a_change_that_a_merge_threw_away_is_still_told(repo):
    branches(repo, 'name = "ours"\n', 'name = "theirs"\n')
    repo.run("merge", "--quiet", "--no-edit", "-s", "ours", "topic")
    assert "theirs" in subjects(repo, NAME)


def test_a_broken_version_is_told_and_not_fatal(repo):
    repo.commit("break it", api__session__toml="name = \n")
    repo.commit("mend it", api__session__toml='name = "x"\n')
    commits = told(repo, NAME)
    assert len(commits) == 4
    assert commits[0]["changes"] is None
    assert f":{NAME}:1:" in commits[0]["obstacle"]
    assert "not shown:" in log(repo, NAME).stdout


def test_a_version_that_is_no_text_or_a_symlink_is_told(repo):
    (repo.path / NAME).write_bytes(b"name = '\xff'\n")
    repo.commit("not UTF-8")
    (repo.path / NAME).unlink()
    (repo.path / NAME).symlink_to("elsewhere.toml")
    repo.commit("a symlink")
    (repo.path / NAME).unlink()
    repo.commit("a file again", api__session__toml="a = 1\n")
    obstacles = [commit["obstacle"] for commit in told(repo, NAME)[:3]]
    assert "a symlink, not a file" in obstacles[0]
    assert "not UTF-8" in obstacles[2]


def test_a_new_layout_is_told_as_such(repo):
    repo.commit("tidy", api__session__toml="name='api'\nroot='~/src'\n")
    assert "only the layout changed" in log(repo, "-n", "1", NAME).stdout


def test_a_new_mode_is_no_change(repo):
    (repo.path / NAME).chmod(0o755)
    repo.commit("executable")
    assert subjects(repo, NAME) == ["move the root", "begin"]


def test_secrets_of_old_commits_are_not_shown(repo):
    secret = '[connections.db]\npassword = "hunter2"\n'
    repo.commit("oops", api__session__toml=secret)
    repo.commit("better", api__session__toml=secret.replace("hunter2", "hunter3"))
    for arguments in ([], ["--json"], ["--stat"]):
        done = log(repo, *arguments, NAME)
        assert "hunter" not in done.stdout + done.stderr


def test_control_characters_do_not_reach_the_terminal(repo):
    repo.write(NAME, 'name = "a\\u001b[31m"\n')
    repo.run("add", NAME)
    repo.run(
        "-c",
        "user.name=Eve\x1b[2J",
        "commit",
        "-q",
        "--author=Eve\x1b[2J <e@x>",
        "-m",
        "a\x1b]0;t\x07b",
    )
    for arguments in ([], ["--json"]):
        assert "\x1b" not in log(repo, *arguments, NAME).stdout


def test_the_subject_cannot_pass_for_another_commit(repo):
    repo.write(NAME, 'name = "x"\n')
    repo.run("add", NAME)
    repo.run("commit", "-q", "--cleanup=verbatim", "-m", f"\x01{'a' * 40}")
    assert len(told(repo, NAME)) == 3


def test_the_users_settings_of_git_log_change_nothing(repo):
    before = told(repo, NAME)
    for key, value in {
        "log.follow": "true", "log.showSignature": "true", "log.diffMerges": "combined",
        "diff.renames": "copies", "color.ui": "always", "i18n.logOutputEncoding": "latin1",
        "format.pretty": "oneline", "diff.noprefix": "true", "log.abbrevCommit": "true",
    }.items():  # fmt: skip
        repo.run("config", key, value)
    assert told(repo, NAME) == before


@pytest.mark.parametrize(
    "name", ["two words.toml", "-leading.toml", "caf\u00e9/[x]*.toml", "a\nb.toml"]
)
def test_any_file_name_has_a_history(repo, name):
    repo.write(name, "a = 1\n")
    repo.commit("begin")
    repo.write(name, "a = 2\n")
    repo.commit("change")
    assert subjects(repo, "--", name) == ["change", "begin"]


def test_a_subdirectory_and_a_symlink_lead_to_the_file(repo):
    repo.write("sub/x.toml", "a = 1\n")
    repo.commit("below")
    done = log(repo, "x.toml", cwd=repo.path / "sub")
    assert ": below\n" in done.stdout
    (repo.path.parent / "link.toml").symlink_to(repo.path / NAME)
    assert ": begin\n" in log(repo, "link.toml", cwd=repo.path.parent).stdout


def test_dotfiles_in_a_bare_repository_have_a_history(git_repo, home):
    git_repo.run("init", "--quiet", "--bare", "dots")
    env = {"GIT_DIR": "dots", "GIT_WORK_TREE": str(home)}
    (home / NAME).write_text("a = 1\n")
    for words in (["add", str(home / NAME)], ["commit", "-q", "-m", "dots"]):
        git_repo.run("--git-dir=dots", f"--work-tree={home}", *words)
    done = log(git_repo, home / NAME, env=env)
    assert ": dots\n" in done.stdout, done.stderr


def test_a_file_that_was_never_committed_is_told(repo):
    repo.write("new.toml", "a = 1\n")
    done = log(repo, "new.toml")
    assert done.returncode == 1
    assert "new.toml: no commit has this file" in done.stderr
    assert "git add new.toml" in done.stderr


def test_a_repository_without_a_commit_is_told(git_repo):
    git_repo.write(NAME, "a = 1\n")
    assert log(git_repo, NAME).returncode == 1


def test_a_file_outside_of_any_repository_or_work_tree_is_told(repo, tmp_path):
    done = log(repo, tmp_path / "x.toml", cwd=tmp_path)
    assert done.returncode == 3
    assert "not in a git repository" in done.stderr
    env = {"GIT_DIR": str(repo.path / ".git"), "GIT_WORK_TREE": str(repo.path)}
    done = log(repo, tmp_path / "x.toml", env=env)
    assert "outside of the work tree" in done.stderr
    done = log(repo, "x", cwd=repo.path / ".git")
    assert "without a work tree" in done.stderr


def test_a_file_whose_directory_is_gone_has_a_history(repo):
    repo.write("sub/deep/x.toml", "a = 1\n")
    repo.commit("below")
    repo.run("rm", "-q", "sub/deep/x.toml")
    repo.commit("gone")
    assert subjects(repo, "sub/deep/x.toml") == ["gone", "below"]


@pytest.mark.parametrize(
    ("file", "message"),
    [
        (".", "a directory, not a file"),
        ("none.session.toml", "none.session.toml: no such file, and no commit has one"),
    ],
)
def test_what_is_no_file_is_told_as_that(repo, file, message):
    for command in ("log", "undo"):
        done = run_inside(command, file, cwd=repo.path)
        assert done.returncode == 3
        assert message in done.stderr


def test_the_first_commits_are_printed_before_the_last_are_read(git_repo, monkeypatch):
    path = git_repo.path / "a.toml"
    for number in range(6):
        path.write_text(f"a = {number}\n")
        git_repo.run("add", "-A")
        git_repo.run("commit", "-m", f"c{number}")
    read = []
    monkeypatch.setattr(commit_history, "_READ", 2)
    original = commit_history.read_blobs
    monkeypatch.setattr(
        commit_history,
        "read_blobs",
        lambda git, blobs: read.append(len(blobs)) or original(git, blobs),
    )
    history = commit_history.read_history(str(path), dict(os.environ), limit=5)
    assert (history.length, history.older, read) == (5, 1, [])
    assert next(history.entries).commit.subject == "c5"
    assert read == [4]
    assert [entry.commit.subject for entry in history.entries] == ["c4", "c3", "c2", "c1"]
    assert len(read) == 3


@pytest.mark.slow
def test_a_reader_who_leaves_ends_it_quietly(git_repo):
    commits = ""
    for number in range(40):
        text = f"# {'x' * 2000}\na = {number}\nb{number} = '{'y' * 3000}'\n"
        commits += (
            f"commit refs/heads/main\ncommitter Ada <a@example.org> {1700000000 + number} +0000\n"
            f"data 3\nc{number % 10}\nM 644 inline a.toml\ndata {len(text)}\n{text}\n"
        )
    subprocess.run(
        ["git", "fast-import", "--quiet"], cwd=git_repo.path, input=commits, text=True, check=True
    )
    git_repo.run("reset", "--quiet", "--hard")
    for options in ("", "--json"):
        command = f"{sys.executable} -m sessionctl log {options} --max-count 40 a.toml | head -n 1"
        done = subprocess.run(
            ["sh", "-c", command], cwd=git_repo.path, capture_output=True, text=True, check=True
        )
        assert len(done.stdout.splitlines()) == 1
        assert done.stderr == ""
