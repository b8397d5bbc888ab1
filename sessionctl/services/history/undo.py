"""Undo: one change of a file taken back by a three-way merge, so that later edits stay."""

from __future__ import annotations

import os
from typing import NamedTuple

from sessionctl.core.filename import is_session_name
from sessionctl.core.merge import Labels, MergeResult
from sessionctl.core.problem import errors_of, problem_of
from sessionctl.core.toml.document import Document
from sessionctl.errors import ParseError
from sessionctl.services.documents.document_comparison import Comparison, DocumentVersion, compare
from sessionctl.services.history.backup_undo import REDO, ArchivedChange
from sessionctl.services.history.undo_memory import (
    ForgetUndo,
    RememberUndo,
    UndoMemory,
    UndoRecord,
)
from sessionctl.services.merging.three_way import MergeOptions, merge_texts
from sessionctl.services.plan.document_steps import SaveText
from sessionctl.system.git.file_commits import (
    Commit,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.problem import Problem
    from sessionctl.services.plan.plan import Plan
    from sessionctl.system.store.store import Store

COMMIT = "commit"
UNCOMMITTED = "uncommitted"


class Undo(NamedTuple):
    """A planned undo; nothing is written yet.

    ``kind`` says what is taken back: a commit's change, what was not committed, or (REDO)
    the last undo itself. ``before`` is the text of the file, None where it is not there.
    ``problems`` are the reasons why the result, though clean, is not fit to be written;
    ``newest`` is the newest commit that changed the file. Without git, ``memory`` is None and
    ``archived`` the change of the backups that is taken back; its kinds are others.
    """

    file: str
    kind: str
    commit: Commit | None
    before: str | None
    result: MergeResult
    labels: Labels
    problems: tuple[Problem, ...]
    memory: UndoMemory | None
    newest: str = ""
    archived: ArchivedChange | None = None

    @property
    def is_change(self) -> bool:
        """Whether the file changes at all."""
        return self.before != self.result.text

    @property
    def is_fit(self) -> bool:
        """Whether the result has no conflict and no problem."""
        return not self.result.conflicts and not self.problems

    def comparison(self) -> Comparison:
        """Return what the undo changes; raises ``ParseError`` where a text is not TOML."""
        before, after = (
            DocumentVersion(self.file, self.before or ""),
            DocumentVersion(self.file, self.result.text),
        )
        return compare(before, after)

    def plan(self) -> Plan[Store]:
        """Return the steps that write the result, and remember what was there; or none."""
        if not self.is_change:
            return ()
        is_redo = self.kind == REDO
        word = REDO if is_redo else "undo"
        why = self.archived.undo_word if self.archived is not None else word
        path = os.path.realpath(self.file)
        save = SaveText(path, self.before, self.result.text, why)
        if self.memory is None:
            return (save,)
        if is_redo:
            return (save, ForgetUndo(self.memory))
        commit = self.commit.hash if self.commit is not None else None
        record = UndoRecord(self.before, self.result.text, commit, self.newest)
        # First, so that there is no moment in which the text is nowhere.
        return (RememberUndo(self.memory, record), save)


def merge_back(
    file: str, now: str | None, texts: tuple[str, str], labels: Labels, *, name: str
) -> tuple[MergeResult, tuple[Problem, ...]]:
    """Return what becomes of ``now`` on the way from ``texts[0]`` to ``texts[1]``.

    Beside the merge, these are the problems of a clean result, if the file has none now;
    ``name`` is that of the file itself, because ``file`` may be a link.
    """
    how = MergeOptions(labels).for_file(name)
    result = merge_texts((texts[0], now or "", texts[1]), how)
    if result.conflicts or _problems(file, now or ""):
        return result, ()
    return result, tuple(_problems(file, result.text))


def _problems(file: str, text: str) -> list[Problem]:
    from sessionctl.core.schema.verdict import validate

    try:
        document = Document.parse(text, file)
    except ParseError as error:
        return [problem_of(error)]
    if not is_session_name(os.path.basename(os.path.realpath(file))):  # noqa: PTH119
        return []
    return errors_of(validate(document))
