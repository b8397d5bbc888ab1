"""Socket directory: a short private place for the sockets of one connection."""

from __future__ import annotations

# ruff: noqa: PTH118, PTH208
import os
import re
import shutil
import socket
import tempfile
from contextlib import suppress

from sessionctl.errors import ToolError
from sessionctl.system.process import run

_NAME = re.compile(r"sc-ssh-(\d+)-")
_LONGEST = 104 - 1 - 17
"""A socket's path has 104 bytes on macOS; ssh binds a name that is 17 longer first."""
_WAIT_S = 1.0


class SocketDirectory:
    """A directory of this process alone, in ``scratch`` where that is short enough."""

    def __init__(self, scratch: str) -> None:
        name = f"sc-ssh-{os.getpid()}-"
        longest = _LONGEST - len(f"/{name}12345678/m")
        places = [scratch, tempfile.gettempdir()]
        base = next((place for place in places if len(os.fsencode(place)) <= longest), "/tmp")  # noqa: S108
        remove_orphans(base)
        self.path = tempfile.mkdtemp(prefix=name, dir=base)
        self.control_path = os.path.join(self.path, "m")

    def remove(self) -> None:
        """Remove it with all that is in it."""
        shutil.rmtree(self.path, ignore_errors=True)


def remove_orphans(base: str) -> None:
    """End connections of processes that were killed, so that their ports are free again."""
    for name in os.listdir(base):
        match = _NAME.match(name)
        if match is None or _is_alive(int(match[1])):
            continue
        directory = os.path.join(base, name)
        with suppress(OSError):
            if os.lstat(directory).st_uid == os.geteuid():
                _end_orphan(directory)


def _end_orphan(directory: str) -> None:
    path = os.path.join(directory, "m")
    if not is_dead(path):
        argv = ["ssh", "-F", os.devnull, "-S", path.replace("%", "%%"), "-O", "exit", "orphan"]
        with suppress(ToolError):
            run(argv, check=False, timeout_s=_WAIT_S)
    if is_dead(path):
        shutil.rmtree(directory, ignore_errors=True)


def is_dead(path: str) -> bool:
    """Return whether surely nobody listens at a socket; one that hangs or is busy lives."""
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(_WAIT_S)
        try:
            probe.connect(path)
        except (ConnectionRefusedError, FileNotFoundError):
            return True
        except OSError:
            return False
    return False


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
