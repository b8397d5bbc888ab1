"""When sessionctl is missing or broken after it was installed: git goes on, nothing is lost."""

from __future__ import annotations

import pytest

from tests.git.test_merges import BASE, CLASH, MERGED, NAME, OURS, THEIRS, branch_off, unmerged

APART = (
    BASE.replace("# the api session", "# the session of api"),
    BASE.replace('"tiled"', '"even"'),
)
BROKEN = {
    "cannot be imported": "raise ImportError('a broken installation')\n",
    "is killed": "import os; os.kill(os.getpid(), 9)\n",
    "ends with 1": "raise SystemExit(1)\n",
    "ends with 2": "raise SystemExit(2)\n",
    "ends with 130": "raise SystemExit(130)\n",
}


@pytest.fixture(params=BROKEN)
def broken(request, repo, tmp_path, monkeypatch):
    """Return a repository in which the sessionctl that git finds cannot even start."""
    package = tmp_path / "broken" / "sessionctl"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text(BROKEN[request.param])
    monkeypatch.setenv("PYTHONPATH", str(package.parent))
    return repo


def test_diff_and_log_go_on_without_the_program(repo, no_program):
    repo.commit("change", api__session__toml=OURS)
    no_program()
    repo.write(NAME, MERGED)
    assert '+cwd = "src"' in repo.run("diff").stdout
    assert '+layout = "even"' in repo.run("log", "-p").stdout
    assert '+layout = "even"' in repo.run("show").stdout


def test_diff_and_log_go_on_with_a_broken_program(broken):
    # A file with a secret in it: only for such a one is the program started.
    secret = '[connections.p]\npassword = "x"\n'
    broken.commit("change", api__session__toml=OURS + secret)
    broken.write(NAME, MERGED + secret)
    assert '+cwd = "src"' in broken.run("diff").stdout
    assert '+layout = "even"' in broken.run("log", "-p").stdout


def test_a_merge_that_git_can_do_is_done_without_the_program(repo, no_program):
    branch_off(repo, *APART)
    no_program()
    done = repo.run("merge", "topic")
    assert repo.read(NAME) == APART[0].replace('"tiled"', '"even"')
    assert done.stderr == f"sessionctl: warning: cannot run, git merges by lines: {NAME}\n"


def test_a_conflict_without_the_program_has_markers(repo, no_program):
    branch_off(repo, THEIRS, OURS)
    no_program()
    assert repo.run("merge", "topic", check=False).returncode == 1
    text = repo.read(NAME)
    assert "<<<<<<< ours\n" in text
    assert 'cwd = "src"' in text
    assert unmerged(repo) == [NAME]


def test_a_conflict_with_a_broken_program_has_markers_and_both_sides(broken):
    branch_off(broken, CLASH, OURS)
    assert broken.run("merge", "topic", check=False).returncode == 1
    text = broken.read(NAME)
    assert "<<<<<<< ours\n" in text
    assert "~/code/api" in text
    assert "~/work/api" in text
    assert unmerged(broken) == [NAME]


def test_a_merge_that_git_can_do_is_done_with_a_broken_program(broken):
    branch_off(broken, *APART)
    broken.run("merge", "topic")
    assert broken.read(NAME) == APART[0].replace('"tiled"', '"even"')


def test_a_clone_without_the_set_up_merges_by_lines(repo, tmp_path):
    branch_off(repo, *APART)
    repo.run("clone", "--quiet", ".", str(tmp_path / "clone"))
    repo.run("-C", str(tmp_path / "clone"), "merge", "origin/topic")
    assert (tmp_path / "clone" / NAME).read_text() == APART[0].replace('"tiled"', '"even"')


def test_an_absurd_marker_size_without_the_program_drops_no_side(repo, no_program):
    attributes = repo.read(".gitattributes") + "*.toml conflict-marker-size=2147483647\n"
    repo.write(".gitattributes", attributes)
    repo.commit()
    branch_off(repo, CLASH, OURS)
    no_program()
    repo.run("merge", "topic", check=False)
    text = repo.read(NAME)
    assert "<<<<<<< ours" in text
    assert 'root = "~/work/api"' in text
    assert 'root = "~/code/api"' in text
