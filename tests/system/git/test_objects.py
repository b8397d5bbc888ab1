"""Every content of a repository: committed, staged, stashed, left behind, damaged."""

from __future__ import annotations

import os

from sessionctl.system.git import objects
from sessionctl.system.git.objects import ContentObject, ContentVersion
from sessionctl.system.git.program import Git


def object_file(repo, name):
    return repo.path / ".git" / "objects" / name[:2] / name[2:]


def blob_of(repo, text):
    path = repo.write("../blob", text)
    return repo.run("hash-object", "--no-filters", "--", str(path)).stdout.strip()


def test_what_each_commit_made_of_the_files_is_listed(git_repo):
    git = Git(os.environ, git_repo.path)
    assert objects.all_blobs(git) == objects.index_versions(git) == []
    assert objects.versions_of(git).versions == ()
    one, two, three, staged = (blob_of(git_repo, text) for text in ("1", "22", "333", "4444"))
    first = git_repo.commit("first", **{"a": "1", "b\nc": "22"})
    (git_repo.path / "link").symlink_to("a")
    second = git_repo.commit("second", a="22")
    third = git_repo.commit("third", a="1")  # again: the oldest commit that has it counts
    git_repo.run("checkout", "--quiet", "-b", "side", first)
    side = git_repo.commit("side", d="333")
    git_repo.run("checkout", "--quiet", "main")
    git_repo.run("branch", "--quiet", "-D", "side")  # the reflog leads to it
    git_repo.write("e", "4444")
    git_repo.run("add", "e")
    git_repo.write("e", "55555")
    found = objects.versions_of(git)
    assert set(found.versions) == {
        ContentVersion(one, "a", first), ContentVersion(two, "b\nc", first),
        ContentVersion(two, "a", second), ContentVersion(three, "d", side),
    }  # fmt: skip
    assert found.has_stopped is False
    assert third not in {version.commit for version in found.versions}
    assert objects.index_versions(git) == [
        ContentVersion(one, "a", ""), ContentVersion(two, "b\nc", ""),
        ContentVersion(staged, "e", ""),
    ]  # fmt: skip
    link = blob_of(git_repo, "a")
    blobs = objects.all_blobs(git)
    assert set(blobs) == {
        ContentObject(one, 1), ContentObject(two, 2), ContentObject(three, 3),
        ContentObject(staged, 4), ContentObject(link, 1),
    }  # fmt: skip
    assert dict(objects.contents(git, blobs)) == {
        one: b"1", two: b"22", three: b"333", staged: b"4444", link: b"a",
    }  # fmt: skip


def test_what_is_damaged_or_gone_is_left_out_and_the_rest_is_read(git_repo, monkeypatch):
    git = Git(os.environ, git_repo.path)
    texts = {blob_of(git_repo, text): text for text in ("one\n", "two\n", "", "four\nx", "five")}
    git_repo.commit("all", **{f"f{n}": text for n, text in enumerate(texts.values())})
    one, two, empty, four, five = texts
    blobs = [ContentObject(name, len(text)) for name, text in texts.items()]
    for batch_bytes in (1, 5, 1 << 20):
        monkeypatch.setattr(objects, "_BATCH_BYTES", batch_bytes)
        assert list(objects.contents(git, blobs)) == [
            (name, text.encode()) for name, text in texts.items()
        ]
    object_file(git_repo, two).unlink()
    damaged = object_file(git_repo, four)
    damaged.chmod(0o644)
    damaged.write_bytes(b"x")
    for batch_bytes in (1, 5, 1 << 20):
        monkeypatch.setattr(objects, "_BATCH_BYTES", batch_bytes)
        assert list(objects.contents(git, blobs)) == [
            (one, b"one\n"), (empty, b""), (five, b"five"),
        ]  # fmt: skip
    assert list(objects.contents(git, [])) == []
    known = {blob.hash for blob in objects.all_blobs(git)}
    assert {one, empty, five} <= known
    assert two not in known


def test_a_history_that_breaks_off_says_so(git_repo):
    git = Git(os.environ, git_repo.path)
    first = git_repo.commit("first", a="1")
    second = git_repo.commit("second", a="2")
    object_file(git_repo, first).unlink()
    found = objects.versions_of(git)
    assert found.has_stopped is True
    assert {version.commit for version in found.versions} <= {second}


def test_both_sides_of_a_conflict_are_in_the_index(git_repo):
    git = Git(os.environ, git_repo.path)
    git_repo.commit("base", a="base")
    git_repo.run("checkout", "--quiet", "-b", "side")
    git_repo.commit("theirs", a="theirs")
    git_repo.run("checkout", "--quiet", "main")
    git_repo.commit("ours", a="ours")
    git_repo.run("merge", "--quiet", "side", check=False)
    assert objects.index_versions(git) == [
        ContentVersion(blob_of(git_repo, text), "a", "") for text in ("base", "ours", "theirs")
    ]
