"""Secret extraction: secrets typed into a session go to its sidecar, names stay."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sessionctl.core.scan.finding import is_secret_rule
from sessionctl.core.scan.rules.key_names import name_for
from sessionctl.core.secrets.binding import references
from sessionctl.core.secrets.extraction import Extraction, Move, extract
from sessionctl.core.toml.document import Document
from sessionctl.errors import LockedError, RefusedError
from sessionctl.services.documents.checked_file import CheckedFile
from sessionctl.services.documents.validation import Validator
from sessionctl.services.secrets.access.secret_place import read_sidecar
from sessionctl.services.secrets.access.session_secrets import SessionSecrets
from sessionctl.services.secrets.entries.storage import plan_set
from sessionctl.system.files.text import write_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from sessionctl.core.keypath import KeyPath
    from sessionctl.core.problem import Problem
    from sessionctl.core.secrets.secret import Secret
    from sessionctl.services.secrets.access.vault_keeper import VaultKeeper


@dataclass(frozen=True, slots=True)
class ExtractPlan:
    """What extracting changes; nothing in it shows a value.

    ``before`` is the session as it is; ``left`` what is wrong with it afterwards, secrets
    that cannot be moved above all.
    """

    secrets: SessionSecrets
    before: Document
    extraction: Extraction
    left: CheckedFile

    @property
    def moves(self) -> tuple[Move, ...]:
        """The secrets that are moved, in the order of the text."""
        return self.extraction.moves

    @property
    def file(self) -> str:
        """The session, as it was named."""
        return self.secrets.file

    @property
    def is_change(self) -> bool:
        """Whether the session changes."""
        return self.before.text != self.extraction.document.text

    def secrets_left(self) -> list[Problem]:
        """Return the secrets that are still written out afterwards."""
        return [problem for problem in self.left.problems if is_secret_rule(problem.rule)]

    def carry_out(self, tell: Callable[[str], None]) -> None:
        """Store every value, then write the session; ``tell`` is given what is set up.

        Cut short at any place, each value is where it was or in both files, and running it
        again goes on.

        Raises:
          LockedError: there is no identity at all; nothing was changed.
          FileError: a file cannot be written, or the session changed since it was read.
        """
        secrets, after = self.secrets, self.extraction.document
        # What a value is bound to is said by the session as it will be.
        secrets.document = after
        secrets.session = str(after.value.get("id", ""))
        before = self.before
        for move in self.moves:
            plan = plan_set(secrets, move.name, lambda move=move: move.secret)  # type: ignore[misc]
            if "id" not in before.value:
                # Before the sidecar, which is bound to it: else, cut short, nobody knows it.
                before = _with_id(before, secrets.session)
                write_text(secrets.place.session, before.text, expected=self.before.text)
            plan.carry_out()
            for line in plan.told:
                tell(line)
            if not plan.is_sealed:
                tell(plan.hints()[0])
            secrets.sidecar = read_sidecar(secrets.place)
        # Not through the store: its backups would keep the values.
        write_text(secrets.place.session, after.text, expected=before.text)


def plan_extract(keeper: VaultKeeper, file: str, *, comments: bool = False) -> ExtractPlan:
    """Return what extracting the secrets of a session changes; nothing is written.

    Raises:
      UsageError: ``file`` is no session file.
      FileError, ParseError, DocumentError: it or its sidecar cannot be read.
    """
    secrets = SessionSecrets(keeper, file)
    before = secrets.document
    extraction = extract(before, _Names(secrets).pick, comments=comments)
    after = extraction.document
    if extraction.moves and not secrets.session and "id" not in after.value:
        after = _with_id(after, str(uuid.uuid4()))
        extraction = extraction._replace(document=after)
    return ExtractPlan(secrets, before, extraction, Validator().check_text(file, after.text))


def _with_id(session: Document, given: str) -> Document:
    beside = "schema_version" if "schema_version" in session.value else None
    return session.insert("id", given, after=beside)


class _Names:
    """Names for secrets: no two alike, none that another value has."""

    def __init__(self, secrets: SessionSecrets) -> None:
        self._secrets = secrets
        sidecar = secrets.sidecar
        self._stored = set() if sidecar is None else set(sidecar.entries)
        self._taken = {reference.name for reference in references(secrets.document.value)}

    def pick(self, path: KeyPath, secret: Secret) -> str:
        base = name = name_for(path)
        number = 2
        while not self._is_free(name, secret):
            name = f"{base}-{number}"
            number += 1
        self._taken.add(name)
        return name

    def _is_free(self, name: str, secret: Secret) -> bool:
        if name in self._taken:
            return False
        return name not in self._stored or self._holds(name, secret)

    def _holds(self, name: str, secret: Secret) -> bool:
        """Tell whether the value is stored already: an extraction was cut short."""
        try:
            envelope = self._secrets.look(name).envelope
        except (LockedError, RefusedError):
            return False
        return envelope is not None and envelope.value == secret
