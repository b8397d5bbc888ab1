"""ssh_config: the hosts that OpenSSH knows by an alias."""

from __future__ import annotations

import re

from sessionctl.core.importers.definitions.connection_definition import (
    ConnectionDefinition,
    DefinitionReading,
    SkippedDefinition,
    clean_name,
)
from sessionctl.core.importers.definitions.ssh_sections import read_lines, resolved, words_of

_LINE = re.compile(r"\s*([A-Za-z]+)(?:\s*=\s*|\s+)(.*)")
_PATTERN = re.compile(r"[*?!]")


def read_hosts(text: str, *, is_read: bool = True) -> DefinitionReading:
    """Return a connection for each alias: by its name alone, for ssh knows the rest.

    Unless ``is_read``, ssh does not read the file: then with what the file says of it.
    """
    lines = [] if is_read else read_lines(text)
    found: dict[str, ConnectionDefinition] = {}
    skipped: list[SkippedDefinition] = []
    for number, line in enumerate(text.splitlines(), 1):
        match = _LINE.fullmatch(line)
        if match is None:
            continue
        keyword, rest = match[1].lower(), match[2].strip()
        if keyword == "host":
            for alias in words_of(rest):
                if _PATTERN.search(alias):
                    skipped.append(
                        SkippedDefinition(f"Host {alias}", number, "a pattern, not a host")
                    )
                elif alias.startswith("-"):
                    skipped.append(
                        SkippedDefinition(f"Host {alias}", number, "an option, not a host")
                    )
                elif alias not in found:
                    table, notes = resolved(lines, alias)
                    name = clean_name(alias)
                    found[alias] = ConnectionDefinition(name, table, number, (), tuple(notes))
        elif keyword == "include":
            skipped.append(SkippedDefinition(f"Include {rest}", number, "name that file too"))
        elif keyword == "match":
            skipped.append(SkippedDefinition("Match", number, "a condition, not a host"))
    return DefinitionReading(tuple(found.values()), tuple(skipped))
