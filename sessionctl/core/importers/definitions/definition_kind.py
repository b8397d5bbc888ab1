"""Definition kind: whose file it is, by its name, and its reader."""

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
    SSH_CONFIG: read_hosts,
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


def read_definitions(kind: str, text: str) -> DefinitionReading:
    """Return the connections in the text of a file of ``kind``.

    Raises:
      ValueError: it is not such a file.
    """
    return _READERS[kind](text)
