"""pg_service.conf: named services of libpq, which reads them itself."""

from __future__ import annotations

from sessionctl.core.importers.definitions.connection_definition import (
    ConnectionDefinition,
    DefinitionReading,
    SkippedDefinition,
    clean_name,
)


def read_services(text: str) -> DefinitionReading:
    """Return a connection for each service: by its name alone, for libpq knows the rest."""
    found: list[ConnectionDefinition] = []
    skipped: list[SkippedDefinition] = []
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        if stripped.startswith("[") and stripped.endswith("]") and stripped[1:-1].strip():
            service = stripped[1:-1]
            table = {"driver": "postgres", "service": service}
            found.append(ConnectionDefinition(clean_name(service), {**table}, number))
        elif not found:
            skipped.append(
                SkippedDefinition("a line before the first service", number, "no service")
            )
        elif stripped.partition("=")[0].strip().lower() == "password":
            note = "its password stays in the service file, where libpq reads it"
            found[-1] = found[-1]._replace(notes=(*found[-1].notes, note))
    return DefinitionReading(tuple(found), tuple(skipped))
