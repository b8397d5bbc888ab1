"""Backend messages: requests of an id, a command and parameters, and their answers, as JSON."""

from __future__ import annotations

import json
import re
from typing import NamedTuple

from sessionctl.connections.connection_adapter import ConnectionFailure, Failure, FailureKind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from sessionctl.core.values import Value

COMMANDS = ("create", "restore", "update", "close", "info", "list", "statistics")
_GOOD = frozenset({"ok", "success"})
_LONGEST = 200
_KINDS = (
    (r"auth|token|credential|forbidden|access|denied|permission", FailureKind.AUTH),
    (r"busy|limit|quota|too.?many|overload|locked", FailureKind.BUSY),
    (r"version|protocol|unsupported|unknown.?command|not.?implemented", FailureKind.INCOMPATIBLE),
)
_GONE = re.compile(r"not.?found|no.?such|unknown.?session|expired|orphan|invalid.?session", re.I)


class BackendReply(NamedTuple):
    """An answer; ``error`` and ``error_type`` are "" where the request was carried out."""

    id: str
    status: str
    result: Any
    timestamp: str = ""
    error: str = ""
    error_type: str = ""
    retry_after_s: float | None = None

    @property
    def is_gone(self) -> bool:
        """Whether the session that was asked for is not there."""
        return bool(self.error) and bool(_GONE.search(f"{self.error_type} {self.error}"))


class BackendRefusal(Exception):  # noqa: N818 - an answer, and not a fault
    """The backend answered that it does not do what was asked."""

    def __init__(self, command: str, reply: BackendReply) -> None:
        super().__init__(f"{command}: {reply.error}")
        self.command = command
        self.reply = reply


def request_text(number: str, command: str, parameters: Mapping[str, Value]) -> bytes:
    """Return a request.

    Raises:
      ConnectionFailure: a parameter has no counterpart in JSON.
    """
    message = {"id": number, "command": command, "parameters": dict(parameters)}
    try:
        return json.dumps(message, allow_nan=False).encode()
    except (TypeError, ValueError):
        kind = FailureKind.CONFIG
        failure = Failure(kind, "a parameter cannot be written as JSON", key="parameters")
    raise ConnectionFailure(failure)


def reply_of(data: bytes, peer: str) -> BackendReply:
    """Return an answer.

    Raises:
      ConnectionFailure: it is none of this protocol.
    """
    try:
        message = json.loads(data)
        number, status = message["id"], message["status"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ConnectionFailure(_other_protocol(peer, data)) from None
    if not isinstance(number, str | int) or not isinstance(status, str):
        raise ConnectionFailure(_other_protocol(peer, data))
    when = _shown(str(message.get("timestamp") or ""))
    if status.lower() in _GOOD:
        return BackendReply(str(number), status, message.get("result"), when)
    error = message.get("error")
    words = error.get("message", "") if isinstance(error, dict) else error
    wait_s = message.get("retry_after")
    return BackendReply(
        str(number),
        status,
        message.get("result"),
        when,
        _shown(str(words or status)),
        _shown(str(message.get("error_type") or "")),
        float(wait_s) if isinstance(wait_s, int | float) else None,
    )


def refusal_failure(refusal: BackendRefusal, peer: str) -> Failure:
    """Return what a refusal means for the next attempt."""
    reply = refusal.reply
    words = f"{reply.error_type} {reply.error}" if reply.error_type else reply.error
    message = f"{peer} refuses {refusal.command}: {reply.error}"
    for text in (reply.error_type, words):
        for pattern, kind in _KINDS:
            if text and re.search(pattern, text, re.IGNORECASE):
                key = "token" if kind is FailureKind.AUTH else ""
                return Failure(kind, message, retry_after_s=reply.retry_after_s, key=key)
    return Failure(FailureKind.PERMANENT, message)


def _other_protocol(peer: str, data: bytes) -> Failure:
    return Failure(
        FailureKind.INCOMPATIBLE,
        f"{peer} answers in another protocol",
        found=_shown(data[:80].decode(errors="replace")),
        wanted="JSON with an id and a status",
    )


def _shown(text: str) -> str:
    return "".join(c for c in text[:_LONGEST] if c.isprintable()).rstrip(".")
