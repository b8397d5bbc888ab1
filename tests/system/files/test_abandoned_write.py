"""What a killed write left is found; what somebody may still write, or looks for, is not."""

from __future__ import annotations

import fcntl
import os

import pytest

from sessionctl.system.files import private_files, text
from sessionctl.system.files.abandoned_write import find_abandoned
from sessionctl.system.files.private_files import write_private
from sessionctl.system.files.text import create_text, write_text

LEFT = ".sessionctl-0123456789ab.tmp"


def put(folder, name=LEFT, age_s=7200):
    path = folder / name
    path.write_text("x")
    back(path, age_s)
    return path


def back(path, age_s=7200):
    status = os.stat(path)
    os.utime(path, (status.st_atime - age_s, status.st_mtime - age_s))


def test_an_old_file_that_nobody_writes_is_found(tmp_path):
    path = put(tmp_path)
    assert list(find_abandoned(str(tmp_path))) == [str(path)]
    assert list(find_abandoned(str(tmp_path / "none"))) == []


def test_a_young_one_is_not(tmp_path):
    put(tmp_path, age_s=60)
    assert list(find_abandoned(str(tmp_path))) == []


@pytest.mark.parametrize(
    "name",
    [".sessionctl-0123456789ab-0123456789ab.tmp", ".sessionctl-0123456789ab.old", "x.tmp",
     ".sessionctl-0123456789ab.tmp~", ".sessionctl-0123456789AB.tmp"],
)  # fmt: skip
def test_files_of_saves_and_of_others_are_not(tmp_path, name):
    put(tmp_path, name)
    assert list(find_abandoned(str(tmp_path))) == []


def test_one_that_is_no_file_or_belongs_to_somebody_else_is_not(tmp_path, monkeypatch):
    (tmp_path / LEFT).symlink_to(put(tmp_path, "target"))
    (tmp_path / LEFT.replace("0", "1")).mkdir()
    assert list(find_abandoned(str(tmp_path))) == []
    (tmp_path / LEFT).unlink()
    put(tmp_path)
    monkeypatch.setattr(os, "geteuid", lambda: 54321)
    assert list(find_abandoned(str(tmp_path))) == []


def test_one_that_is_locked_is_not(tmp_path):
    with put(tmp_path).open("r+") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        assert list(find_abandoned(str(tmp_path))) == []
    assert list(find_abandoned(str(tmp_path)))


def write(path):
    path.write_text("old")
    write_text(path, "new")


@pytest.mark.parametrize(
    ("call", "module", "name"),
    [
        (write, text.os, "replace"),
        (lambda path: create_text(path, "new"), text, "put_new"),
        (lambda path: write_private(path, "new", replaces=False), private_files.os, "link"),
    ],
    ids=["write", "create", "private"],
)
def test_a_running_write_is_not_taken_for_an_abandoned_one(
    tmp_path, monkeypatch, call, module, name
):
    real, seen = getattr(module, name), []

    def look(new, *more):
        back(new)
        seen.append(list(find_abandoned(os.path.dirname(new))))
        return real(new, *more)

    monkeypatch.setattr(module, name, look)
    call(tmp_path / "file")
    assert seen == [[]]
    assert (tmp_path / "file").read_text() == "new"


def test_a_private_write_removes_what_an_earlier_one_left(tmp_path):
    left, young = put(tmp_path), put(tmp_path, LEFT.replace("a", "f"), age_s=60)
    write_private(tmp_path / "identities.txt", "AGE", replaces=False)
    assert not left.exists()
    assert young.exists()
