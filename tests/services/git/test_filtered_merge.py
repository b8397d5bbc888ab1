"""Three versions behind a filter of git: their texts, and what is stored of the result."""

from __future__ import annotations

import os

import pytest

from sessionctl.errors import GitError
from sessionctl.services.git.filtered_merge import find_filtered
from tests.together import together

CONFIG = """\
[filter "rev"]
\tclean = rev
\tsmudge = rev
[filter "bad"]
\tclean = false
\tsmudge = false
\trequired
"""
SEALED = "age-encryption.org/v1 {}\n"


@pytest.fixture
def repo(git_repo, monkeypatch):
    with (git_repo.path / ".git" / "config").open("a") as config:
        config.write(CONFIG)
    git_repo.write(".gitattributes", "*.rev filter=rev\n*.bad filter=bad\n")
    monkeypatch.chdir(git_repo.path)
    return git_repo


def files(repo, *versions):
    names = []
    for number, data in enumerate(versions):
        (repo.path / f"v{number}").write_bytes(data)
        names.append(f"v{number}")
    return names


def sealed(word):
    return SEALED.format(word).encode()


def read(word):
    return SEALED.format(word).rstrip("\n")[::-1] + "\n"


@together(
    "path, versions, texts",
    [
        ("a.rev", (sealed("b"), sealed("o"), sealed("t")), (read("b"), read("o"), read("t"))),
        # One from before the filter is what it is, and so is a text that reads the same.
        ("a.rev", (b"", b"a = 1\n", sealed("t")), ("", "1 = a\n", read("t"))),
        ("a.rev", (b"aba\n", sealed("o"), sealed("t")), ("aba\n", read("o"), read("t"))),
        ("a.bad", (sealed("b"), sealed("o"), sealed("t")), None),
        ("a.bad", (b"a = 1\n", sealed("o"), b"a = 2\n"), None),
        ("a.bad", (b"a = 1\n", b"a = 2\n", b"a = 3\n"), ("a = 1\n", "a = 2\n", "a = 3\n")),
    ],
    ids=str,
)
def test_the_texts_are_those_that_the_filter_gives(repo, path, versions, texts):
    found = find_filtered(files(repo, *versions), path, os.environ)
    assert (found.path, found.name, found.texts) == (path, path.partition(".")[2], texts)


def test_a_text_that_is_not_utf8_is_none(repo):
    data = "\u00e9 v1 gro.noitpyrcne-ega"[::-1].encode("latin-1") + b"\n"
    found = find_filtered(files(repo, data, sealed("o"), sealed("t")), "a.rev", os.environ)
    assert (found.name, found.texts) == ("rev", None)


def test_without_a_filter_or_a_repository_there_is_nothing(repo, tmp_path, monkeypatch):
    names = files(repo, b"1", b"2", b"3")
    assert find_filtered(names, "a.toml", os.environ) is None
    monkeypatch.chdir(tmp_path)
    assert find_filtered(names, "a.rev", os.environ) is None


def test_the_result_goes_back_through_the_filter_or_nowhere(repo):
    names = files(repo, sealed("b"), sealed("o"), sealed("t"))
    found = find_filtered(names, "a.rev", os.environ)
    found.store("caf\u00e9 = 1\n", "v1")
    assert (repo.path / "v1").read_bytes() == "1 = \u00e9fac\n".encode()
    with pytest.raises(GitError) as caught:
        found._replace(path="a.bad", name="bad").store("a = 1\n", "v1")
    assert caught.value.message == "a.bad: the filter bad does not restore it"
    assert (repo.path / "v1").read_bytes() == "1 = \u00e9fac\n".encode()
