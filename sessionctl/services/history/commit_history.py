"""Commit history: what each commit changed in a file, key by key, through renames and merges."""

from __future__ import annotations

import os

from sessionctl.core.diff.change import Diff
from sessionctl.core.filename import is_session_name
from sessionctl.core.named_tuple import NamedTuple
from sessionctl.core.text.envelope_text import is_envelope
from sessionctl.core.text.shellwords import path_word
from sessionctl.core.toml.document import Document
from sessionctl.core.toml.parse.statement import ParseMemory
from sessionctl.errors import EditError, FileError, GitError, ParseError
from sessionctl.services.documents.document_comparison import DocumentVersion, compare_documents
from sessionctl.services.git.file_place import FilePlace, place_of
from sessionctl.system.files.text import decode_text
from sessionctl.system.git.file_commits import (
    SYMLINK,
    Blob,
    Commit,
    FileStep,
    find_commit,
    read_blobs,
    steps_of,
)
from sessionctl.system.git.filters import readable
from sessionctl.system.git.typed_git import typed_git

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sessionctl.core.schema.model import Schema
    from sessionctl.system.git.program import Git

ADDED = "added"
CUT_OFF = "cut-off"
REMOVED = "removed"
RENAMED = "renamed"
MODIFIED = "modified"
_FIRST_READ, _READ = 2, 32
"""How many commits' versions are read from git at once."""


class CommitEntry(NamedTuple):
    """What one commit did to a file.

    ``shown`` is the difference to the commit's first parent, secrets masked; None where
    ``obstacle`` says why there is none: a version that is not TOML, a symlink, or the
    end of what a shallow clone has.
    """

    step: FileStep
    shown: Diff | None
    obstacle: str = ""

    @property
    def commit(self) -> Commit:
        """The commit."""
        return self.step.commit

    @property
    def kind(self) -> str:
        """What became of the file as such: one of the words of this module."""
        return kind_of(self.step)


class FileHistory(NamedTuple):
    """The newest commits that changed a file, and how many older ones there are.

    ``entries`` are found out one after another, as they are asked for; there are ``length``.
    """

    entries: Iterator[CommitEntry]
    length: int
    older: int


def read_history(
    file: str, environ: Mapping[str, str], *, limit: int, start: str = "HEAD"
) -> FileHistory:
    """Return what the newest ``limit`` commits that changed ``file`` did to it.

    Raises:
      EditError: no commit has such a file.
      GitError: there is no repository here, or ``start`` is no commit.
    """
    place = place_of(file, environ)
    steps = read_steps(place, file, start)
    wanted = steps[:limit]
    return FileHistory(explain(place.git, wanted), len(wanted), len(steps) - len(wanted))


def read_steps(place: FilePlace, file: str, start: str = "HEAD") -> list[FileStep]:
    """Return the commits that changed the content of a file, newest first; at least one.

    Raises:
      EditError: no commit has such a file.
      FileError: nor is there one now.
      GitError: ``start`` is no commit.
    """
    steps = _steps_of_head(place) if start == "HEAD" else None
    commit = find_commit(place.git, start) if steps is None else start
    if commit is None and start != "HEAD":
        raise GitError(
            f"{start}: no such commit",
            hints=[
                f"see them: {typed_git(place.git.cwd, place.git.environ).command} log --oneline"
            ],
        )
    if steps is None:
        steps = [] if commit is None else steps_of(place.git, place.path, commit)
    # A change of the mode alone is none.
    steps = [step for step in steps if kind_of(step) != MODIFIED or _content_differs(step)]
    if not steps:
        if not os.path.lexists(file):
            raise FileError(
                f"{file}: no such file, and no commit has one", hints=[f"see: {list_command(file)}"]
            )
        raise EditError(
            f"{file}: no commit has this file",
            hints=[f"commit it first: {commit_command(place, file)}"],
        )
    return steps


def _steps_of_head(place: FilePlace) -> list[FileStep] | None:
    """Return the steps to the current commit; None where git has to be asked what that is."""
    try:
        return steps_of(place.git, place.path, "HEAD")
    except GitError:
        return None


def commit_command(place: FilePlace, file: str) -> str:
    """Return the command that commits a file which git does not have."""
    typed = typed_git(place.git.cwd, place.git.environ)
    return f"{typed.command} add {typed.file(file)} && {typed.command} commit"


def list_command(file: str) -> str:
    """Return the command that lists the sessions beside ``file``."""
    folder = os.path.dirname(file)  # noqa: PTH120
    return f"sessionctl list {path_word(folder)}" if folder else "sessionctl list"


def explain(git: Git, steps: Sequence[FileStep]) -> Iterator[CommitEntry]:
    """Yield the steps with what each changed, key by key.

    Few versions are kept at a time, and at first very few, so that the first step is there soon.
    """
    schema = _session_schema(steps)
    start, count = 0, _FIRST_READ if len(steps) > _READ else _READ
    while start < len(steps):
        part = steps[start : start + count]
        wanted = [blob for step in part for blob in (step.before, step.after) if blob is not None]
        texts = read_blobs(git, wanted)
        reader = _VersionReader()
        for blob in wanted:
            if is_envelope(texts.get(blob.hash, b"")):
                texts[blob.hash] = readable(git, blob.path, blob.hash, texts[blob.hash])
        for step in part:
            yield _entry(step, texts, schema, reader)
        start, count = start + count, _READ


def _session_schema(steps: Sequence[FileStep]) -> Schema | None:
    """Return one schema for all steps, where it is needed: it remembers what it was asked."""
    if not any(is_session_name(os.path.basename(step.path)) for step in steps):  # noqa: PTH119
        return None
    from sessionctl.core.schema.model import Schema

    return Schema.session()


def kind_of(step: FileStep) -> str:
    """Return what a commit did to the file as such."""
    if step.before is None:
        return CUT_OFF if step.commit.is_cut_off else ADDED
    if step.after is None:
        return REMOVED
    return MODIFIED if step.before.path == step.after.path else RENAMED


def _content_differs(step: FileStep) -> bool:
    return step.before is None or step.after is None or step.before.hash != step.after.hash


class _VersionReader:
    """Reads versions of a file, newest first: what a commit began with, an older one made.

    The last one is kept, and of the lines of all what was read of them.
    """

    def __init__(self) -> None:
        self._memory = ParseMemory()
        self._hash = ""
        self._last = Document.parse("")

    def read(self, blob: Blob | None, version: DocumentVersion) -> Document:
        """Return the document of a version, whose content git calls ``blob``.

        Raises:
          ParseError: it is not TOML 1.0; the message carries its name and place.
        """
        if blob is not None and blob.hash == self._hash:
            return self._last
        document = Document.parse(version.text, version.name, memory=self._memory)
        if blob is not None:
            self._hash, self._last = blob.hash, document
        return document


def _entry(
    step: FileStep, texts: Mapping[str, bytes], schema: Schema | None, reader: _VersionReader
) -> CommitEntry:
    path = step.path
    if kind_of(step) == CUT_OFF:
        return CommitEntry(
            step, None, "what was before it is not in this clone: git fetch --unshallow"
        )
    try:
        before, after = [
            _version(blob, path, f"{revision}:", texts)
            for blob, revision in (
                (step.before, f"{step.commit.short}^"),
                (step.after, step.commit.short),
            )
        ]
        try:
            newer = reader.read(step.after, after)
        except ParseError:
            reader.read(step.before, before)  # of two mistakes the older one is reported
            raise
        older = reader.read(step.before, before)
        is_session = is_session_name(before.name) or is_session_name(after.name)
        found = compare_documents(older, newer, is_session=is_session, session_schema=schema)
        return CommitEntry(step, found.shown)
    except (ParseError, GitError) as error:
        return CommitEntry(step, None, error.message)


def _version(
    blob: Blob | None, path: str, lead: str, texts: Mapping[str, bytes]
) -> DocumentVersion:
    """Return a version by its name in git; one that is not there is empty.

    Raises:
      ParseError: it is not UTF-8.
      GitError: it is a symlink, or git lacks its content.
    """
    if blob is None:
        return DocumentVersion(f"{lead}{path}", "")
    name = f"{lead}{blob.path}"
    if blob.mode == SYMLINK:
        raise GitError(f"{name}: a symlink, not a file")
    if blob.hash not in texts:
        raise GitError(f"{name}: git does not have its content here")
    return DocumentVersion(name, decode_text(texts[blob.hash], name))
