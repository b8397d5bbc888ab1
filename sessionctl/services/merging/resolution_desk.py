"""Resolution desk: the conflicts of a file as rows, decided one by one, with undo and a verdict."""

from __future__ import annotations

# pathlib costs start-up: plain os calls here.
# ruff: noqa: PTH116
import os
from typing import NamedTuple

from sessionctl.core.conflict.choice_history import ChoiceHistory, same_conflicts
from sessionctl.core.conflict.conflict_row import ConflictRow, SideLabels, deed_of
from sessionctl.core.conflict.marked_text import CustomText, Side
from sessionctl.core.render.problem_line import keyed_message
from sessionctl.core.scan.veil import veiled_parts
from sessionctl.core.text.plural import counted
from sessionctl.core.text.source import Source
from sessionctl.errors import UsageError
from sessionctl.services.git.operation import Situation, read_situation
from sessionctl.services.git.operation_steps import role_of
from sessionctl.services.merging.preference import preference_for
from sessionctl.services.merging.resolution import ConflictedFile
from sessionctl.system.git.side_dates import dates_of_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sessionctl.core.conflict.marked_text import Resolution
    from sessionctl.services.machine import Machine
    from sessionctl.system.store.store import SaveResult, Store

    Choices = Mapping[int, Resolution]

LONGEST_EDIT = 100_000
"""So many characters of a conflict are edited on a screen; a longer one in the file itself."""


class ResolutionVerdict(NamedTuple):
    """Why the text with ``choices`` made must not be written, by conflict, and beside them.

    ``others`` are whole lines, each with its place.
    """

    choices: Choices
    by_conflict: Mapping[int, tuple[str, ...]]
    others: tuple[str, ...] = ()

    @property
    def is_valid(self) -> bool:
        """Whether there is nothing against it."""
        return not (self.by_conflict or self.others)


class ConflictsReread(NamedTuple):
    """What became of the choices when a file was read again: how many stay, and which do not."""

    desk: ResolutionDesk
    kept: int
    dropped: tuple[str, ...]


class ResolutionDesk:
    """The conflicts of one file, and what was chosen for them so far.

    Looks and computes; nothing is written but by ``write``, which writes what is chosen and
    leaves the markers of the others: that is where the choices are kept.
    """

    def __init__(
        self, file: ConflictedFile, situation: Situation, history: ChoiceHistory | None = None
    ) -> None:
        """Take a file as it was read; ``history`` are choices that were made already."""
        self.file = file
        self.situation = situation
        self.history = history or ChoiceHistory()
        self.verdict = ResolutionVerdict({}, {})
        self._stamp = file_stamp(file.name)
        self._rows: dict[int, tuple[Resolution | None, tuple[str, ...], ConflictRow]] = {}

    @classmethod
    def read(cls, name: str, environ: Mapping[str, str]) -> ResolutionDesk:
        """Return the desk for the file ``name``; raises as ``ConflictedFile.read`` does."""
        file = ConflictedFile.read(name)
        desk = cls(file, read_situation(name, file.text, environ))
        desk.prepare()
        return desk

    def prepare(self) -> None:
        """Compute what every row needs, so that each is quick to show later."""
        for index in range(len(self.file.conflicts)):
            self.file.title(index)
            self.row(index)

    def prefer(self, machine: Machine) -> None:
        """Choose what ``merge.prefer`` of the settings chooses, as one step."""
        policy = preference_for(machine, self.file.name).policy if self.count else None
        if policy is None:
            return
        if policy.asks_for_dates:
            self.file.dates = dates_of_file(self.file.name, machine.environ)
        self.history = self.history.with_choices(self.file.choose_by(policy))

    # -- what there is ---------------------------------------------------------------------

    @property
    def choices(self) -> Choices:
        """What is chosen, by the index of each conflict."""
        return self.history.now

    @property
    def count(self) -> int:
        """How many conflicts there are."""
        return len(self.file.conflicts)

    def is_open(self, index: int) -> bool:
        """Return whether nothing is chosen for a conflict."""
        return index not in self.choices

    def open_indexes(self) -> list[int]:
        """Return the conflicts for which nothing is chosen."""
        return [index for index in range(self.count) if self.is_open(index)]

    def row(self, index: int) -> ConflictRow:
        """Return a conflict as a row, its secrets masked."""
        choice = self.choices.get(index)
        problems = self.verdict.by_conflict.get(index, ()) if choice is not None else ()
        known = self._rows.get(index)
        if known is not None and known[:2] == (choice, problems):
            return known[2]
        row = known[2] if known is not None else self._sides(index)
        result = None if choice is None else self.file.shown_choice(index, choice)
        row = row._replace(result=result, choice=_word_of(choice), problems=problems)
        self._rows[index] = (choice, problems, row)
        return row

    def labels(self, index: int) -> SideLabels:
        """Return what the sides of a conflict are called, and whose work each is."""
        written = self.file.conflicts[index].labels
        told = []
        for side, label in (("ours", written.ours), ("theirs", written.theirs)):
            role = role_of(side, self.situation.operation, label)
            told.append(f"{label} ({role})" if label and role else label or role)
        return SideLabels("" if written.base == Side.BASE.value else written.base, *told)

    def meaning(self, index: int) -> str:
        """Return what the schema says of the key of a conflict, in a line; "" for nothing."""
        kind, description = self.file.meaning(index)
        return ": ".join(filter(None, (kind, description)))

    def _sides(self, index: int) -> ConflictRow:
        file, conflict = self.file, self.file.conflicts[index]
        ours, theirs = file.shown(index, Side.OURS) or "", file.shown(index, Side.THEIRS) or ""
        remarks = [
            (side.value, keyed_message(problem, file.key_paths(index)))
            for side in (Side.OURS, Side.THEIRS)
            for problem in file.side_problems(index, side)
        ]
        if ours == theirs and conflict.ours != conflict.theirs:
            remarks.append(("theirs", "differs from ours in a secret, which is not shown"))
        keys = file.key_paths(index)
        more = f" (+{counted(len(keys) - 1, 'key')})" if len(keys) > 1 else ""
        return ConflictRow(
            f"{keys[0]}{more}" if keys else file.title(index),
            file.shown(index, Side.BASE),
            ours,
            theirs,
            remarks=tuple(remarks),
            deeds=(deed_of(conflict.base, conflict.ours), deed_of(conflict.base, conflict.theirs)),
            place=f"line {conflict.line}",
        )

    # -- choosing --------------------------------------------------------------------------

    def take(self, index: int, side: Side) -> str:
        """Choose a side for a conflict; return why that cannot be, "" where it can."""
        try:
            found = self.file.choice(index, side)
        except UsageError as error:
            return f"{error.message}: {error.hints[0]}"
        self.history = self.history.with_choices({index: found})
        return ""

    def take_higher(self, index: int) -> str:
        """Choose the higher version, or the later date; return why that cannot be, or ""."""
        found = self.file.settled_by(index, "max")
        if found is None:
            return f"{self.file.title(index)}: not two versions or dates that can be compared"
        self.history = self.history.with_choices({index: found})
        return ""

    def take_rest(self, side: Side) -> int:
        """Choose ours or theirs for all that is open, as one step; return for how many."""
        left = self.open_indexes()
        self.history = self.history.with_choices(dict.fromkeys(left, side))
        return len(left)

    def take_clean(self) -> int:
        """Choose the merge of the sides where they do not clash; return for how many."""
        found = {index: self.file.merged(index) for index in self.open_indexes()}
        taken = {index: choice for index, choice in found.items() if choice is not None}
        self.history = self.history.with_choices(taken)
        return len(taken)

    def reopen(self, indexes: Iterable[int]) -> None:
        """Take the choices for these conflicts away again, as one step."""
        self.history = self.history.without(frozenset(indexes))

    def undo(self) -> bool:
        """Take the last step back; return whether there was one."""
        before, self.history = self.history, self.history.undo()
        return self.history is not before

    def redo(self) -> bool:
        """Revert the last undo; return whether there was one."""
        before, self.history = self.history, self.history.redo()
        return self.history is not before

    # -- editing ---------------------------------------------------------------------------

    def edit_obstacle(self, index: int) -> str:
        """Return why the text of a conflict is not edited on a screen, "" where it is."""
        line, _ = self.file.lines(index)
        here = f"edit {self.file.name} itself, at line {line}"
        text = self._edited_text(index)
        if self.file.has_secret(index) or self.file.hides(index, text) or veiled_parts(text):
            return f"it contains a plain-text secret, which is not shown on screen: {here}"
        if len(text) > LONGEST_EDIT:
            return f"it has {len(text):,} characters, too many for a screen: {here}"
        if any(ch < " " and ch not in "\t\n\r" for ch in text):
            return f"there are control characters in it: {here}"
        return ""

    def edit_text(self, index: int) -> str:
        """Return the text that an edit of a conflict begins with: what was chosen, else ours."""
        return self._edited_text(index).replace("\r\n", "\n").rstrip("\n")

    def edit(self, index: int, text: str) -> tuple[str, ...]:
        """Choose an edited text; return why it cannot stand, nothing where it was taken."""
        conflict = self.file.conflicts[index]
        whole = text.rstrip("\n")
        whole += "\n" if whole else ""
        if (conflict.ours or conflict.theirs).endswith("\r\n"):
            whole = whole.replace("\n", "\r\n")
        problems = self.file.text_problems(index, whole)
        if problems:
            source = Source(whole)
            return tuple(
                "line {}, column {}: {}".format(*source.place(p.span.start), keyed_message(p))
                for p in problems
            )
        self.history = self.history.with_choices({index: CustomText(whole)})
        return ()

    def edit_in(self, now: ResolutionDesk, index: int, text: str) -> tuple[str, ...]:
        """Choose an edited text on the desk ``now``, which may have been read again since.

        As ``edit``; a conflict that is not there any more takes nothing.
        """
        place = index
        if now is not self:
            places = same_conflicts(self.file.marked, now.file.marked)
            if index not in places:
                return ("the file was changed, this conflict is no longer in it",)
            place = places[index]
        return now.edit(place, text)

    def _edited_text(self, index: int) -> str:
        conflict, choice = self.file.conflicts[index], self.choices.get(index)
        if choice is not None:
            return self.file.marked.chosen(index, choice)
        return conflict.ours or conflict.theirs

    # -- the verdict, and writing ----------------------------------------------------------

    def check(self, choices: Choices) -> ResolutionVerdict:
        """Return what speaks against the text with ``choices`` made; changes nothing."""
        by_line = {conflict.line: index for index, conflict in enumerate(self.file.conflicts)}
        found: dict[int, tuple[str, ...]] = {}
        others: list[str] = []
        for problem, line in self.file.choice_problems(choices) if choices else ():
            index = by_line.get(line)
            if index is None or index not in choices:
                others.append(f"{self.file.name}:{line}: {keyed_message(problem)}")
            else:
                message = keyed_message(problem, self.file.key_paths(index))
                found[index] = (*found.get(index, ()), message)
        return ResolutionVerdict(choices, found, tuple(others))

    def write(self, store: Store) -> SaveResult:
        """Write what is chosen; what is open keeps its markers.

        Raises:
          ChangedError: the file was changed since it was read; it was not touched.
          FileError: it cannot be written.
        """
        return self.file.write(self.choices, store)

    def is_outdated(self) -> bool:
        """Return whether the file looks otherwise than when it was read; it may be gone."""
        return file_stamp(self.file.name) != self._stamp

    def reread(self, environ: Mapping[str, str]) -> ConflictsReread | None:
        """Return the desk for what the file holds now, None where that is what was read.

        Choices stay for the conflicts that are there still, with the same sides.

        Raises as ``read`` does.
        """
        stamp = file_stamp(self.file.name)
        file = ConflictedFile.read(self.file.name)
        if file.text == self.file.text:
            self._stamp = stamp
            return None
        places = same_conflicts(self.file.marked, file.marked)
        situation = read_situation(file.name, file.text, environ)
        desk = ResolutionDesk(file, situation, self.history.moved(places))
        desk.prepare()
        dropped = [self.file.title(index) for index in self.choices if index not in places]
        return ConflictsReread(desk, len(desk.choices), tuple(dropped))


def _word_of(choice: Resolution | None) -> str:
    if choice is None:
        return ""
    return choice.name if isinstance(choice, CustomText) else choice.value


def file_stamp(name: str) -> tuple[int, int, int] | None:
    """Return what changes when a file is written; None for a missing file."""
    try:
        found = os.stat(name)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
