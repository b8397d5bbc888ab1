"""Comparing: read two versions of a document, from files, stdin or git, and diff them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from sessionctl.core.diff import Diff, diff
from sessionctl.core.diff.masked import Mask
from sessionctl.core.toml.document import Document
from sessionctl.errors import GitError, UsageError
from sessionctl.services.masking import is_session_name
from sessionctl.system.files import decode_text, read_stdin, read_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

STDIN = "-"
NOTHING = "/dev/null"
"""What git gives for a file that is not there: an empty document."""


class Version(NamedTuple):
    """One version of a document: the name it goes by and its text."""

    name: str
    text: str


class Comparison(NamedTuple):
    """What changed, and ``shown``: the same with the secrets masked."""

    diff: Diff
    shown: Diff
    mask: Mask


def compare(before: Version, after: Version) -> Comparison:
    """Return the difference of two versions; of sessions, with their schema's knowledge.

    Raises:
      ParseError: one is not TOML 1.0; the message carries its name and place.
    """
    one, other = Document.parse(before.text, before.name), Document.parse(after.text, after.name)
    if is_session_name(before.name) or is_session_name(after.name):
        from sessionctl.core.schema import Schema

        schema = Schema.session()
        found = diff(one, other, item_keys=schema.item_key)
        mask = Mask(in_session=True, is_secret=schema.is_secret)
    else:
        found, mask = diff(one, other), Mask()
    return Comparison(found, mask.diff(found), mask)


def read_versions(before: str, after: str, environ: Mapping[str, str]) -> tuple[Version, Version]:
    """Return the versions that two words of a command line name.

    Each is a file, "-" for stdin, or ``REV:FILE`` for a file in a git revision, as git
    writes it; a file of that very name comes first.

    Raises:
      UsageError: both are stdin.
      FileError: a file cannot be read.
      GitError: git does not have it.
    """
    if before == after == STDIN:
        raise UsageError("diff: only one of the files can be '-'")
    return _read(before, environ), _read(after, environ)


def read_revision(rev: str, file: str, environ: Mapping[str, str]) -> tuple[Version, Version]:
    """Return ``file`` as it was in the git revision ``rev``, and as it is now.

    Raises:
      FileError: the file cannot be read.
      GitError: git does not have it.
    """
    now = Version(file, read_text(file))
    path = Path(os.path.realpath(file))
    text = _blob(f"{rev}:./{path.name}", path.parent, environ, f"{rev}:{file}")
    return Version(f"{rev}:{file}", text), now


def _read(word: str, environ: Mapping[str, str]) -> Version:
    if word == STDIN:
        return Version("<stdin>", read_stdin())
    if word == NOTHING:
        return Version(word, "")
    rev, colon, path = word.partition(":")
    if colon and path and not Path(word).exists():
        return Version(word, _blob(f"{rev}:{path}", Path.cwd(), environ, word))
    return Version(word, read_text(word))


def _blob(name: str, directory: Path, environ: Mapping[str, str], shown: str) -> str:
    """Return the text of the blob that git calls ``name`` in ``directory``."""
    from sessionctl.system.git import Git

    git = Git(environ, directory)
    # The name may begin with a dash; its hash does not.
    found = git.run("rev-parse", "--verify", "--quiet", "--end-of-options", name, ok=(0, 1, 128))
    if found.returncode == 0:
        blob = git.run("cat-file", "blob", found.stdout.decode().strip(), ok=(0, 128))
        if blob.returncode == 0:
            return decode_text(blob.stdout, shown)
    git.repository()  # says so when there is none
    raise GitError(
        f"{shown}: git has no such file in that revision",
        hints=["see where it was: git log --oneline -- FILE"],
    )
