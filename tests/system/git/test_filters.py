"""What git makes of a file on its way in and out, against real filters."""

from __future__ import annotations

import hashlib
import os

import pytest

from sessionctl.system.git import filters
from sessionctl.system.git.filters import Conversion
from sessionctl.system.git.program import Git
from tests.together import together

POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize 3\n"

CONFIG = """\
[filter "rev"]
\tclean = rev
\tsmudge = rev
\trequired
[filter "half"]
\tsmudge = rev
[filter "bad"]
\tclean = false
\tsmudge = false
[filter "worse"]
\tclean = false
\tsmudge = false
\trequired
[filter "empty"]
\tclean =
[filter "wire"]
\tprocess = no-such-program
[filter "same"]
\tclean = cat
\tsmudge = cat
"""


@pytest.fixture
def repo(git_repo):
    """A repository with the filters "rev" (each line backwards), "half" and "bad"."""
    with (git_repo.path / ".git" / "config").open("a") as config:
        config.write(CONFIG)
    names = ("rev", "half", "bad", "worse", "unknown", "same")
    git_repo.write(
        ".gitattributes",
        "".join(f"*.{name} filter={name}\n" for name in names)
        + "*.plain -filter\n*.set filter\n*.wide working-tree-encoding=UTF-16LE\n"
        "*.both filter=rev working-tree-encoding=latin-1\n",
    )
    return git_repo


@pytest.fixture
def git(repo):
    return Git(os.environ, repo.path)


@together(
    "encoding, data, stored",
    [
        ("", b"\xff\xfea\0", b"\xff\xfea\0"),
        ("latin-1", b"caf\xe9", "café".encode()),
        ("UTF-16", "\ufeffa".encode("utf-16-le"), b"a"),
        ("UTF-16LE-BOM", "\ufeffa\ufeff".encode("utf-16-le"), "a\ufeff".encode()),
        ("UTF-8-BOM", "\ufeffa".encode(), b"a"),
        ("UTF-16", b"\xff\xfea", b"\xff\xfea"),
        ("no-such-encoding", b"caf\xe9", b"caf\xe9"),
    ],
)
def test_bytes_of_the_work_tree_are_told_in_utf8(encoding, data, stored):
    assert Conversion("", encoding).as_stored(data) == stored


def test_which_files_have_a_filter_or_an_encoding(git):
    paths = [f"a.{end}" for end in ("rev", "unknown", "plain", "set", "wide", "both", "toml")]
    assert filters.conversions_of(git, paths) == {
        "a.rev": Conversion("rev", ""), "a.unknown": Conversion("unknown", ""),
        "a.wide": Conversion("", "UTF-16LE"), "a.both": Conversion("rev", "latin-1"),
    }  # fmt: skip
    assert filters.filters_of(git, paths) == {
        "a.rev": "rev", "a.unknown": "unknown", "a.both": "rev",
    }  # fmt: skip
    assert filters.conversions_of(git, []) == filters.filters_of(git, []) == {}


def test_which_filters_are_set_up(git):
    cleaning = {"rev", "bad", "worse", "wire", "same"}
    assert filters.configured_filters(git) == cleaning
    assert filters.known_filters(git) == {*cleaning, "half"}


def test_where_no_attributes_file_names_one_no_git_is_started(git_repo, home):
    def may_convert(*paths, **environ):
        git = Git({"HOME": str(home), **environ}, git_repo.path)
        return filters.may_convert(git, str(git_repo.path), paths)

    config = home / ".config" / "git"
    config.mkdir(parents=True)
    assert not may_convert("a/b/c.toml")
    for place in (".gitattributes", "a/.gitattributes", "a/b/.gitattributes",
                  ".git/info/attributes"):  # fmt: skip
        git_repo.write(place, "*.toml merge=sessionctl\n")
        assert not may_convert("a/b/c.toml"), place
        for line in ("x filter=y\n", "x working-tree-encoding=UTF-16\n"):
            git_repo.write(place, line)
            assert may_convert("z.toml", "a/b/c.toml"), place
            assert may_convert("z.toml") is (not place.startswith("a/")), place
        (git_repo.path / place).unlink()
    (config / "attributes").write_text("* filter=x\n")
    assert may_convert("c.toml")
    assert not may_convert("c.toml", XDG_CONFIG_HOME=str(home / "other"))
    (home / "other" / "git").mkdir(parents=True)
    (home / "other" / "git" / "attributes").mkdir()  # cannot be read: it may
    assert may_convert("c.toml", XDG_CONFIG_HOME=str(home / "other"))
    (config / "attributes").unlink()
    assert not may_convert("c.toml")
    git_repo.write(".git/commondir", "..\n")  # a linked work tree has attributes elsewhere
    assert may_convert("c.toml")
    assert filters.may_convert(Git({}, home), str(home), ["c.toml"])


def blob_of(repo, text):
    path = repo.write("../blob", text)
    return repo.run("hash-object", "-w", "--no-filters", "--", str(path)).stdout.strip()


@together(
    "path, stored, content, checked_out",
    [
        ("a.rev", "cba\n", b"abc\n", b"abc\n"),
        ("a.half", "cba\n", b"abc\n", b"abc\n"),
        # A filter that fails, or is not there, hands on what is stored.
        ("a.bad", "cba\n", None, None), ("a.worse", "cba\n", None, None),
        ("a.unknown", "cba\n", None, b"cba\n"), ("a.same", "cba\n", None, b"cba\n"),
        ("a.toml", "cba\r\n", None, b"cba\r\n"), ("a.rev", "abba\n", None, b"abba\n"),
    ],
)  # fmt: skip
def test_what_is_stored_is_read_through_its_filter(repo, git, path, stored, content, checked_out):
    blob = blob_of(repo, stored)
    assert filters.smudged(git, path, blob, stored.encode()) == content
    assert filters.smudge(git, path, stored.encode()) == content
    assert filters.checked_out(git, path, blob) == checked_out


def test_only_what_stands_for_a_text_is_read_through_its_filter(repo, git):
    sealed = "age-encryption.org/v1\n"
    blob = blob_of(repo, sealed)
    content = sealed.strip()[::-1].encode() + b"\n"
    for path, found in (
        ("a.rev", content),
        ("a.toml", sealed.encode()),
        ("a.bad", sealed.encode()),
    ):
        assert filters.readable(git, path, blob, sealed.encode()) == found
    text = blob_of(repo, "abc\n")
    assert filters.readable(git, "a.rev", text, b"abc\n") == b"abc\n"


def test_an_empty_file_is_empty_whatever_its_filter(git):
    for path in ("a.rev", "a.worse", "a.toml"):
        assert filters.smudge(git, path, b"") == b""


@together(
    "path, content, stored, is_stored",
    [
        ("a.rev", "abc\n", b"cba\n", True), ("a.half", "abc\n", b"abc\n", False),
        ("a.bad", "abc\n", b"abc\n", False), ("a.worse", "abc\n", None, False),
        ("a.toml", "abc\n", b"abc\n", True), ("a.rev", "", b"", True),
    ],
)  # fmt: skip
def test_what_git_stores_of_a_file(repo, git, path, content, stored, is_stored):
    assert filters.clean(git, path, content.encode()) == stored
    repo.write(path, content)
    assert filters.is_stored_by(git, path.partition(".")[2], path) is is_stored


def test_an_object_of_lfs_is_found_by_its_pointer_where_it_is_here(repo, git):
    name = hashlib.sha256(b"abc").hexdigest()
    pointer = POINTER.format(name).encode()
    assert filters.lfs_object(git, pointer) is None
    repo.write(f".git/lfs/objects/{name[:2]}/{name[2:4]}/{name}", "abc")
    assert filters.lfs_object(git, pointer) == b"abc"
    for other in (pointer.replace(b"oid", b"iod"), pointer.replace(b"\nsize", b"0\nsize"), b""):
        assert filters.lfs_object(git, other) is None
