"""Instances: running copies of one application apart from each other, and what one left.

Each has its file under the state directory, in ``instances/APP``, and a lock that lasts as long
as its process, whatever ends that. A lock file that nobody holds is that of one that died.
"""

from __future__ import annotations

# pathlib costs start-up: plain os calls here.
# ruff: noqa: PTH108, PTH110, PTH118, PTH208
import os
from contextlib import suppress
from typing import NamedTuple

from sessionctl.core.filename import SESSION_SUFFIX
from sessionctl.errors import FileError, SessionctlError, UsageError
from sessionctl.sdk.sessions.session_id import is_session_id, new_session_id
from sessionctl.sdk.sessions.session_info import SessionInfo, read_info
from sessionctl.system.files.private_directories import make_private
from sessionctl.system.store.lock import Lock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.services.machine import Machine

NEWEST = "newest"
_LOCK = ".lock"


class InstanceInfo(NamedTuple):
    """What is known of one isolated instance.

    ``is_alive`` while its process runs; ``has_died`` where that ended without closing its
    workspace. ``session`` is what its file holds.
    """

    id: str
    session: SessionInfo
    is_alive: bool
    has_died: bool


class InstanceHold:
    """The right to one instance's file, from now until ``leave``, or the end of the process."""

    def __init__(self, directory: str, instance: str) -> None:
        """Take it; raises ``FileError`` while another process has it."""
        self.id = instance
        self.file = _file_of(directory, instance)
        self._path = _lock_of(directory, instance)
        self._lock = Lock(self._path, f"instance {instance}", timeout_s=0.0)
        self._lock.__enter__()
        self._process = os.getpid()

    def leave(self) -> None:
        """Give it back: the instance ended well; a copy of its process cannot say that."""
        if self._process != os.getpid():
            return
        with suppress(OSError):
            os.unlink(self._path)
        self._lock.__exit__(None, None, None)


def hold_instance(machine: Machine, app: str, adopt: str = "") -> InstanceHold:
    """Return the hold on a new instance, or on the one to ``adopt`` ("newest": that died last).

    Where "newest" finds none, a new one begins.

    Raises:
      UsageError: there is no such instance, or it is alive.
      FileError: the directory cannot be made.
    """
    directory = _directory(machine, app)
    try:
        make_private(directory)
        if not adopt:
            return InstanceHold(directory, new_session_id())
        if adopt == NEWEST:
            return _hold_newest(machine, app, directory)
        if not is_session_id(adopt) or not os.path.exists(_file_of(directory, adopt)):
            raise UsageError(f"instance {adopt}: no instance has this id")
        try:
            return InstanceHold(directory, adopt)
        except FileError as error:
            raise UsageError(f"instance {adopt}: it is alive, no one else can have it") from error
    except OSError as error:
        raise FileError(f"{directory}: cannot be used: {error.strerror}") from error


def _hold_newest(machine: Machine, app: str, directory: str) -> InstanceHold:
    for found in list_instances(machine, app):
        if found.has_died:
            with suppress(FileError):  # another one was quicker
                return InstanceHold(directory, found.id)
    return InstanceHold(directory, new_session_id())


def list_instances(machine: Machine, app: str) -> tuple[InstanceInfo, ...]:
    """Return the isolated instances that are alive or left something, the newest first."""
    directory = _directory(machine, app)
    try:
        names = os.listdir(directory)
    except OSError:
        return ()
    found = [
        _read(directory, app, name.removesuffix(SESSION_SUFFIX))
        for name in names
        if name.endswith(SESSION_SUFFIX) and is_session_id(name.removesuffix(SESSION_SUFFIX))
    ]
    return tuple(sorted(found, key=lambda one: one.session.time_s, reverse=True))


def _read(directory: str, app: str, instance: str) -> InstanceInfo:
    info = read_info(_file_of(directory, instance), app, instance)
    path = _lock_of(directory, instance)
    if not os.path.exists(path):
        return InstanceInfo(instance, info, is_alive=False, has_died=False)
    is_alive = False
    try:
        with Lock(path, instance, timeout_s=0.0):
            pass
    except FileError:
        is_alive = True
    except (OSError, SessionctlError):
        is_alive = False
    return InstanceInfo(instance, info, is_alive, has_died=not is_alive)


def _directory(machine: Machine, app: str) -> str:
    if machine.state is None:
        raise UsageError(
            "there is no directory for instances", hints=["set HOME or XDG_STATE_HOME"]
        )
    return os.path.join(machine.state, "instances", app)


def _file_of(directory: str, instance: str) -> str:
    return os.path.join(directory, f"{instance}{SESSION_SUFFIX}")


def _lock_of(directory: str, instance: str) -> str:
    return os.path.join(directory, f"{instance}{_LOCK}")
