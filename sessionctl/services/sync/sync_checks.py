"""Sync checks: what must not be committed or pushed, and what hinders a merge by key."""

from __future__ import annotations

import os

from sessionctl.core.filename import (
    RECIPIENTS_FILE,
    is_session_name,
    is_sidecar_name,
    session_name,
    sidecar_path,
)
from sessionctl.core.regex.lazy_pattern import MULTILINE, late_bytes
from sessionctl.core.session.secret_problems import DANGLING
from sessionctl.core.text.envelope_text import is_envelope
from sessionctl.core.text.managed_block import BEGIN
from sessionctl.core.text.shellwords import path_word
from sessionctl.errors import FileError, GitError, SessionctlError
from sessionctl.services.git.commit_check import check_for_commit
from sessionctl.services.git.filter_advice import filter_step
from sessionctl.services.secrets.stored_names import stored_beside
from sessionctl.services.sync.taken_files import Absence, is_synced
from sessionctl.system.files.text import read_bytes
from sessionctl.system.git.filters import (
    configured_filters,
    conversions_of,
    filters_of,
    is_stored_by,
    may_convert,
    readable,
)
from sessionctl.system.git.typed_git import typed_git
from sessionctl.system.git.work_state import DELETED, NEW, read_index
from sessionctl.system.process import find_program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from sessionctl.core.session.secret_problems import StoredNames
    from sessionctl.services.documents.checked_file import CheckedFile
    from sessionctl.services.documents.validation import Validator
    from sessionctl.services.sync.taken_files import TakenFiles
    from sessionctl.system.git.file_commits import Blob
    from sessionctl.system.git.filters import Conversion
    from sessionctl.system.git.program import Git

PARTLY_STAGED = "partly-staged"
"""A sync commits whole files; somebody chose a part of this one."""
LEFT_BEHIND = "left-behind"
"""The rule of a file without which secrets cannot be opened elsewhere."""
UNFILTERED = "filter-missing"
"""The rule of a file that git would store unfiltered, as plain text perhaps."""
BLOCKING = (PARTLY_STAGED, LEFT_BEHIND, UNFILTERED)
"""The rules that are not about the content of a file; the hint is the command that helps."""

_ATTRIBUTES = ".gitattributes"
_READ_AT_ONCE = 500
_MANY = 32
_SESSION_ID = late_bytes(rb'^session *= *"([^"\n]{8,})"', MULTILINE)
_ABSENCES = {
    Absence.IGNORED: ("git ignores it", "add --force"),
    Absence.LET_GO: ("it is staged for removal", "add --force"),
    Absence.DELETED: ("it is deleted", "checkout HEAD"),
}


def seen_from_here(top: Path, path: str) -> str:
    """Return the way from the current directory to a path from the top."""
    return os.path.relpath(os.path.join(top, path))  # noqa: PTH118


def check_taken(
    git: Git, top: Path, taken: TakenFiles, validator: Validator | None = None
) -> list[CheckedFile]:
    """Return the files that a sync takes, and must not: with mistakes, in part, without others."""
    contents = TakenContents(git, top, taken, validator)
    return [*contents.faults(taken.on_disk), *check_circumstances(git, top, taken, contents)]


def check_circumstances(
    git: Git, top: Path, taken: TakenFiles, contents: TakenContents
) -> list[CheckedFile]:
    """Return the files that a sync must not take as they stand, whatever is in them."""
    found = []
    typed = typed_git(top, git.environ)
    filters = contents.filters
    there = configured_filters(git) if filters else set()
    for path, name in filters.items():
        if (top / path).is_symlink():
            continue
        word = typed.file(str(top / path))
        if name not in there:
            message = f"the filter {name!r} is not set up here, so git would store it as it is"
            hint = "".join(filter_step(name)) or f"{typed.command} check-attr filter -- {word}"
            found.append(_fault(top, path, UNFILTERED, message, hint))
        elif not is_stored_by(git, name, path):
            message = f"the filter {name!r} fails here, so git would store it as it is, if at all"
            hint = f"see why: {typed.command} hash-object -- {word}"
            found.append(_fault(top, path, UNFILTERED, message, hint))
    for path in taken.partly_staged:
        hint = f"{typed.command} add -- {typed.file(str(top / path))}"
        found.append(_fault(top, path, PARTLY_STAGED, "only a part of its changes is staged", hint))
    for session, sidecar, place in _left_sidecars(top, taken):
        from sessionctl.services.secrets.vault_reach import left_behind

        source, target = seen_from_here(top, sidecar), seen_from_here(top, place)
        message = f"its secrets stayed in {source}"
        hint = left_behind(seen_from_here(top, session))
        hint = hint or f"mv -- {path_word(source)} {path_word(target)}"
        found.append(_fault(top, session, LEFT_BEHIND, message, hint))
    for missing in taken.missing:
        path = missing.path
        how, command = _ABSENCES[missing.why]
        message = f"{how}, and {seen_from_here(top, missing.needed_by)} needs it"
        hint = f"{typed.command} {command} -- {typed.file(str(top / path))}"
        found.append(_fault(top, path, LEFT_BEHIND, message, hint))
    return found


def _left_sidecars(top: Path, taken: TakenFiles) -> Iterator[tuple[str, str, str]]:
    """Yield each new session whose secrets stayed where it was: it, its old and new sidecar."""
    left = []
    for file in taken.files:
        base, sidecar = os.path.basename(file.path), sidecar_path(file.path)  # noqa: PTH119
        if file.change == DELETED and is_session_name(base) and (top / sidecar).is_file():
            left.append(sidecar)
    for file in taken.files if left else ():
        base, place = os.path.basename(file.path), sidecar_path(file.path)  # noqa: PTH119
        if file.change != NEW or not is_session_name(base) or (top / place).exists():
            continue
        data = read_bytes(top / file.path)
        for sidecar in left:
            found = _SESSION_ID.search(read_bytes(top / sidecar))
            if found is not None and b"secret" in data and found[1] in data:
                yield file.path, sidecar, place


def _fault(top: Path, path: str, rule: str, message: str, hint: str) -> CheckedFile:
    """Return a file with a fault that is not in its content."""
    from sessionctl.core.problem import Problem, Span
    from sessionctl.services.documents.checked_file import CheckedFile

    problem = Problem(rule, message, Span(0, 0), hint=hint)
    return CheckedFile(seen_from_here(top, path), (problem,), fixed_place=(1, 1))


def check_files(
    top: Path,
    paths: Iterable[str],
    gone: Collection[str] = (),
    conversions: Mapping[str, Conversion] | None = None,
    validator: Validator | None = None,
) -> list[CheckedFile]:
    """Return those files of the work tree in which something is wrong; symlinks are not read.

    ``gone`` are files that are deleted: a sidecar of those stores nothing. ``conversions``
    are what git does to some of the files when it stores them.
    """
    from sessionctl.services.documents.validation import Validator

    return _Contents(top, gone, conversions or {}, validator or Validator()).faults([*paths])


class _Contents:
    """What stands in files of the work tree, each checked as git would store it."""

    def __init__(
        self,
        top: Path,
        gone: Collection[str],
        conversions: Mapping[str, Conversion],
        validator: Validator,
    ) -> None:
        self._top = top
        self._gone = gone
        self._conversions = conversions
        self._validator = validator

    def fault(self, path: str) -> CheckedFile | None:
        """Return a file in which something is wrong; None for others, and for a symlink."""
        from sessionctl.services.documents.checked_file import CheckedFile
        from sessionctl.services.documents.file_validation import in_reach

        place = os.path.join(self._top, path)  # noqa: PTH118
        if os.path.islink(place):  # noqa: PTH114
            return None
        name = seen_from_here(self._top, path)
        try:
            data = read_bytes(place)
            conversion = self._conversions.get(path)
            if conversion is not None:
                data = conversion.as_stored(data)
                if conversion.filter_name and is_envelope(data):
                    return None  # locked: there is nothing in it to check
            checked = _check(self._validator, name, data, _stored(name, path, data, self._gone))
            checked = in_reach(checked, data.decode("utf-8", "replace"))
        except FileError as error:
            checked = CheckedFile(name, failure=error)
        return None if checked.is_valid else checked

    def faults(self, paths: Sequence[str]) -> list[CheckedFile]:
        """Return the files in which something is wrong, in the order of ``paths``."""
        if len(paths) < _MANY:
            found: Iterator[CheckedFile | None] = map(self.fault, paths)
        else:
            from sessionctl.services.verdicts.parallel_check import answer_in_parallel

            found = answer_in_parallel(
                paths, self.fault, self._word, lambda _path, _word: None, self._validator.keep
            )
        return [checked for checked in found if checked is not None]

    def _word(self, path: str) -> str | None:
        return None if self.fault(path) else ""


class TakenContents(_Contents):
    """What stands in the files that a sync takes; ``filters`` are those of git, by path."""

    def __init__(
        self, git: Git, top: Path, taken: TakenFiles, validator: Validator | None = None
    ) -> None:
        from sessionctl.services.documents.validation import Validator

        gone = {file.path for file in taken.files if file.change == DELETED}
        conversions: dict[str, Conversion] = {}
        if taken.has_own_attributes or may_convert(git, str(top), taken.on_disk):
            conversions = conversions_of(git, taken.on_disk)
        super().__init__(top, gone, conversions, validator or Validator())
        names = {path: one.filter_name for path, one in conversions.items()}
        self.filters = {path: name for path, name in names.items() if name}


def _stored(name: str, path: str, data: bytes, gone: Collection[str]) -> StoredNames | None:
    """Return what is stored beside a session on disk, None for another file."""
    if not is_session_name(os.path.basename(path)) or b"secret" not in data:  # noqa: PTH119
        return None
    stored = stored_beside(name)
    if stored is None and sidecar_path(path) in gone:
        return _nothing_stored(name)
    return stored


def _check(
    validator: Validator, name: str, data: bytes, stored: StoredNames | None = None
) -> CheckedFile:
    base = os.path.basename(name)  # noqa: PTH119
    if is_session_name(base) or is_sidecar_name(base):
        return check_for_commit(validator, name, data, stored)
    from sessionctl.services.documents.checked_file import CheckedFile
    from sessionctl.services.scanning.key_files import check_key_file

    found = check_key_file(name, data)
    if found is None and base == RECIPIENTS_FILE:
        found = validator.check_bytes(name, data)
    return found or CheckedFile(name)


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
        checked = _check(validator, name, data, committed.names(path, name, data))
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
            return _nothing_stored(name) if is_kept else None
        try:
            names = tuple(Sidecar.parse(self._sidecars[sidecar].decode(), sidecar).entries)
        except (SessionctlError, UnicodeDecodeError):
            return None  # reported where the sidecar itself is checked
        return _nothing_stored(name)._replace(names=names)


def _sidecar_of(path: str) -> str:
    """Return the path of the sidecar of a session, "" for another file."""
    return sidecar_path(path) if is_session_name(os.path.basename(path)) else ""  # noqa: PTH119


def _session_of(path: str) -> str:
    """Return the path of the session that a sidecar belongs to, "" for another file."""
    folder, base = os.path.split(path)
    return os.path.join(folder, session_name(base)) if is_sidecar_name(base) else ""  # noqa: PTH118


def _nothing_stored(name: str) -> StoredNames:
    from sessionctl.core.session.secret_problems import StoredNames

    return StoredNames((), f"store it: sessionctl secret set {path_word(name)} {{name}}")


def is_refused(findings: Iterable[CheckedFile]) -> bool:
    """Return whether one of the files must not be committed; warnings do not matter."""
    return any(not checked.is_valid for checked in findings)


def driver_obstacle(git: Git, paths: list[str]) -> str:
    """Return why git would not merge these files through sessionctl, or ""."""
    if not git.config("", r"^merge\.sessionctl\.driver$"):
        return "git does not know sessionctl here"
    if find_program("sessionctl", git.environ.get("PATH")) is None:
        return "sessionctl is not on the PATH that git sees"
    for path, found in git.attributes(paths, "merge").items():
        if found["merge"] != "sessionctl":
            return f"git merges it by lines (attribute merge of {path}: {found['merge']})"
    return ""


def has_unshared_attributes(git: Git, top: Path) -> bool:
    """Return whether only this clone has the attributes that hand sessions to sessionctl."""
    try:
        is_ours = BEGIN.encode() in read_bytes(top / _ATTRIBUTES)
    except FileError:
        return False
    return is_ours and not read_index(git, [f":(top,literal){_ATTRIBUTES}"]).tracked
