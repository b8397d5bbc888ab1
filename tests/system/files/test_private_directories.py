"""Private directories: made for the user alone, by many processes at the same time."""

from __future__ import annotations

import os

import pytest

from sessionctl.system.files.private_directories import make_private


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
