"""Line manners: how a service speaks, as the session file describes it."""

from __future__ import annotations

import os
from typing import NamedTuple

from sessionctl.connections.connection_adapter import ConnectionFailure, Failure, FailureKind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.connections.connection_adapter import ConnectionRequest

_EXAMPLE = (
    'login = [{ expect = "login: ", send = "user" }, { expect = "Password: ", send = "password" }]'
)
_NEWLINES = {"lf": "\n", "crlf": "\r\n"}


class Reply(NamedTuple):
    """What is sent when the service asks ``question``; ``key`` is that of the connection."""

    question: str
    key: str


class LineManners(NamedTuple):
    """What a service says and wants to hear. It holds no secrets."""

    host: str
    port: int
    has_tls: bool
    is_checked: bool
    ca_file: str | None
    greeting: str
    login: tuple[Reply, ...]
    login_refused: str
    newline: str
    encoding: str
    prompt: str
    framing: str
    probe: str | None
    probe_answer: str
    identify: str
    setup: tuple[str, ...]
    quit: str

    @property
    def peer(self) -> str:
        """The service in words."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


def manners_of(request: ConnectionRequest) -> LineManners:
    """Return how the service of a connection speaks.

    Raises:
      ConnectionFailure: the settings cannot work.
    """
    settings = request.settings
    prompt = str(settings.get("prompt", ""))
    framing = str(settings.get("framing", "prompt" if prompt else "line"))
    if framing == "prompt" and not prompt:
        raise wrong("framing", "framing is the prompt, and there is no 'prompt'")
    probe = settings.get("probe", "" if prompt and framing == "prompt" else None)
    manners = LineManners(
        host=str(settings["host"]),
        port=int(settings["port"]),
        has_tls=bool(settings.get("tls")),
        is_checked=bool(settings.get("verify", True)),
        ca_file=_path(request, settings.get("ca_file")),
        greeting=str(settings.get("greeting", "")),
        login=tuple(Reply(str(e["expect"]), str(e["send"])) for e in settings.get("login", ())),
        login_refused=str(settings.get("login_refused", "")),
        newline=_NEWLINES[settings.get("newline", "lf")],
        encoding=str(settings.get("encoding", "utf-8")),
        prompt=prompt,
        framing=framing,
        probe=probe,
        probe_answer=str(settings.get("probe_answer", "")),
        identify=str(settings.get("identify", "")),
        setup=tuple(map(str, settings.get("setup", ()))),
        quit=str(settings.get("quit", "")),
    )
    _check(manners, request)
    return manners


def reply_values(manners: LineManners, request: ConnectionRequest) -> list[bytes]:
    """Return what is sent in the login dialogue, one for each question.

    Raises:
      ConnectionFailure: a value is missing, or is more than one line.
    """
    found = []
    for reply in manners.login:
        if reply.key in request.secrets:
            value = request.secrets[reply.key].reveal()
        elif reply.key in request.settings:
            value = str(request.settings[reply.key]).encode(manners.encoding)
        else:
            raise wrong(
                reply.key, f"the login sends {reply.key}, which the connection does not have"
            )
        if b"\n" in value or b"\r" in value:
            raise wrong(reply.key, f"{reply.key}: a line end cannot be sent as part of a line")
        found.append(value)
    return found


def wrong(key: str, message: str, hints: tuple[str, ...] = ()) -> ConnectionFailure:
    """Return the failure of a setting."""
    return ConnectionFailure(Failure(FailureKind.CONFIG, message, hints, key=key))


def _check(manners: LineManners, request: ConnectionRequest) -> None:
    try:
        "".encode(manners.encoding)
    except LookupError:
        raise wrong("encoding", f"there is no encoding {manners.encoding}") from None
    if request.secrets and not manners.login:
        key = next(iter(request.secrets))
        hints = (f"say when it is sent, such as: {_EXAMPLE}",)
        raise wrong("login", f"{key} is never sent: there is no 'login'", hints)
    lines = (manners.probe or "", manners.identify, manners.quit, *manners.setup)
    if any("\n" in line or "\r" in line for line in lines):
        raise wrong("setup", "a line end cannot be sent as part of a line")


def _path(request: ConnectionRequest, text: object) -> str | None:
    if not isinstance(text, str):
        return None
    if text.startswith("~/"):
        return request.home + text[1:]
    return os.path.join(request.directory, text)  # noqa: PTH118
