"""sessionctl diff: exit codes, forms of the answer, what is read, and what is never shown."""

from __future__ import annotations

import json
import os

import pytest
from click.testing import CliRunner

from sessionctl.cli.app import app
from tests.answers import assert_answer
from tests.tmux_world import TmuxWorld
from tests.world import run_sessionctl

BEFORE = 'name = "api"\n\n[connections.prod]\nport = 5432\npassword = "hunter2"\n'
AFTER = 'name = "web"\n\n[connections.prod]\nport = 5433\npassword = "hunter3"\n'
TEXT = """\
~ name: "api" -> "web"

connections.prod
  ~ port: 5432 -> 5433
  ~ password: changed, not shown: it is a secret
"""


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    files = {
        "a.toml": BEFORE,
        "b.toml": AFTER,
        "commented.toml": BEFORE.replace("port", "# the port\nport"),
        "tidied.toml": BEFORE.replace(" = ", "="),
    }
    for name, text in files.items():
        (tmp_path / name).write_bytes(text.encode())
    return tmp_path


def run(*arguments, **extra):
    return CliRunner().invoke(app, ["diff", *map(str, arguments)], **extra)


def checked(text):
    """Return the answer in JSON, which is as its schema says."""
    answer = json.loads(text)
    assert_answer(answer, "diff.v1")
    return answer


def test_different_files_are_told_apart_with_exit_code_1(here):
    done = run("a.toml", "b.toml")
    assert done.exit_code == 1
    assert done.stdout == TEXT
    assert done.stderr == ""


def test_the_same_file_has_no_answer_and_exit_code_0(here):
    done = run("a.toml", "a.toml")
    assert (done.exit_code, done.output) == (0, "")


def test_another_layout_is_noted_on_stderr_with_exit_code_0(here):
    done = run("a.toml", "tidied.toml")
    assert done.exit_code == 0
    assert done.stdout == ""
    assert done.stderr == "a.toml and tidied.toml differ in layout only\n"


def test_a_changed_comment_is_a_difference(here):
    done = run("a.toml", "commented.toml")
    assert done.exit_code == 1
    assert "+ # the port" in done.stdout


def test_comments_can_be_left_out(here):
    done = run("--no-comments", "a.toml", "commented.toml")
    assert (done.exit_code, done.stdout) == (0, "")
    assert "differ in layout or comments only" in done.stderr


def test_different_files_can_be_no_failure(here):
    done = run("--exit-zero", "a.toml", "b.toml")
    assert (done.exit_code, done.stdout) == (0, TEXT)


@pytest.mark.parametrize(("other", "code"), [("b.toml", 1), ("tidied.toml", 0), ("a.toml", 0)])
def test_quiet_says_nothing_but_the_exit_code(here, other, code):
    done = run("-q", "a.toml", other)
    assert (done.exit_code, done.output) == (code, "")


def test_a_terminal_gets_colours(here):
    done = run("--color", "a.toml", "b.toml")
    assert "\x1b[31mapi\x1b[0m" in done.stdout
    assert "\x1b[32mweb\x1b[0m" in done.stdout


def test_the_changes_are_counted(here):
    done = run("--stat", "a.toml", "b.toml")
    assert done.exit_code == 1
    assert done.stdout == (" (top level)      | 1 ~\n connections.prod | 2 ~~\n 3 modified\n")


def test_the_answer_in_json_has_every_change_with_its_places(here):
    done = run("--json", "a.toml", "b.toml")
    assert done.exit_code == 1
    answer = checked(done.stdout)
    assert answer["changes"][1] == {
        "kind": "modified",
        "path": "connections.prod.port",
        "before": 5432,
        "after": 5433,
        "comments": [],
        "before_at": {"line": 4, "column": 1},
        "after_at": {"line": 4, "column": 1},
    }
    del answer["changes"]
    assert answer == {
        "schema": "sessionctl/v1",
        "command": "diff",
        "before": "a.toml",
        "after": "b.toml",
        "same_value": False,
        "same_text": False,
    }


def test_the_answer_in_json_knows_every_kind_of_change(here):
    (here / "x.toml").write_text(
        "v = [1, 2, 3]\na = 1\n[o]\nx = 1\ny = 2026-01-02\n# x\n\n[[w]]\nid = 1 # i\n"
    )
    (here / "y.toml").write_text(
        "v = [2, 3, 1]\nb = nan #b\n[n]\nx = 1\ny = 2026-01-02\n[[w]]\nid = 1\n"
    )
    changes = checked(run("--json", "x.toml", "y.toml").stdout)["changes"]
    kinds = {change.pop("kind"): change for change in changes}
    place = {"line": 1, "column": 6}
    assert kinds == {
        "moved": {"path": "v[0]", "from": 0, "to": 2, "before_at": place,
                  "after_at": {"line": 1, "column": 12}},
        "removed": {"path": "a", "before": 1, "before_at": {"line": 2, "column": 1}},
        "added": {"path": "b", "after": "nan", "after_at": {"line": 2, "column": 1},
                  "comments": [{"path": "", "position": "beside", "text": "#b"}]},
        "renamed": {"path": "o", "to": "n", "before_at": {"line": 3, "column": 1},
                    "after_at": {"line": 3, "column": 1}},
        "comment-changed": {"path": "w[id=1].id", "before": "# i", "after": "",
                            "position": "beside", "before_at": {"line": 9, "column": 1},
                            "after_at": {"line": 7, "column": 1}},
    }  # fmt: skip
    assert changes[-2]["position"] == "apart"


def test_a_comment_whose_neighbour_is_gone_has_one_place(here):
    (here / "x.toml").write_text("# x\n\na = 1\n")
    (here / "y.toml").write_text("b = 1\n")
    (comment,) = [
        change
        for change in checked(run("--json", "x.toml", "y.toml").stdout)["changes"]
        if change["kind"] == "comment-changed"
    ]
    assert comment["before_at"] == {"line": 3, "column": 1}
    assert comment["after_at"] is None


def test_a_json_patch_says_when_it_is_not_complete(here):
    done = run("--format", "json-patch", "a.toml", "b.toml")
    assert done.exit_code == 1
    assert {"op": "replace", "path": "/name", "value": "web"} in json.loads(done.stdout)
    assert "the patch is not complete: secrets in it are masked" in done.stderr
    assert "not complete" not in run("--format=json-patch", "a.toml", "commented.toml").stderr


def test_a_page_can_be_written_to_a_file(here):
    done = run("--html", "-o", "out.html", "a.toml", "b.toml")
    assert done.exit_code == 1
    assert done.stdout == ""
    assert done.stderr == "wrote out.html\n"
    page = (here / "out.html").read_text()
    assert page.startswith("<!DOCTYPE html>")
    assert page.endswith("</html>\n")


def test_the_text_in_a_file_has_no_colours(here):
    run("--color", "-o", "out.txt", "a.toml", "b.toml")
    assert (here / "out.txt").read_text() == TEXT


@pytest.mark.parametrize(
    "form", [(), ("--stat",), ("--json",), ("--format=json-patch",), ("--html",), ("--color",)]
)
def test_no_form_of_answer_shows_a_secret(here, form):
    for pair in (("a.toml", "b.toml"), ("/dev/null", "b.toml"), ("a.toml", "/dev/null")):
        done = run(*form, *pair)
        assert done.exit_code == 1
        assert "hunter" not in done.output


def test_a_session_is_compared_with_the_knowledge_of_its_schema(here):
    text = '[[windows]]\nid = 1\nname = "a"\n[[windows]]\nid = 2\nname = "b"\n'
    (here / "a.session.toml").write_text(text)
    (here / "b.session.toml").write_text(text.replace("id = 1", "id = 3"))
    assert run("a.session.toml", "b.session.toml").stdout == "windows[name=a]\n  ~ id: 1 -> 3\n"


def test_one_side_may_come_from_stdin(here):
    done = run("-", "b.toml", input=BEFORE)
    assert done.stdout == TEXT
    done = run("a.toml", "-", input="x = ")
    assert done.exit_code == 1
    assert "<stdin>:1:5" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("a.toml",), 3, "not in a git repository"),
        (("a.toml", "b.toml", "a.toml"), 2, "expected two files, A and B, got 3"),
        (("--rev", "HEAD", "a.toml", "b.toml"), 2, "expected one file beside --rev, got 2"),
        (("-", "-"), 2, "only one of the files can be '-'"),
        (("--json", "--stat", "a.toml", "b.toml"), 2, "one form of answer at a time"),
        (("a.toml", "missing.toml"), 3, "missing.toml: cannot read: no such file"),
        (("a.toml", "."), 3, ".: cannot read: a directory"),
        (("a.toml", "broken.toml"), 1, "broken.toml:2:5: "),
        (("a.toml", "latin.toml"), 1, "latin.toml:1:6: not UTF-8"),
    ],
)
def test_what_cannot_be_compared_is_told_with_its_exit_code(here, arguments, code, message):
    (here / "broken.toml").write_text("a = 1\nb = \n")
    (here / "latin.toml").write_bytes(b'a = "\xe9"\n')
    done = run(*arguments)
    assert done.exit_code == code
    assert done.stdout == ""
    assert message in done.stderr


def test_one_form_may_be_asked_for_twice(here):
    assert run("--json", "--format=json", "a.toml", "b.toml").exit_code == 1


def test_a_whole_process_answers(here):
    done = run_sessionctl("diff", "a.toml", "b.toml", cwd=here)
    assert (done.returncode, done.stdout, done.stderr) == (1, TEXT, "")


# -- git -------------------------------------------------------------------------------


@pytest.fixture
def history(git_repo, monkeypatch):
    """Return a repository with two commits of sub/x.toml, and its third version on disk."""
    git_repo.write("sub/x.toml", BEFORE)
    git_repo.commit("one")
    git_repo.write("sub/x.toml", BEFORE.replace("api", "app"))
    git_repo.commit("two")
    git_repo.write("sub/x.toml", AFTER)
    monkeypatch.chdir(git_repo.path)
    return git_repo


def test_a_file_is_compared_with_a_revision_of_itself(history):
    assert run("--rev", "HEAD~1", "sub/x.toml").stdout == TEXT
    assert '"app" -> "web"' in run("--rev", "HEAD", "sub/x.toml").stdout


def test_a_file_elsewhere_is_compared_in_its_own_repository(history, tmp_path, monkeypatch):
    link = tmp_path / "link.toml"
    link.symlink_to(history.path / "sub/x.toml")
    monkeypatch.chdir(tmp_path)
    assert run("--rev=HEAD~1", link).stdout == TEXT


def test_a_version_is_named_as_git_names_it(history):
    answer = checked(run("--json", "HEAD~1:sub/x.toml", "sub/x.toml").stdout)
    assert answer["before"] == "HEAD~1:sub/x.toml"
    assert run("HEAD~1:sub/x.toml", "HEAD:sub/x.toml").stdout == '~ name: "api" -> "app"\n'
    assert run("HEAD~1:./sub/x.toml", "sub/x.toml").exit_code == 1


def test_a_file_with_a_colon_in_its_name_comes_first(history):
    history.write("HEAD:sub", "x = 1\n")
    assert run("HEAD:sub", "HEAD:sub").exit_code == 0


_NO_FILE = "git has no such file in that revision"
_NO_REVISION = "git knows no such revision"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nonsense:sub/x.toml", "sub/x.toml"), f"nonsense: {_NO_REVISION}"),
        (("HEAD:missing.toml", "sub/x.toml"), f"HEAD:missing.toml: {_NO_FILE}"),
        (("HEAD:sub", "sub/x.toml"), f"HEAD:sub: {_NO_FILE}"),
        ((":missing.toml", "sub/x.toml"), f":missing.toml: {_NO_FILE}"),
        (("--output=x:sub/x.toml", "sub/x.toml"), f"--output=x: {_NO_REVISION}"),
        (("--rev=nonsense", "sub/x.toml"), f"nonsense: {_NO_REVISION}"),
        (("--rev=--output=x", "sub/x.toml"), f"--output=x: {_NO_REVISION}"),
        (("--rev=HEAD", "new.toml"), f"HEAD:new.toml: {_NO_FILE}"),
    ],
)
def test_what_git_does_not_have_is_told_with_exit_code_3(history, arguments, message):
    history.write("new.toml", "a = 1\n")
    options = [word for word in arguments if word.startswith("--rev")]
    done = run(*options, "--", *(word for word in arguments if word not in options))
    assert done.exit_code == 3
    assert message in done.stderr
    assert "hint: " in done.stderr
    assert not (history.path / "x").exists()


def test_a_file_that_had_another_name_is_told_with_the_command_for_it(history):
    history.run("checkout", "--quiet", "sub/x.toml")
    history.run("mv", "sub/x.toml", "y.toml")
    history.commit("rename it")
    done = run("--rev=HEAD~1", "y.toml")
    assert done.exit_code == 3
    assert "sessionctl diff HEAD~1:sub/x.toml y.toml" in done.stderr


def test_a_subdirectory_is_a_place_to_stand_in(history, monkeypatch):
    monkeypatch.chdir(history.path / "sub")
    assert run("--rev=HEAD~1", "x.toml").stdout == TEXT
    assert run("HEAD~1:sub/x.toml", "x.toml").stdout == TEXT
    assert run("HEAD~1:x.toml", "x.toml").stdout == TEXT


def test_what_is_staged_is_a_version_too(history):
    assert '"app" -> "web"' in run(":0:sub/x.toml", "sub/x.toml").stdout
    assert '"app" -> "web"' in run(":sub/x.toml", "sub/x.toml").stdout


@pytest.mark.parametrize("rev", ["HEAD@{1}", "main@{1}", "HEAD^{/one}", "main~1^{tree}"])
def test_revisions_are_passed_to_git_as_they_are(history, rev):
    assert run("--rev", rev, "sub/x.toml").stdout == TEXT
    assert run(f"{rev}:sub/x.toml", "sub/x.toml").stdout == TEXT


def test_dotfiles_in_a_bare_repository_have_revisions(git_repo, home, monkeypatch):
    git_repo.run("init", "--quiet", "--bare", "dots")
    (home / "sub").mkdir()
    path = home / "sub" / "x.toml"
    for text in (BEFORE, AFTER):
        path.write_text(text)
        for words in (["add", str(path)], ["commit", "-q", "-m", "dots"]):
            git_repo.run("--git-dir=dots", f"--work-tree={home}", *words)
    git_repo.run("--git-dir=dots", "config", "core.bare", "false")
    monkeypatch.chdir(home)
    monkeypatch.setenv("GIT_DIR", os.path.relpath(git_repo.path / "dots"))
    monkeypatch.setenv("GIT_WORK_TREE", ".")
    assert run("--rev=HEAD~1", "sub/x.toml").stdout == TEXT
    assert run("HEAD~1:sub/x.toml", "sub/x.toml").stdout == TEXT


def test_outside_of_a_repository_git_says_no(here):
    done = run("HEAD:a.toml", "b.toml")
    assert done.exit_code == 3
    assert "not in a git repository" in done.stderr


def test_numbers_that_are_only_spelled_otherwise_are_named(here):
    (here / "a.toml").write_text('n = 1000\ns = "a"\nm = [1, 2]\nf = 1e3\n')
    (here / "b.toml").write_text("n = 1_000\ns = 'a'\nm = [\n  1,\n  0x2,\n]\nf = 1e3\n")
    done = run("a.toml", "b.toml")
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == "a.toml and b.toml differ in how the same values are written: n, m\n"


# -- a whole work tree -----------------------------------------------------------------------

ONE = 'schema_version = 1\nname = "one"\nroot = "/a"\n'


@pytest.fixture
def tree(git_repo, monkeypatch):
    git_repo.write("a.session.toml", ONE)
    git_repo.write("sub/b.session.toml", ONE)
    git_repo.write("gone.session.toml", ONE)
    git_repo.write("other.toml", "a = 1\n")
    git_repo.commit("base")
    monkeypatch.chdir(git_repo.path)
    return git_repo


def test_without_files_each_session_that_changed_since_the_last_commit_is_shown(tree, monkeypatch):
    nothing = run()
    assert (nothing.exit_code, nothing.stdout) == (0, "")
    assert "no session file differs from HEAD" in nothing.stderr
    tree.write("a.session.toml", ONE.replace("/a", "/b"))
    tree.write("sub/b.session.toml", ONE.replace("one", "two"))
    tree.run("add", "sub")
    tree.write("other.toml", "a = 2\n")
    tree.write("untracked.session.toml", ONE)
    (tree.path / "gone.session.toml").unlink()
    monkeypatch.chdir(tree.path / "sub")
    done = run()
    assert done.exit_code == 1
    lines = done.stdout.splitlines()
    assert lines[:3] == ["../a.session.toml", '  ~ root: "/a" -> "/b"', ""]
    assert "../gone.session.toml: deleted" in lines
    assert lines[-2:] == ["b.session.toml", '  ~ name: "one" -> "two"']
    assert run("--exit-zero", "--stat").exit_code == 0
    assert run("-q").output == ""


def test_one_file_is_compared_with_the_last_commit(tree):
    tree.write("a.session.toml", ONE.replace("/a", "/b"))
    assert run("a.session.toml").stdout == '~ root: "/a" -> "/b"\n'
    assert run("sub/b.session.toml").exit_code == 0


def test_another_revision_may_be_named(tree):
    tree.write("a.session.toml", ONE.replace("/a", "/b"))
    tree.commit("two")
    assert run().exit_code == 0
    assert "a.session.toml" in run("--rev", "HEAD~1").stdout
    missing = run("--rev", "nope")
    assert missing.exit_code == 3
    assert "git log --oneline" in missing.stderr


def test_before_the_first_commit_all_that_is_added_is_new(git_repo, monkeypatch):
    git_repo.write("a.session.toml", ONE)
    git_repo.run("add", "--all")
    monkeypatch.chdir(git_repo.path)
    assert run("--stat").stdout.startswith("a.session.toml: new\n")


def test_a_file_that_cannot_be_read_as_toml_hides_no_other(tree):
    tree.write("a.session.toml", "a = \n")
    tree.write("sub/b.session.toml", ONE.replace("one", "two"))
    done = run()
    assert done.exit_code == 1
    assert "a.session.toml:1:5" in done.stderr
    assert '~ name: "one" -> "two"' in done.stdout


def test_the_answer_of_a_work_tree_is_as_its_schema_says(tree):
    tree.write("a.session.toml", ONE.replace("/a", "/b"))
    (tree.path / "gone.session.toml").unlink()
    answer = json.loads(run("--json").stdout)
    assert_answer(answer, "diff.v1")
    assert [one["after"] for one in answer["files"]] == ["a.session.toml", "/dev/null"]


def test_secrets_of_a_work_tree_are_never_shown(tree):
    tree.write("a.session.toml", ONE + '[connections.p]\npassword = "hunter2-secret"\n')
    for form in ((), ("--stat",), ("--json",)):
        assert "hunter2" not in run(*form).output


@pytest.mark.parametrize(
    "words", [("-o", "x.txt"), ("--format", "html"), ("--format", "json-patch")]
)
def test_what_answers_about_one_file_asks_for_one(tree, words):
    tree.write("a.session.toml", ONE.replace("/a", "/b"))
    done = run(*words)
    assert done.exit_code == 2
    assert done.stdout == ""


# -- the last save, and the session that runs ------------------------------------------------


def test_a_file_is_compared_with_what_sessionctl_wrote_last(here, home):
    CliRunner().invoke(app, ["set", "a.toml", "name", "saved"])
    assert run("--saved", "a.toml").exit_code == 0
    text = (here / "a.toml").read_text()
    (here / "a.toml").write_text(text.replace("saved", "by hand"))
    done = run("--saved", "a.toml")
    assert (done.exit_code, done.stdout) == (1, '~ name: "saved" -> "by hand"\n')


def test_what_was_never_saved_is_said(here, home):
    done = run("--saved", "a.toml")
    assert done.exit_code == 1
    assert "there is no save to compare with" in done.stderr


def test_a_session_is_compared_with_what_runs(tmp_path, monkeypatch):
    world = TmuxWorld(tmp_path / "home")
    try:
        file = tmp_path / "work.session.toml"
        world.tmux("new-session", "-d", "-s", "work", "-n", "one")
        world.run("save", "work", "--file", str(file))
        world.tmux("new-window", "-d", "-t", "work", "-n", "two")
        before = file.read_bytes()
        done = world.run("diff", "--live", "--no-comments", str(file), check=False)
        assert "windows[name=two]" in done.stdout
        assert file.read_bytes() == before
        assert done.stderr == ""
        other = tmp_path / "other.session.toml"
        other.write_bytes(before)
        strange = world.run("diff", "--live", "--no-comments", str(other), check=False)
        assert strange.stderr.startswith(
            "sessionctl: warning: a session called work runs, but not that of this file: it"
            f" belongs to {file}\n"
        )
        file.write_text(file.read_text().replace('"one"', '"mine"'))
        world.tmux("rename-window", "-t", "work:one", "yours")
        both = world.run("diff", "--live", "--no-comments", str(file), check=False)
        assert both.stderr.startswith(
            "sessionctl: warning: the file and the session both changed the same in 1 place:"
            " windows[name=mine].name\n"
        )
    finally:
        world.remove()


@pytest.mark.parametrize(
    "words",
    [
        ("--saved",), ("--live",), ("--saved", "a.toml", "b.toml"), ("--saved", "--live", "a.toml"),
        ("--saved", "--rev", "HEAD", "a.toml"),
    ],
)  # fmt: skip
def test_one_file_is_compared_in_one_way(here, words):
    assert run(*words).exit_code == 2
