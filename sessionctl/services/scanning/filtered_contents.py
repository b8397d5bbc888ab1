"""Filtered contents: what git stores in another form, read through its filter, or counted."""

from __future__ import annotations

from collections import Counter

from sessionctl.core.frozen_class import replace
from sessionctl.core.text.envelope_text import as_utf8, filter_family, hides_text
from sessionctl.errors import GitError
from sessionctl.system.git.filters import (
    checked_out,
    conversions_of,
    known_filters,
    lfs_object,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessionctl.system.git.program import Git

_PLAIN_MARK = b"schema_version"
_LFS = "lfs"


class FilteredContents:
    """Reads contents that git stores as people see them.

    ``unread`` counts those of which nothing could be read, by the filter they are behind; ""
    stands for contents that are no text, and behind no filter that is known.
    """

    def __init__(self, git: Git, paths: Sequence[str]) -> None:
        """Look at the filters of ``paths``, which are from the top, where ``git`` runs."""
        # Git LFS would get contents from its server; what is here is read without it.
        self._git = replace(git, environ={**git.environ, "GIT_LFS_SKIP_SMUDGE": "1"})
        try:
            found = conversions_of(self._git, sorted(set(paths)))
        except GitError:  # without a work tree there may be no attributes
            found = {}
        self._filters = {path: one.filter_name for path, one in found.items() if one.filter_name}
        self._known = known_filters(git) if self._filters else set()
        self.unread: Counter[str] = Counter()

    def filter_of(self, path: str, stored: bytes) -> str:
        """Return the name of the filter that ``path`` is behind, by what is ``stored`` at least."""
        return self._filters.get(path) or filter_family(stored)

    def read(self, path: str, blob: str, stored: bytes) -> list[bytes]:
        """Return what can be read of a content: as it is stored, and as it is checked out."""
        stored = as_utf8(stored)
        found = [] if hides_text(stored) else [stored]
        name = self.filter_of(path, stored)
        yielded = self._yielded(name, path, blob, stored) if name else None
        if yielded is not None and not hides_text(yielded):
            return [*found, yielded] if yielded not in found else found
        if name and not (found and _PLAIN_MARK in stored):
            found = []  # it may be turned into anything
        if not found:
            self.unread[name] += 1
        return found

    def _yielded(self, name: str, path: str, blob: str, stored: bytes) -> bytes | None:
        if name == _LFS:
            content = lfs_object(self._git, stored)
            if content is not None:
                return as_utf8(content)
        if name not in self._known or path not in self._filters:
            return None
        content = checked_out(self._git, path, blob)
        return None if content is None else as_utf8(content)


def where_paths_begin(git: Git) -> Git:
    """Return git as run at the top; without a work tree, where it runs anyhow."""
    return git if git.repository().work_tree is None else git.at_top()[0]
