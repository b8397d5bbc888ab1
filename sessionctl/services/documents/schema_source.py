"""Schema source: the schemas that are shipped, and those in files of the user."""

from __future__ import annotations

from sessionctl.core.schema.model import Schema
from sessionctl.errors import FileError, UsageError
from sessionctl.resources import schema_names, schema_text
from sessionctl.system.files.text import read_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_SESSION = "session"
_NEWEST = "session.v1"
_SETTINGS = "settings"
_EXPORT = ".draft-07"
_LIMIT_BYTES = 8 << 20
"""Some times what the largest public schema has."""


def described_session() -> Schema:
    """Return the schema of session files, with its descriptions."""
    import json

    return Schema(json.loads(schema_text(_NEWEST)), _SESSION)


def settings_schema() -> Schema:
    """Return the schema of settings."""
    import json

    return Schema(json.loads(schema_text("settings.v1")), _SETTINGS)


def shipped_titles() -> dict[str, str]:
    """Return the names of the shipped schemas with their titles."""
    import json

    return {name: str(json.loads(schema_text(name))["title"]) for name in schema_names()}


def shipped_text(name: str, *, draft_07: bool = False) -> str:
    """Return the JSON text of a shipped schema; "session" is the newest of the sessions.

    Raises:
      UsageError: none is shipped of this name, or none in draft-07.
    """
    wanted = _NEWEST if name == _SESSION else name
    if draft_07 and not wanted.endswith(_EXPORT):
        wanted += _EXPORT
    names = schema_names()
    if wanted not in names:
        what = f"{name} in draft-07" if draft_07 and name in (*names, _SESSION) else name
        raise UsageError(
            f"schema: no schema {what} is shipped", hints=["see them: sessionctl schema list"]
        )
    return schema_text(wanted)


def _no_constant(word: str) -> float:
    raise ValueError(word)


def read_schema(path: str) -> Schema:
    """Return the JSON Schema in a file, with those below its directory that it refers to.

    Raises:
      FileError: it cannot be read, or is not JSON.
      SessionctlError: it is not a JSON Schema that can be used.
    """
    from sessionctl.core.schema.loader import load_schema
    from sessionctl.core.schema.reference.registry import SchemaFile, UnresolvedError
    from sessionctl.system.files.sibling_files import SiblingFiles

    siblings = SiblingFiles(path, ".json", _LIMIT_BYTES)
    sources: list[str] = []
    found = {path: SchemaFile("")}

    def noted(text: str) -> str:
        sources.append(text)
        return text

    def find(origin: str, reference: str) -> SchemaFile:
        sources.append(reference)
        try:
            name = siblings.locate(origin or path, reference)
            if name not in found:
                found[name] = SchemaFile(name, _json(name, lambda name: noted(siblings.read(name))))
        except FileError as error:
            reason = f"refers to {reference}, which cannot be used: {error.message}"
            raise UnresolvedError(reference, reason) from error
        return found[name]

    data = _json(path, lambda name: noted(read_text(name, limit_bytes=_LIMIT_BYTES)))
    schema = load_schema(data, path, find)
    # What JSON Schema itself publishes comes with a library, of whatever version.
    schema.sources = () if schema.registry.has_published else tuple(sources)
    return schema


def _json(path: str, read: Callable[[str], str]) -> object:
    import json

    text = read(path)
    try:
        return json.loads(text.removeprefix("\ufeff"), parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        reason = error.msg[:1].lower() + error.msg[1:]
        raise FileError(f"{path}:{error.lineno}:{error.colno}: not JSON: {reason}") from error
    except RecursionError as error:
        raise FileError(f"{path}: not JSON that can be read: nested too deep") from error
    except ValueError as error:
        reason = "a number has too many digits, or is none of JSON"
        raise FileError(f"{path}: not JSON that can be read: {reason}") from error
