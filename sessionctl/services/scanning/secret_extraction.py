"""Secret extraction: secrets typed into a session go to its sidecar, names stay."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import NamedTuple

from sessionctl.core.scan.finding import is_secret_rule
from sessionctl.core.scan.rules.key_names import name_for
from sessionctl.core.secrets.destination.binding import references
from sessionctl.core.secrets.extraction import Extraction, Move, extract
from sessionctl.core.toml.document import Document
from sessionctl.errors import LockedError, RefusedError
from sessionctl.services.documents.checked_file import CheckedFile
from sessionctl.services.documents.validation import Validator
from sessionctl.services.plan.runner import run
from sessionctl.services.secrets.access.session_secrets import SessionSecrets
from sessionctl.services.secrets.entries.storage import find_target, plan_set
from sessionctl.services.secrets.secret_steps import WriteSecretFile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.keypath import KeyPath
    from sessionctl.core.problem import Problem
    from sessionctl.core.secrets.secret import Secret
    from sessionctl.services.plan.plan import Note, Plan
    from sessionctl.services.secrets.access.vault_keeper import VaultKeeper
    from sessionctl.services.secrets.entries.storage import SecretChange


@dataclass(frozen=True, slots=True)
class SecretExtraction:
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

    def spellings(self) -> list[Secret]:
        """Return the values that are moved, and what stood for them in the session."""
        return [spelled for move in self.moves for spelled in move.spellings]

    def plan(self) -> Plan[VaultKeeper]:
        """Return the steps that store every value, and then write the session.

        Cut short at any place, each value is where it was or in both files, and running it
        again goes on. Without any identity the first step fails, and nothing was changed.
        """
        if not self.is_change:
            return ()
        before, after = self.before, self.extraction.document.verified()
        id_write = None
        if self.moves and "id" not in before.value:
            before = _with_id(before, str(after.value["id"]))
            id_write = self._write(self.before, before)
        if not self.moves:
            return (self._write(before, after),)
        return (StoreMoves(self.file, self.moves, after, id_write), self._write(before, after))

    def _write(self, before: Document, after: Document) -> WriteSecretFile:
        # A backup would keep the values.
        path = self.secrets.place.session
        return WriteSecretFile(path, before.text, after.text, keeps_backup=False)


class StoreMoves(NamedTuple):
    """Store the values typed into the session ``file``; ``after`` is what that will be.

    ``id_write`` gives the session its id, once it is clear that a value can be stored.
    """

    file: str
    moves: tuple[Move, ...]
    after: Document
    id_write: WriteSecretFile | None

    def render(self) -> str:
        """Return what is done, a line for each value, without the value."""
        return "\n".join(
            f"store {move.name}: {'the password in it' if move.is_split else 'its value'}"
            f" stands at {move.origin}"
            for move in self.moves
        )

    def data(self) -> dict[str, object]:
        """Return it as plain data, without the values."""
        secrets = [{"name": move.name, "key": move.origin} for move in self.moves]
        return {"action": "store-secrets", "secrets": secrets}

    def carry_out(self, keeper: VaultKeeper, /) -> list[Note]:
        """Store them; return what is set up on the way, and who makes them usable.

        Raises:
          LockedError: there is no identity at all; nothing was changed.
          FileError: a file cannot be written, or changed since it was read.
        """
        # The first one sets up what is missing; all others are then one change.
        first, *others = self.moves
        change = self._change(SessionSecrets(keeper, self.file, self.after), first)
        # Before the sidecar, which is bound to it: else, cut short, nobody knows it.
        before = () if self.id_write is None else (self.id_write,)
        notes = [*run((*before, *change.plan()), keeper).check().notes, *_notes(change)]
        if others:
            secrets = SessionSecrets(keeper, self.file, self.after)
            changes = [self._change(secrets, move) for move in others]
            notes += run(changes[0].joint_plan(changes[1:]), keeper).check().notes
            notes += [note for change in changes for note in _notes(change)]
        return notes

    @staticmethod
    def _change(secrets: SessionSecrets, move: Move) -> SecretChange:
        return plan_set(find_target(secrets, move.name), move.secret)


def _notes(change: SecretChange) -> list[Note]:
    hints = change.hints()[: not change.is_sealed]
    return [(text, "") for text in (*change.notes, *hints)]


def plan_extract(keeper: VaultKeeper, file: str, *, comments: bool = False) -> SecretExtraction:
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
    left = Validator().check_text(file, after.text)
    return SecretExtraction(secrets, before, extraction, left)


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
        """Return whether the value is stored already: an extraction was cut short."""
        try:
            envelope = self._secrets.inspect(name).envelope
        except (LockedError, RefusedError):
            return False
        return envelope is not None and envelope.value == secret
