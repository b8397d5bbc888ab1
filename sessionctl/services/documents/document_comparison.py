"""Document comparison: two versions of a document, from files, stdin or git, and their diff."""

from __future__ import annotations

import os
from pathlib import Path

from sessionctl.core.diff.change import Diff
from sessionctl.core.diff.comparison import diff
from sessionctl.core.filename import STDIN, STDIN_NAME, is_session_name
from sessionctl.core.named_tuple import NamedTuple
from sessionctl.core.render.masked_diff import Mask
from sessionctl.core.text.envelope_text import is_envelope
from sessionctl.core.text.shellwords import path_word, typed_word
from sessionctl.core.toml.document import Document
from sessionctl.core.toml.parse.statement import ParseMemory
from sessionctl.errors import GitError, SessionctlError, UsageError
from sessionctl.system.files.text import decode_text, read_stdin, read_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from sessionctl.core.schema.model import Schema
    from sessionctl.system.git.program import Git

NOTHING = "/dev/null"
"""What git gives for a file that is not there: an empty document."""


class DocumentVersion(NamedTuple):
    """One version of a document: the name it goes by and its text."""

    name: str
    text: str


class Comparison(NamedTuple):
    """What changed, and ``shown``: the same with the secrets masked."""

    diff: Diff
    shown: Diff
    mask: Mask

    def without_comments(self) -> Comparison:
        """Return the same without the changes of comments."""
        diff, shown = self.diff.without_comments(), self.shown.without_comments()
        return self._replace(diff=diff, shown=shown)


def compare(
    before: DocumentVersion, after: DocumentVersion, *, session_schema: Schema | None = None
) -> Comparison:
    """Return the difference of two versions; of sessions, with their schema's knowledge.

    Whoever compares many hands over one ``session_schema``, which remembers what it was asked.

    Raises:
      ParseError: one is not TOML 1.0; the message carries its name and place.
    """
    one, other = _parsed(before, after)
    is_session = is_session_name(before.name) or is_session_name(after.name)
    return compare_documents(one, other, is_session=is_session, session_schema=session_schema)


def _parsed(before: DocumentVersion, after: DocumentVersion) -> tuple[Document, Document]:
    memory = ParseMemory()  # most lines of the two are the same
    one = Document.parse(before.text, before.name, memory=memory)
    return one, Document.parse(after.text, after.name, memory=memory)


def compare_documents(
    one: Document, other: Document, *, is_session: bool, session_schema: Schema | None = None
) -> Comparison:
    """Return the difference of two documents, as ``compare`` does of their texts."""
    if is_session:
        from sessionctl.core.schema.model import Schema

        schema = session_schema or Schema.session()
        found = diff(one, other, item_keys=schema.item_key)
        mask = Mask(in_session=True, is_secret=schema.is_secret)
    else:
        found, mask = diff(one, other), Mask()
    return Comparison(found, mask.diff(found), mask)


def read_versions(
    before: str, after: str, environ: Mapping[str, str]
) -> tuple[DocumentVersion, DocumentVersion]:
    """Return the versions that two words of a command line name.

    Each is a file, "-" for stdin, or ``REV:FILE`` for a file in a git revision, as git
    writes it (FILE from the top, or from here); a file of that very name comes first.

    Raises:
      UsageError: both are stdin.
      FileError: a file cannot be read.
      GitError: git does not have it.
    """
    if before == after == STDIN:
        raise UsageError("diff: only one of the files can be '-'")
    return _read(before, environ), _read(after, environ)


def read_revision(
    rev: str, file: str, environ: Mapping[str, str]
) -> tuple[DocumentVersion, DocumentVersion]:
    """Return ``file`` as it was in the git revision ``rev``, and as it is now.

    Raises:
      FileError: the file cannot be read.
      GitError: git does not have it.
    """
    from sessionctl.services.git.file_place import place_of

    now = DocumentVersion(file, read_text(file))
    git, path = place_of(file, environ)
    shown = f"{rev}:{file}"
    text = blob_text(git, f"{rev}:{path}", shown)
    if text is None:
        raise _missing(git, rev, shown, file, renamed=(path, file))
    return DocumentVersion(shown, text), now


def is_commit(word: str, environ: Mapping[str, str]) -> bool:
    """Return whether git knows a commit by this name in the repository here."""
    from sessionctl.system.git.program import Git

    question = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{word}^{{commit}}")
    try:
        return Git(environ, Path.cwd()).run(*question, ok=(0, 1, 128)).returncode == 0
    except SessionctlError:
        return False


def _read(word: str, environ: Mapping[str, str]) -> DocumentVersion:
    if word == STDIN:
        return DocumentVersion(STDIN_NAME, read_stdin())
    if word == NOTHING:
        return DocumentVersion(word, "")
    rev, colon, path = word.partition(":")
    if not colon or not path or Path(word).exists():
        return DocumentVersion(word, read_text(word))
    from sessionctl.system.git.program import Git

    git = Git(environ, Path.cwd())
    text = blob_text(git, word, word)
    if text is None:
        # Git's paths begin at the top; in a subdirectory the one from here is meant too.
        text = blob_text(git, f"{rev}:./{path}", word)
    if text is None:
        raise _missing(git, rev, word, path)
    return DocumentVersion(word, text)


def blob_text(git: Git, name: str, shown: str) -> str | None:
    """Return the text of the blob that git calls ``name``, or None when it has none."""
    from sessionctl.system.git.file_commits import read_named

    named = read_named(git, name) or _found_in_two_steps(git, name)
    if named is None:
        return None
    blob, stored = named
    if is_envelope(stored):
        from sessionctl.system.git.filters import readable

        path = name.partition(":")[2]
        if path.startswith("./"):
            path = os.path.normpath(git.text("rev-parse", "--show-prefix") + path)
        # Git looks for the attributes of a path from where it runs.
        top = git if git.repository().work_tree is None else git.at_top()[0]
        stored = readable(top, path, blob, stored)
    return decode_text(stored, shown)


def _found_in_two_steps(git: Git, name: str) -> tuple[str, bytes] | None:
    """Return the hash and the bytes of the blob that git calls ``name``, or None."""
    # The name may begin with a dash; its hash does not.
    found = git.run("rev-parse", "--verify", "--quiet", "--end-of-options", name, ok=(0, 1, 128))
    if found.returncode != 0:
        return None
    blob = found.stdout.decode().strip()
    done = git.run("cat-file", "blob", blob, ok=(0, 128))
    return (blob, done.stdout) if done.returncode == 0 else None


def _missing(
    git: Git, rev: str, shown: str, file: str, *, renamed: tuple[str, str] | None = None
) -> GitError:
    """Return the error that names what git does not have: the revision, or the file in it.

    ``renamed`` is a file of the last commit that may have had another name: its path from
    the top, and its name in messages.
    """
    from sessionctl.system.git.file_commits import find_commit, find_origin
    from sessionctl.system.git.typed_git import typed_git

    git.repository()  # says so when there is none
    typed = typed_git(git.cwd, git.environ)
    commit = find_commit(git, rev) if rev else None
    if rev and commit is None:
        return GitError(
            f"{rev}: git knows no such revision", hints=[f"see them: {typed.command} log --oneline"]
        )
    hints = [f"see where it was: {typed.command} log --oneline --all -- {typed.file(file)}"]
    if commit is not None and renamed is not None:
        path, file = renamed
        head = find_commit(git, "HEAD")
        origin = find_origin(git, path, commit, head) if head is not None else None
        if origin is not None:
            word = typed_word(f"{rev}:{origin.path}")
            hints = [f"it had another name: sessionctl diff {word} {path_word(file)}"]
            if typed.place:  # a revision is looked for in the current directory
                show = f"{typed.command} show {word}"
                hints = [f"it had another name: {show} | sessionctl diff - {path_word(file)}"]
    return GitError(f"{shown}: git has no such file in that revision", hints=hints)
