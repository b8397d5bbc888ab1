"""Dotenv files: addresses of servers among variables."""

from __future__ import annotations

import re

from sessionctl.core.importers.definitions.address_reading import address_table, is_address
from sessionctl.core.importers.definitions.connection_definition import (
    ConnectionDefinition,
    DefinitionReading,
    SkippedDefinition,
    clean_name,
)

_LINE = re.compile(r"\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)")
_ENDS = re.compile(r"_(?:URL|URI|DSN|ADDRESS|CONNECTION|CONN)\Z")
_NOT_A_COMMENT = re.compile(r"\s+#.*\Z")


def read_variables(text: str) -> DefinitionReading:
    """Return a connection for each variable that holds the address of a server."""
    found: list[ConnectionDefinition] = []
    skipped: list[SkippedDefinition] = []
    for number, line in enumerate(text.splitlines(), 1):
        match = _LINE.fullmatch(line)
        if match is None:
            continue
        variable, value = match[1], _unquoted(match[2])
        if not is_address(value):
            continue
        name = clean_name(_ENDS.sub("", variable.upper()).lower())
        reading = address_table(name, value)
        if isinstance(reading, str):
            skipped.append(SkippedDefinition(variable, number, reading))
        else:
            found.append(ConnectionDefinition(name, reading.table, number, *reading[1:]))
    return DefinitionReading(tuple(found), tuple(skipped))


def _unquoted(text: str) -> str:
    text = text.strip()
    if len(text) > 1 and text[0] in "\"'" and text.find(text[0], 1) > 0:
        return text[1 : text.find(text[0], 1)]
    return _NOT_A_COMMENT.sub("", text)
