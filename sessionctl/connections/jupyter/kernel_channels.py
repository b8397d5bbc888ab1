"""Kernel channels: signed messages to and from a kernel, each wait with its deadline."""

from __future__ import annotations

from contextlib import suppress
from typing import NamedTuple

from sessionctl.connections.connection_adapter import ConnectionFailure, Failure, FailureKind
from sessionctl.connections.deadline import DeadlineError
from sessionctl.connections.jupyter.kernel_file import CHANNELS
from sessionctl.connections.zmq_link import ZmqLink

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from sessionctl.connections.deadline import Deadline
    from sessionctl.connections.jupyter.kernel_file import KernelFile


class KernelMessage(NamedTuple):
    """A message of a kernel; ``parent`` and ``cause`` are id and kind of its request."""

    kind: str
    parent: str
    cause: str
    session: str
    content: Mapping[str, Any]


class KernelChannels:
    """The four sockets of a client; ``close`` may come from another thread."""

    def __init__(self, file: KernelFile) -> None:
        """Prepare them; nothing is connected.

        Raises:
          ConnectionFailure: jupyter_client is not installed, or the file names another scheme.
        """
        self.place = file.place
        self._file = file
        self._session = _session(file)
        self._links: dict[str, ZmqLink] = {}

    def connect(self, deadline: Deadline) -> None:
        """Connect.

        Raises:
          DeadlineError, EOFError, OSError: no kernel is there.
        """
        for channel in CHANNELS:
            link = ZmqLink(self.place, "jupyter", listens=channel == "iopub")
            self._links[channel] = link
            link.connect_patiently(self._file.endpoints[channel], None, deadline)

    def send(self, channel: str, kind: str, content: Mapping[str, Any]) -> str:
        """Send a request and return its id.

        Raises:
          EOFError: the connection has ended.
        """
        message = self._session.msg(kind, content=dict(content))
        self._links[channel].send([bytes(part) for part in self._session.serialize(message)])
        return str(message["header"]["msg_id"])

    def receive(self, channel: str, deadline: Deadline) -> KernelMessage:
        """Return the next message of a channel.

        Raises:
          ConnectionFailure: it is signed with another key.
          DeadlineError: none came in time.
          EOFError: the connection has ended.
        """
        return self._message(self._links[channel].receive(deadline))

    def waiting(self, channel: str) -> KernelMessage | None:
        """Return the next message where one has come; raises like ``receive``."""
        frames = self._links[channel].receive_at_once()
        return None if frames is None else self._message(frames)

    def reply(self, channel: str, number: str, deadline: Deadline) -> KernelMessage:
        """Return the answer to a request; late ones to others are dropped."""
        while True:
            message = self.receive(channel, deadline)
            if message.parent == number:
                return message

    def beat(self, number: int, deadline: Deadline) -> None:
        """Ask the heart of the kernel, which answers while a cell runs too.

        Raises:
          DeadlineError: it did not answer in time.
          EOFError: the connection has ended.
        """
        ping = f"sessionctl {number}".encode()
        self._links["hb"].send([b"", ping])
        while self._links["hb"].receive(deadline)[-1] != ping:
            pass
        for link in self._links.values():
            link.look()

    def close(self) -> None:
        """End all."""
        for link in list(self._links.values()):
            link.close()

    def _message(self, frames: list[bytes]) -> KernelMessage:
        try:
            _, parts = self._session.feed_identities(frames)
            found = self._session.deserialize(parts)
        except ValueError as error:
            if "Signature" not in str(error):
                raise DeadlineError(f"{self.place}: a message that cannot be read") from None
        else:
            return KernelMessage(
                str(found["header"]["msg_type"]),
                str(found["parent_header"].get("msg_id", "")),
                str(found["parent_header"].get("msg_type", "")),
                str(found["header"].get("session", "")),
                found["content"],
            )
        raise ConnectionFailure(
            Failure(
                FailureKind.AUTH,
                f"the kernel at {self.place} signs with another key than {self._file.path} has",
                hints=("name the connection file of the kernel that runs there",),
                key="connection_file",
            )
        )


def _session(file: KernelFile) -> Any:
    try:
        from jupyter_client.session import Session
    except ImportError:
        from sessionctl.connections.missing_library import missing_library

        failure = missing_library("jupyter", "jupyter_client", "jupyter")
        raise ConnectionFailure(failure) from None
    # What traitlets raise may show the key.
    with suppress(Exception):
        return Session(key=file.key.reveal(), signature_scheme=file.scheme, username="sessionctl")
    message = f"{file.path}: the signature scheme is not known"
    raise ConnectionFailure(Failure(FailureKind.CONFIG, message, key="connection_file"))
