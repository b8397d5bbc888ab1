"""Sync checks: what must not be committed, for what is in a file or for how it stands."""

from __future__ import annotations

import os

from sessionctl.core.filename import (
    RECIPIENTS_FILE,
    is_session_name,
    is_sidecar_name,
    sidecar_path,
)
from sessionctl.core.regex.lazy_pattern import MULTILINE, late_bytes
from sessionctl.core.text.envelope_text import is_envelope
from sessionctl.core.text.shellwords import path_word
from sessionctl.errors import FileError
from sessionctl.services.git.commit_check import check_for_commit
from sessionctl.services.git.filter_advice import filter_step
from sessionctl.services.secrets.stored_names import stored_beside
from sessionctl.services.sync.taken_files import Absence
from sessionctl.system.files.text import read_bytes
from sessionctl.system.git.filters import (
    configured_filters,
    conversions_of,
    is_stored_by,
    may_convert,
)
from sessionctl.system.git.typed_git import typed_git
from sessionctl.system.git.work_state import DELETED, NEW

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from sessionctl.core.session.secret_problems import StoredNames
    from sessionctl.services.documents.checked_file import CheckedFile
    from sessionctl.services.documents.validation import Validator
    from sessionctl.services.sync.taken_files import TakenFiles
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
            checked = check_stored(
                self._validator, name, data, _stored(name, path, data, self._gone)
            )
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
        return nothing_stored(name)
    return stored


def check_stored(
    validator: Validator, name: str, data: bytes, stored: StoredNames | None = None
) -> CheckedFile:
    """Check ``data``, which git stores or would store as the file ``name``."""
    base = os.path.basename(name)  # noqa: PTH119
    if is_session_name(base) or is_sidecar_name(base):
        return check_for_commit(validator, name, data, stored)
    from sessionctl.services.documents.checked_file import CheckedFile
    from sessionctl.services.scanning.key_files import check_key_file

    found = check_key_file(name, data)
    if found is None and base == RECIPIENTS_FILE:
        found = validator.check_bytes(name, data)
    return found or CheckedFile(name)


def nothing_stored(name: str) -> StoredNames:
    """Return that no secret is stored for the session ``name``, and what stores one."""
    from sessionctl.core.session.secret_problems import StoredNames

    return StoredNames((), f"store it: sessionctl secret set {path_word(name)} {{name}}")


def is_refused(findings: Iterable[CheckedFile]) -> bool:
    """Return whether one of the files must not be committed; warnings do not matter."""
    return any(not checked.is_valid for checked in findings)
