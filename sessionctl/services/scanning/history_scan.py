"""History scan: what git keeps, the index, every commit, stashes, and what none leads to."""

from __future__ import annotations

import hashlib
import posixpath
from typing import NamedTuple

from sessionctl.core.filename import SESSION_SUFFIX, is_session_name
from sessionctl.core.text.shellwords import path_word
from sessionctl.errors import FileError
from sessionctl.services.documents.checked_file import CheckedFile
from sessionctl.services.scanning.file_scan import TOML, unread_file
from sessionctl.services.scanning.filtered_contents import FilteredContents, where_paths_begin
from sessionctl.services.scanning.history_gaps import find_gaps
from sessionctl.services.scanning.key_files import check_key_file, may_hold_key
from sessionctl.system.git.gaps import offline
from sessionctl.system.git.objects import all_blobs, contents, index_versions, versions_of
from sessionctl.system.git.typed_git import TypedGit, typed_git

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator, Sequence

    from sessionctl.core.problem import Problem
    from sessionctl.services.scanning.file_scan import Scanner
    from sessionctl.system.git.objects import ContentVersion
    from sessionctl.system.git.program import Git

_LARGEST_BYTES = 1 << 20
_SESSION_MARK = b"schema_version"
_SHORT = 10
_MANY = 1000
_HISTORY = "history"


class _HistoryPlace(NamedTuple):
    """Where a content is: how git calls it, and the file it belongs to."""

    name: str
    path: str


def scan_history(
    git: Git, scanner: Scanner, progress: Callable[[int], None]
) -> Iterator[CheckedFile]:
    """Yield what secrets TOML files and key files of a repository ever held, each once.

    A name reads as git takes it: ``COMMIT:PATH`` with the oldest commit that has the
    content, ``:PATH`` for the index, or a hash for what no commit leads to: staged once,
    or in a stash that was dropped. Of the latter only sessions are reported. ``progress``
    is given the number of contents where searching them takes a while.

    Nothing is fetched: what this clone does not hold is counted in a last file that could not
    be read.

    Raises:
      GitError: there is no repository here, or git is missing.
    """
    git.repository()
    git = offline(git)
    here = {blob.hash: blob for blob in all_blobs(git)}
    kept = {name: blob for name, blob in here.items() if blob.size_bytes <= _LARGEST_BYTES}
    history = versions_of(git)
    versions = {(one.hash, one.path): one for one in (*index_versions(git), *history.versions)}
    wanted = [one for one in versions.values() if _is_toml(one.path)]
    places = _places(wanted, kept)
    named = [kept[name] for name in places]
    filtered = FilteredContents(where_paths_begin(git), [one.path for one in wanted])
    others = [blob for name, blob in kept.items() if name not in places]
    if len(kept) > _MANY:
        progress(len(kept))
    known: set[bytes] = set()
    read = set()
    for name, data in contents(git, named):
        read.add(name)
        for place in places[name]:
            for content in filtered.read(place.path, name, data):
                checked = scanner.scan_bytes(place.name, content, place.path)
                yield from _new(checked, place.path, known)
    keys = _places([one for one in versions.values() if _may_be_key(one.path)], kept)
    for name, data in contents(git, [kept[name] for name in keys]):
        for place in keys[name]:
            found = check_key_file(place.name, data)
            yield from () if found is None else _new(found, place.path, known)
    for name, data in contents(git, others):
        if _SESSION_MARK in data:
            checked = scanner.scan_bytes(name[:_SHORT], data, f"left{SESSION_SUFFIX}")
            yield from _new(checked, "", known)
    large = {one.hash for one in wanted if one.hash in here and one.hash not in kept}
    absent = {one.hash for one in wanted} - read - large
    typed = typed_git(git.cwd, git.environ)
    yield from (_too_large(one, typed) for one in wanted if one.hash in large)
    gaps = find_gaps(git, len(absent), has_stopped=history.has_stopped, filtered=filtered.unread)
    if gaps:
        yield CheckedFile(_HISTORY, failure=gaps.error)


def _too_large(version: ContentVersion, typed: TypedGit) -> CheckedFile:
    name = f"{version.commit[:_SHORT]}:{version.path}"
    show = f"{typed.command} show {path_word(name)}"
    hint = f"search it alone: {show} | sessionctl secret scan -"
    return CheckedFile(name, failure=FileError(f"{name}: above 1 MB", hints=[hint]))


def scan_staged(git: Git, scanner: Scanner) -> Iterator[CheckedFile]:
    """Yield what the scan finds in each TOML file that is staged, by its content in the index.

    A staged file that holds a key which opens secrets is one more.

    Raises:
      GitError: there is no repository here, or git is missing.
    """
    from sessionctl.services.git.staged_files import read_blobs, staged_files, staged_keys

    staged = sorted(file for file in staged_files(git) if file.blob)
    yield from staged_keys(git, [file for file in staged if not _is_toml(file.path)])
    files = [file for file in staged if _is_toml(file.path)]
    if not files:
        return
    prefix = git.text("rev-parse", "--show-prefix")
    paths = [posixpath.normpath(posixpath.join(prefix, file.path)) for file in files]
    filtered = FilteredContents(where_paths_begin(git), paths)
    data = read_blobs(git, [file.blob for file in files])
    for file, path, stored in zip(files, paths, data, strict=True):
        contents_read = filtered.read(path, file.blob, stored)
        found = [scanner.scan_bytes(file.path, content) for content in contents_read]
        if found:
            yield next((checked for checked in found if checked.problems), found[-1])
        else:
            yield unread_file(file.path, filtered.filter_of(path, stored))


def _places(
    wanted: Sequence[ContentVersion], kept: Container[str]
) -> dict[str, list[_HistoryPlace]]:
    """Return where each content of a TOML file is; the newest commits come first."""
    places: dict[str, list[_HistoryPlace]] = {}
    # The oldest first: a finding is reported where it came in.
    for version in reversed(wanted):
        if version.hash in kept:
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


def _may_be_key(path: str) -> bool:
    return may_hold_key(path) and not _is_toml(path)


def _is_toml(path: str) -> bool:
    name = path.rpartition("/")[2]
    return name.endswith(TOML) or is_session_name(name)
