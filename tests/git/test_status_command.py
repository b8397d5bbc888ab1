"""sessionctl status: which files need a person."""

from __future__ import annotations

import os

import pytest

from tests.git.conftest import BASE, read_answer
from tests.git.inprocess import run_inside
from tests.git.test_merges import CLASH, NAME, OURS, branch_off

VALID = 'schema_version = 1\nname = "x"\n'


def status(path, *arguments, code=0):
    done = run_inside("status", *arguments, cwd=path)
    assert done.returncode == code, done.stderr
    return done


@pytest.fixture
def valid(repo):
    """Return the repository with one valid session in it."""
    repo.run("rm", "--quiet", NAME)
    repo.commit("valid", x__session__toml=VALID)
    return repo


def test_conflicts_are_listed_with_their_keys_and_places(repo):
    branch_off(repo, CLASH, OURS)
    repo.run("merge", "topic", check=False)
    done = status(repo.path, code=1)
    assert done.stdout.splitlines() == [
        "under way   a merge",
        f"conflicts   {NAME}: 1 conflict",
        f"              {NAME}:3: root",
    ]
    assert done.stderr == f"sessionctl: hint: next: sessionctl resolve {NAME}\n"


def test_all_is_told_as_json(repo):
    branch_off(repo, CLASH, OURS)
    repo.run("merge", "topic", check=False)
    answer = read_answer(status(repo.path, "--json", code=1).stdout, "status")
    assert (answer["needs_person"], answer["operation"]) == (True, "merge")
    assert answer["next"] == [f"sessionctl resolve {NAME}"]
    (file,) = answer["files"]
    assert (file["path"], file["state"]) == (NAME, "conflicts")
    assert file["conflicts"] == [{"line": 3, "keys": "root"}]


def test_of_many_conflicts_the_first_are_listed(tmp_path):
    text = "".join(f"<<<<<<< a\nk{n} = 1\n=======\nk{n} = 2\n>>>>>>> b\n" for n in range(12))
    (tmp_path / "a.session.toml").write_text(text)
    done = status(tmp_path, code=1)
    assert "a.session.toml: 12 conflicts\n" in done.stdout
    assert done.stdout.splitlines()[-1].strip() == "and 2 more"


def test_a_resolved_file_waits_to_be_added_and_then_for_the_commit(repo):
    branch_off(repo, CLASH, OURS)
    repo.run("merge", "topic", check=False)
    repo.write(NAME, OURS)
    assert f"check it; 2 errors, the first at {NAME}:1:1: " in status(repo.path, code=1).stdout
    repo.write(NAME, VALID)
    done = status(repo.path, code=1)
    assert f"unmerged    {NAME}: git could not merge it, check it\n" in done.stdout
    assert f"next: git add {NAME}" in done.stderr
    repo.run("add", NAME)
    done = status(repo.path)
    assert f"changed     {NAME}: 5 changes\n" in done.stdout
    assert "next: git commit" in done.stderr


def test_mistakes_are_counted_and_the_first_is_told(repo):
    done = status(repo.path, code=1)
    assert done.stdout == (
        f"invalid     {NAME}: 1 error, {NAME}:1:1: the key schema_version is missing\n"
    )
    assert f"next: sessionctl validate {NAME}" in done.stderr
    repo.write(NAME, "x = 1\n" + BASE)
    assert f"2 errors, the first at {NAME}:1:1: " in status(repo.path, code=1).stdout


@pytest.mark.parametrize(
    ("text", "place"),
    [("a = \n", "1:5"), ("a = 1\n<<<<<<< x\n", "2:1")],
)
def test_what_is_no_toml_and_broken_markers_are_mistakes(valid, text, place):
    valid.write("x.session.toml", text)
    assert f"1 error, x.session.toml:{place}: " in status(valid.path, code=1).stdout


def test_what_is_not_utf8_is_a_mistake_too(valid):
    (valid.path / "x.session.toml").write_bytes(b"a = '\xff'\n")
    assert "x.session.toml:1:6: not UTF-8" in status(valid.path, code=1).stdout


def test_changes_since_the_last_commit_are_counted_by_key(valid):
    assert status(valid.path).stdout == "clean       x.session.toml\n"
    valid.write("x.session.toml", VALID + 'root = "a"\n[preferences]\nx = 1\n')
    assert status(valid.path).stdout == "changed     x.session.toml: 2 changes\n"
    valid.write("x.session.toml", VALID.replace(" = ", "="))
    assert status(valid.path).stdout == "changed     x.session.toml: in layout only\n"
    (valid.path / "x.session.toml").unlink()
    assert status(valid.path).stdout == "missing     x.session.toml\n"


def test_a_file_that_was_no_toml_is_changed(valid):
    valid.commit("broken", x__session__toml="a = \n")
    valid.write("x.session.toml", VALID)
    assert status(valid.path).stdout == "changed     x.session.toml\n"


def test_new_files_are_shown_tracked_or_not(valid):
    valid.write("new.session.toml", VALID)
    assert "new         new.session.toml\n" in status(valid.path).stdout
    assert status(valid.path, "new.session.toml").stdout == "new         new.session.toml\n"
    valid.run("add", "new.session.toml")
    assert "new         new.session.toml\n" in status(valid.path).stdout


def test_in_a_repository_without_a_commit_all_is_new(git_repo):
    git_repo.write("x.session.toml", VALID)
    git_repo.run("add", ".")
    assert status(git_repo.path).stdout == "new         x.session.toml\n"


def test_other_toml_that_git_merges_through_sessionctl_is_told(valid):
    valid.commit("others", Cargo__toml="a = 1\n", other__toml="a = 1\n")
    run_inside("git", "install", "--pattern", "Cargo.toml", cwd=valid.path)
    assert "clean       Cargo.toml\n" in status(valid.path).stdout
    assert "other.toml" not in status(valid.path).stdout


def test_the_whole_repository_is_told_from_below_and_directories_apart(valid):
    valid.commit("more", **{"sub/a__session__toml": VALID, "sub/deep/b__session__toml": VALID})
    below = valid.path / "sub"
    assert status(below).stdout.split()[1::2] == [
        "../x.session.toml", "a.session.toml", "deep/b.session.toml"
    ]  # fmt: skip
    assert status(below, ".").stdout.split()[1::2] == ["a.session.toml", "deep/b.session.toml"]
    assert status(valid.path, "sub/deep").stdout.split()[1::2] == ["sub/deep/b.session.toml"]
    found = status(valid.path, "sub/deep", "x.session.toml").stdout.split()[1::2]
    assert found == ["sub/deep/b.session.toml", "x.session.toml"]


def test_a_symlink_out_of_the_repository_is_clean(valid, tmp_path):
    (tmp_path / "real.session.toml").write_text(VALID)
    (valid.path / "link.session.toml").symlink_to(tmp_path / "real.session.toml")
    valid.run("add", ".")
    assert "new         link.session.toml\n" in status(valid.path).stdout
    valid.commit("link")
    assert "clean       link.session.toml\n" in status(valid.path).stdout


def test_outside_of_a_repository_the_session_files_below_are_told(tmp_path):
    done = status(tmp_path)
    assert (done.stdout, done.stderr) == ("", "no session files here\n")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "x.session.toml").write_text(VALID)
    (tmp_path / "y.toml").write_text("a = 1\n")
    assert status(tmp_path).stdout == "clean       sub/x.session.toml\n"
    assert status(tmp_path, "y.toml").stdout == "clean       y.toml\n"


def test_a_bare_repository_has_no_files_of_its_own(git_repo, tmp_path):
    git_repo.run("init", "--quiet", "--bare", str(tmp_path / "bare"))
    assert "no session files here" in status(tmp_path / "bare").stderr


def test_what_cannot_be_read_or_checked_has_its_own_exit_code(tmp_path):
    (tmp_path / "a.session.toml").mkdir()
    (tmp_path / "b.toml").write_text("#:schema ./none.json\na = 1\n")
    done = status(tmp_path, "b.toml", code=3)
    assert done.stdout.startswith("unreadable  b.toml: ")
    assert "none.json" in done.stdout
    (tmp_path / "loop.toml").symlink_to("loop.toml")
    assert (
        "unreadable  loop.toml: cannot read: a symlink"
        in status(tmp_path, "loop.toml", code=3).stdout
    )
    assert "none.toml: no such file" in status(tmp_path, "none.toml", code=3).stderr


def test_a_repository_that_git_refuses_is_not_taken_for_none(valid):
    done = run_inside("status", cwd=valid.path, env={"GIT_TEST_ASSUME_DIFFERENT_OWNER": "1"})
    assert done.returncode == 3
    assert "dubious ownership" in done.stderr
    assert "hint: git config --global --add safe.directory" in done.stderr


def test_without_git_the_session_files_are_told(tmp_path):
    (tmp_path / "x.session.toml").write_text(VALID)
    done = run_inside("status", cwd=tmp_path, env={"PATH": "/nonexistent"})
    assert done.stdout == "clean       x.session.toml\n"


@pytest.fixture
def many(valid):
    """Return the repository with six changed sessions: so many that git is asked at once."""
    texts = {f"s{n}": f"{VALID}# {n}\n[preferences]\na = 1\nb = 2\n" for n in range(6)}
    valid.commit("more", **{f"{name}__session__toml": text for name, text in texts.items()})
    for number, name in enumerate(texts):
        text = texts[name].replace("a = 1", "a = 9")
        if number % 2:
            text = text.replace("b = 2", f"b = {number}3")
        valid.write(f"{name}.session.toml", text)
    return valid


MANY = [f"changed     s{n}.session.toml: {1 + n % 2} change{'s' * (n % 2)}" for n in range(6)]


@pytest.mark.parametrize(
    "attributes",
    ["", "*.toml text eol=crlf\n", "*.toml text=auto\n", "*.toml ident\n", "*.toml filter=same\n"],
)
def test_of_many_changed_files_each_is_counted_as_alone(many, attributes):
    many.run("config", "filter.same.clean", "cat")
    many.run("config", "filter.same.smudge", "cat")
    many.write(".gitattributes", attributes)
    told = status(many.path).stdout.splitlines()
    assert [line for line in told if line.startswith("changed") and "session" in line] == MANY
    alone = [status(many.path, f"s{n}.session.toml").stdout.splitlines()[0] for n in range(6)]
    assert alone == MANY


def test_what_was_counted_before_is_not_compared_again(many, monkeypatch):
    from sessionctl.services.machine import Machine
    from sessionctl.services.sync.survey import survey
    from sessionctl.services.verdicts import verdict_cache
    from sessionctl.services.verdicts.user_verdicts import user_verdicts

    monkeypatch.setattr(verdict_cache, "_LEAST", 0)
    monkeypatch.chdir(many.path)
    environ = {"HOME": str(many.path.parent), "PATH": os.environ["PATH"]}
    environ["XDG_CACHE_HOME"] = str(many.path.parent / "cache")

    def counts():
        verdicts = user_verdicts(Machine(environ))
        found = survey((), environ, verdicts)
        verdicts.keep()
        return {file.path: file.changes for file in found.files if file.state == "changed"}

    first = counts()
    assert sorted(first.values()) == [1, 1, 1, 2, 2, 2]
    with monkeypatch.context() as patch:
        patch.setattr("sessionctl.services.documents.document_comparison.compare", None)
        assert counts() == first
    many.write("s0.session.toml", f"{VALID}[preferences]\na = 2\n")
    assert counts() == first | {"s0.session.toml": 3}
