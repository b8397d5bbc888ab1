"""Line ends: git turns them, by settings and attributes; the merge leaves them as they are."""

from __future__ import annotations

import pytest

from tests.git.inprocess import run_inside
from tests.git.test_merges import BASE, CLASH, MERGED, NAME, OURS, THEIRS, branch_off

SETTINGS = {
    "autocrlf": ({"core.autocrlf": "true"}, ""),
    "attribute eol=crlf": ({}, "*.toml text eol=crlf\n"),
    "core.eol": ({"core.eol": "crlf"}, "*.toml text\n"),
}


def crlf(text):
    return text.replace("\n", "\r\n")


@pytest.fixture(params=SETTINGS)
def turning(request, repo):
    """Return a repository in which git keeps line feeds and checks out Windows' line ends."""
    settings, attributes = SETTINGS[request.param]
    for key, value in settings.items():
        repo.run("config", key, value)
    repo.write(".gitattributes", repo.read(".gitattributes") + attributes)
    repo.commit("attributes", api__session__toml=crlf(BASE))
    assert repo.run("show", f":{NAME}").stdout == BASE
    return repo


def test_a_merge_is_clean_and_has_the_line_ends_of_the_work_tree(turning):
    branch_off(turning, crlf(THEIRS), crlf(OURS))
    turning.run("merge", "topic")
    assert turning.read(NAME) == crlf(MERGED)
    assert turning.run("show", f"HEAD:{NAME}").stdout == MERGED
    assert turning.run("status", "--porcelain").stdout == ""


def test_a_conflict_is_settled_with_the_line_ends_of_the_work_tree(turning):
    branch_off(turning, crlf(CLASH), crlf(OURS))
    assert turning.run("merge", "topic", check=False).returncode == 1
    text = turning.read(NAME)
    assert text.count("\n") == text.count("\r\n")
    assert "<<<<<<< main\r\n" in text
    assert run_inside("resolve", NAME, "--prefer", "theirs", cwd=turning.path).returncode == 0
    assert turning.read(NAME) == crlf(OURS.replace("work", "code"))
    turning.run("commit", "--quiet", "--all", "--no-edit")
    assert turning.run("show", f"HEAD:{NAME}").stdout == OURS.replace("work", "code")


def test_diff_log_and_undo_see_the_edit_and_no_line_ends(turning):
    turning.commit("edit", api__session__toml=crlf(OURS))
    assert turning.run("diff", "HEAD~1", "--stat").stdout.count("2 insertions(+), 2 deletions") == 1
    done = run_inside("diff", "--rev", "HEAD~1", NAME, cwd=turning.path)
    assert done.stdout.count(" -> ") == 2
    assert run_inside("undo", NAME, cwd=turning.path).returncode == 0
    assert turning.read(NAME) == crlf(BASE)
    assert turning.run("diff", "HEAD~1").stdout == ""


def test_one_side_with_windows_line_ends_in_git_takes_the_edits_of_the_other(repo):
    branch_off(repo, crlf(THEIRS), OURS)
    repo.run("merge", "topic")
    assert repo.read(NAME) == crlf(MERGED)


def test_renormalizing_merges_take_no_side_for_changed(repo):
    repo.run("config", "merge.renormalize", "true")
    branch_off(repo, crlf(THEIRS), OURS)
    repo.run("checkout", "--quiet", "topic")
    repo.write(".gitattributes", repo.read(".gitattributes") + "*.toml text\n")
    repo.run("add", "--renormalize", ".")
    repo.commit("normalize")
    repo.run("checkout", "--quiet", "main")
    repo.run("merge", "topic")
    assert repo.run("show", f"HEAD:{NAME}").stdout == MERGED
