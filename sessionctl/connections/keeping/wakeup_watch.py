"""Wake-up watch: the network changed, or the machine was asleep."""

from __future__ import annotations

import errno
import sys
import threading
import time
from contextlib import suppress

from sessionctl.connections.manager.manager_event import WakeupKind

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

# rtnetlink(7): links, addresses and routes of both families.
_GROUPS = 0x1 | 0x10 | 0x40 | 0x100 | 0x400
_QUIET_S = 0.1
_JUMP_S = 1.0
_CHUNK = 1 << 16


class SleepClock:
    """Notices that the machine was asleep: one clock went on, the other did not."""

    def __init__(self) -> None:
        self._offset_s = _offset_s()

    def was_asleep(self) -> bool:
        """Return whether the machine was asleep since this was last asked."""
        offset_s = _offset_s()
        is_jump = offset_s - self._offset_s > _JUMP_S
        self._offset_s = offset_s
        return is_jump


class NetworkWatch:
    """Reports changes of links, addresses and routes, where the system reports them (Linux)."""

    def __init__(self, notice: Callable[[WakeupKind], None]) -> None:
        self._notice = notice
        self._socket = _netlink_socket()
        if self._socket is not None:
            threading.Thread(target=self._listen, name="sessionctl network", daemon=True).start()

    @property
    def is_watching(self) -> bool:
        """Whether changes are noticed at once."""
        return self._socket is not None

    def close(self) -> None:
        """Stop listening."""
        sock, self._socket = self._socket, None
        if sock is not None:
            import socket

            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()

    def _listen(self) -> None:
        while (sock := self._socket) is not None:
            try:
                sock.settimeout(1.0)
                sock.recv(_CHUNK)
            except TimeoutError:
                continue
            except OSError as error:
                if self._socket is None or error.errno != errno.ENOBUFS:
                    return
                # More changes than the buffer holds are changes too.
            _drain(sock)
            self._notice(WakeupKind.NETWORK)


def _drain(sock: socket.socket) -> None:
    """Read on until it is quiet, for a second at most: one change is many messages."""
    end = time.monotonic() + 1.0
    try:
        sock.settimeout(_QUIET_S)
        while time.monotonic() < end:
            sock.recv(_CHUNK)
    except OSError:
        return


def _netlink_socket() -> socket.socket | None:
    if not sys.platform.startswith("linux"):
        return None
    import socket

    try:
        sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, 0)
    except OSError:
        return None
    try:
        sock.bind((0, _GROUPS))
    except OSError:
        sock.close()
        return None
    return sock


def _offset_s() -> float:
    if not hasattr(time, "CLOCK_BOOTTIME"):
        return 0.0
    return time.clock_gettime(time.CLOCK_BOOTTIME) - time.clock_gettime(time.CLOCK_MONOTONIC)
