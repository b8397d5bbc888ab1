"""History scan: what git keeps, the index, every commit, stashes, and what none leads to."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from sessionctl.core.filename import SESSION_SUFFIX, is_session_name
from sessionctl.services.scanning.file_scan import TOML
from sessionctl.system.git.objects import all_blobs, contents, index_versions, versions_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sessionctl.core.problem import Problem
    from sessionctl.services.documents.checked_file import CheckedFile
    from sessionctl.services.scanning.file_scan import Scanner
    from sessionctl.system.git.objects import ContentObject
    from sessionctl.system.git.program import Git

_LARGEST_BYTES = 1 << 20
_SESSION_MARK = b"schema_version"
_SHORT = 10
_MANY = 1000


class _HistoryPlace(NamedTuple):
    """Where a content is: how git calls it, and the file it belongs to."""

    name: str
    path: str


def scan_history(
    git: Git, scanner: Scanner, progress: Callable[[int], None]
) -> Iterator[CheckedFile]:
    """Yield what secrets the TOML files of a repository ever held, each reported once.

    A name reads as git takes it: ``COMMIT:PATH`` with the oldest commit that has the
    content, ``:PATH`` for the index, or a hash for what no commit leads to: staged once,
    or in a stash that was dropped. Of the latter only sessions are reported. ``progress``
    is given the number of contents where searching them takes a while.

    Raises:
      GitError: there is no repository here, or git is missing.
    """
    git.repository()
    kept = {blob.hash: blob for blob in all_blobs(git) if blob.size_bytes <= _LARGEST_BYTES}
    places = _places(git, kept)
    named = [kept[name] for name in places]
    others = [blob for name, blob in kept.items() if name not in places]
    if len(kept) > _MANY:
        progress(len(kept))
    known: set[bytes] = set()
    for name, data in contents(git, named):
        for place in places[name]:
            yield from _new(scanner.scan_bytes(place.name, data, place.path), place.path, known)
    for name, data in contents(git, others):
        if _SESSION_MARK in data:
            checked = scanner.scan_bytes(name[:_SHORT], data, f"left{SESSION_SUFFIX}")
            yield from _new(checked, "", known)


def scan_staged(git: Git, scanner: Scanner) -> Iterator[CheckedFile]:
    """Yield what the scan finds in each TOML file that is staged, by its content in the index.

    Raises:
      GitError: there is no repository here, or git is missing.
    """
    from sessionctl.services.git.staged_files import read_blobs, staged_files

    files = sorted(file for file in staged_files(git) if file.blob and _is_toml(file.path))
    data = read_blobs(git, [file.blob for file in files]) if files else iter(())
    for file, content in zip(files, data, strict=True):
        yield scanner.scan_bytes(file.path, content)


def _places(git: Git, kept: dict[str, ContentObject]) -> dict[str, list[_HistoryPlace]]:
    """Return where each content of a TOML file is; the newest commits come first."""
    versions = {(one.hash, one.path): one for one in (*index_versions(git), *versions_of(git))}
    places: dict[str, list[_HistoryPlace]] = {}
    # The oldest first: a finding is reported where it came in.
    for version in reversed(versions.values()):
        if version.hash in kept and _is_toml(version.path):
            name = f"{version.commit[:_SHORT]}:{version.path}"
            places.setdefault(version.hash, []).append(_HistoryPlace(name, version.path))
    return places


def _new(checked: CheckedFile, path: str, known: set[bytes]) -> Iterator[CheckedFile]:
    """Yield ``checked`` with those of its problems that no other version has."""
    fresh = []
    for problem in checked.problems:
        mark = _mark(checked, problem, path)
        if mark not in known:
            known.add(mark)
            fresh.append(problem._replace(hint=""))
    if fresh:
        yield checked.with_problems(fresh)


def _mark(checked: CheckedFile, problem: Problem, path: str) -> bytes:
    secret = checked.text[problem.span.start : problem.span.end]
    parts = (path, problem.rule, str(problem.key_path), secret)
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).digest()


def _is_toml(path: str) -> bool:
    name = path.rpartition("/")[2]
    return name.endswith(TOML) or is_session_name(name)
