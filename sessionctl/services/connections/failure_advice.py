"""Failure advice: which kind a failure of a connection is, and what the user can do about it."""

from __future__ import annotations

from sessionctl.connections.connection_adapter import Failure, FailureKind
from sessionctl.core.text.shellwords import last_words, path_word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.services.connections.session_connections import SessionConnections

_NETWORK = frozenset({FailureKind.TRANSIENT, FailureKind.BUSY})


def kind_of(failure: Failure) -> str:
    """Return which of the three kinds a failure is: network, authentication, compatibility.

    What the session file says wrongly is "configuration", all else "other".
    """
    if failure.kind in _NETWORK:
        return "network"
    return {
        FailureKind.AUTH: "authentication",
        FailureKind.INCOMPATIBLE: "compatibility",
        FailureKind.CONFIG: "configuration",
    }.get(failure.kind, "other")


def options_after(connections: SessionConnections, name: str, failure: Failure) -> list[str]:
    """Return what the user can do about a failure, each with the command to type."""
    file = path_word(connections.file)
    word = last_words(name)
    found = [hint for hint in failure.hints if hint]
    match kind_of(failure):
        case "network":
            found.append(f"try it again, step by step: sessionctl connections test {file} {word}")
            found.append(f"or change where it leads: sessionctl edit {file}")
            found += [
                f"or use another one: sessionctl connect {file} {last_words(other)}"
                for other in connections.alternatives(name)
            ]
            found.append(f"or work without it: sessionctl restore {file}")
        case "authentication":
            secrets = sorted(set(connections.references(name).values()))
            if not any(f"sessionctl secret set {file}" in hint for hint in found):
                found += [
                    f"store it again: sessionctl secret set {file} {last_words(one)}"
                    for one in secrets
                ]
            if not secrets:
                found.append(f"give it a secret or another user: sessionctl edit {file}")
        case "compatibility":
            found.append(
                f"or connect anyway: sessionctl connect --once --any-version {file} {word}"
            )
        case "configuration":
            found.append(f"change it: sessionctl edit {file}")
        case _:
            pass
    return found
