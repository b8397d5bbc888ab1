"""SSH failure: what the last words of ssh mean for the next attempt."""

from __future__ import annotations

import re
from typing import NamedTuple

from sessionctl.connections.connection_adapter import Failure, FailureKind
from sessionctl.core.text.shellwords import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


class _Rule(NamedTuple):
    pattern: str
    kind: FailureKind
    message: str
    key: str = ""
    hints: tuple[str, ...] = ()


_RULES = (
    _Rule(
        "REMOTE HOST IDENTIFICATION HAS CHANGED|Host key for .* has changed",
        FailureKind.PERMANENT,
        "{host} shows another host key than the one that is known",
        "host",
        (
            "ask who runs {host} whether its key was replaced; it may be another server",
            "if it was, delete the old key: ssh-keygen {known}",
        ),
    ),
    _Rule(
        "REVOKED HOST KEY",
        FailureKind.PERMANENT,
        "the host key of {host} is revoked",
        "host",
    ),
    _Rule(
        "Host key verification failed|No .* host key is known for",
        FailureKind.PERMANENT,
        "the host key of {host} is not known here",
        "host",
        ("compare its fingerprint, and accept it once: {login}",),
    ),
    _Rule(
        "Could not resolve hostname .*: (?:Temporary failure|Try again)",
        FailureKind.TRANSIENT,
        "the name {host} cannot be resolved for now",
    ),
    _Rule(
        "Could not resolve hostname",
        FailureKind.CONFIG,
        "{host}: no host has this name",
        "host",
    ),
    _Rule(
        r"bind \[.*\]:\d+: Address already in use|cannot listen to port"
        "|remote port forwarding failed|Could not request (?:local|dynamic|remote) forwarding",
        FailureKind.TRANSIENT,
        "a port to forward is already in use: {line}",
        "forward",
        ("end what uses it, or take another one",),
    ),
    _Rule("Bad .*forwarding specification", FailureKind.CONFIG, "{line}", "forward"),
    _Rule(
        "Bad configuration option|bad configuration options|Unsupported option|[Bb]ad .*argument"
        "|keyword .* extra arguments|Bad key types|Bad SSH2",
        FailureKind.CONFIG,
        "{line}",
        "options",
    ),
    _Rule("Bad owner or permissions", FailureKind.CONFIG, "{line}"),
    _Rule(
        "System is booting up|[Nn]ologin|Not allowed at this time|Exceeded MaxStartups",
        FailureKind.BUSY,
        "{host} takes no logins for now",
    ),
    _Rule(
        "Permission denied|Too many authentication failures|Authentication failed"
        "|no more authentication methods|Account .*expired|password has expired",
        FailureKind.AUTH,
        "{host} refuses the login",
    ),
    _Rule(
        "Unable to negotiate|no matching .* found|Protocol major versions differ"
        "|[Bb]ad remote protocol version|invalid characters|banner line"
        "|protocol identification string lack|bad packet length|Bad packet length",
        FailureKind.INCOMPATIBLE,
        "{host} does not speak SSH as this ssh does",
    ),
    _Rule("Connection refused", FailureKind.TRANSIENT, "{host} refuses the connection"),
    _Rule(
        "timed out|not responding|Timeout",
        FailureKind.TRANSIENT,
        "{host} does not answer",
    ),
    _Rule(
        "Connection (?:reset|closed)|closed by remote host|Broken pipe|Connection to .* closed"
        "|[Dd]isconnect|kex_exchange_identification|UNKNOWN port",
        FailureKind.TRANSIENT,
        "{host} closed the connection",
    ),
    _Rule("unreachable|No route to host", FailureKind.TRANSIENT, "{host} cannot be reached"),
)
_OFFER = re.compile(r"no matching (?P<what>.+?) found\. Their offer: (?P<offer>.+)")
_VERSION = re.compile(r"remote (?:protocol|software) version (?P<found>.+)", re.IGNORECASE)


def ssh_failure(
    lines: Sequence[str], host: str, *, asked: Sequence[str] = (), login: str = ""
) -> Failure:
    """Return why ssh ended, from what it said last.

    ``asked`` are the secrets it asked for, ``login`` is the command that logs in by hand.

    ``lines`` are those that are no report of progress. What a server says in them is cut to
    what can be printed.
    """
    plain = ["".join(c if c.isprintable() else " " for c in line).strip() for line in lines]
    for rule in _RULES:
        line = next((line for line in plain if re.search(rule.pattern, line)), None)
        if line is not None:
            words = {"host": host, "line": _cut(line), "login": login or f"ssh {quoted(host)}"}
            words["known"] = _known_name(plain, host)
            return _worded(rule, line, words, asked, plain)
    last = next((line for line in reversed(plain) if line), "ssh ended without a word")
    return Failure(FailureKind.TRANSIENT, f"{host}: {_cut(last)}")


def _worded(
    rule: _Rule, line: str, words: dict[str, str], asked: Sequence[str], plain: Sequence[str]
) -> Failure:
    message = rule.message.format(**words)
    hints = tuple(hint.format(**words) for hint in rule.hints)
    key, found, wanted = rule.key, "", ""
    if rule.kind is FailureKind.AUTH:
        key = next((name for name in ("password", "passphrase") if name in asked), "")
        if "other" in asked:
            hints += (f"it asks for more than is stored; log in by hand: {words['login']}",)
        methods = re.search(r"Permission denied \((.+)\)", line)
        if methods:
            message += f" (it takes {methods[1].replace(',', ', ')})"
    elif rule.kind is FailureKind.INCOMPATIBLE:
        offer = _OFFER.search(line)
        found = _cut(offer["offer"]) if offer else _cut(line)
        wanted = f"another {offer['what']}" if offer else "SSH 2.0"
    elif key == "forward":
        key = _forward_key(" ".join(plain))
    return Failure(rule.kind, message, hints, key=key, found=found, wanted=wanted)


def _forward_key(text: str) -> str:
    for name in ("remote", "dynamic"):
        if name in text.lower():
            return f"{name}_forward"
    return "local_forward"


def _known_name(plain: Sequence[str], host: str) -> str:
    """Return what ``ssh-keygen`` wants to forget the host: the name that is known, the file."""
    text = "\n".join(plain)
    file = re.search(r"^Offending \S+ key in (.+):\d+$", text, re.MULTILINE)
    name = re.search(r"Host key for (\S+) has changed", text)
    words = ["-R", name[1] if name else host, *(("-f", file[1]) if file else ())]
    return " ".join(map(quoted, words))


def _cut(line: str) -> str:
    return line[:200].rstrip(".")
