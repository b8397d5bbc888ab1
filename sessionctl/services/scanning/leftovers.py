"""Leftovers: where git and the backups still hold a value that was taken out of a file."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.core.keypath import escape_basic
from sessionctl.services.scanning.filtered_contents import FilteredContents, where_paths_begin
from sessionctl.services.scanning.history_gaps import HistoryGaps, find_gaps
from sessionctl.system.git.gaps import offline
from sessionctl.system.git.objects import all_blobs, contents, index_versions, versions_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sessionctl.core.secrets.secret import Secret
    from sessionctl.system.git.objects import ContentVersion
    from sessionctl.system.git.program import Git

_SHORTEST = 6
_LARGEST_BYTES = 16 << 20
_SHORT = 10


class Leftover(NamedTuple):
    """Where git still holds the value of the secret ``name``.

    ``staged`` are the paths in the index; ``commits`` those, oldest last, that brought it
    in and that a branch, a tag or HEAD leads to; ``aside`` those of stashes and the reflog;
    ``loose`` the objects that nothing leads to.
    """

    name: str
    staged: tuple[str, ...] = ()
    commits: tuple[str, ...] = ()
    aside: tuple[str, ...] = ()
    loose: tuple[str, ...] = ()

    @property
    def is_somewhere(self) -> bool:
        """Whether git holds it at all."""
        return bool(self.staged or self.commits or self.aside or self.loose)

    @property
    def places(self) -> tuple[tuple[str, ...], ...]:
        """The commits, the paths in the index, what is aside, what is loose."""
        return self.commits, self.staged, self.aside, self.loose


class GitSearch(NamedTuple):
    """What git holds of some values, and what of it was not looked at."""

    leftovers: tuple[Leftover, ...] = ()
    gaps: HistoryGaps = HistoryGaps()


def find_leftovers(git: Git, path: str, secrets: Mapping[str, Sequence[Secret]]) -> GitSearch:
    """Return where git holds each of ``secrets``, in the order given; nowhere: left out.

    Each comes with its spellings.

    The contents are read and searched in this process: no value is an argument of git.
    A short value is looked for in the versions of the file ``path`` (from the top) only,
    for it stands in other files by chance.

    Raises:
      GitError: there is no repository here, or git is missing.
    """
    git = offline(git)
    history = versions_of(git)
    versions = [*index_versions(git), *history.versions]
    known = {version.hash for version in versions}
    forms = {
        name: {form for secret in spelled for form in _forms(secret.reveal())}
        for name, spelled in secrets.items()
    }
    own = {version.hash for version in versions if version.path == path}
    hits: dict[str, list[str]] = {name: [] for name in secrets}
    filtered = FilteredContents(where_paths_begin(git), [path])
    here = all_blobs(git)
    kept = [blob for blob in here if blob.size_bytes <= _LARGEST_BYTES]
    read = set()
    for blob, data in contents(git, kept):
        read.add(blob)
        seen = [data]
        if blob in own:
            seen += filtered.read(path, blob, data)
        for name, spelled in forms.items():
            looked_for = [form for form in spelled if blob in own or len(form) >= _SHORTEST]
            if any(form in content for content in seen for form in looked_for):
                hits[name].append(blob)
    lasting = _commits(git)
    found = [_leftover(name, blobs, versions, lasting) for name, blobs in hits.items()]
    large = {blob.hash for blob in here if blob.size_bytes > _LARGEST_BYTES} & known
    absent = len(known - read - large)
    gaps = find_gaps(git, absent, has_stopped=history.has_stopped, filtered=filtered.unread)
    return GitSearch(tuple(one for one in found if one.is_somewhere), gaps)


def _leftover(
    name: str, blobs: Iterable[str], versions: Iterable[ContentVersion], lasting: set[str]
) -> Leftover:
    staged: list[str] = []
    commits: list[str] = []
    aside: list[str] = []
    loose = dict.fromkeys(blobs)
    holding = frozenset(loose)
    # In the order of the versions: that of the objects is by chance.
    for version in versions:
        if version.hash not in holding:
            continue
        loose.pop(version.hash, None)
        if not version.commit:
            staged.append(version.path)
        elif version.commit in lasting:
            commits.append(version.commit[:_SHORT])
        else:
            aside.append(version.commit[:_SHORT])
    parts = (staged, commits, aside, [blob[:_SHORT] for blob in loose])
    return Leftover(name, *(tuple(dict.fromkeys(part)) for part in parts))


def _commits(git: Git) -> set[str]:
    """Return the commits that branches, tags and HEAD lead to."""
    done = git.run(
        "rev-list", "--branches", "--tags", "--remotes", "--ignore-missing", "HEAD",
        ok=(0, 128), timeout_s=None,
    )  # fmt: skip
    if done.returncode != 0:  # an unborn branch
        done = git.run("rev-list", "--branches", "--tags", "--remotes", timeout_s=None)
    return set(done.stdout.decode().split())


def _forms(value: bytes) -> tuple[bytes, ...]:
    """Return how a value may stand in a file: as it is, and with TOML's escapes."""
    text = value.decode("utf-8", "replace")
    return tuple({value, escape_basic(text).encode()})
