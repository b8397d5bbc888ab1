"""File scan: TOML by its keys, any other text by what stands in it."""

from __future__ import annotations

import os

from sessionctl.core.filename import STDIN, STDIN_NAME, is_session_name, is_sidecar_name
from sessionctl.core.leftover import is_leftover
from sessionctl.core.scan.finding import is_secret_rule
from sessionctl.core.scan.judgement import Judgement
from sessionctl.core.schema.check.budget import StepLimitError
from sessionctl.core.secrets.exposure import sidecar_problems
from sessionctl.core.session.secret_problems import secrets_in_document, secrets_in_text
from sessionctl.core.text.envelope_text import as_utf8, filter_family, hides_text
from sessionctl.core.text.source import Source
from sessionctl.core.toml.document import Document
from sessionctl.errors import FileError, ParseError, SessionctlError
from sessionctl.services.documents.checked_file import SECRETS, SESSION, CheckedFile
from sessionctl.services.documents.schema_choice import SchemaChooser
from sessionctl.system.files.session_files import find_sessions, is_directory
from sessionctl.system.files.text import read_bytes, read_stdin

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sessionctl.core.scan.known_values import KnownValues
    from sessionctl.core.schema.model import Schema

TOML = ".toml"
_DIRECTIVE = "#:schema"
_TEXT_BYTES = 8192


class Scanner:
    """Looks for secrets, in one file after another.

    ``known`` are values that are secrets wherever they stand; ``hints`` also reports, as
    warnings, of values that merely look random. In directories, those of sessionctl's ``own``
    files are not looked into.
    """

    def __init__(
        self,
        known: KnownValues | None = None,
        *,
        hints: bool = False,
        own: Sequence[str] = (),
    ) -> None:
        self._own = own
        self._judgement = Judgement(known=known, hints=hints)
        self._schemas = SchemaChooser()

    def scan_paths(self, names: Iterable[str]) -> Iterator[CheckedFile]:
        """Scan files, the TOML files in and below directories, and stdin (``-``)."""
        seen: set[str] = set()
        for name in names:
            try:
                files = toml_files(name, self._own)
            except FileError as error:
                yield CheckedFile(name, failure=error)
                continue
            for file in files:
                if file not in seen:
                    seen.add(file)
                    yield self.scan(file)

    def scan(self, file: str) -> CheckedFile:
        """Scan one file; it is only read."""
        try:
            if file == STDIN:
                return self.scan_bytes(STDIN_NAME, read_stdin().encode())
            return self.scan_bytes(file, read_bytes(file))
        except SessionctlError as error:
            return CheckedFile(file, failure=error)

    def scan_bytes(self, name: str, data: bytes, path: str = "") -> CheckedFile:
        """Scan content that is called ``name`` and belongs to the file ``path``."""
        path = os.path.basename(path or name)  # noqa: PTH119
        data = as_utf8(data)
        is_binary = b"\0" in data[:_TEXT_BYTES]
        checked = CheckedFile(name) if is_binary else self._scan_text(name, data, path)
        if checked.is_valid and hides_text(data) and _should_be_text(name, path):
            return unread_file(name, filter_family(data))
        return checked

    def _scan_text(self, name: str, data: bytes, path: str) -> CheckedFile:
        text = data.decode("utf-8", "replace")
        source = Source(text, name)
        try:
            document = Document.parse(text, name)
        except ParseError:
            in_session = is_session_name(path)
            judgement = self._judgement._replace(in_session=in_session)
            is_toml = in_session or path.endswith(TOML)
            found = secrets_in_text(text, judgement, is_toml=is_toml)
            return CheckedFile(name, tuple(found), source)
        if is_sidecar_name(path):
            stored = (p for p in sidecar_problems(document) if is_secret_rule(p.rule))
            return CheckedFile(name, tuple(stored), source, SECRETS)
        in_session = is_session_name(path) or (name == STDIN_NAME and _is_session(document))
        schema = self._schema(name, text) if _DIRECTIVE in text and not in_session else None
        is_field = None if schema is None else schema.is_secret
        judgement = self._judgement._replace(in_session=in_session, is_field=is_field)
        if schema is not None:
            schema.begin(len(text))
        try:
            problems = secrets_in_document(document, judgement, schema)
        except StepLimitError:  # a schema that asks for too much; validation reports it
            if schema is not None:
                self._schemas.note_spent(schema, name)
            judgement = judgement._replace(is_field=None)
            problems = secrets_in_document(document, judgement, None)
        return CheckedFile(name, tuple(problems), source, SESSION if in_session else "")

    def _schema(self, name: str, text: str) -> Schema | None:
        """Return the schema the file asks for; validation reports what is wrong with it."""
        try:
            return self._schemas.choose(name, text).schema
        except SessionctlError:
            return None


def _should_be_text(name: str, path: str) -> bool:
    return name == STDIN_NAME or (path.endswith(TOML) and not is_leftover(path))


def unread_file(name: str, filter_name: str) -> CheckedFile:
    """Return a file that could not be searched, because it is another form of a text, or none."""
    from sessionctl.services.git.filter_advice import filter_step

    what = "it is not text"
    if filter_name:
        what = f"the filter {filter_name!r} of git does not give its content here"
    hints = [f"set the filter up, then search again: {s}" for s in filter_step(filter_name)]
    return CheckedFile(name, failure=FileError(f"{name}: not searched: {what}", hints=hints))


def toml_files(name: str, own: Iterable[str] = ()) -> list[str]:
    """Return the files that ``name`` stands for: itself, or the TOML files of a directory.

    Raises:
      FileError: the directory cannot be read.
    """
    if name == STDIN or not is_directory(name):
        return [name]
    found = find_sessions(name, own=own, suffix=TOML, with_leftovers=True)
    return [file.path for file in found]


def _is_session(document: Document) -> bool:
    return "schema_version" in document.value
