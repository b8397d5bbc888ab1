"""Private directories: made for the user alone, by many processes at the same time."""

from __future__ import annotations

import errno
import os
import pwd

import pytest

from sessionctl.system.files.private_directories import (
    fix_for,
    is_older,
    make_private,
    refuse_foreign,
    remove_tree,
)
from tests.call_log import log_calls


def test_a_directory_is_made_with_all_above_it(tmp_path):
    make_private(str(tmp_path / "a" / "b" / "c"))
    assert (tmp_path / "a" / "b" / "c").stat().st_mode & 0o777 == 0o700


def test_another_process_makes_the_same_directory_between_two_steps(tmp_path, monkeypatch):
    """The first two saves of a file, at the same time: both have the archive and its lock."""
    wanted, mkdir = str(tmp_path / "documents" / "key"), os.mkdir

    def made_by_another_too(path, mode):
        mkdir(path, mode)
        if path == os.path.dirname(wanted):
            mkdir(wanted, mode)

    monkeypatch.setattr(os, "mkdir", made_by_another_too)
    make_private(wanted)
    assert os.path.isdir(wanted)


def test_a_symlink_to_nowhere_above_is_refused(tmp_path):
    (tmp_path / "state").symlink_to(tmp_path / "nowhere")
    with pytest.raises(OSError, match=r".") as caught:
        make_private(str(tmp_path / "state" / "documents"))
    assert isinstance(caught.value, FileNotFoundError)


def test_what_lets_the_user_write_there_is_said_of_the_first_part_that_is_there(tmp_path):
    folder = tmp_path / "a b"
    folder.mkdir(0o755)
    assert fix_for(str(folder)) == fix_for(str(folder / "x" / "y")) == ""
    for mode in (0o775, 0o757):
        folder.chmod(mode)
        assert fix_for(str(folder / "x")) == f"others may write to it: chmod go-w '{folder}'"
        with pytest.raises(PermissionError) as caught:
            refuse_foreign(str(folder))
        assert (caught.value.errno, caught.value.filename) == (errno.EPERM, str(folder))
    folder.chmod(0o755)
    refuse_foreign(str(folder))
    file = folder / "file"
    file.write_text("")
    file.chmod(0o666)
    assert fix_for(str(file)) == ""
    link = tmp_path / "link"
    link.symlink_to(folder / "none")
    assert fix_for(str(link / "x")) == f"it is a symlink that leads nowhere: ls -l {link}"
    link.unlink()
    link.symlink_to(folder)
    assert fix_for(str(link)) == ""


def test_what_belongs_to_someone_else_is_named_with_its_owner(tmp_path, monkeypatch):
    theirs, mine = os.stat(tmp_path).st_uid, 1 << 30
    owner = pwd.getpwuid(theirs).pw_name
    monkeypatch.setattr(os, "geteuid", lambda: mine)
    assert fix_for(str(tmp_path / "x")) == (
        f"it belongs to {owner}: sudo chown -R {mine} {tmp_path}"
    )
    with pytest.raises(PermissionError):
        refuse_foreign(str(tmp_path))


def test_all_in_a_directory_is_removed_the_named_one_last(tmp_path, monkeypatch):
    folder = tmp_path / "f"
    (folder / "a" / "b").mkdir(parents=True)
    (folder / "a" / "c").write_text("")
    (folder / "k").symlink_to(tmp_path / "kept")
    (tmp_path / "kept").mkdir()
    files, folders = (log_calls(monkeypatch, os, name) for name in ("unlink", "rmdir"))
    remove_tree(str(folder), last="a")
    assert files == [str(folder / "k"), str(folder / "a" / "c")]
    assert folders == [str(folder / "a" / "b"), str(folder / "a"), str(folder)]
    assert (tmp_path / "kept").exists()
    remove_tree(str(tmp_path / "kept"))
    assert list(tmp_path.iterdir()) == []


def test_an_age_is_that_of_the_last_write(tmp_path):
    file = tmp_path / "f"
    assert is_older(str(file), 0) is None
    file.write_text("")
    now = file.stat().st_mtime
    os.utime(file, (now, now - 100))
    assert is_older(str(file), 90) is True
    assert is_older(str(file), 1000) is False
