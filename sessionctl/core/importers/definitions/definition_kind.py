"""Definition kind: whose file it is, by its name or else its text, and its reader."""

from __future__ import annotations

from sessionctl.core.importers.definitions.dbeaver import read_data_sources
from sessionctl.core.importers.definitions.dotenv import read_variables
from sessionctl.core.importers.definitions.pg_service import read_services
from sessionctl.core.importers.definitions.ssh_config import read_hosts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.importers.definitions.connection_definition import DefinitionReading

PG_SERVICE, SSH_CONFIG, ENV, DBEAVER = "pg_service", "ssh_config", "env", "dbeaver"
DEFINITION_KINDS = (PG_SERVICE, SSH_CONFIG, ENV, DBEAVER)
_READERS = {
    PG_SERVICE: read_services,
    ENV: read_variables,
    DBEAVER: read_data_sources,
}


def definition_kind(path: str) -> str:
    """Return which kind a file is by its name, "" where that does not say."""
    folder, _, name = path.replace("\\", "/").rpartition("/")
    if name.startswith(".env") or name.endswith(".env"):
        return ENV
    if name.startswith("data-sources") and name.endswith(".json"):
        return DBEAVER
    if "pg_service" in name:
        return PG_SERVICE
    if name == "ssh_config" or (name == "config" and folder.rpartition("/")[2] == ".ssh"):
        return SSH_CONFIG
    return SSH_CONFIG if folder.rpartition("/")[2].startswith("ssh_config") else ""


def kind_of_text(text: str) -> str:
    """Return which kind a file is by what is in it, "" where that does not say."""
    lines = [line for raw in text.splitlines() if (line := raw.strip()) and line[0] not in "#;"]
    if not lines:
        return ""
    first = lines[0]
    if first.startswith("{"):
        return DBEAVER
    words = (line.split(None, 1) for line in lines)
    if any(len(pair) == 2 and pair[0].lower() in ("host", "match") for pair in words):
        return SSH_CONFIG
    if first.startswith("["):
        return PG_SERVICE
    name, is_given, _ = first.removeprefix("export ").partition("=")
    return ENV if is_given and name.strip().isidentifier() else ""


def read_definitions(kind: str, text: str, *, is_read: bool = True) -> DefinitionReading:
    """Return the connections in the text of a file of ``kind``.

    ``is_read`` says of an ssh_config whether ssh reads it by itself.

    Raises:
      ValueError: it is not such a file.
    """
    return read_hosts(text, is_read=is_read) if kind == SSH_CONFIG else _READERS[kind](text)
