"""Filtered merge: three versions that git stores encrypted or elsewhere, merged as people see them.

Git hands the driver what it stores, and stores what the driver leaves: so the filter of the
file is asked for the content, and what is merged goes back through it. Without the filter
there is nothing to merge: ours stays, in conflict, as git does it for binary files.
"""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.core.text.envelope_text import is_envelope
from sessionctl.errors import GitError
from sessionctl.system.files.text import read_bytes
from sessionctl.system.git.filters import clean, filters_of, smudge
from sessionctl.system.git.program import Git

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class FilteredFile(NamedTuple):
    """A file behind the filter ``name``; ``texts`` is None where that does not give them."""

    git: Git
    path: str
    name: str
    texts: tuple[str, str, str] | None

    def store(self, text: str, place: str) -> None:
        """Write what git stores of ``text`` into the file ``place``.

        Raises:
          GitError: the filter fails; nothing is written.
          OSError: it cannot be written.
        """
        data = clean(self.git, self.path, text.encode())
        if data is None:
            raise GitError(f"{self.path}: the filter {self.name} does not restore it")
        with open(place, "wb") as stream:  # noqa: PTH123 - pathlib costs start-up
            stream.write(data)


def find_filtered(
    files: Sequence[str], path: str, environ: Mapping[str, str]
) -> FilteredFile | None:
    """Return the three texts behind the filter of ``path`` (from the top), None without one."""
    from pathlib import Path

    git = Git(environ, Path.cwd())
    try:
        name = filters_of(git, [path]).get(path)
    except GitError:
        return None
    if name is None:
        return None
    texts = []
    for file in files:
        data = read_bytes(file)
        content = smudge(git, path, data)
        if content is None and not is_envelope(data):
            content = data  # stored as it is: from before the filter
        try:
            texts.append(None if content is None else content.decode())
        except UnicodeDecodeError:
            texts.append(None)
    base, ours, theirs = texts
    whole = None if base is None or ours is None or theirs is None else (base, ours, theirs)
    return FilteredFile(git, path, name, whole)
