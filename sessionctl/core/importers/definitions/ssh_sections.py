"""SSH sections: what an ssh_config says of one alias, for a file that ssh does not read itself."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import NamedTuple

from sessionctl.core.session.remote_programs import OPTIONS_OF_THE_USER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sessionctl.core.values import Table, Value

_LINE = re.compile(r"\s*([A-Za-z0-9]+)(?:\s*=\s*|\s+)(.*)")
_WORD = re.compile(r"""#.*|"([^"]*)"|'([^']*)'|(\S+)""")
_KEYS = {
    "hostname": "host",
    "port": "port",
    "user": "user",
    "identityfile": "identity_file",
    "proxyjump": "jump",
    "forwardagent": "forward_agent",
}
_FORWARDS = {
    "localforward": "local_forward",
    "remoteforward": "remote_forward",
    "dynamicforward": "dynamic_forward",
}
# How a connection is shared and shown is not the file's, but ours.
_OURS = frozenset({
    "batchmode", "controlmaster", "controlpath", "controlpersist", "host", "include", "loglevel",
    "match", "requesttty", "sessiontype", "stdinnull",
})  # fmt: skip


class SshLine(NamedTuple):
    """A line of an ssh_config: its keyword as it is written, and its words."""

    keyword: str
    words: tuple[str, ...]

    @property
    def name(self) -> str:
        """The keyword as ssh compares it."""
        return self.keyword.lower()


def read_lines(text: str) -> list[SshLine]:
    """Return the lines of an ssh_config that have a keyword."""
    found = []
    for line in text.splitlines():
        match = _LINE.fullmatch(line)
        if match is not None:
            found.append(SshLine(match[1], words_of(match[2])))
    return found


def words_of(text: str) -> tuple[str, ...]:
    """Return the words behind a keyword, without quotes and comments."""
    return tuple(filter(None, map("".join, _WORD.findall(text.strip()))))


def resolved(lines: Sequence[SshLine], alias: str) -> tuple[Table, list[str]]:
    """Return the connection that ``lines`` make of ``alias``, and notes on what they leave out.

    As ssh does, of each keyword the first counts, in all sections whose patterns fit.
    """
    table: Table = {"driver": "ssh", "host": alias}
    options: dict[str, Value] = {}
    left: list[str] = []
    seen: set[str] = set()
    for line in _lines_of(lines, alias):
        if line.name in _OURS or not line.words:
            continue
        if line.name in _FORWARDS:
            _add_forward(table, line, left)
        elif line.name in seen:
            left += [line.keyword] if line.name == "identityfile" else []
        elif not _put(table, options, line, lines):
            left.append(line.keyword)
        seen.add(line.name)
    if options:
        table["options"] = options
    return table, [
        f"{keyword} was left out: write it into ~/.ssh/config, below: Host {table['host']}"
        for keyword in dict.fromkeys(left)
    ]


def _lines_of(lines: Sequence[SshLine], alias: str) -> Iterator[SshLine]:
    fits, host = True, ""
    for line in lines:
        if line.name == "host":
            fits = _fits(line.words, alias)
        elif line.name == "match":
            words = tuple(word.lower() for word in line.words)
            # Match host is about the address, as far as it is known by then.
            about = {"host": host or alias, "originalhost": alias}.get("".join(words[:1]))
            is_fit = len(words) == 2 and about is not None and _fits(words[1].split(","), about)
            fits = words == ("all",) or is_fit
        elif fits:
            if line.name == "hostname" and not host:
                host = _address(" ".join(line.words), alias)
            yield line


def _address(text: str, alias: str) -> str:
    return text.replace("%h", alias).replace("%%", "%")


def _fits(patterns: Sequence[str], alias: str) -> bool:
    name = alias.lower()

    def is_named(pattern: str) -> bool:
        # ssh has no sets of letters in a pattern: a bracket is one.
        return fnmatchcase(name, pattern.lower().replace("[", "[[]"))

    if any(one.startswith("!") and is_named(one[1:]) for one in patterns):
        return False
    return any(is_named(one) for one in patterns if not one.startswith("!"))


def _put(table: Table, options: dict[str, Value], line: SshLine, lines: Sequence[SshLine]) -> bool:
    """Put what a line says into a connection; return whether a session can say it."""
    value, name = " ".join(line.words), line.name
    if "${" in value or name in OPTIONS_OF_THE_USER or name == "remotecommand":
        return False
    if name not in _KEYS:
        options[line.keyword] = value
        return True
    found: Value | None = None
    match name:
        case "hostname":
            host = _address(value, str(table["host"]))
            found = None if "%" in host or host.startswith("-") else host
        case "port":
            found = int(value) if value.isascii() and value.isdigit() else None
        case "user":
            found = value
        case "identityfile":
            path = re.sub(r"\A%d(?=/)", "~", value)
            found = path if path.startswith(("~/", "/")) and "%" not in path else None
        case "proxyjump":
            if value.lower() == "none":
                return True
            found = ",".join(_jump(one, lines) for one in value.split(","))
        case _:
            found = {"yes": True, "no": False}.get(value.lower())
    if found is not None:
        table[_KEYS[name]] = found
    return found is not None


def _jump(text: str, lines: Sequence[SshLine]) -> str:
    """Return a host to jump through by its address, where it is an alias of the same file."""
    user, _, place = text.strip().rpartition("@")
    host, colon, port = place.partition(":")
    found: dict[str, str] = {}
    for line in _lines_of(lines, host):
        found.setdefault(line.name, " ".join(line.words))
    user = user or found.get("user", "")
    port = port if colon else found.get("port", "")
    host = _address(found.get("hostname", host), host)
    return f"{user}{'@' if user else ''}{host}{':' if port else ''}{port}"


def _add_forward(table: Table, line: SshLine, left: list[str]) -> None:
    spec = ":".join(line.words)
    if any("/" in word or "${" in word for word in line.words) or len(line.words) > 2:
        left.append(line.keyword)
        return
    table.setdefault(_FORWARDS[line.name], []).append(spec)  # type: ignore[union-attr]
