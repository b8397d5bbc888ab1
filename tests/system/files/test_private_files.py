"""Private files: only their owner may read them, and they are written wholly or not at all."""

from __future__ import annotations

import os
import stat
import subprocess
import sys

import pytest

from sessionctl.core.secrets.secret import Secret
from sessionctl.errors import FileError, RefusedError
from sessionctl.system.files.memory_folder import lies_in_memory, memory_folder
from sessionctl.system.files.private_files import (
    PrivateLock,
    protect_process,
    read_private,
    readable_by_others,
    write_private,
)


def mode_of(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_a_private_file_and_its_new_directories_are_for_the_owner_alone(tmp_path):
    path = tmp_path / "a" / "b" / "key"
    before = os.umask(0)
    try:
        write_private(path, Secret("x"), replaces=False)
    finally:
        os.umask(before)
    assert read_private(path).text == "x"
    assert [mode_of(path), mode_of(path.parent), mode_of(path.parent.parent)] == [
        0o600, 0o700, 0o700,
    ]  # fmt: skip
    assert os.listdir(path.parent) == ["key"]


def test_a_file_that_is_there_is_kept_or_replaced_as_asked(tmp_path):
    path = tmp_path / "key"
    write_private(path, "one", replaces=False)
    with pytest.raises(FileError, match="there is already a file"):
        write_private(path, "two", replaces=False)
    assert path.read_text() == "one"
    write_private(path, "two", replaces=True)
    assert path.read_text() == "two"
    assert os.listdir(tmp_path) == ["key"]


@pytest.mark.parametrize("target", ["loop", "nowhere", "file"])
def test_a_directory_that_is_none_is_named_not_taken_for_the_file(tmp_path, target):
    (tmp_path / "file").write_text("x")
    (tmp_path / "loop").symlink_to("loop")
    place = tmp_path / "loop" if target == "loop" else tmp_path / "place"
    if target != "loop":
        place.symlink_to(target)
    with pytest.raises(FileError) as caught:
        write_private(place / "sessionctl" / "key", "one", replaces=False)
    assert "already" not in caught.value.message
    assert "cannot write" in caught.value.message
    assert (tmp_path / "file").read_text() == "x"


def test_a_link_stays_one(tmp_path):
    (tmp_path / "real").touch(mode=0o600)
    link = tmp_path / "link"
    link.symlink_to("real")
    write_private(link, "x", replaces=True)
    assert link.is_symlink()
    assert (tmp_path / "real").read_text() == "x"


def test_what_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(FileError, match="cannot write"):
        write_private(tmp_path / "file" / "x", "x", replaces=True)


@pytest.mark.parametrize("mode", [0o604, 0o620, 0o666])
def test_a_file_for_others_is_refused(tmp_path, mode):
    path = tmp_path / "key"
    path.write_text("canary")
    path.chmod(mode)
    with pytest.raises(RefusedError, match=f"its mode is {mode:04o}") as caught:
        read_private(path)
    assert caught.value.hints == (f"chmod 600 {path}",)
    assert "canary" not in str(caught.value)
    assert readable_by_others(tmp_path / "nowhere") is None


def test_a_file_of_another_user_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "key"
    path.touch(mode=0o600)
    if path.stat().st_uid == 0:
        if os.geteuid() != 0:
            pytest.skip("needs a file of another user")
        os.chown(path, 12345, -1)
    monkeypatch.setattr(os, "geteuid", lambda: 54321)
    assert readable_by_others(path) == "it belongs to another user"


def test_a_lock_is_held_by_one(tmp_path, monkeypatch):
    from sessionctl.system.files import private_files

    monkeypatch.setattr(private_files, "_LOCK_TIMEOUT_S", 0.05)
    path = tmp_path / "sub" / "trust.toml"
    with (
        PrivateLock(path),
        pytest.raises(FileError, match="another process holds it"),
        PrivateLock(path),
    ):
        pytest.fail("two hold the lock")
    with PrivateLock(path):
        assert mode_of(path.with_name("trust.toml.lock")) == 0o600
    (tmp_path / "file").touch()
    with pytest.raises(FileError, match="cannot lock"), PrivateLock(tmp_path / "file" / "x"):
        pytest.fail("locked what is no directory")


def test_a_protected_process_leaves_no_core_dump_and_is_not_looked_into():
    program = (
        "import resource, ctypes\n"
        "from sessionctl.system.files.private_files import protect_process\n"
        "protect_process()\n"
        "dumpable = ctypes.CDLL(None).prctl(3, 0, 0, 0, 0)\n"
        "print(resource.getrlimit(resource.RLIMIT_CORE)[0], dumpable)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60
    )
    if sys.platform.startswith("linux"):
        assert done.stdout == "0 0\n", done.stderr


def test_what_the_system_does_not_offer_is_passed_over(monkeypatch):
    monkeypatch.setitem(sys.modules, "resource", None)
    monkeypatch.setitem(sys.modules, "ctypes", None)
    protect_process()
    monkeypatch.setattr(sys, "platform", "darwin")
    protect_process()


def test_a_memory_folder_goes_with_all_that_is_in_it(tmp_path):
    from pathlib import Path

    shm = Path("/dev/shm")
    if not lies_in_memory(shm):
        pytest.skip("/dev/shm is not in memory here")
    with pytest.raises(KeyboardInterrupt), memory_folder([tmp_path / "nowhere", shm]) as folder:
        assert mode_of(folder) == 0o700
        (folder / "value").write_text("x")
        raise KeyboardInterrupt
    assert not folder.exists()


def test_a_folder_on_disk_is_none_in_memory(tmp_path):
    mounts = tmp_path / "mounts"
    inside = tmp_path / "a b"
    inside.mkdir()
    escaped = str(inside).replace(" ", "\\040")
    mounts.write_text(f"x / ext4 rw 0 0\nx {escaped} tmpfs rw 0 0\n")
    assert lies_in_memory(inside, mounts)
    assert not lies_in_memory(tmp_path, mounts)
    assert not lies_in_memory(tmp_path, tmp_path / "nowhere")
    assert not lies_in_memory(tmp_path / "nowhere", mounts)
    with pytest.raises(FileError, match="there is no directory in memory"), memory_folder([]):
        pytest.fail("made one")
