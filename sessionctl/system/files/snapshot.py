"""Glance: what a file holds at this moment, without waiting for anything."""

from __future__ import annotations

import os
from typing import NamedTuple

from sessionctl.errors import SessionctlError
from sessionctl.system.files.stable_read import is_being_written
from sessionctl.system.files.text import LIMIT_BYTES, read_open
from sessionctl.system.git.directory import find_git_dir, operation_under_way
from sessionctl.system.os_errors import cannot

# One stat call a look: plain os calls here.
# ruff: noqa: PTH110, PTH116, PTH118, PTH120, PTH123

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

GIT_LOCK = "lock"
"""What git is at while it holds the lock on its index, for a moment as a rule."""


class Snapshot(NamedTuple):
    """What was seen: a content, a failure to read it, or neither where nothing is.

    ``is_open`` tells that somebody has the file open for writing.
    """

    data: bytes | None = None
    failure: SessionctlError | None = None
    is_open: bool = False


def glance_at(path: str) -> Snapshot:
    """Return what the file at ``path`` holds; every failure is an answer."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        # A symlink that leads nowhere stands for a file that is not there.
        return Snapshot()
    except OSError as error:
        return Snapshot(failure=cannot("read", path, error))
    try:
        stream = open(descriptor, "rb", buffering=0)  # noqa: SIM115 - closed below
    except OSError as error:
        os.close(descriptor)  # a directory: open did not take it
        return Snapshot(failure=cannot("read", path, error))
    with stream:
        is_open = is_being_written(descriptor)
        try:
            return Snapshot(read_open(stream, path, LIMIT_BYTES), None, is_open)
        except SessionctlError as error:
            return Snapshot(failure=error, is_open=is_open)
        except OSError as error:
            return Snapshot(failure=cannot("read", path, error), is_open=is_open)


def marks_at(path: str) -> tuple[int, ...]:
    """Return what changes when the file at ``path`` is replaced, written or touched.

    Nothing is read; empty where there is no file.
    """
    try:
        status = os.stat(path)
    except OSError:
        return ()
    return (
        status.st_dev,
        status.st_ino,
        status.st_size,
        status.st_mtime_ns,
        status.st_ctime_ns,
    )


def git_operation(path: str, environ: Mapping[str, str]) -> str:
    """Return what git is in the middle of where the file at ``path`` lies, "" for nothing.

    ``GIT_LOCK`` is the moment in which git writes its index.
    """
    directory = "." if environ.get("GIT_DIR") else os.path.dirname(os.path.realpath(path))
    git_dir = find_git_dir(directory, environ)
    if git_dir is None:
        return ""
    operation = operation_under_way(git_dir)
    if operation is not None:
        return operation
    return GIT_LOCK if os.path.exists(os.path.join(git_dir, "index.lock")) else ""
