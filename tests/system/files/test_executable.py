"""Executable files: made so, recognised, and moved without pushing another out."""

from __future__ import annotations

import os

import pytest

from sessionctl.errors import FileError
from sessionctl.system.files.executable import is_executable, make_executable, move_file


@pytest.mark.parametrize(("before", "after"), [(0o644, 0o755), (0o600, 0o700), (0o640, 0o750)])
def test_who_may_read_may_run(tmp_path, before, after):
    path = tmp_path / "hook"
    path.touch()
    path.chmod(before)
    assert not is_executable(path)
    make_executable(path)
    assert path.stat().st_mode & 0o777 == after
    assert is_executable(path)


def test_a_directory_is_no_program(tmp_path):
    assert not is_executable(tmp_path)
    assert not is_executable(tmp_path / "none")


def test_what_is_not_there_cannot_be_made_executable(tmp_path):
    with pytest.raises(FileError, match="cannot make it executable: no such file"):
        make_executable(tmp_path / "none")


def test_a_symlink_is_moved_as_it_is(tmp_path):
    (tmp_path / "a").symlink_to("gone")
    move_file(tmp_path / "a", tmp_path / "b")
    assert os.readlink(tmp_path / "b") == "gone"
    assert not os.path.lexists(tmp_path / "a")


@pytest.mark.parametrize("is_link", [True, False])
def test_nothing_is_pushed_out_by_a_move(tmp_path, is_link):
    (tmp_path / "a").write_text("a")
    (tmp_path / "b").symlink_to("gone") if is_link else (tmp_path / "b").write_text("b")
    with pytest.raises(FileError, match="there is already a file"):
        move_file(tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "a").read_text() == "a"


def test_a_move_to_nowhere_says_why(tmp_path):
    (tmp_path / "a").write_text("a")
    with pytest.raises(FileError, match=r"cannot move it to .*: no such file"):
        move_file(tmp_path / "a", tmp_path / "none" / "b")
