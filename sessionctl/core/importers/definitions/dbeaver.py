"""DBeaver: data-sources.json, whose passwords lie in another file and are not taken."""

from __future__ import annotations

import json

from sessionctl.core.importers.definitions.address_reading import address_table
from sessionctl.core.importers.definitions.connection_definition import (
    ConnectionDefinition,
    DefinitionReading,
    SkippedDefinition,
    clean_name,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.values import Table

_PROVIDERS = {"postgresql": "postgres", "redis": "redis", "sqlite": "sqlite"}
_LEFT_OUT = "its password stays with DBeaver"


def read_data_sources(text: str) -> DefinitionReading:
    """Return a connection for each data source of a kind that has a driver.

    Raises:
      ValueError: it is not JSON, or not DBeaver's.
    """
    try:
        data = json.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    sources = data.get("connections") if isinstance(data, dict) else None
    if not isinstance(sources, dict):
        raise ValueError("it has no connections")  # noqa: TRY004 - the text is wrong
    found: list[ConnectionDefinition] = []
    skipped: list[SkippedDefinition] = []
    for key, source in sources.items():
        line = _line_of(text, key)
        if not isinstance(source, dict):
            skipped.append(SkippedDefinition(str(key), line, "not a data source"))
            continue
        name = clean_name(str(source.get("name") or key))
        table = _table(name, source)
        if isinstance(table, str):
            skipped.append(SkippedDefinition(name, line, table))
        else:
            notes = () if table["driver"] == "sqlite" else (_LEFT_OUT,)
            found.append(ConnectionDefinition(name, table, line, (), notes))
    return DefinitionReading(tuple(found), tuple(skipped))


def _table(name: str, source: Table) -> Table | str:
    provider = str(source.get("provider", ""))
    base = next((one for one in _PROVIDERS if provider.lower().startswith(one)), "")
    settings = source.get("configuration")
    if not isinstance(settings, dict):
        return "it has no configuration"
    if not base and str(source.get("driver", "")).lower().startswith("sqlite"):
        base = "sqlite"
    if not base:
        return f"there is no driver for {provider or 'its provider'}"
    driver = _PROVIDERS[base]
    table: Table = {"driver": driver}
    if driver == "sqlite":
        file = settings.get("database") or _file_of(settings.get("url"))
        return {**table, "file": str(file)} if file else "it names no file"
    if not settings.get("host") and isinstance(settings.get("url"), str):
        reading = address_table(name, str(settings["url"]).removeprefix("jdbc:"))
        if isinstance(reading, str):
            return reading
        return {key: item for key, item in reading.table.items() if key != "password"}
    if settings.get("host"):
        table["host"] = str(settings["host"])
    port = str(settings.get("port", ""))
    if port.isdigit() and 0 < int(port) < 1 << 16:
        table["port"] = int(port)
    if settings.get("user"):
        table["user"] = str(settings["user"])
    database = settings.get("database")
    if database and driver == "postgres":
        table["database"] = str(database)
    elif str(database).isdigit():
        table["database"] = int(str(database))
    return table


def _file_of(url: object) -> str:
    return str(url).removeprefix("jdbc:sqlite:") if str(url).startswith("jdbc:sqlite:") else ""


def _line_of(text: str, key: str) -> int:
    at = text.find(json.dumps(key))
    return text.count("\n", 0, at) + 1 if at >= 0 else 1
