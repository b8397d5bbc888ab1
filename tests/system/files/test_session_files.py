"""Finding session files."""

from __future__ import annotations

import os

import pytest

from sessionctl.errors import FileError
from sessionctl.system.files import session_files
from sessionctl.system.files.session_files import find_sessions, is_directory, nearby_sessions


def plant(root, *names):
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")


def names(found, root):
    return [os.path.relpath(item.path, root) for item in found]


def test_session_files_are_found_at_any_depth_sorted_by_path(tmp_path):
    plant(tmp_path, "b.session.toml", "a/x.session.toml", ".config/y.session.toml", "c.toml")
    found = find_sessions(str(tmp_path))
    assert names(found, tmp_path) == [
        ".config/y.session.toml", "a/x.session.toml", "b.session.toml",
    ]  # fmt: skip


def test_only_the_directory_itself_is_searched_when_asked(tmp_path):
    plant(tmp_path, "b.session.toml", "a/x.session.toml")
    assert names(find_sessions(str(tmp_path), below=False), tmp_path) == ["b.session.toml"]


@pytest.mark.parametrize("name", [".git", "node_modules", ".venv", "__pycache__"])
def test_what_programs_keep_for_themselves_is_not_searched(tmp_path, name):
    plant(tmp_path, f"{name}/x.session.toml", f"a/{name}/x.session.toml")
    assert find_sessions(str(tmp_path)) == []


def test_the_time_of_the_last_change_is_told(tmp_path):
    plant(tmp_path, "a.session.toml")
    os.utime(tmp_path / "a.session.toml", (5, 7))
    assert find_sessions(str(tmp_path))[0].modified == 7


def test_a_symlink_to_a_file_is_found_and_one_to_a_directory_not_followed(tmp_path):
    plant(tmp_path, "real/a.session.toml")
    (tmp_path / "link.session.toml").symlink_to("real/a.session.toml")
    (tmp_path / "loop").symlink_to(".")
    (tmp_path / "gone.session.toml").symlink_to("nowhere")
    (tmp_path / "self.session.toml").symlink_to("self.session.toml")
    (tmp_path / "dir.session.toml").mkdir()
    assert names(find_sessions(str(tmp_path)), tmp_path) == [
        "link.session.toml", "real/a.session.toml",
    ]  # fmt: skip


def test_paths_read_as_they_would_be_typed(tmp_path, monkeypatch):
    plant(tmp_path, "a.session.toml", "b/c.session.toml")
    monkeypatch.chdir(tmp_path)
    assert [item.path for item in find_sessions(".")] == ["a.session.toml", "b/c.session.toml"]
    assert [item.path for item in find_sessions("./b")] == ["b/c.session.toml"]


def test_a_directory_below_that_cannot_be_read_is_passed_over(tmp_path, monkeypatch):
    plant(tmp_path, "a.session.toml", "locked/x.session.toml")
    scan = os.scandir

    def refuse(path):
        if str(path).endswith("locked"):
            raise PermissionError(13, "Permission denied", path)
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert names(find_sessions(str(tmp_path)), tmp_path) == ["a.session.toml"]


def test_a_directory_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(FileError, match="nowhere: cannot read the directory: no such file"):
        find_sessions(str(tmp_path / "nowhere"))


def test_a_directory_is_told_from_a_file(tmp_path):
    plant(tmp_path, "a")
    assert is_directory(str(tmp_path))
    assert not is_directory(str(tmp_path / "a"))


MOUNTS = """\
proc /proc proc rw 0 0
cgroup {0}/s\\040p/cgroup cgroup2 rw 0 0
server:/x {0}/net nfs4 rw 0 0
disk {0}/disk ext4 rw 0 0
"""


@pytest.fixture
def mounts(tmp_path, monkeypatch):
    """Mount a directory of the kernel, one of the network and a disk, as the system says."""
    table = tmp_path / "mounts"
    table.write_text(MOUNTS.format(tmp_path))
    for place in ("s p/cgroup", "net", "disk"):
        (tmp_path / place).mkdir(parents=True)
        (tmp_path / place / "a.session.toml").write_text("")
    monkeypatch.setattr(session_files, "_MOUNTS", str(table))
    return tmp_path


@pytest.mark.parametrize("find", [find_sessions, nearby_sessions])
@pytest.mark.parametrize("directory", [".", "here"])
def test_file_systems_of_the_kernel_are_not_looked_into(mounts, monkeypatch, find, directory):
    monkeypatch.chdir(mounts)
    top = str(mounts) if directory == "here" else directory
    found = [os.path.relpath(getattr(one, "path", one)) for one in find(top)]
    assert sorted(found) == ["disk/a.session.toml", "net/a.session.toml"]


def test_one_that_is_named_is_looked_into(mounts):
    assert len(find_sessions(str(mounts / "s p" / "cgroup"))) == 1


def test_below_the_root_those_of_the_network_are_left_out_too(mounts):
    left_out = session_files._foreign_mounts("/")
    assert left_out == {"/proc", f"{mounts}/s p/cgroup", f"{mounts}/net"}


def test_without_a_table_of_mounts_everything_is_looked_into(mounts):
    (mounts / "mounts").unlink()
    assert len(find_sessions(str(mounts))) == 3


def test_what_other_programs_left_and_links_to_nothing_count_only_if_asked_for(
    tmp_path,
):
    for name in ("a.session.toml", ".#b.session.toml", "._c.session.toml", "d.secrets.toml"):
        (tmp_path / name).write_text("")
    (tmp_path / "gone.session.toml").symlink_to("nowhere")

    def names(**options):
        return [os.path.basename(one.path) for one in find_sessions(str(tmp_path), **options)]

    assert names() == ["a.session.toml"]
    left = [".#b.session.toml", "._c.session.toml", "a.session.toml"]
    assert names(with_leftovers=True) == left
    assert names(with_dangling=True) == ["a.session.toml", "gone.session.toml"]
    assert names(suffix=(".session.toml", ".secrets.toml")) == ["a.session.toml", "d.secrets.toml"]
