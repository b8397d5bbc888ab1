"""Bounded call: a call that knows no deadline, and the addresses of a host by one."""

from __future__ import annotations

import socket
import threading
from typing import TypeVar

from sessionctl.connections.connection_adapter import ConnectionFailure, Failure, FailureKind
from sessionctl.connections.deadline import DeadlineError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from sessionctl.connections.deadline import Deadline

T = TypeVar("T")


def bounded_call(
    function: Callable[[], T], deadline: Deadline, discard: Callable[[T], None] | None = None
) -> T:
    """Return what ``function`` returns, from a thread of its own.

    What comes after the deadline is given to ``discard``.

    Raises:
      DeadlineError: it has not returned by ``deadline``.
    """
    lock = threading.Lock()
    done = threading.Event()
    results: list[T] = []
    errors: list[BaseException] = []
    is_late = False

    def run() -> None:
        try:
            result = function()
        except BaseException as error:  # noqa: BLE001 - raised again, where it is waited for
            errors.append(error)
        else:
            with lock:
                if not is_late:
                    results.append(result)
                elif discard is not None:
                    discard(result)
        done.set()

    timeout_s = deadline.timeout_s()
    threading.Thread(target=run, daemon=True).start()
    done.wait(timeout_s)
    with lock:
        is_late = not results
    if errors:
        raise errors[0]
    if is_late:
        raise DeadlineError("no answer by the deadline")
    return results[0]


def host_addresses(host: str, port: int, deadline: Deadline, key: str = "host") -> tuple[str, ...]:
    """Return the addresses of a host, in the order in which they are to be tried.

    ``key`` is the key of the connection that names the host.

    Raises:
      ConnectionFailure: there is no such host, or nobody can be asked.
      DeadlineError: nobody answered in time.
    """
    try:
        found = bounded_call(
            lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM), deadline
        )
    except socket.gaierror as error:
        raise ConnectionFailure(_lookup_failure(host, error, key)) from None
    except (UnicodeError, ValueError):  # a label that is empty or too long
        kind = FailureKind.CONFIG
        raise ConnectionFailure(Failure(kind, f"{host!r} is not a host name", key=key)) from None
    return tuple(dict.fromkeys(str(item[4][0]) for item in found))


def _lookup_failure(host: str, error: socket.gaierror, key: str) -> Failure:
    if error.errno in (socket.EAI_AGAIN, socket.EAI_SYSTEM, socket.EAI_MEMORY):
        return Failure(FailureKind.TRANSIENT, f"the name {host} cannot be looked up now", key=key)
    return Failure(
        FailureKind.CONFIG,
        f"there is no host {host}",
        hints=(f"check {key}, and the network that knows the name",),
        key=key,
    )
