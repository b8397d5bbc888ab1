"""Resolving: the conflicts of one file, told for people, settled, checked and written."""

from __future__ import annotations

from itertools import islice
from typing import NamedTuple

from sessionctl.core.conflict.marked_text import CustomText, MarkedText, Side, read_conflicts
from sessionctl.core.conflict.resolved_text import ResolvedText
from sessionctl.core.filename import is_session_name
from sessionctl.core.keypath import KeyPath
from sessionctl.core.merge.resolution.both_sides import keep_both
from sessionctl.core.pathpattern import PathPattern
from sessionctl.core.text.source import Source
from sessionctl.errors import DocumentError, KeyNotFoundError, UsageError
from sessionctl.services.merging.side_mask import SideMask
from sessionctl.system.files.text import read_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sessionctl.core.conflict.marked_text import MarkedConflict, Resolution
    from sessionctl.core.problem import Problem
    from sessionctl.core.schema.model import Schema
    from sessionctl.services.documents.document_store import Store
    from sessionctl.system.store.store import SaveResult

    Choices = Mapping[int, Resolution]

_SHOWN_PATHS = 3
_SHOWN_PROBLEMS = 10
_LONGEST_KIND = 60


# What settles a conflict without being one of its texts, and why it may not.
_POLICIES = {
    "union": "both sides cannot stand in one file",
    "newest": "which side is newer is not known",
    "max": "the sides are not two versions, numbers or dates that can be compared",
}


CHOICES = (*(side.value for side in Side), *_POLICIES)
"""What ``--take`` takes of a conflict."""


class Take(NamedTuple):
    """One ``--take PATH=CHOICE``: a pattern of key paths, and a side or a policy."""

    pattern: str
    choice: Side | str


class Meaning(NamedTuple):
    """What the schema says about a key: its type with limits, and a sentence; "" for none."""

    kind: str = ""
    description: str = ""


class ConflictedFile:
    """A file as it was read, with the conflicts that are marked in it."""

    def __init__(self, name: str, text: str) -> None:
        """Take ``text`` as the content of the file ``name``."""
        self.name = name
        self.text = text
        self.is_session = is_session_name(name)
        self.marked: MarkedText = read_conflicts(text)
        self.schema: Schema | None = None
        if self.is_session:
            from sessionctl.core.schema.model import Schema

            self.schema = Schema.session()
        self.settled = ResolvedText(self.marked, self.schema)
        self._source = Source(text)
        self._mask = SideMask(self.schema)
        self._paths: dict[int, tuple[KeyPath, ...]] = {}
        self.dates: tuple[datetime, datetime] | None = None
        """When ours and theirs were changed, where that is known: for the policy "newest"."""

    @classmethod
    def read(cls, name: str) -> ConflictedFile:
        """Return the file ``name``.

        Raises:
          FileError: it cannot be read.
          DocumentError: it is not UTF-8, or a marker in it belongs to no conflict; the
            message has the place.
        """
        file = cls(name, read_text(name))
        if file.marked.problems:
            problems = file.marked.problems
            told = [file.told(problem) for problem in problems[:_SHOWN_PROBLEMS]]
            if len(problems) > len(told):
                told.append(f"and {len(problems) - len(told)} more such markers")
            raise DocumentError(told[0], hints=[*told[1:], problems[0].hint])
        return file

    @property
    def conflicts(self) -> tuple[MarkedConflict, ...]:
        """The conflicts, in the order of the file."""
        return self.marked.conflicts

    def key_paths(self, index: int) -> tuple[KeyPath, ...]:
        """Return the keys that conflict ``index`` is about; none for comments."""
        if index not in self._paths:
            self._paths[index] = self.settled.key_paths(index)
        return self._paths[index]

    def title(self, index: int) -> str:
        """Return the keys of conflict ``index`` in one line, or its lines."""
        paths = self.key_paths(index)
        if not paths:
            first, last = self.lines(index)
            return f"lines {first} to {last}"
        more = len(paths) - _SHOWN_PATHS
        return ", ".join(map(str, paths[:_SHOWN_PATHS])) + (f" and {more} more" if more > 0 else "")

    def lines(self, index: int) -> tuple[int, int]:
        """Return the first and the last line of conflict ``index``, from 1."""
        conflict = self.conflicts[index]
        return conflict.line, self._source.place(conflict.span.end - 1)[0]

    def told(self, problem: Problem) -> str:
        """Return ``name:line:col: message`` of a problem of the text."""
        line, column = self._source.place(problem.span.start)
        return f"{self.name}:{line}:{column}: {_said(problem, ())}"

    def shown(self, index: int, side: Side) -> str | None:
        """Return the text of a side with its secrets masked; None where it is not written."""
        conflict = self.conflicts[index]
        if side is Side.BASE and conflict.base is None:
            return None
        text = conflict.text_of(side)
        return self._mask.masked(text, self.settled.with_side(index, side))

    def has_secret(self, index: int) -> bool:
        """Tell whether a secret stands in the clear in conflict ``index``."""
        sides = (Side.OURS, Side.THEIRS)
        return any(self.shown(index, s) != self.conflicts[index].text_of(s) for s in sides)

    def meaning(self, index: int) -> Meaning:
        """Return what the schema of sessions says about the one key of conflict ``index``."""
        paths = self.key_paths(index)
        if self.schema is None or len(paths) != 1:
            return Meaning()
        return _meaning(paths[0])

    def verdict(self, index: int, side: Side) -> list[str]:
        """Return what is wrong with a side by the schema, in words."""
        paths = self.key_paths(index)
        return [_said(problem, paths) for problem in self.settled.side_problems(index, side)]

    def edit_faults(self, index: int, text: str) -> list[str]:
        """Return why ``text`` cannot stand for conflict ``index``, each with its line."""
        left = read_conflicts(text)
        if left.conflicts or left.problems:
            return ["there are still markers in it"]
        source = Source(text)
        faults = []
        for problem in self.settled.text_problems(index, text):
            line, column = source.place(problem.span.start)
            faults.append(f"line {line}, column {column}: {_said(problem, ())}")
        return faults

    def resolve(self, choices: Choices) -> str:
        """Return the text with ``choices`` made."""
        return self.marked.resolve(choices)

    def faults(self, choices: Choices) -> list[str]:
        """Return why the text with ``choices`` made must not be written.

        Each with its line in the file as it is now. While conflicts are left, only what
        the choices themselves break counts.
        """
        return [
            f"{self.name}:{line}: {_said(problem, ())}"
            for problem, line in self.settled.choice_problems(choices)
        ]

    def write(self, choices: Choices, store: Store) -> SaveResult:
        """Write the text with ``choices`` made.

        Raises:
          FileError: it cannot be written, or was changed since it was read.
        """
        return store.save(self.name, self.resolve(choices), expected=self.text, why="resolve")

    # -- choices ---------------------------------------------------------------------

    def choose(self, takes: Sequence[Take], rest: Side | None = None) -> dict[int, Resolution]:
        """Return the choices that ``takes`` make, the later the stronger; ``rest`` the others'.

        A policy leaves what it cannot settle as it is.

        Raises:
          KeyNotFoundError: a pattern fits no conflict.
          UsageError: a side is not to be had of a conflict, or a policy settles none of
            those that its pattern fits.
        """
        choices: dict[int, Resolution] = {}
        if rest is not None:
            choices = dict.fromkeys(range(len(self.conflicts)), rest)
        for take in takes:
            pattern = PathPattern(take.pattern)
            fitting = [i for i in range(len(self.conflicts)) if self._fits(i, pattern)]
            if not fitting:
                titles = ", ".join(self.title(i) for i in range(len(self.conflicts)))
                hint = f"there are conflicts at: {titles}" if titles else "it has no conflicts"
                raise KeyNotFoundError(f"{self.name}: no conflict at {take.pattern}", hints=[hint])
            choices |= self._taken(fitting, take)
        return dict(sorted(choices.items()))

    def _taken(self, fitting: Sequence[int], take: Take) -> dict[int, Resolution]:
        choice = take.choice
        if isinstance(choice, Side):
            return {index: self.choice(index, choice) for index in fitting}
        found = {index: self.settled_by(index, choice) for index in fitting}
        taken: dict[int, Resolution] = {i: one for i, one in found.items() if one is not None}
        if not taken:
            raise UsageError(
                f"{self.title(fitting[0])}: {choice} does not settle it: {_POLICIES[choice]}",
                hints=["take one of them, or edit it"],
            )
        return taken

    def settled_by(self, index: int, policy: str, *, is_offer: bool = False) -> Resolution | None:
        """Return what ``policy`` makes of conflict ``index``, None where it settles nothing."""
        from sessionctl.core.merge.resolution.policy_resolution import resolve_by_policy

        dates = self.dates if policy == "newest" else None
        found = resolve_by_policy(self.settled, index, policy, dates, is_offer=is_offer)
        if found is None and policy == "union" and not is_offer:
            return keep_both(self.settled, index)
        return found

    def offers(self, index: int) -> list[str]:
        """Return the policy, "max" or "union", that settles a conflict and drops nothing.

        Only where both sides have something, and "max" not for mere numbers.
        """
        conflict = self.conflicts[index]
        if not conflict.ours or not conflict.theirs:
            return []
        fitting = (w for w in ("max", "union") if self.settled_by(index, w, is_offer=True))
        return list(islice(fitting, 1))

    def choice(self, index: int, side: Side) -> Resolution:
        """Return ``side`` as a choice for conflict ``index``.

        Raises:
          UsageError: there is no base in the file, or keeping both is not TOML.
        """
        if side is Side.BASE and self.conflicts[index].base is None:
            raise UsageError(
                f"{self.title(index)}: the markers do not hold the base",
                hints=["have git write it: git config merge.conflictStyle diff3"],
            )
        found = self._both(index) if side is Side.BOTH else side
        if found is None:
            raise UsageError(
                f"{self.title(index)}: both sides cannot stand in one file",
                hints=["take one of them, or edit it"],
            )
        return found

    def can_keep_both(self, index: int) -> bool:
        """Tell whether ``Side.BOTH`` is to be had of conflict ``index``."""
        return self._both(index) is not None

    def _both(self, index: int) -> Resolution | None:
        return keep_both(self.settled, index) or self.settled_by(index, "union", is_offer=True)

    def _fits(self, index: int, pattern: PathPattern) -> bool:
        return pattern.fits(()) or any(map(pattern.fits, self.key_paths(index)))


def choice_name(choice: Resolution | None) -> str | None:
    """Return the word for a choice: ours, theirs, base, both or edited; None for none."""
    if choice is None:
        return None
    return choice.name if isinstance(choice, CustomText) else choice.value


def conflict_data(file: ConflictedFile, index: int, choice: Resolution | None) -> dict[str, object]:
    """Return conflict ``index`` as plain data for JSON, with secrets masked."""
    conflict = file.conflicts[index]
    first, last = file.lines(index)
    return {
        "paths": list(file.key_paths(index)),
        "line": first,
        "end_line": last,
        "labels": conflict.labels,
        "base": file.shown(index, Side.BASE),
        "ours": file.shown(index, Side.OURS),
        "theirs": file.shown(index, Side.THEIRS),
        "resolution": choice_name(choice),
        "offers": file.offers(index),
    }


def read_take(word: str) -> Take:
    """Return what ``PATH=CHOICE`` means.

    Raises:
      UsageError: it is not of that form.
    """
    pattern, equals, choice = word.rpartition("=")
    if not equals or not pattern or choice not in CHOICES:
        raise UsageError(
            f"--take: expected PATH=CHOICE, got {word}",
            hints=[f"CHOICE is one of {', '.join(CHOICES)}; PATH may hold *"],
        )
    return Take(pattern, choice if choice in _POLICIES else Side(choice))


def _said(problem: Problem, around: Sequence[KeyPath]) -> str:
    """Return the message with its key, unless that is the one spoken of."""
    key = problem.key_path
    return f"{key}: {problem.message}" if key and key not in around else problem.message


def _meaning(path: KeyPath) -> Meaning:
    from sessionctl.core.schema.explanation import explain
    from sessionctl.core.schema.words import phrases
    from sessionctl.services.documents.schema_source import described_session

    try:
        variants = explain(described_session(), path).variants
    except KeyNotFoundError:
        return Meaning()
    first = variants[0]
    if len({variant.type for variant in variants}) > 1:
        return Meaning()
    allowed = phrases.one_of(first.allowed) if first.allowed else ""
    kind = allowed if 0 < len(allowed) <= _LONGEST_KIND else first.type
    parts = [kind] if kind else []
    parts += [note for note in first.notes if note.startswith(("from ", "at ", "above", "below"))]
    return Meaning(", ".join(parts), first.description)
