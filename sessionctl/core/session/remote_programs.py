"""Remote programs: what the words of ssh and its kind are, each by its own manual page.

One letter is not the same for all: ``-l`` is a login for ssh and a limit for scp, ``-M`` takes a
word for autossh alone, and behind its host scp has files, not a line for the other shell.
"""

from __future__ import annotations

from sessionctl.core.named_tuple import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


class RemoteProgram(NamedTuple):
    """The options of a program; all that are not ``flags`` take a word.

    The word of ``starts`` is a program that is started here, that of ``lines`` a line for the
    other shell. ``has_line`` says whether the words behind the host are one, else they are files;
    ``has_ssh_options`` whether ``-o`` takes what ssh_config has.
    """

    flags: frozenset[str]
    starts: frozenset[str] = frozenset()
    lines: frozenset[str] = frozenset()
    has_line: bool = True
    has_ssh_options: bool = True


class RemoteCall(NamedTuple):
    """A call: its options with their words, and the words behind the host, or the files."""

    options: list[tuple[str, str]]
    words: list[str]


OPTIONS_OF_THE_USER = frozenset({
    "forkafterauthentication", "include", "knownhostscommand", "localcommand", "match",
    "permitlocalcommand", "pkcs11provider", "proxycommand", "securitykeyprovider", "sendenv",
    "smartcarddevice", "streamlocalbindunlink", "xauthlocation",
})  # fmt: skip
"""Options of ssh that start programs, load libraries, send variables, delete files or outlive us.

They are for the user's own ssh_config.
"""

_SSH = frozenset("1246AaCfGgKkMNnqsTtVvXxYy")
_MOSH_FLAGS = ("--no-ssh-pty", "--no-init", "--local", "--help", "--version")
_ET_FLAGS = (
    "--help", "--version", "--kill-other-sessions", "--macserver", "--logtostdout", "--silent",
    "--no-terminal", "--forward-ssh-agent",
)  # fmt: skip
# Of OpenSSH 10, autossh 1.4, mosh 1.4 and EternalTerminal 6.
REMOTE_PROGRAMS = {
    "ssh": RemoteProgram(_SSH),
    "autossh": RemoteProgram(_SSH - {"M"}),
    "scp": RemoteProgram(frozenset("12346ABCOpqRrsTv"), frozenset("SD"), has_line=False),
    "sftp": RemoteProgram(frozenset("1246AaCfNpqrv"), frozenset("SD"), has_line=False),
    "mosh": RemoteProgram(
        frozenset("46anoh").union(_MOSH_FLAGS),
        frozenset({"--ssh", "--client"}),
        frozenset({"--server"}),
        has_ssh_options=False,
    ),
    "et": RemoteProgram(
        frozenset("hxNf").union(_ET_FLAGS),
        lines=frozenset({"c", "--command"}),
        has_ssh_options=False,
    ),
}


def read_call(kind: RemoteProgram, arguments: Sequence[str]) -> RemoteCall:
    """Return what the arguments of a program of ``kind`` are."""
    options: list[tuple[str, str]] = []
    words: list[str] = []
    rest = list(arguments)
    has_host = is_ended = False
    while rest:
        word = rest.pop(0)
        if word == "--" and not is_ended:
            is_ended = True
        elif word.startswith("-") and len(word) > 1 and not is_ended:
            options += _options(kind, word, rest)
        elif not kind.has_line:
            words.append(word)
        # Options may stand before the host and directly behind it.
        elif has_host:
            return RemoteCall(options, [word, *rest])
        else:
            has_host, is_ended = True, False
    return RemoteCall(options, words)


def _options(kind: RemoteProgram, word: str, rest: list[str]) -> list[tuple[str, str]]:
    """Return the options in one word; one that takes a word may take it from ``rest``."""
    if word.startswith("--"):
        name, is_given, value = word.partition("=")
        if not is_given and name not in kind.flags and rest:
            value = rest.pop(0)
        return [(name, value)]
    for place, letter in enumerate(word[1:], 2):
        if letter not in kind.flags:
            return [(letter, word[place:] or (rest.pop(0) if rest else ""))]
    return []


def remote_path(word: str) -> str:
    """Return the path on the other side that a word for scp names, "" where it is a file here.

    Before OpenSSH 9, and with ``-O``, the other shell reads it.
    """
    host, colon, path = word.partition(":")
    return path if colon and "/" not in host else ""
