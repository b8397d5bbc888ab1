"""Schema source: the schemas that are shipped, and those in files of the user."""

from __future__ import annotations

# pathlib costs start-up: plain os calls here.
# ruff: noqa: PTH118, PTH120
import os

from sessionctl.core.named_tuple import NamedTuple
from sessionctl.core.schema.model import Schema
from sessionctl.errors import FileError, SessionctlError, UsageError
from sessionctl.resources import schema_names, schema_root, schema_text
from sessionctl.system.files.text import read_text

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
    return schema_text(_shipped_name(name, draft_07=draft_07))


def shipped_path(name: str, *, draft_07: bool = False) -> str:
    """Return the file of a shipped schema; "session" is the newest of the sessions.

    Raises:
      UsageError: none is shipped of this name, or none in draft-07.
    """
    return str(schema_root() / f"{_shipped_name(name, draft_07=draft_07)}.schema.json")


def _shipped_name(name: str, *, draft_07: bool) -> str:
    wanted = _NEWEST if name == _SESSION else name
    if draft_07 and not wanted.endswith(_EXPORT):
        wanted += _EXPORT
    names = schema_names()
    if wanted not in names:
        what = f"{name} in draft-07" if draft_07 and name in (*names, _SESSION) else name
        raise UsageError(
            f"schema: no schema {what} is shipped", hints=["see them: sessionctl schema list"]
        )
    return wanted


def _no_constant(word: str) -> float:
    raise ValueError(word)


class SchemaReader:
    """Reads schemas, and remembers by their content those that used up all steps of a check.

    A copy in another place is the same schema; one that was edited is another.
    """

    def __init__(self) -> None:
        self._content: dict[str, tuple[str, ...]] = {}
        self._spent: dict[str, str] = {}
        self._unloadable: dict[str, _LoadFailure] = {}

    def read(self, path: str) -> Schema:
        """Return the JSON Schema in a file, with those below its directory that it refers to.

        Raises:
          FileError: it cannot be read, or is not JSON.
          SessionctlError: it is not a JSON Schema that can be used.
        """
        from sessionctl.core.schema.check.budget import StepLimitError
        from sessionctl.core.schema.loader import load_schema
        from sessionctl.core.schema.reference.registry import SchemaFile, UnresolvedError
        from sessionctl.system.files.sibling_files import AbsentSiblingError, SiblingFiles

        siblings = SiblingFiles(path, ".json", _LIMIT_BYTES)
        text = read_text(path, limit_bytes=_LIMIT_BYTES)
        texts = {path: text}
        sources = [text]
        self._refuse_unloadable(path, text)
        found = {path: SchemaFile("")}

        def find(origin: str, reference: str) -> SchemaFile:
            sources.append(reference)
            try:
                name = siblings.locate(origin or path, reference)
                if name not in found:
                    text = siblings.read(name)
                    texts[name] = text
                    sources.append(text)
                    found[name] = SchemaFile(name, _json(name, text))
            except FileError as error:
                reason = f"refers to {reference}, which cannot be used: {error.message}"
                is_absent = isinstance(error, AbsentSiblingError)
                raise UnresolvedError(reference, reason, is_absent=is_absent) from error
            return found[name]

        try:
            schema = load_schema(_json(path, text), path, find)
        except StepLimitError as error:
            others = tuple(
                (_way(path, name), _digest(other)) for name, other in texts.items() if name != path
            )
            reason = error.message.removeprefix(f"{path}: ")
            self._unloadable[_digest(text)] = _LoadFailure(others, reason)
            raise
        content = self._content[path] = tuple(texts.values())
        # What JSON Schema itself publishes comes with a library, of whatever version.
        schema.sources = () if schema.registry.has_published else tuple(sources)
        if schema.budget is not None and self._spent:
            schema.budget.spent_on = self._spent.get(_digest("".join(content)), "")
        return schema

    def note_spent(self, schema: Schema, document: str) -> None:
        """Remember that the check of ``document`` was stopped at a schema that was read here."""
        if schema.budget is None or schema.budget.spent_on:
            return
        schema.budget.spent_on = document
        content = self._content.get(schema.name)
        if content is not None:
            self._spent[_digest("".join(content))] = document

    def _refuse_unloadable(self, path: str, text: str) -> None:
        """Raise ``StepLimitError`` for what was read before, and could not be looked through."""
        from sessionctl.core.schema.check.budget import StepLimitError

        failure = self._unloadable.get(_digest(text)) if self._unloadable else None
        if failure is None:
            return
        try:
            for way, digest in failure.others:
                other = os.path.join(os.path.dirname(path), way)
                if _digest(read_text(other, limit_bytes=_LIMIT_BYTES)) != digest:
                    return
        except SessionctlError:
            return
        raise StepLimitError(f"{path}: {failure.reason}")


class _LoadFailure(NamedTuple):
    """Why a schema cannot be looked through: the other files that it was read with, by content."""

    others: tuple[tuple[str, str], ...]
    reason: str


def _digest(text: str) -> str:
    from hashlib import sha256  # only where it is needed: its import takes milliseconds

    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _way(path: str, other: str) -> str:
    return os.path.relpath(other, os.path.dirname(path) or ".")


def read_schema(path: str) -> Schema:
    """Return the JSON Schema in a file, as ``SchemaReader`` does."""
    return SchemaReader().read(path)


def _json(path: str, text: str) -> object:
    import json

    try:
        return json.loads(text.removeprefix("\ufeff"), parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        reason = error.msg[:1].lower() + error.msg[1:]
        raise FileError(f"{path}:{error.lineno}:{error.colno}: not JSON: {reason}") from error
    except RecursionError as error:
        raise FileError(f"{path}: not JSON that can be read: nested too deep") from error
    except ValueError as error:
        reason = "a number has too many digits, or is not a JSON number"
        raise FileError(f"{path}: not JSON that can be read: {reason}") from error
