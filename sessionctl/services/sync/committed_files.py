"""Committed files: what is wrong in them as HEAD has them, with the sidecars beside them."""

from __future__ import annotations

import os

from sessionctl.core.filename import is_session_name, is_sidecar_name, session_name, sidecar_path
from sessionctl.core.session.secret_problems import DANGLING
from sessionctl.core.text.envelope_text import is_envelope
from sessionctl.errors import GitError, SessionctlError
from sessionctl.services.secrets.stored_names import stored_beside
from sessionctl.services.sync.sync_checks import check_stored, nothing_stored, seen_from_here
from sessionctl.services.sync.taken_files import is_synced
from sessionctl.system.git.filters import filters_of, readable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

    from sessionctl.core.session.secret_problems import StoredNames
    from sessionctl.services.documents.checked_file import CheckedFile
    from sessionctl.services.documents.validation import Validator
    from sessionctl.system.git.file_commits import Blob
    from sessionctl.system.git.program import Git

_READ_AT_ONCE = 500


def check_committed(
    git: Git, top: Path, paths: Collection[str], validator: Validator | None = None
) -> list[CheckedFile]:
    """Return in which files something is wrong as they are committed, after ``paths`` changed.

    A session refers to no secret that is not committed with it.
    """
    from sessionctl.services.documents.validation import Validator

    validator = validator or Validator()
    found = []
    touched = [path for path in map(_session_of, paths) if path]
    committed = _CommittedFiles(git, paths)
    for path, blob, data in committed.contents([*paths, *touched]):
        if not blob.mode.startswith("100") or not is_synced(path):
            continue
        if is_envelope(data) and filters_of(git, [path]):
            continue  # locked: nothing in it can be checked here
        name = seen_from_here(top, path)
        checked = check_stored(validator, name, data, committed.names(path, name, data))
        if path not in committed.changed:  # only what its sidecar changes about it
            checked = checked.with_problems(p for p in checked.problems if p.rule == DANGLING)
        if not checked.is_valid:
            found.append(checked)
    return found


class _CommittedFiles:
    """What HEAD has of files and of the sidecars beside them, after ``changed`` changed."""

    def __init__(self, git: Git, changed: Collection[str]) -> None:
        self.changed = frozenset(changed)
        self._git = git
        self._blobs: dict[str, Blob] = {}
        self._sidecars: dict[str, bytes] = {}

    def contents(self, paths: Iterable[str]) -> Iterator[tuple[str, Blob, bytes]]:
        """Yield those of the files that are there, readable; git is asked for many at once."""
        from sessionctl.system.git.file_commits import blobs_at

        wanted = dict.fromkeys(paths)
        beside = dict.fromkeys(path for path in map(_sidecar_of, wanted) if path)
        self._blobs = blobs_at(self._git, "HEAD", wanted | beside)
        there = [path for path in wanted if path in self._blobs]
        for start in range(0, len(there), _READ_AT_ONCE):
            part = there[start : start + _READ_AT_ONCE]
            sidecars = [path for path in map(_sidecar_of, part) if path in self._blobs]
            read = self._read([*part, *sidecars])
            self._sidecars = {path: read[path] for path in sidecars}
            for path in part:
                yield path, self._blobs[path], read[path]

    def _read(self, paths: Collection[str]) -> dict[str, bytes]:
        from sessionctl.system.git.file_commits import read_blobs

        stored = read_blobs(self._git, [self._blobs[path] for path in paths])
        found = {}
        for path in paths:
            blob = self._blobs[path].hash
            if blob not in stored:
                raise GitError(f"git cat-file: {blob}: missing", hints=["see: git fsck"])
            found[path] = readable(self._git, path, blob, stored[blob])
        return found

    def names(self, path: str, name: str, data: bytes) -> StoredNames | None:
        """Return what HEAD stores for a session, None where no secrets are kept for it."""
        sidecar = _sidecar_of(path)
        if not sidecar or b"secret" not in data:
            return None
        from sessionctl.core.secrets.sidecar import Sidecar

        if sidecar not in self._blobs:
            is_kept = sidecar in self.changed or stored_beside(name) is not None
            return nothing_stored(name) if is_kept else None
        try:
            names = tuple(Sidecar.parse(self._sidecars[sidecar].decode(), sidecar).entries)
        except (SessionctlError, UnicodeDecodeError):
            return None  # reported where the sidecar itself is checked
        return nothing_stored(name)._replace(names=names)


def _sidecar_of(path: str) -> str:
    """Return the path of the sidecar of a session, "" for another file."""
    return sidecar_path(path) if is_session_name(os.path.basename(path)) else ""  # noqa: PTH119


def _session_of(path: str) -> str:
    """Return the path of the session that a sidecar belongs to, "" for another file."""
    folder, base = os.path.split(path)
    return os.path.join(folder, session_name(base)) if is_sidecar_name(base) else ""  # noqa: PTH118
