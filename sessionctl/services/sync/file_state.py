"""File state: how one file stands: in conflict, with mistakes, changed, or clean."""

from __future__ import annotations

# pathlib costs start-up, and of thousands of files each counts: plain os calls here.
# ruff: noqa: PTH114, PTH118
import os

from sessionctl.core.conflict.marked_text import read_conflicts
from sessionctl.core.filename import is_session_name, is_vault_path
from sessionctl.core.named_tuple import NamedTuple
from sessionctl.core.problem import problem_of
from sessionctl.core.text.envelope_text import is_envelope
from sessionctl.errors import ParseError, SessionctlError
from sessionctl.services.documents.file_validation import check_content, check_file
from sessionctl.services.merging.marked_places import marked_places
from sessionctl.services.sync.sync_checks import (
    TakenContents,
    check_circumstances,
    seen_from_here,
)
from sessionctl.system.files.text import decode_text, read_bytes, read_text
from sessionctl.system.git.filters import conversions_of, may_convert
from sessionctl.system.git.typed_git import typed_git
from sessionctl.system.git.work_state import NEW

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from pathlib import Path

    from sessionctl.core.problem import Problem
    from sessionctl.core.schema.model import Schema
    from sessionctl.services.documents.checked_file import CheckedFile
    from sessionctl.services.documents.validation import Validator
    from sessionctl.services.merging.marked_places import MarkedPlace
    from sessionctl.services.sync.taken_files import TakenFiles
    from sessionctl.system.git.program import Git
    from sessionctl.system.git.work_state import WorkChanges


_MANY_STATES = 32
_MANY = 2
"""For so many files git is asked at once."""


class ProblemPlace(NamedTuple):
    """A problem of a file, and where it is."""

    line: int
    column: int
    problem: Problem


class FileState(NamedTuple):
    """How one file stands; ``path`` is the way to it from the current directory.

    ``state`` is the most urgent of: "unreadable", "conflicts", "unmerged" (git could not
    merge it, and there are no markers in it), "invalid", "blocked" (its content is fine,
    and a sync must not take it), "missing", "changed", "new", "clean". ``changes`` is the
    number of changes since HEAD, key by key; None where that is not known. ``failure`` is
    why it could not be read, ``step`` the command that helps a blocked file. ``git`` and
    ``word`` are how git and the file are called on a command line.
    """

    path: str
    state: str
    conflicts: tuple[MarkedPlace, ...] = ()
    errors: tuple[ProblemPlace, ...] = ()
    changes: int | None = None
    failure: str = ""
    deleted_by: str = ""
    step: str = ""
    git: str = "git"
    word: str = ""

    @property
    def needs_person(self) -> bool:
        """Whether something is to be done about it."""
        return self.state in ("unreadable", "conflicts", "unmerged", "invalid", "blocked")


def state_outside(path: str, validator: Validator) -> FileState:
    """Return how a file stands that is in no repository."""
    if not os.path.lexists(path):
        return FileState(path, "missing")
    found = _content_state(path)
    if isinstance(found, FileState):
        return found
    errors, failure = _errors(path, found, validator)
    if failure:
        return FileState(path, "unreadable", failure=failure)
    return FileState(path, "invalid" if errors else "clean", errors=errors)


class StateReader:
    """Reads how the files of one repository stand, after git and a sync were asked for all."""

    def __init__(
        self,
        git: Git,
        top: Path,
        tracked: Collection[str],
        changes: WorkChanges,
        taken: TakenFiles,
        validator: Validator,
    ) -> None:
        self._validator = validator
        self._git = git
        self._top = top
        self._tracked = tracked
        self._typed = typed_git(top, git.environ)
        self._changes = {file.path: file.change for file in changes.files}
        self._changes |= {file.path: file.change for file in taken.files}
        self._unmerged = {file.path: file for file in changes.unmerged}
        self._checked = set(taken.on_disk)
        self._has_own_attributes = taken.has_own_attributes
        self._at_head: dict[str, bytes] | None = None
        self._schema: Schema | None = None
        self._contents = TakenContents(git, top, taken, validator)
        self._held: dict[str, list[CheckedFile]] = {}
        for checked in check_circumstances(git, top, taken, self._contents):
            self._held.setdefault(checked.name, []).append(checked)

    def read(self, path: str, name: str = "") -> FileState:
        """Return how the file ``path`` (from the top) stands, called ``name`` by its user."""
        seen = seen_from_here(self._top, path)
        return self._called(path, self._state(path, name or seen, seen))

    def read_all(self, files: Sequence[tuple[str, str]]) -> list[FileState]:
        """Return how the files stand, each as ``read`` does; many on all processors."""
        if len(files) < _MANY_STATES:
            return [self.read(*file) for file in files]
        from sessionctl.services.verdicts.parallel_check import answer_in_parallel

        if len(self._changes) >= _MANY:
            self._all_committed()  # read once, not by each copy of this process
        answer = answer_in_parallel(
            files, lambda file: self.read(*file), self._word, self._of_word, self._validator.keep
        )
        return list(answer)

    def _word(self, file: tuple[str, str]) -> str | None:
        """Return the state of a file and its changes, None where there is more to say of it."""
        state = self.read(*file)
        if state.conflicts or state.errors or state.failure or state.deleted_by or state.step:
            return None
        return f"{state.state} {'' if state.changes is None else state.changes}"

    def _of_word(self, file: tuple[str, str], word: str) -> FileState:
        path, name = file
        state, _, changes = word.partition(" ")
        count = int(changes) if changes else None
        return self._called(
            path, FileState(name or seen_from_here(self._top, path), state, changes=count)
        )

    def _in_content(self, path: str) -> list[CheckedFile]:
        """Return what is wrong in the content of a file that a sync takes."""
        found = self._contents.fault(path) if path in self._checked else None
        return [] if found is None else [found]

    def _called(self, path: str, state: FileState) -> FileState:
        """Return the state with the words for git and the file on a command line."""
        word = self._typed.file(os.path.join(self._top, path))
        return state._replace(git=self._typed.command, word=word)

    def _state(self, path: str, name: str, seen: str) -> FileState:
        unmerged = self._unmerged.get(path)
        held = self._held.get(seen, [])
        deleted_by = unmerged.deleted_by if unmerged is not None else ""
        if not os.path.lexists(name):
            state = FileState(name, "unmerged" if unmerged else "missing", deleted_by=deleted_by)
            return _blocked(state, held)
        if unmerged is not None and is_vault_path(path):
            return FileState(name, "unmerged")
        if path.endswith(".age") or not path.partition("##")[0].endswith(".toml"):
            return _blocked(self._plain_state(path, name, self._in_content(path)), held)
        text = _content_state(name)
        if isinstance(text, FileState):
            return self._behind_filter(path, name) or text
        if path in self._checked:
            errors, failure = _places(self._in_content(path))
        else:
            errors, failure = _errors(name, text, self._validator)
        if unmerged is not None:
            return FileState(name, "unmerged", (), errors, None, failure, deleted_by)
        if failure:
            return FileState(name, "unreadable", failure=failure)
        if errors:
            found = self._behind_filter(path, name)
            return found or FileState(name, "invalid", errors=errors)
        return _blocked(self._compared(path, name, text), held)

    def _behind_filter(self, path: str, name: str) -> FileState | None:
        """Return the state of a file that is no text here because git converts it; None else."""
        try:
            data = read_bytes(name)
        except SessionctlError:
            return None
        if not is_envelope(data):
            return None
        conversion = conversions_of(self._git, [path]).get(path)
        if conversion is None:
            return None
        change = self._changes.get(path)
        state = "new" if change == NEW else "changed" if change else "clean"
        stored = conversion.as_stored(data)
        if conversion.filter_name and is_envelope(stored):
            why = f"not checked: behind the filter {conversion.filter_name!r} of git"
            return FileState(name, state, failure=why)
        errors, _ = _places([check_content(name, stored, self._validator)])
        return FileState(name, "invalid" if errors else state, errors=errors)

    def _plain_state(self, path: str, name: str, faults: list[CheckedFile]) -> FileState:
        """Return the state of a file that is no TOML: who may read, the vault."""
        errors, failure = _places(faults)
        if failure:
            return FileState(name, "unreadable", failure=failure)
        if errors:
            return FileState(name, "invalid", errors=errors)
        change = self._changes.get(path)
        return FileState(name, "new" if change == NEW else "changed" if change else "clean")

    def _compared(self, path: str, name: str, text: str) -> FileState:
        """Return the state of a valid file against HEAD."""
        change = self._changes.get(path)
        is_link = os.path.islink(os.path.join(self._top, path))
        if change is None and (is_link or path in self._tracked):
            return FileState(name, "clean", changes=0)
        if is_link:  # what it names is not taken with it
            return FileState(name, "new" if change == NEW else "changed")
        if change in (NEW, None):
            return FileState(name, "new")
        committed = self._committed(path, text)
        if committed is None:
            return FileState(name, "changed")
        try:
            before = decode_text(committed, f"HEAD:{path}")
            changes = self._count(name, before, text)
        except ParseError:
            return FileState(name, "changed")
        # Of its mode only where the texts are equal.
        return FileState(name, "changed", changes=None if before == text else changes)

    def _count(self, name: str, before: str, after: str) -> int:
        """Return how many changes lead from one text to the other.

        Raises:
          ParseError: one of them is not TOML.
        """
        verdicts = self._validator.verdicts
        kind = "session" if is_session_name(os.path.basename(name)) else ""  # noqa: PTH119
        parsed = self._validator.document
        is_new = parsed is not None and parsed.text == after  # it was checked just now
        known = verdicts.count(before, after, kind) if verdicts is not None and not is_new else None
        if known is not None:
            return known
        from sessionctl.services.sync.change_count import count_changes

        if kind and self._schema is None:
            from sessionctl.core.schema.model import Schema

            self._schema = Schema.session()
        found = count_changes(name, before, after, self._schema if kind else None, parsed)
        if verdicts is not None:
            verdicts.add_count(before, after, kind, found)
        return found

    def _committed(self, path: str, text: str) -> bytes | None:
        """Return what HEAD has of a file, with the filters of the work tree, as it is there.

        Git is asked for all files at once, and only for one where it may change it on the way.
        """
        if len(self._changes) >= _MANY:
            stored = self._all_committed().get(path)
            if stored is not None and not ("\r" in text or b"\r" in stored or b"$Id" in stored):
                return stored
        done = self._git.run("cat-file", "--filters", f"HEAD:{path}", ok=(0, 1, 128))
        return done.stdout if done.returncode == 0 else None

    def _all_committed(self) -> dict[str, bytes]:
        """Return what HEAD has of the changed files, where git changes nothing on the way."""
        if self._at_head is None:
            from sessionctl.system.git.file_commits import stored_at_head

            changed = [path for path, change in self._changes.items() if change != NEW]
            own = self._has_own_attributes or may_convert(self._git, str(self._top), changed)
            self._at_head = {} if own else stored_at_head(self._git, set(changed))
        return self._at_head


def _blocked(state: FileState, held: list[CheckedFile]) -> FileState:
    """Return the state with what keeps a sync from taking the file, if anything does."""
    if not held or state.needs_person:
        return state
    errors, _ = _places(held)
    return state._replace(state="blocked", errors=errors, step=errors[0].problem.hint)


def _content_state(path: str) -> str | FileState:
    """Return the text of a file, or its state where that is clear already."""
    try:
        text = read_text(path)
    except ParseError as error:  # not UTF-8
        place = ProblemPlace(error.line, error.column, problem_of(error))
        return FileState(path, "invalid", errors=(place,))
    except SessionctlError as error:
        return FileState(path, "unreadable", failure=error.message)
    conflicts = marked_places(path, text)
    return FileState(path, "conflicts", conflicts) if conflicts else text


def _errors(path: str, text: str, validator: Validator) -> tuple[tuple[ProblemPlace, ...], str]:
    """Return the mistakes in a file, and why it could not be checked ("" when it was)."""
    from sessionctl.core.text.source import Source

    source = Source(text)
    broken = read_conflicts(text).problems
    if broken:
        return tuple(ProblemPlace(*source.place(p.span.start), p) for p in broken), ""
    return _places([check_file(path, validator)])


def _places(files: Iterable[CheckedFile]) -> tuple[tuple[ProblemPlace, ...], str]:
    """Return the errors found with their places, and why a file could not be checked."""
    found: list[ProblemPlace] = []
    for checked in files:
        if checked.failure is not None:
            return (), checked.failure.message
        found += [ProblemPlace(*checked.place(p)[:2], p) for p in checked.errors]
    return tuple(found), ""
