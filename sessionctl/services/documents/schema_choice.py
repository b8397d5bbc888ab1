"""Schema choice: which schema a file is held to, by its name, its directive or an option."""

from __future__ import annotations

# pathlib costs start-up: plain os calls here.
# ruff: noqa: PTH110, PTH113, PTH118, PTH119, PTH120
import os

from sessionctl.core.filename import PROJECT_FILE, STDIN_NAME, is_session_name, is_sidecar_name
from sessionctl.core.named_tuple import NamedTuple
from sessionctl.core.problem import Problem, Span
from sessionctl.core.regex.lazy_pattern import IGNORECASE, late
from sessionctl.core.schema.model import Schema
from sessionctl.core.text.source import Source
from sessionctl.errors import FileError, SessionctlError
from sessionctl.services.documents import schema_source
from sessionctl.services.documents.checked_file import SECRETS, SESSION, SETTINGS

_SHIPPED = ("session.v1.schema.json", "session.v1.draft-07.schema.json")
_SHIPPED_IDS = (
    "urn:sessionctl:schema:session:v1",
    "https://json.schemastore.org/sessionctl-session-v1.json",
)
_SETTINGS_FILE = "settings.v1.schema.json"
_SETTINGS_ID = "urn:sessionctl:schema:settings:v1"
_DIRECTIVE = late(
    r"\ufeff?(?:[ \t]*+(?:#(?!:schema[ \t])[^\n]*+)?\r?\n)*+[ \t]*+(#:schema[ \t]++([^\s#]+))"
)
_FETCHED = late(r"[a-z][a-z0-9+.-]+:(?!\\)", IGNORECASE)


class SchemaChoice(NamedTuple):
    """The schema a file is held to, the name it goes by, and what is odd about it."""

    schema: Schema | None
    label: str
    warning: Problem | None = None


class SchemaChooser:
    """Chooses the schemas of files, one after another; each is read once."""

    def __init__(
        self,
        forced: SchemaChoice | None = None,
        reader: schema_source.SchemaReader | None = None,
    ) -> None:
        """Hold every file to ``forced``, or each to the schema it asks for.

        ``reader`` knows which schemas used up the steps of a check before.
        """
        self._forced = forced
        self._reader = reader or schema_source.SchemaReader()
        self._session: SchemaChoice | None = None
        self._read: dict[str, Schema] = {}

    @classmethod
    def of_file(cls, schema_file: str) -> SchemaChooser:
        """Return a chooser that holds every file to the schema in ``schema_file``.

        Raises:
          FileError: it cannot be read.
          SessionctlError: it is not a JSON Schema that can be used.
        """
        return cls(SchemaChoice(schema_source.read_schema(schema_file), schema_file))

    @classmethod
    def of_settings(cls) -> SchemaChooser:
        """Return a chooser that takes every file for one of settings, whatever its name."""
        return cls(_settings_choice())

    def renewed(self) -> SchemaChooser:
        """Return one that reads the schemas in files anew, for they may have been edited."""
        chooser = SchemaChooser(self._forced, self._reader)
        chooser._session = self._session_choice()
        return chooser

    def choose(self, name: str, text: str) -> SchemaChoice:
        """Return the schema for a text: as asked, as its directive says, or by its name.

        Raises:
          FileError: the schema it names cannot be read or used; the message has the place.
        """
        if self._forced is not None:
            return self._forced
        by_name = self._by_name(name)
        if by_name.label == SECRETS:
            return by_name
        directive = _DIRECTIVE.match(text)
        if directive is None:
            return by_name
        address = directive[2]
        last = address.replace("\\", "/").split("/")[-1]
        if address in _SHIPPED_IDS or last in _SHIPPED:
            return self._session_choice()
        if address == _SETTINGS_ID or last == _SETTINGS_FILE:
            return _settings_choice()
        if address.startswith("file://"):
            address = address.removeprefix("file://")
        elif _FETCHED.match(address):
            is_session = by_name.label == SESSION
            return by_name._replace(
                warning=_not_fetched(Span(*directive.span(1)), is_session=is_session)
            )
        base = "" if name == STDIN_NAME else os.path.dirname(name)
        path = os.path.join(base, address)
        try:
            if not os.path.isfile(path) and os.path.exists(path):
                raise FileError(f"{path}: not a regular file")
            return SchemaChoice(self._load(path), path)
        except SessionctlError as error:
            raise placed(error, name, text) from error

    def note_spent(self, schema: Schema, document: str) -> None:
        """Remember that the check of ``document`` was stopped at a schema chosen here."""
        self._reader.note_spent(schema, document)

    def _by_name(self, name: str) -> SchemaChoice:
        base_name = os.path.basename(name)
        if base_name == PROJECT_FILE:
            return _settings_choice()
        if is_sidecar_name(base_name):
            return SchemaChoice(None, SECRETS)
        if name == STDIN_NAME or is_session_name(base_name):
            return self._session_choice()
        return SchemaChoice(None, "")

    def _session_choice(self) -> SchemaChoice:
        if self._session is None:
            self._session = SchemaChoice(Schema.session(), SESSION)
        return self._session

    def _load(self, path: str) -> Schema:
        schema = self._read.get(path)
        if schema is None:
            schema = self._read[path] = self._reader.read(path)
        return schema


def placed(error: SessionctlError, name: str, text: str) -> FileError:
    """Return what is wrong with the schema that ``text`` names, with the place of its name."""
    directive = _DIRECTIVE.match(text)
    place = name
    if directive is not None:
        line, column = Source(text).place(directive.start(2))
        place = f"{name}:{line}:{column}"
    return FileError(
        f"{place}: {error.message}",
        hints=[*error.hints, "fix the '#:schema' line, or check with --schema FILE"],
    )


def _settings_choice() -> SchemaChoice:
    return SchemaChoice(schema_source.settings_schema(), SETTINGS)


def _not_fetched(span: Span, *, is_session: bool) -> Problem:
    checked = "checked as a session" if is_session else "only the syntax was checked"
    return Problem(
        "schema",
        f"schemas are not fetched from the network; {checked}",
        span,
        hint="save the schema beside the file and name that copy, or use --schema FILE",
        severity="warning",
    )
