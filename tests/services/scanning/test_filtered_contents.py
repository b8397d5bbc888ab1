"""What can be read of contents that git stores in another form, and what is counted as unread."""

from __future__ import annotations

import hashlib
import os

import pytest

from sessionctl.services.scanning.filtered_contents import FilteredContents, where_paths_begin
from sessionctl.system.git.program import Git

CONFIG = '[filter "rev"]\n\tclean = rev\n\tsmudge = rev\n[filter "bad"]\n\tsmudge = false\n'
SEALED = b"age-encryption.org/ x\n"
PLAIN = b"schema_version = 1\n"
LARGE = b"name = 'large'\n"
POINTER = (
    b"version https://git-lfs.github.com/spec/v1\n"
    b"oid sha256:%s\nsize 15\n" % hashlib.sha256(LARGE).hexdigest().encode()
)


@pytest.fixture
def repo(git_repo):
    with (git_repo.path / ".git" / "config").open("a") as config:
        config.write(CONFIG)
    git_repo.write(
        ".gitattributes",
        "*.rev filter=rev\n*.bad filter=bad\n*.none filter=none\n*.lfs filter=lfs\n",
    )
    return git_repo


def blob(repo, data):
    (repo.path / "content").write_bytes(data)
    return repo.run("hash-object", "-w", "--no-filters", "content").stdout.strip()


def test_a_content_is_read_as_it_is_stored_and_as_it_is_checked_out(repo):
    paths = ["a.rev", "a.bad", "a.none", "a.lfs", "a.txt"]
    contents = FilteredContents(Git(os.environ, repo.path), [*paths, "a.rev"])
    assert [contents.filter_of(path, b"x") for path in paths] == ["rev", "bad", "none", "lfs", ""]
    assert contents.filter_of("other", POINTER) == "lfs"

    def read(path, data):
        return contents.read(path, blob(repo, data), data)

    reads = SEALED.rstrip(b"\n")[::-1] + b"\n"
    assert read("a.txt", PLAIN) == [PLAIN]
    assert read("a.txt", "é".encode("utf-16")) == ["é".encode()]
    assert read("a.rev", SEALED) == [reads]
    assert read("a.rev", b"ab\n") == [b"ab\n", b"ba\n"]
    assert read("a.rev", b"aba\n") == [b"aba\n"]
    assert read("a.bad", PLAIN) == [PLAIN], "it is plain as it is stored"
    assert dict(contents.unread) == {}
    assert read("a.bad", b"x = 1\n") == []
    assert read("a.none", b"x = 1\n") == []
    assert read("a.txt", b"\0") == []
    assert read("a.lfs", POINTER) == []
    assert dict(contents.unread) == {"bad": 1, "none": 1, "": 1, "lfs": 1}
    # What Git LFS has here is read without it.
    oid = hashlib.sha256(LARGE).hexdigest()
    place = repo.path / ".git" / "lfs" / "objects" / oid[:2] / oid[2:4]
    place.mkdir(parents=True)
    (place / oid).write_bytes(LARGE)
    assert read("a.lfs", POINTER) == [LARGE]
    assert contents.unread["lfs"] == 1


def test_without_a_work_tree_what_is_stored_is_all(repo, tmp_path):
    bare = tmp_path / "bare.git"
    repo.run("init", "--quiet", "--bare", str(bare))
    git = Git(os.environ, bare)
    assert where_paths_begin(git) is git
    (repo.path / "sub").mkdir()
    assert where_paths_begin(Git(os.environ, repo.path / "sub")).cwd == repo.path
    contents = FilteredContents(git, ["a.rev"])
    assert contents.read("a.rev", "0" * 40, PLAIN) == [PLAIN]
    assert contents.read("a.rev", "0" * 40, POINTER) == []
    assert dict(contents.unread) == {"lfs": 1}
