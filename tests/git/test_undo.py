"""sessionctl undo: one change goes, later edits stay, and every undo can be taken back."""

from __future__ import annotations

import json
import stat

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sessionctl.resources import schema_text
from tests.git.conftest import read_answer
from tests.git.inprocess import run_inside

NAME = "api.session.toml"
FIRST = """\
# the api session
name = "api"
root = "~/src/api"

[[windows]]
name = "editor"
layout = "tiled"
"""
SECOND = FIRST.replace('"~/src/api"', '"~/work/api"')
THIRD = SECOND.replace('"tiled"', '"even-horizontal"')


def undo(repo, *arguments, **more):
    return run_inside("undo", *arguments, **{"cwd": repo.path, **more})


def told(repo, *arguments, code=0):
    done = undo(repo, "--json", *arguments)
    assert done.returncode == code, done.stderr
    return read_answer(done.stdout, "undo")


@pytest.fixture
def repo(git_repo):
    for subject, text in (("first", FIRST), ("second", SECOND), ("third", THIRD)):
        git_repo.write(NAME, text)
        git_repo.commit(subject)
    return git_repo


def test_the_last_commits_change_is_taken_back(repo):
    head = repo.run("rev-parse", "HEAD").stdout
    done = undo(repo, NAME)
    assert done.returncode == 0
    assert repo.read(NAME) == SECOND
    assert '~ layout: "even-horizontal" -> "tiled"' in done.stdout
    assert f"undid {head[:8]} (third)" in done.stderr
    assert f"git commit -- {NAME}" in done.stderr
    assert repo.run("rev-parse", "HEAD").stdout == head
    assert repo.run("diff", "--cached", "--name-only").stdout == ""


def test_each_undo_goes_one_commit_further_and_stops_at_the_first(repo):
    assert undo(repo, NAME).returncode == 0
    assert undo(repo, NAME).returncode == 0
    assert repo.read(NAME) == FIRST
    done = undo(repo, NAME)
    assert done.returncode == 1
    assert "began the file, there is nothing before it" in done.stderr
    assert f"see what there was: sessionctl backups list {NAME}\n" in done.stderr
    assert repo.read(NAME) == FIRST


def test_redo_brings_back_what_each_undo_took(repo):
    undo(repo, NAME)
    undo(repo, NAME)
    assert told(repo, "--redo", NAME)["takes_back"] == "redo"
    assert repo.read(NAME) == SECOND
    undo(repo, "--redo", NAME)
    assert repo.read(NAME) == THIRD
    done = undo(repo, "--redo", NAME)
    assert done.returncode == 1
    assert "no undo to revert" in done.stderr


def test_redo_keeps_what_was_edited_since(repo):
    undo(repo, NAME)
    repo.write(NAME, repo.read(NAME).replace('"editor"', '"code"'))
    undo(repo, "--redo", NAME)
    assert repo.read(NAME) == THIRD.replace('"editor"', '"code"')


def test_an_undo_that_was_committed_is_taken_back_by_undo(repo):
    undo(repo, NAME)
    repo.commit("undo third")
    assert told(repo, NAME)["subject"] == "undo third"
    assert repo.read(NAME) == THIRD


def test_uncommitted_changes_go_first_and_can_come_back(repo):
    edited = THIRD.replace('"editor"', '"code"') + "# mine\n"
    repo.write(NAME, edited)
    done = undo(repo, NAME)
    assert "undid what was not committed" in done.stderr
    assert repo.read(NAME) == THIRD
    undo(repo, "--redo", NAME)
    assert repo.read(NAME) == edited


def test_edits_after_an_undo_are_uncommitted_changes_as_any_others(repo):
    undo(repo, NAME)
    edited = repo.read(NAME) + "# mine\n"
    repo.write(NAME, edited)
    assert told(repo, NAME)["takes_back"] == "uncommitted"
    assert repo.read(NAME) == THIRD
    undo(repo, "--redo", NAME)
    assert repo.read(NAME) == edited


def test_the_change_of_an_older_commit_goes_and_later_edits_stay(repo):
    answer = told(repo, "--commit", "HEAD~1", NAME)
    assert answer["subject"] == "second"
    assert [change["path"] for change in answer["changes"]] == ["root"]
    assert repo.read(NAME) == THIRD.replace("~/work/api", "~/src/api")


def test_edits_that_are_not_committed_stay_when_a_commit_is_taken_back(repo):
    repo.write(NAME, THIRD.replace('"editor"', '"code"'))
    undo(repo, "--commit", "HEAD", NAME)
    assert repo.read(NAME) == SECOND.replace('"editor"', '"code"')


def test_a_later_edit_of_the_same_key_is_a_conflict_and_nothing_is_written(repo):
    later = THIRD.replace('"~/work/api"', '"~/elsewhere"')
    repo.commit("later", api__session__toml=later)
    answer = told(repo, "--commit", "HEAD~2", NAME, code=1)
    assert answer["written"] is False
    assert [conflict["path"] for conflict in answer["conflicts"]] == ["root"]
    assert repo.read(NAME) == later
    done = undo(repo, "--commit", "HEAD~2", NAME)
    assert f"{NAME}:3:1: conflict[both-modified]: root: " in done.stderr
    assert "later edits conflict" in done.stderr
    assert "sessionctl undo --force --commit " in done.stderr


def test_force_writes_the_conflict_between_markers(repo):
    later = THIRD.replace('"~/work/api"', '"~/elsewhere"')
    repo.commit("later", api__session__toml=later)
    done = undo(repo, "--force", "--commit", "HEAD~2", NAME)
    assert done.returncode == 1
    text = repo.read(NAME)
    assert f"<<<<<<< {NAME} now\n" in text
    assert ">>>>>>> before " in text
    assert f"sessionctl resolve {NAME}" in done.stderr
    undo(repo, "--redo", NAME)
    assert repo.read(NAME) == later


def test_a_dry_run_tells_and_changes_nothing(repo):
    done = undo(repo, "--dry-run", NAME)
    assert done.returncode == 0
    assert "~ layout" in done.stdout
    assert "would undo" in done.stderr
    assert repo.read(NAME) == THIRD
    assert told(repo, "-n", NAME)["written"] is False
    assert undo(repo, "--redo", NAME).returncode == 1


def test_a_change_that_is_not_in_the_file_any_more_is_nothing_to_do(repo):
    undo(repo, NAME)
    done = undo(repo, "--commit", "HEAD", NAME)
    assert done.returncode == 0
    assert "nothing to do" in done.stderr
    assert repo.read(NAME) == SECOND


def test_a_session_that_would_become_invalid_is_left_as_it_is(repo):
    wrong = "schema_version = 1\nname = 1\n"
    right = 'schema_version = 1\nname = "x"\n'
    repo.commit("wrong", b__session__toml=wrong)
    repo.commit("right", b__session__toml=right)
    answer = told(repo, "b.session.toml", code=1)
    assert answer["faults"][0].startswith("b.session.toml:2:8: name: ")
    done = undo(repo, "b.session.toml")
    assert "it would no longer be valid" in done.stderr
    assert repo.read("b.session.toml") == right
    assert undo(repo, "--force", "b.session.toml").returncode == 1
    assert repo.read("b.session.toml") == wrong


def test_a_broken_edit_is_taken_back_though_it_cannot_be_told(repo):
    repo.write(NAME, "name = \n")
    done = undo(repo, NAME)
    assert done.returncode == 0
    assert "no changes by key" in done.stderr
    assert repo.read(NAME) == THIRD
    repo.write(NAME, "name = \n")
    assert told(repo, NAME)["changes"] is None


def test_a_new_layout_is_taken_back_too(repo):
    repo.commit("tidy", api__session__toml=THIRD.replace(" = ", "="))
    assert "only the layout changes" in undo(repo, NAME).stderr
    assert repo.read(NAME) == THIRD


def test_a_removed_file_comes_back(repo):
    (repo.path / NAME).unlink()
    assert told(repo, NAME)["takes_back"] == "uncommitted"
    assert repo.read(NAME) == THIRD
    done = undo(repo, "--redo", NAME)
    assert done.returncode == 1
    assert f"rm {NAME}" in done.stderr
    repo.run("rm", "--quiet", NAME)
    repo.commit("remove it")
    assert told(repo, NAME)["subject"] == "remove it"
    assert repo.read(NAME) == THIRD


def test_a_file_that_is_there_again_is_not_restored_over(repo):
    repo.run("rm", "--quiet", NAME)
    commit = repo.commit("remove it")
    repo.commit("again", api__session__toml='name = "new"\n')
    done = undo(repo, "--commit", commit, NAME)
    assert done.returncode == 1
    assert "now it is there again" in done.stderr


def test_a_change_is_taken_back_across_a_rename(repo):
    repo.run("mv", NAME, "web.session.toml")
    repo.commit("rename it")
    assert told(repo, "web.session.toml")["subject"] == "third"
    assert repo.read("web.session.toml") == SECOND


def test_what_a_merge_brought_is_taken_back(repo):
    repo.run("checkout", "--quiet", "-b", "topic", "HEAD~1")
    repo.commit("theirs", api__session__toml=SECOND.replace('"api"', '"web"'))
    repo.run("checkout", "--quiet", "main")
    repo.run("merge", "--quiet", "--no-commit", "topic", check=False)
    repo.commit("merge topic", api__session__toml=THIRD.replace('"api"', '"web"'))
    assert told(repo, NAME)["subject"] == "merge topic"
    assert repo.read(NAME) == THIRD


def test_a_file_that_git_is_merging_is_refused(repo):
    repo.run("checkout", "--quiet", "-b", "topic", "HEAD~1")
    repo.commit("theirs", api__session__toml=SECOND.replace("tiled", "main-vertical"))
    repo.run("checkout", "--quiet", "main")
    repo.run("merge", "topic", check=False)
    text = repo.read(NAME)
    done = undo(repo, NAME)
    assert done.returncode == 5
    assert f"sessionctl resolve {NAME}" in done.stderr
    assert repo.read(NAME) == text


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--commit", "nonsense", NAME], 1, "nonsense: no such commit"),
        (["--commit", "other", NAME], 1, f"other: it did not change {NAME}"),
        (["--commit", "HEAD~2", NAME], 1, "began the file"),
        (["new.toml"], 1, "no commit has this file"),
        (["nowhere.toml"], 3, "no such file, and no commit has one"),
        (["--redo", "--commit", "HEAD", NAME], 2, "exclude each other"),
    ],
)
def test_what_cannot_be_undone_is_told_with_the_next_step(repo, arguments, code, message):
    repo.write("new.toml", "a = 1\n")
    repo.run("branch", "other", repo.run("commit-tree", "HEAD^{tree}", "-m", "x").stdout.strip())
    done = undo(repo, *arguments)
    assert done.returncode == code
    assert message in done.stderr
    assert "hint: " in done.stderr


def test_a_file_that_left_the_repository_is_told(repo):
    repo.run("rm", "--quiet", "--cached", NAME)
    repo.run("commit", "--quiet", "-m", "not here any more")
    done = undo(repo, NAME)
    assert done.returncode == 1
    assert "the last commit does not have it" in done.stderr


def test_secrets_that_an_undo_touches_are_not_shown(repo):
    secret = '[connections.db]\npassword = "hunter2"\n'
    repo.commit("oops", b__toml=secret)
    repo.commit("better", b__toml=secret.replace("hunter2", "hunter3"))
    for arguments in (["-n"], ["-n", "--json"], []):
        done = undo(repo, *arguments, "b.toml")
        assert "hunter" not in done.stdout + done.stderr


def test_what_undo_remembers_is_for_its_owner_alone(repo):
    undo(repo, NAME)
    folder = repo.path / ".git" / "sessionctl-undo"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert repo.run("status", "--porcelain", "--untracked-files=all").stdout == f" M {NAME}\n"


@pytest.mark.parametrize("text", ["not JSON", "{}", '[{"before": 1}]'])
def test_a_memory_that_cannot_be_read_counts_as_none(repo, text):
    undo(repo, NAME)
    for path in (repo.path / ".git" / "sessionctl-undo").iterdir():
        path.write_text(text)
    assert undo(repo, "--redo", NAME).returncode == 1
    assert told(repo, NAME)["takes_back"] == "uncommitted"


@pytest.mark.slow
def test_twenty_undos_are_remembered(repo):
    for number in range(22):
        repo.write(NAME, THIRD + f"# {number}\n")
        assert undo(repo, "-q", NAME).returncode == 0
    codes = [undo(repo, "-q", "--redo", NAME).returncode for _ in range(21)]
    assert codes == [0] * 20 + [1]


def test_line_ends_of_windows_stay(repo):
    repo.write(".gitattributes", "*.toml text eol=crlf\n")
    repo.commit("crlf")
    for text in (FIRST, SECOND):
        repo.write("w.toml", text.replace("\n", "\r\n"))
        repo.commit("edit")
    assert told(repo, "w.toml")["takes_back"] == "commit"
    assert repo.read("w.toml") == FIRST.replace("\n", "\r\n")


def test_a_symlink_stays_one(repo, tmp_path):
    link = tmp_path / "link.session.toml"
    link.symlink_to(repo.path / NAME)
    assert undo(repo, link, cwd=tmp_path).returncode == 0
    assert link.is_symlink()
    assert repo.read(NAME) == SECOND


def test_dotfiles_in_a_bare_repository_are_undone(git_repo, home):
    git_repo.run("init", "--quiet", "--bare", "dots")
    env = {"GIT_DIR": "dots", "GIT_WORK_TREE": str(home)}
    for text in (FIRST, SECOND):
        (home / NAME).write_text(text)
        for words in (["add", str(home / NAME)], ["commit", "-q", "-m", "dots"]):
            git_repo.run("--git-dir=dots", f"--work-tree={home}", *words)
    assert undo(git_repo, home / NAME, env=env).returncode == 0
    assert (home / NAME).read_text() == FIRST


def test_the_schema_tells_changes_and_conflicts_as_those_of_diff_and_merge_do():
    undo_schema, diff_schema, merge_schema = (
        json.loads(schema_text(f"output-{name}.v1")) for name in ("undo", "diff", "merge")
    )
    assert undo_schema["$defs"].pop("conflict") == merge_schema["$defs"]["conflict"]
    assert undo_schema["$defs"] == diff_schema["$defs"]


@pytest.mark.slow
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from("abcde"), st.integers(0, 3)), min_size=2, max_size=5))
def test_undos_down_to_the_first_commit_and_redos_give_the_same_bytes(git_repo, edits):
    value = {"a": 9}
    texts = ["a = 9\n"]
    for key, number in edits:
        value[key] = number
        text = "".join(f"{key} = {value[key]}\n" for key in value)
        if text != texts[-1]:
            texts.append(text)
    git_repo.run("rm", "-q", "--cached", "--ignore-unmatch", "x.toml")
    git_repo.run("commit", "-q", "--allow-empty", "-m", "gone")
    for text in texts:
        git_repo.commit("edit", x__toml=text)
    for text in reversed(texts[:-1]):
        assert undo(git_repo, "-q", "x.toml").returncode == 0
        assert git_repo.read("x.toml") == text
    for text in texts[1:]:
        assert undo(git_repo, "-q", "--redo", "x.toml").returncode == 0
        assert git_repo.read("x.toml") == text
