"""Odd directories: what stands where a directory of the user belongs, and cannot be used."""

from __future__ import annotations

import os
import subprocess

import pytest

NOBODY = 65534


def to_nowhere(path):
    path.symlink_to(path.parent / "nowhere" / "at" / "all")
    return path


def in_a_circle(path):
    path.symlink_to(path)
    return path


def plain_file(path):
    path.write_text("no directory")
    return path


def behind_a_link_below_a_file(path):
    file = path.with_name(f"{path.name}-file")
    file.write_text("no directory")
    path.symlink_to(file / "below")
    return path


def of_nobody(path):
    if os.geteuid():
        pytest.skip("only root gives files away")
    path.mkdir()
    os.chown(path, NOBODY, NOBODY)
    path.chmod(0o700)
    return path


def open_to_all(path):
    path.mkdir()
    path.chmod(0o777)
    return path


def full(path):
    _mount(path, "size=4k")
    with pytest.raises(OSError):
        (path / "filling").write_bytes(bytes(8192))
    return path


def read_only(path):
    return _mount(path, "ro,size=4k")


def gone(path):
    """Delete the directory, which is the current one of whoever stands in it."""
    path.mkdir()
    os.chdir(path)
    path.rmdir()
    return path


def unmount(path):
    """Take away what ``full`` and ``read_only`` made."""
    subprocess.run(["umount", path], capture_output=True)


def _mount(path, options):
    path.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", path]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True).returncode != 0:
        pytest.skip("nothing can be mounted here")
    return path
