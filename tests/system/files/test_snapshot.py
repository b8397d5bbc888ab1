"""A glance at a file: what it holds now, whatever it is."""

from __future__ import annotations

import os

import pytest

from sessionctl.system.files.snapshot import git_operation, glance_at, marks_at


def test_a_text_is_seen_as_it_is(tmp_path):
    (tmp_path / "a").write_bytes(b"\xef\xbb\xbfa\r\n\xff")
    glance = glance_at(str(tmp_path / "a"))
    assert (glance.data, glance.failure, glance.is_open) == (b"\xef\xbb\xbfa\r\n\xff", None, False)


@pytest.mark.parametrize("make", [lambda path: None, lambda path: path.symlink_to("nowhere")])
def test_nothing_is_seen_where_nothing_is(tmp_path, make):
    make(tmp_path / "a")
    assert glance_at(str(tmp_path / "a")) == (None, None, False)
    assert marks_at(str(tmp_path / "a")) == ()


def test_a_directory_and_a_pipe_cannot_be_read(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe"):
        glance = glance_at(str(path))
        assert glance.data is None
        assert str(path) in glance.failure.message


def test_a_loop_of_symlinks_cannot_be_read(tmp_path):
    (tmp_path / "a").symlink_to("a")
    assert "leads back to itself" in glance_at(str(tmp_path / "a")).failure.message


def test_a_file_that_cannot_be_read_to_its_end_is_a_failure(tmp_path, monkeypatch):
    (tmp_path / "a").touch()

    def fail(*_arguments):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("sessionctl.system.files.snapshot.read_open", fail)
    assert "input/output error" in glance_at(str(tmp_path / "a")).failure.message


def test_a_file_that_is_open_for_writing_is_told(tmp_path):
    path = tmp_path / "a"
    with path.open("w") as stream:
        stream.write("a")
        stream.flush()
        assert glance_at(str(path)) == (b"a", None, True)
    assert not glance_at(str(path)).is_open


@pytest.mark.parametrize(
    "touch",
    [
        lambda path: path.write_text("c"),
        lambda path: path.chmod(0o600),
        lambda path: (path.unlink(), path.write_text("b")),
        lambda path: os.utime(path, (1, 1)),
    ],
)
def test_the_marks_change_when_a_file_is_touched(tmp_path, touch):
    path = tmp_path / "a"
    path.write_text("b")
    path.chmod(0o644)
    before = marks_at(str(path))
    assert marks_at(str(path)) == before
    touch(path)
    assert marks_at(str(path)) != before


@pytest.mark.parametrize(
    ("name", "operation"),
    [
        ("index.lock", "lock"),
        ("MERGE_HEAD", "merge"),
        ("rebase-merge/done", "rebase"),
        ("rebase-apply/next", "rebase"),
        ("CHERRY_PICK_HEAD", "cherry-pick"),
        ("REVERT_HEAD", "revert"),
    ],
)
def test_what_git_is_in_the_middle_of_is_told(git_repo, name, operation):
    file = str(git_repo.write("sub/a.toml", ""))
    assert git_operation(file, {}) == ""
    git_repo.write(f".git/{name}", "")
    assert git_operation(file, {}) == operation


def test_the_repository_of_the_real_file_counts(git_repo, tmp_path):
    git_repo.write("a.toml", "")
    git_repo.write(".git/MERGE_HEAD", "")
    (tmp_path / "link.toml").symlink_to(git_repo.path / "a.toml")
    assert git_operation(str(tmp_path / "link.toml"), {}) == "merge"
    assert git_operation(str(tmp_path / "other.toml"), {}) == ""


def test_git_dir_of_the_environment_counts(git_repo, tmp_path):
    git_repo.write(".git/MERGE_HEAD", "")
    environ = {"GIT_DIR": str(git_repo.path / ".git")}
    assert git_operation(str(tmp_path / "a.toml"), environ) == "merge"
