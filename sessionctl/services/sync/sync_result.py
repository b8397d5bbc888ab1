"""Sync result: what a sync did, what it begins now, and why it stopped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from sessionctl.core.light_enum import Enum
from sessionctl.system.git.typed_git import PLAIN_GIT, TypedGit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.errors import SessionctlError
    from sessionctl.services.documents.checked_file import CheckedFile
    from sessionctl.services.sync.merge_state import UnresolvedFile
    from sessionctl.system.git.work_state import ChangedFile, Upstream


class SyncStage(Enum):
    """What begins now, or (CONCLUDED, OVERTAKEN) has just happened."""

    CONCLUDED = "concluded"
    COMMITTING = "committing"
    FETCHING = "fetching"
    MERGING = "merging"
    PUSHING = "pushing"
    OVERTAKEN = "overtaken"
    """Others pushed before this push: it begins once more."""


class SyncProgress(NamedTuple):
    """A stage; ``subject`` is its commit, remote or upstream, ``number`` how many it is about."""

    stage: SyncStage
    subject: str = ""
    number: int = 0


class NoteKind(Enum):
    """What else the user should know of a sync."""

    PUSHED_ELSEWHERE = "pushed-elsewhere"
    COMMITTED_FAULTS = "committed-faults"
    NO_REMOTE = "no-remote"
    NO_UPSTREAM = "no-upstream"
    UNSHARED_ATTRIBUTES = "unshared-attributes"
    UNCOMMITTED_ATTRIBUTES = "uncommitted-attributes"


class SyncNote(NamedTuple):
    """A note; ``remote`` is the one that it speaks of, "" for none."""

    kind: NoteKind
    remote: str = ""


class CommitSummary(NamedTuple):
    """A commit that sync made, and the files in it; a merge that it concluded has none."""

    commit: str
    message: str
    files: tuple[ChangedFile, ...]


@dataclass
class SyncResult:
    """What a sync did, and why it stopped where it did not go on to the end.

    ``merged`` and ``pushed`` count commits. ``failure`` is why git could not go on.
    """

    branch: str
    upstream: Upstream | None = None
    committed: CommitSummary | None = None
    concluded: str | None = None
    merged: int = 0
    pushed: int = 0
    unsettled: tuple[UnresolvedFile, ...] = ()
    findings: tuple[CheckedFile, ...] = ()
    notes: tuple[SyncNote, ...] = ()
    failure: SessionctlError | None = None
    typed: TypedGit = PLAIN_GIT
    """How git is called on a command line here."""
