"""Validation: everything that is wrong with a text, by what the file of its name is."""

from __future__ import annotations

from sessionctl.core.filename import RECIPIENTS_FILE, is_session_name
from sessionctl.core.schema.check.budget import StepLimitError
from sessionctl.core.schema.verdict import syntax_problem, validate
from sessionctl.core.text.source import Source
from sessionctl.core.toml.document import Document
from sessionctl.core.toml.escaped_paths import escaped_paths
from sessionctl.errors import ParseError, SessionctlError
from sessionctl.services.documents.checked_file import SECRETS, SESSION, CheckedFile
from sessionctl.services.documents.schema_choice import SchemaChooser, placed
from sessionctl.system.files.text import decode_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.problem import Problem
    from sessionctl.core.session.secret_problems import StoredNames
    from sessionctl.services.documents.schema_choice import SchemaChoice
    from sessionctl.services.verdicts.verdict_cache import VerdictCache


class Validator:
    """Checks texts, one after another, by the schemas that its chooser finds for them."""

    def __init__(
        self, schemas: SchemaChooser | None = None, verdicts: VerdictCache | None = None
    ) -> None:
        """Hold every text to the schema that ``schemas`` chooses: by default its own.

        What ``verdicts`` knows to be valid is not checked again; at the end, call ``keep``.
        """
        self._schemas = schemas or SchemaChooser()
        self.verdicts = verdicts
        self.document: Document | None = None
        """The document that was parsed last: not for a broken text, or one known to be valid."""

    def keep(self) -> None:
        """Let other processes know what was found valid."""
        if self.verdicts is not None:
            self.verdicts.keep()

    def check_bytes(self, name: str, data: bytes, stored: StoredNames | None = None) -> CheckedFile:
        """Check the content of a file ``name``, which need not be there: git's index."""
        try:
            text = decode_text(data, name)
        except ParseError as error:
            return CheckedFile.of_bytes(name, error)
        return self.check_text(name, text, stored)

    def check_text(self, name: str, text: str, stored: StoredNames | None = None) -> CheckedFile:
        """Check a text as if it were in the file ``name``.

        With ``stored``, a session may refer to no other secrets.
        """
        if name.rpartition("/")[2] == RECIPIENTS_FILE:
            from sessionctl.services.secrets.recipient_check import check_recipients

            return check_recipients(name, text)
        source = Source(text, name)
        choice = None
        try:
            choice = self._schemas.choose(name, text)
            problems = self._problems(source, choice, stored)
        except StepLimitError as error:
            if choice is not None and choice.schema is not None:
                self._schemas.note_spent(choice.schema, name)
            return CheckedFile(name, source=source, failure=placed(error, name, text))
        except SessionctlError as error:
            return CheckedFile(name, source=source, failure=error)
        return CheckedFile(name, problems, source, choice.label, choice.schema)

    def _problems(
        self, source: Source, choice: SchemaChoice, stored: StoredNames | None
    ) -> tuple[Problem, ...]:
        verdicts = self.verdicts
        if verdicts is None:
            return self._parsed_problems(source, choice, stored)
        digest = verdicts.digest(source.text, choice.schema, _about(source.name, choice, stored))
        if digest is not None and verdicts.holds(digest):
            return ()
        problems = self._parsed_problems(source, choice, stored)
        if digest is not None and not problems:
            verdicts.add(digest)
        return problems

    def _parsed_problems(
        self, source: Source, choice: SchemaChoice, stored: StoredNames | None
    ) -> tuple[Problem, ...]:
        try:
            self.document = Document.parse(source.text, source.name)
        except ParseError as error:
            return (syntax_problem(error),)
        return _problems(self.document, choice, stored)


def _about(name: str, choice: SchemaChoice, stored: StoredNames | None) -> list[str]:
    """Return what decides on a text beside its content and its schema."""
    kind = "session" if _is_session(name, choice) else choice.label == SECRETS and "secrets"
    warning = "" if choice.warning is None else choice.warning.message
    names = [] if stored is None else ["stored", *sorted(stored.names)]
    return [kind or "", warning, *names]


def _is_session(name: str, choice: SchemaChoice) -> bool:
    return choice.label == SESSION or is_session_name(name.rpartition("/")[2])


def _problems(
    document: Document, choice: SchemaChoice, stored: StoredNames | None
) -> tuple[Problem, ...]:
    if choice.schema is None:
        problems = tuple(escaped_paths(document))
    else:
        problems = validate(document, choice.schema)
    if _is_session(document.name, choice):
        from sessionctl.core.session.secret_problems import with_secrets

        if "overrides" in document.value:
            from sessionctl.core.session.override_problems import override_problems

            problems = (*problems, *override_problems(document, problems, choice.schema))
        if "needs" in document.text:
            from sessionctl.core.schema.model import Schema
            from sessionctl.core.session.needs_problems import needs_problems

            problems = (*problems, *needs_problems(document, choice.schema or Schema.session()))
        problems = with_secrets(document, problems, choice.schema, stored)
    elif choice.label == SECRETS:
        from sessionctl.core.secrets.exposure import sidecar_problems

        problems = sidecar_problems(document)
    return problems if choice.warning is None else (choice.warning, *problems)
