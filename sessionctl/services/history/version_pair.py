"""Version pair: a file beside what it is compared with: a save, a commit, the live side."""

from __future__ import annotations

import os
from typing import NamedTuple

from sessionctl.core.render.masked_text import mask_text
from sessionctl.core.text.plural import counted
from sessionctl.core.text.shellwords import path_word
from sessionctl.errors import DocumentError, EditError, KeyNotFoundError, ParseError, ToolError
from sessionctl.services.documents.document_comparison import (
    Comparison,
    DocumentVersion,
    compare,
    read_revision,
)
from sessionctl.services.history.backups import (
    HAND,
    NEVER_IN_FILE,
    SLIPPED,
    Backup,
    list_backups,
    read_backup,
)
from sessionctl.system.files.text import decode_text, read_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from sessionctl.services.live.live_context import LiveContext
    from sessionctl.system.store.store import Store


class VersionPair(NamedTuple):
    """Two versions of a document; ``title`` says which, ``notes`` what else is to be known."""

    before: DocumentVersion
    after: DocumentVersion
    title: str
    notes: tuple[str, ...] = ()


class PairDifference(NamedTuple):
    """The difference of a pair: key by key, or why that cannot be; and both texts, masked."""

    pair: VersionPair
    comparison: Comparison | None
    obstacle: str
    texts: tuple[str, str]

    @property
    def is_same(self) -> bool:
        """Whether not a byte differs."""
        return self.pair.before.text == self.pair.after.text


def difference(pair: VersionPair) -> PairDifference:
    """Return how the two versions differ; where one is not TOML, as texts alone."""
    obstacle = ""
    found = None
    try:
        found = compare(pair.before, pair.after)
    except (ParseError, DocumentError) as error:
        obstacle = error.message
    name = pair.after.name
    texts = (mask_text(pair.before.text, name), mask_text(pair.after.text, name))
    return PairDifference(pair, found, obstacle, texts)


def since_save(file: str, store: Store) -> VersionPair:
    """Return what the last save of sessionctl wrote, and the file.

    Raises:
      EditError: sessionctl has not written it.
      FileError: one cannot be read.
    """
    backups = [] if store.directory is None else list_backups(store, file)
    saved = next((one for one in backups if _is_save(one)), None)
    if saved is None:
        raise EditError(
            f"{file}: sessionctl has not written it, there is no save to compare with",
            hints=[f"see what else can be restored: sessionctl recover {path_word(file)}"],
        )
    return of_bytes(file, f"the last save, {saved.id}", read_backup(store, file, saved))


def since_revision(revision: str, file: str, environ: Mapping[str, str]) -> VersionPair:
    """Return the file as it was in a git revision, and as it is; raises as ``read_revision``."""
    before, after = read_revision(revision, file, environ)
    return VersionPair(before, after, f"{revision} -> now")


def against_file(other: str, file: str) -> VersionPair:
    """Return another file, and this one.

    Raises:
      FileError: one cannot be read.
    """
    versions = [DocumentVersion(name, read_text(name)) for name in (other, file)]
    return VersionPair(versions[0], versions[1], f"{os.path.basename(other)} -> now")  # noqa: PTH119


def against_live(file: str, context: LiveContext) -> VersionPair:
    """Return the file, and what saving the session that runs would make of it.

    Raises:
      ToolError: there is no server, or the session does not run.
      FileError, ParseError, RefusedError, UsageError: as a save.
    """
    from sessionctl.services.board.live_save import propose_save
    from sessionctl.services.live.standing_marks import StandingMarks
    from sessionctl.system.tmux.tmux_server import NoServerError

    name = _live_name(file, context)
    try:
        outcome = propose_save(name, file, context).outcome
    except (NoServerError, KeyNotFoundError) as error:
        hint = f"restore it: sessionctl restore {path_word(file)}"
        raise ToolError(f"{file}: {error.message}", hints=[hint]) from error
    notes = []
    owner = StandingMarks(context.store.directory).file_of(name)
    if owner is None or os.path.realpath(owner) != os.path.realpath(file):
        whose = f"it belongs to {owner}" if owner else "it was never saved"
        notes.append(f"a session called {name} runs, but not that of this file: {whose}")
    if outcome.conflicts:
        paths = ", ".join(str(conflict.path) for conflict in outcome.conflicts)
        where = counted(len(outcome.conflicts), "place")
        notes.append(f"the file and the session both changed the same in {where}: {paths}")
    before = DocumentVersion(file, outcome.before or "")
    after = DocumentVersion(file, outcome.after)
    return VersionPair(before, after, "the file -> the session that runs", tuple(notes))


def of_bytes(file: str, name: str, data: bytes) -> VersionPair:
    """Return an earlier text of the file, called ``name``, and the file.

    Raises:
      FileError: the file cannot be read.
      DocumentError: one is not UTF-8.
    """
    before = DocumentVersion(f"{file}@{name}", decode_text(data, name))
    return VersionPair(before, DocumentVersion(file, read_text(file)), f"{name} -> now")


def _is_save(backup: Backup) -> bool:
    return backup.why not in {HAND, SLIPPED, *NEVER_IN_FILE}


def _live_name(file: str, context: LiveContext) -> str:
    record = context.memory.recall(file)
    if record is not None:
        return record.name
    from sessionctl.core.toml.document import Document

    found = Document.parse(read_text(file), file).value.get("name")
    return found if isinstance(found, str) else ""
