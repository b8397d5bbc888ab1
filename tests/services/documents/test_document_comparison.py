"""Which text a word of the command line names: a file, stdin, or a file in a git revision."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import pytest

from sessionctl.errors import FileError, GitError, UsageError
from sessionctl.services.documents.document_comparison import (
    DocumentVersion,
    blob_text,
    compare,
    is_commit,
    read_revision,
    read_versions,
)
from sessionctl.system.git.program import Git
from tests.together import together

LINES = "".join(f"line{number} = {number}\n" for number in range(9))
OLD, NOW = f'name = "a"\n{LINES}', f'name = "b"\n{LINES}'
SECRET = "[env]\nAPI_TOKEN = '{}'\n"


@pytest.fixture
def here(git_repo, monkeypatch):
    """The directory ``sub`` of a repository, with a file that had another name and text."""
    git_repo.write("sub/first.toml", OLD)
    git_repo.commit("first", top__toml="t = 1\n")
    git_repo.run("mv", "sub/first.toml", "sub/second.toml")
    git_repo.commit("renamed")
    git_repo.write("sub/second.toml", NOW)
    git_repo.commit("changed")
    monkeypatch.chdir(git_repo.path / "sub")
    return git_repo


def read(word):
    """Return the version that ``word`` names, or what is wrong with it."""
    try:
        return read_versions("/dev/null", word, os.environ)[1]
    except (GitError, FileError) as error:
        return (error.message, *error.hints)


def test_a_word_is_a_file_nothing_stdin_or_a_file_in_a_revision(here, monkeypatch):
    stdin = io.TextIOWrapper(io.BytesIO(b"s = 1\n"))
    monkeypatch.setattr(sys, "stdin", stdin)
    Path("HEAD:odd.toml").write_text("odd = 1\n")
    texts = {
        "/dev/null": "",
        "second.toml": NOW,
        "HEAD:sub/second.toml": NOW,  # from the top
        "HEAD:second.toml": NOW,  # from here
        "HEAD:./second.toml": NOW,
        "HEAD:top.toml": "t = 1\n",
        ":top.toml": "t = 1\n",  # as the index has it
        "HEAD:odd.toml": "odd = 1\n",
    }
    assert {word: read(word) for word in texts} == {
        word: DocumentVersion(word, text) for word, text in texts.items()
    }
    assert read("-").text == "s = 1\n"
    with pytest.raises(UsageError, match=r"^diff: only one of the files can be '-'$"):
        read_versions("-", "-", os.environ)


@together(
    "word, message, hint",
    [
        (
            "none:top.toml",
            "none: git knows no such revision",
            "see them: git log --oneline",
        ),
        (
            "--all:top.toml",
            "--all: git knows no such revision",
            "see them: git log --oneline",
        ),
        (
            "HEAD:none.toml",
            "HEAD:none.toml: git has no such file in that revision",
            "see where it was: git log --oneline --all -- none.toml",
        ),
        (
            ":none.toml",
            ":none.toml: git has no such file in that revision",
            "see where it was: git log --oneline --all -- none.toml",
        ),
    ],
)
def test_what_git_does_not_have_is_told_with_where_to_look(here, word, message, hint):
    assert read(word) == (message, hint)


def test_what_a_filter_hides_is_read_through_it_and_a_directory_is_no_text(here):
    with (here.path / ".git" / "config").open("a") as config:
        config.write('[filter "rev"]\n\tclean = rev\n\tsmudge = rev\n')
    here.write(".gitattributes", "sub/r*.toml filter=rev\n")
    text = "# /gro.noitpyrcne-ega\nr = 1\n"  # reversed, it begins as a file of age
    here.write("sub/r.toml", text)
    here.commit("filtered")
    for word in ("HEAD:sub/r.toml", "HEAD:r.toml", "HEAD:./r.toml"):
        assert read(word) == DocumentVersion(word, text)
    stored = here.run("show", "HEAD:sub/r.toml").stdout
    assert stored.startswith("age-encryption.org/ #")
    here.write(".gitattributes", "")
    assert read("HEAD:r.toml") == DocumentVersion("HEAD:r.toml", stored)
    git = Git(os.environ, here.path)
    assert [blob_text(git, name, "x") for name in ("HEAD:sub", "HEAD:none", "HEAD:top.toml")] == [
        None, None, "t = 1\n"
    ]  # fmt: skip


def test_a_word_that_is_neither_is_a_missing_file(here):
    for word in ("none", "HEAD:", "none.toml"):
        message, *_ = read(word)
        assert message.startswith(f"{word}: cannot read")


def test_a_file_now_and_as_it_was_and_the_name_that_it_had(here):
    was, now = read_revision("HEAD", "second.toml", os.environ)
    assert was == DocumentVersion("HEAD:second.toml", NOW)
    assert now == DocumentVersion("second.toml", NOW)
    assert read_revision("HEAD~1", "second.toml", os.environ)[0].text == OLD
    with pytest.raises(GitError) as caught:
        read_revision("HEAD~2", "second.toml", os.environ)
    assert (caught.value.message, caught.value.hints) == (
        "HEAD~2:second.toml: git has no such file in that revision",
        ("it had another name: sessionctl diff HEAD~2:sub/first.toml second.toml",),
    )
    Path("fresh.toml").write_text(NOW)
    with pytest.raises(GitError) as caught:
        read_revision("HEAD", "fresh.toml", os.environ)
    assert caught.value.hints == ("see where it was: git log --oneline --all -- fresh.toml",)


def test_a_name_from_elsewhere_is_read_there(here, monkeypatch):
    monkeypatch.chdir(here.path.parent)
    file = "repo/sub/second.toml"
    with pytest.raises(GitError) as caught:
        read_revision("HEAD~2", file, os.environ)
    [hint] = caught.value.hints
    show = f"git -C {here.path} show HEAD~2:sub/first.toml"
    assert hint == f"it had another name: {show} | sessionctl diff - {file}"


def test_what_is_a_commit(here, monkeypatch):
    commits = {"HEAD": True, "main": True, "HEAD~1": True, "HEAD:top.toml": False, "none": False}
    assert {word: is_commit(word, os.environ) for word in commits} == commits
    monkeypatch.setenv("PATH", "/nowhere")
    assert is_commit("HEAD", os.environ) is False


def test_comments_can_be_left_out():
    found = compare(DocumentVersion("a", "x = 1\n"), DocumentVersion("b", "# note\nx = 2\n"))
    plain = found.without_comments()
    assert (len(found.diff), len(found.shown)) == (2, 2)
    assert (len(plain.diff), len(plain.shown)) == (1, 1)
    assert plain.mask is found.mask


def test_a_secret_is_masked_in_what_is_shown():
    one = DocumentVersion("a.session.toml", SECRET.format("first-of-all"))
    other = DocumentVersion("a.session.toml", SECRET.format("second-of-all"))
    found = compare(one, other)
    assert "second-of-all" in repr(list(found.diff))
    assert "-of-all" not in repr(list(found.shown))
