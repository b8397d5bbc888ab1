"""Work tree changes: the session files and sidecars that differ from a git revision."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from sessionctl.core.filename import SESSION_PATHSPEC, SIDECAR_PATHSPEC
from sessionctl.errors import GitError
from sessionctl.services.documents.document_comparison import NOTHING, DocumentVersion, blob_text
from sessionctl.system.files.text import read_text
from sessionctl.system.git.program import Git

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

HEAD = "HEAD"
_NO_COMMIT = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
"""The tree without a file, which git knows in every repository."""


class ChangedDocument(NamedTuple):
    """A document that differs: its name from here, how it was, and how it is now.

    The side that does not have it is empty, and named as git names it.
    """

    name: str
    before: DocumentVersion
    after: DocumentVersion


class WorkTreeChanges:
    """The tracked session files and sidecars that differ from a revision.

    What is staged counts as much as what is not; a file that git does not track does not.
    """

    def __init__(self, rev: str, environ: Mapping[str, str]) -> None:
        """Look up the revision ``rev``.

        Raises:
          GitError: there is no repository here, or no such revision.
        """
        from sessionctl.system.git.file_commits import find_commit

        self.rev = rev
        here = Git(environ, Path.cwd())
        self._git, self._top = here.at_top()
        commit = find_commit(self._git, rev)
        if commit is None and rev != HEAD:
            from sessionctl.system.git.typed_git import typed_git

            typed = typed_git(here.cwd, here.environ)
            hint = f"see them: {typed.command} log --oneline"
            raise GitError(f"{rev}: git knows no such revision", hints=[hint])
        self._base = commit or _NO_COMMIT  # without a commit yet, all is new

    def paths(self) -> list[str]:
        """Return the documents that differ, by their paths from the top.

        Raises:
          GitError: git fails.
        """
        done = self._git.run(
            *("diff", "--name-only", "--no-renames", "--no-ext-diff", "--ignore-submodules", "-z"),
            *(self._base, "--", SESSION_PATHSPEC, SIDECAR_PATHSPEC),
        )
        return os.fsdecode(done.stdout).split("\0")[:-1]

    def read(self, path: str) -> ChangedDocument:
        """Return one of ``paths``.

        Raises:
          FileError, DocumentError: it cannot be read.
        """
        name = os.path.relpath(self._top / path)
        before = blob_text(self._git, f"{self._base}:{path}", f"{self.rev}:{name}")
        after = read_text(name) if os.path.lexists(name) else None
        nothing = DocumentVersion(NOTHING, "")
        return ChangedDocument(
            name,
            nothing if before is None else DocumentVersion(f"{self.rev}:{name}", before),
            nothing if after is None else DocumentVersion(name, after),
        )
