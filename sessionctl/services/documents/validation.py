"""Validating: which schema a file is held to, and everything that is wrong with it."""

from __future__ import annotations

# pathlib costs start-up: plain os calls here.
# ruff: noqa: PTH118, PTH119, PTH120
import os
import re
from typing import NamedTuple

from sessionctl.core.filename import PROJECT_FILE, SIDECAR_SUFFIX, is_session_name, is_sidecar_name
from sessionctl.core.problem import Problem, Span, errors_of
from sessionctl.core.schema.model import Schema
from sessionctl.core.schema.verdict import syntax_problem, validate
from sessionctl.core.text.source import Source
from sessionctl.core.toml.document import Document
from sessionctl.errors import FileError, ParseError, SessionctlError
from sessionctl.system.files.session_files import find_sessions, is_directory
from sessionctl.system.files.text import decode_text, read_stdin, read_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sessionctl.core.scan.redaction import SafeSource
    from sessionctl.services.scanning.secret_references import StoredNames

STDIN = "-"
SESSION = "session"
SECRETS = "secrets"
SETTINGS = "settings"
"""What ``CheckedFile.schema`` says of the shipped schemas: of sessions, sidecars, settings."""

_STDIN_NAME = "<stdin>"
_SHIPPED = ("session.v1.schema.json", "session.v1.draft-07.schema.json")
_SHIPPED_IDS = (
    "urn:sessionctl:schema:session:v1",
    "https://json.schemastore.org/sessionctl-session-v1.json",
)
_SETTINGS_FILE = "settings.v1.schema.json"
_SETTINGS_ID = "urn:sessionctl:schema:settings:v1"
_DIRECTIVE = re.compile(
    r"\ufeff?(?:[ \t]*+(?:#(?!:schema[ \t])[^\n]*+)?\r?\n)*+[ \t]*+(#:schema[ \t]++([^\s#]+))"
)
_FETCHED = re.compile(r"[a-z][a-z0-9+.-]+:(?!\\)", re.IGNORECASE)


class CheckedFile:
    """What is known of one file after it was checked.

    ``schema`` is ``SESSION``, ``SECRETS``, ``SETTINGS``, the path of a schema, or "" when
    only the syntax was checked. ``failure`` is why the file or its schema could not be
    read; ``problems`` is empty then.
    """

    def __init__(
        self,
        name: str,
        problems: tuple[Problem, ...] = (),
        *,
        text: str = "",
        schema: str = "",
        failure: SessionctlError | None = None,
    ) -> None:
        self.name = name
        self.problems = problems
        self.schema = schema
        self.failure = failure
        self.model: Schema | None = None
        self.fixed_place: tuple[int, int] | None = None
        """The place of the one problem, where there is no text to look it up in."""
        self._source = Source(text, name)
        self._safe: SafeSource | None = None

    @property
    def text(self) -> str:
        """The text that was checked, "" where there is none."""
        return self._source.text

    def insist_on(self, rule: str) -> None:
        """Take the warnings of ``rule`` for errors."""
        self.problems = tuple(
            problem._replace(severity="error") if problem.rule == rule else problem
            for problem in self.problems
        )

    @property
    def is_valid(self) -> bool:
        """Whether the file was read and has no problem but warnings."""
        return self.failure is None and not self.errors

    @property
    def errors(self) -> list[Problem]:
        """The problems that make it invalid."""
        return errors_of(self.problems)

    def place(self, problem: Problem) -> tuple[int, int, int, int]:
        """Return the line and column where ``problem`` begins, and those where it ends."""
        if self.fixed_place is not None:
            return (*self.fixed_place, *self.fixed_place)
        return (*self._source.place(problem.span.start), *self._source.place(problem.span.end))

    def excerpt(self, problem: Problem) -> list[str]:
        """Return the lines that show the place; secrets in them are masked."""
        if self.fixed_place is not None:
            return []
        if self._safe is None:
            self._safe = self._without_secrets()
        return self._safe.excerpt(problem.span)

    def _without_secrets(self) -> SafeSource:
        from sessionctl.core.scan.finding import is_secret_rule
        from sessionctl.core.scan.masked_values import hidden_places
        from sessionctl.core.scan.redaction import SafeSource
        from sessionctl.core.schema.secret_fields import secret_spans
        from sessionctl.core.toml.key_places import KeyPlaces

        hidden = [p.span for p in self.problems if is_secret_rule(p.rule)]
        try:
            document = Document.parse(self._source.text)
        except ParseError:
            if is_sidecar_name(self.name):
                from sessionctl.core.secrets.digest import doubtful_lines

                hidden += doubtful_lines(self._source.text)
            return SafeSource(self._source, hidden)
        model = self.model or Schema({})
        in_session = self.schema == SESSION
        hidden += [span for span, _ in hidden_places(document, in_session=in_session)]
        hidden += secret_spans(document.value, KeyPlaces(document), model)
        return SafeSource(self._source, hidden)


class _Choice(NamedTuple):
    """The schema a file is held to, the name it goes by, and what is odd about it."""

    schema: Schema | None
    label: str
    warning: Problem | None = None


class Validator:
    """Checks files, one after another; schemas are read once."""

    def __init__(self, schema_file: str | None = None) -> None:
        """Hold every file to ``schema_file``, or each to the one it asks for.

        Raises:
          FileError: ``schema_file`` cannot be read.
          SessionctlError: it is not a JSON Schema that can be used.
        """
        self._session = _Choice(Schema.session(), SESSION)
        self._read: dict[str, Schema] = {}
        self._forced: _Choice | None = None
        if schema_file is not None:
            self._forced = _Choice(self._load(schema_file), schema_file)

    def check_all(self, names: Iterable[str]) -> Iterator[CheckedFile]:
        """Check files, the session files in and below directories, and stdin (``-``)."""
        seen: set[str] = set()
        for name in names:
            files = [name]
            if name != STDIN and is_directory(name):
                try:
                    files = _found_in(name)
                except FileError as error:
                    yield CheckedFile(name, failure=error)
                    continue
            for file in files:
                if file not in seen:
                    seen.add(file)
                    yield self.check(file)

    def check(self, file: str) -> CheckedFile:
        """Check one file; it is only read."""
        name = _STDIN_NAME if file == STDIN else file
        try:
            text = read_stdin() if file == STDIN else read_text(file)
        except ParseError as error:  # not UTF-8
            return _not_text(name, error)
        except SessionctlError as error:
            return CheckedFile(name, failure=error)
        return self.check_text(name, text, _stored_beside(name, text))

    def check_settings(self, file: str) -> CheckedFile:
        """Check a file of settings, whatever its name."""
        self._forced = _settings_choice()
        return self.check(file)

    def check_bytes(self, name: str, data: bytes, stored: StoredNames | None = None) -> CheckedFile:
        """Check content that is not, or not only, in the file ``name``: git's index."""
        try:
            return self.check_text(name, decode_text(data, name), stored)
        except ParseError as error:
            return _not_text(name, error)

    def check_content(self, file: str, data: bytes) -> CheckedFile:
        """Check ``data`` as the content of a file, with what lies beside it."""
        try:
            text = decode_text(data, file)
        except ParseError as error:
            return _not_text(file, error)
        return self.check_text(file, text, _stored_beside(file, text))

    def check_text(self, name: str, text: str, stored: StoredNames | None = None) -> CheckedFile:
        """Check a text as if it were in the file ``name``.

        With ``stored``, a session may refer to no other secrets.
        """
        try:
            choice = self._choose(name, text)
            return _check_text(name, text, choice, stored)
        except SessionctlError as error:
            return CheckedFile(name, text=text, failure=error)

    def schema_of(self, name: str, text: str) -> Schema | None:
        """Return the schema that a text in the file ``name`` is held to, or None.

        Raises:
          SessionctlError: it asks for one that cannot be read.
        """
        return self._choose(name, text).schema

    def _choose(self, name: str, text: str) -> _Choice:
        """Return the schema for a file: as asked, as its directive says, or by its name."""
        if self._forced is not None:
            return self._forced
        base_name = os.path.basename(name)
        is_session = name == _STDIN_NAME or is_session_name(base_name)
        by_name = self._session if is_session else _Choice(None, "")
        if base_name == PROJECT_FILE:
            by_name = _settings_choice()
        elif is_sidecar_name(base_name):
            return _Choice(None, SECRETS)
        directive = _DIRECTIVE.match(text)
        if directive is None:
            return by_name
        address = directive[2]
        last = address.replace("\\", "/").split("/")[-1]
        if address in _SHIPPED_IDS or last in _SHIPPED:
            return self._session
        if address == _SETTINGS_ID or last == _SETTINGS_FILE:
            return _settings_choice()
        if address.startswith("file://"):
            address = address.removeprefix("file://")
        elif _FETCHED.match(address):
            return by_name._replace(
                warning=_not_fetched(Span(*directive.span(1)), is_session=is_session)
            )
        base = "" if name == _STDIN_NAME else os.path.dirname(name)
        path = os.path.join(base, address)
        try:
            return _Choice(self._load(path), path)
        except SessionctlError as error:
            line, column = Source(text).place(directive.start(2))
            raise FileError(
                f"{name}:{line}:{column}: {error.message}",
                hints=[*error.hints, "mend the '#:schema' line, or check with --schema FILE"],
            ) from error

    def _load(self, path: str) -> Schema:
        schema = self._read.get(path)
        if schema is None:
            schema = self._read[path] = read_schema(path)
        return schema


def read_schema(path: str) -> Schema:
    """Return the JSON Schema in a file.

    Raises:
      FileError: it cannot be read, or is not JSON.
      SessionctlError: it is not a JSON Schema that can be used.
    """
    import json

    from sessionctl.core.schema.loader import load_schema

    text = read_text(path)
    try:
        data = json.loads(text.removeprefix("\ufeff"))
    except json.JSONDecodeError as error:
        reason = error.msg[:1].lower() + error.msg[1:]
        raise FileError(f"{path}:{error.lineno}:{error.colno}: not JSON: {reason}") from error
    except (RecursionError, ValueError) as error:
        raise FileError(f"{path}: not JSON that can be read: nested too deep") from error
    return load_schema(data, path)


def settings_schema() -> Schema:
    """Return the schema of settings."""
    import json

    from sessionctl.resources import schema_text

    return Schema(json.loads(schema_text("settings.v1")), SETTINGS)


def _settings_choice() -> _Choice:
    return _Choice(settings_schema(), SETTINGS)


def _not_text(name: str, error: ParseError) -> CheckedFile:
    checked = CheckedFile(name, (error.problem,))
    checked.fixed_place = (error.line, error.column)
    return checked


def _found_in(directory: str) -> list[str]:
    found = [*find_sessions(directory), *find_sessions(directory, suffix=SIDECAR_SUFFIX)]
    return sorted(file.path for file in found)


def _stored_beside(file: str, text: str) -> StoredNames | None:
    if "secret" not in text or not is_session_name(os.path.basename(file)):
        return None
    from sessionctl.services.scanning.secret_references import stored_beside

    return stored_beside(file)


def _check_text(name: str, text: str, choice: _Choice, stored: StoredNames | None) -> CheckedFile:
    try:
        document = Document.parse(text, name)
    except ParseError as error:
        return CheckedFile(name, (syntax_problem(error),), text=text, schema=choice.label)
    problems = () if choice.schema is None else validate(document, choice.schema)
    if choice.label == SESSION or is_session_name(os.path.basename(name)):
        from sessionctl.services.scanning.session_checks import with_secrets

        problems = with_secrets(document, problems, choice.schema, stored)
    elif choice.label == SECRETS:
        from sessionctl.core.secrets.exposure import sidecar_problems

        problems = sidecar_problems(document)
    if choice.warning is not None:
        problems = (choice.warning, *problems)
    checked = CheckedFile(name, problems, text=text, schema=choice.label)
    checked.model = choice.schema
    return checked


def _not_fetched(span: Span, *, is_session: bool) -> Problem:
    checked = "checked as a session" if is_session else "only the syntax was checked"
    return Problem(
        "schema",
        f"schemas are not fetched from the network; {checked}",
        span,
        hint="save the schema beside the file and name that copy, or use --schema FILE",
        severity="warning",
    )
