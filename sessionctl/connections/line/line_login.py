"""Line login: the greeting of a service, and the dialogue that lets one in."""

from __future__ import annotations

from sessionctl.connections.connection_adapter import ConnectionFailure, Failure, FailureKind
from sessionctl.connections.deadline import DeadlineError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.connections.deadline import Deadline
    from sessionctl.connections.line.line_channel import LineChannel
    from sessionctl.connections.line.line_manners import LineManners

_QUIET_S = 2.0
"""A service that has said something else, and then nothing for so long, has greeted."""


def greet(channel: LineChannel, manners: LineManners, deadline: Deadline) -> None:
    """Wait for the greeting.

    Nothing is sent to a service that sends a different greeting.

    Raises:
      ConnectionFailure: another greeting came.
      DeadlineError: none came in time.
      EOFError, OSError: the connection has ended.
    """
    while manners.greeting not in channel.text:
        try:
            channel.read_more(deadline.within(_QUIET_S))
        except TimeoutError:
            if channel.text.strip():
                raise ConnectionFailure(_stranger(channel.text, manners)) from None
            if deadline.is_over:
                raise DeadlineError(f"{manners.peer} does not greet in time") from None


def log_in(
    channel: LineChannel, manners: LineManners, values: list[bytes], deadline: Deadline
) -> None:
    """Answer each question, and see whether the service lets us in.

    Raises:
      ConnectionFailure: it does not.
      DeadlineError: a question did not come in time.
      OSError: the connection broke.
    """
    first = manners.login[0].question
    again = ""
    for reply, value in zip(manners.login, values, strict=True):
        _read(channel, manners, reply.question, again, deadline)
        channel.text = ""
        channel.send(value, deadline)
        again = first
    try:
        if manners.framing == "prompt":
            _read(channel, manners, manners.prompt, again, deadline)
        elif manners.login_refused:
            _read_word(channel, manners, deadline)
    except EOFError:
        # Closed in good order right behind the password: so do services that refuse it.
        raise ConnectionFailure(_refusal(manners)) from None


def _read(
    channel: LineChannel, manners: LineManners, question: str, again: str, deadline: Deadline
) -> None:
    """Read until ``question``; where ``again`` comes instead, the login was refused."""
    signs = [sign for sign in (manners.login_refused, again) if sign]
    channel.read_until(
        lambda text: question in text or any(sign in text for sign in signs), deadline
    )
    refused = manners.login_refused
    if question not in channel.text or (refused and refused in channel.text):
        raise ConnectionFailure(_refusal(manners))


def _read_word(channel: LineChannel, manners: LineManners, deadline: Deadline) -> None:
    """Read the line, if one comes, that a service without a prompt says of a login."""
    try:
        channel.read_until(lambda text: "\n" in text, deadline.within(_QUIET_S))
    except TimeoutError:
        return
    if manners.login_refused in channel.text:
        raise ConnectionFailure(_refusal(manners))


def _refusal(manners: LineManners) -> Failure:
    keys = [reply.key for reply in manners.login]
    key = "password" if "password" in keys else keys[-1]
    return Failure(FailureKind.AUTH, f"{manners.peer} refuses the login", key=key)


def _stranger(text: str, manners: LineManners) -> Failure:
    first = next(line for line in text.splitlines() if line.strip())
    found = "".join(c for c in first[:100] if c.isprintable())
    return Failure(
        FailureKind.INCOMPATIBLE,
        f"{manners.peer} sends a different greeting",
        found=found,
        wanted=manners.greeting,
        key="greeting",
    )
