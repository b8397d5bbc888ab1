"""Resolution: the conflicts of one file, chosen, checked and written."""

from __future__ import annotations

from itertools import islice
from typing import NamedTuple

from sessionctl.core.conflict.marked_text import MARKER_RULE, MarkedText, Side, read_conflicts
from sessionctl.core.conflict.resolved_text import ResolvedText
from sessionctl.core.filename import is_session_name
from sessionctl.core.merge.resolution.both_sides import keep_both
from sessionctl.core.pathpattern import PathPattern
from sessionctl.core.problem import Problem
from sessionctl.core.render.merge_text import conflict_title
from sessionctl.core.render.problem_line import problem_line
from sessionctl.core.text.source import Source
from sessionctl.errors import DocumentError, KeyNotFoundError, UsageError
from sessionctl.services.merging.key_meaning import KeyMeaning, meaning_of
from sessionctl.services.merging.side_mask import SideMask
from sessionctl.system.files.text import read_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sessionctl.core.conflict.marked_text import MarkedConflict, Resolution
    from sessionctl.core.conflict.resolved_text import ResolutionProblem
    from sessionctl.core.keypath import KeyPath
    from sessionctl.core.merge.policy.policy import Policy
    from sessionctl.core.schema.model import Schema
    from sessionctl.system.store.store import SaveResult, Store

    Choices = Mapping[int, Resolution]

_SHOWN_PROBLEMS = 10
_MOST_PARSED = 200_000
# What settles a conflict without being one of its texts, and why it may not.
_POLICIES = {
    "union": "both sides cannot be in one file",
    "newest": "which side is newer is not known",
    "max": "the sides are not two versions, numbers or dates that can be compared",
    "usual": "no rule fits",
}

CHOICES = (*(side.value for side in Side), *_POLICIES)
"""What can be taken of a conflict: a side, or what a policy makes of it."""


class Take(NamedTuple):
    """One choice for all conflicts at a pattern of key paths: a side or a policy."""

    pattern: str
    choice: Side | str


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
        self.resolved = ResolvedText(self.marked, self.schema)
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
            source = Source(file.text, name)
            lines = [problem_line(problem, source) for problem in problems[:_SHOWN_PROBLEMS]]
            if len(problems) > len(lines):
                lines.append(f"and {len(problems) - len(lines)} more such markers")
            from sessionctl.system.git.typed_git import in_git

            anew = in_git("checkout --merge --", name, environ={})
            hint = f"{problems[0].hint}, or start over: {anew}"
            raise DocumentError(lines[0], hints=[*lines[1:], hint])
        return file

    @property
    def conflicts(self) -> tuple[MarkedConflict, ...]:
        """The conflicts, in the order of the file."""
        return self.marked.conflicts

    def key_paths(self, index: int) -> tuple[KeyPath, ...]:
        """Return the keys that conflict ``index`` is about; none for comments."""
        if index not in self._paths:
            self._paths[index] = self.resolved.key_paths(index)
        return self._paths[index]

    def title(self, index: int) -> str:
        """Return the keys of conflict ``index`` in one line, or its lines."""
        return conflict_title(self.key_paths(index), self.lines(index))

    def lines(self, index: int) -> tuple[int, int]:
        """Return the first and the last line of conflict ``index``, from 1."""
        conflict = self.conflicts[index]
        return conflict.line, self._source.place(conflict.span.end - 1)[0]

    def shown(self, index: int, side: Side) -> str | None:
        """Return the text of a side with its secrets masked; None where it is not written."""
        conflict = self.conflicts[index]
        if side is Side.BASE and conflict.base is None:
            return None
        text = conflict.text_of(side)
        return self._mask.masked(text, self.resolved.with_side(index, side))

    def shown_choice(self, index: int, choice: Resolution) -> str:
        """Return the text that ``choice`` puts there with its secrets masked."""
        if isinstance(choice, Side) and choice is not Side.BOTH:
            return self.shown(index, choice) or ""
        text = self.marked.chosen(index, choice)
        # A large file is not parsed for each row: all that looks like a secret is masked then.
        seen = self.resolved.with_text(index, text) if len(self.text) <= _MOST_PARSED else None
        return self._mask.masked(text, seen)

    def hides(self, index: int, text: str) -> bool:
        """Return whether a secret stands in the clear in ``text``, put there."""
        return self._mask.masked(text, self.resolved.with_text(index, text)) != text

    def has_secret(self, index: int) -> bool:
        """Return whether a secret stands in the clear in conflict ``index``."""
        sides = (Side.OURS, Side.THEIRS)
        return any(self.shown(index, s) != self.conflicts[index].text_of(s) for s in sides)

    def meaning(self, index: int) -> KeyMeaning:
        """Return what the schema of sessions says about the one key of conflict ``index``."""
        paths = self.key_paths(index)
        if self.schema is None or len(paths) != 1:
            return KeyMeaning()
        return meaning_of(paths[0])

    def side_problems(self, index: int, side: Side) -> tuple[Problem, ...]:
        """Return what is wrong with a side of conflict ``index`` by the schema."""
        return self.resolved.side_problems(index, side)

    def text_problems(self, index: int, text: str) -> tuple[Problem, ...]:
        """Return why ``text`` cannot stand for conflict ``index``; places are those in it."""
        left = read_conflicts(text)
        if left.conflicts or left.problems:
            starts = [conflict.span for conflict in left.conflicts]
            starts += [problem.span for problem in left.problems]
            return (Problem(MARKER_RULE, "there are still markers in it", min(starts)),)
        return self.resolved.text_problems(index, text)

    def resolve(self, choices: Choices) -> str:
        """Return the text with ``choices`` made."""
        return self.marked.resolve(choices)

    def choice_problems(self, choices: Choices) -> list[ResolutionProblem]:
        """Return why the text with ``choices`` made must not be written.

        Each with its line in the file as it is now. While conflicts are left, only what
        the choices themselves break counts.
        """
        return self.resolved.choice_problems(choices)

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

    def choose_by(self, policy: Policy) -> dict[int, Resolution]:
        """Return the choices that ``policy`` makes where it can; nothing is an error."""
        choices: dict[int, Resolution] = {}
        for index in range(len(self.conflicts)):
            rules = {policy.rule_for(path) for path in self.key_paths(index) or ((),)}
            rule = rules.pop() if len(rules) == 1 else None
            if rule is None:
                continue
            sides = {side.value for side in Side}
            found = Side(rule.way) if rule.way in sides else self.settled_by(index, rule.way)
            if found is not None:
                choices[index] = found
        return choices

    def _taken(self, fitting: Sequence[int], take: Take) -> dict[int, Resolution]:
        choice = take.choice
        if isinstance(choice, Side):
            return {index: self.choice(index, choice) for index in fitting}
        found = {index: self.settled_by(index, choice) for index in fitting}
        taken: dict[int, Resolution] = {i: one for i, one in found.items() if one is not None}
        if not taken:
            raise UsageError(
                f"{self.title(fitting[0])}: {choice} does not resolve it: {_POLICIES[choice]}",
                hints=["take one of them, or edit it"],
            )
        return taken

    def settled_by(self, index: int, policy: str, *, is_offer: bool = False) -> Resolution | None:
        """Return what ``policy`` makes of conflict ``index``, None where it settles nothing."""
        from sessionctl.core.merge.resolution.policy_resolution import resolve_by_policy

        dates = self.dates if policy == "newest" else None
        found = resolve_by_policy(self.resolved, index, policy, dates, is_offer=is_offer)
        if found is None and policy == "union" and not is_offer:
            return keep_both(self.resolved, index)
        return found

    def merged(self, index: int) -> Resolution | None:
        """Return what conflict ``index`` becomes where its sides do not clash key by key.

        So it is with what git marks because it stands side by side; None where they clash.
        """
        from sessionctl.core.merge.resolution.policy_resolution import merge_sides

        return merge_sides(self.resolved, index)

    def offers(self, index: int) -> list[str]:
        """Return the policy that settles a conflict: one that drops nothing, else "usual".

        The first, "max" or "union", only where both sides have something, and "max" not for
        mere numbers.
        """
        conflict = self.conflicts[index]
        ways = ("max", "union", "usual") if conflict.ours and conflict.theirs else ("usual",)
        fitting = (w for w in ways if self.settled_by(index, w, is_offer=True))
        return list(islice(fitting, 1))

    def choice(self, index: int, side: Side) -> Resolution:
        """Return ``side`` as a choice for conflict ``index``.

        Raises:
          UsageError: there is no base in the file, or keeping both is not TOML.
        """
        if side is Side.BASE and self.conflicts[index].base is None:
            from sessionctl.system.git.typed_git import typed_git_for

            raise UsageError(
                f"{self.title(index)}: the markers do not hold the base",
                hints=[
                    f"make git write it: {typed_git_for(self.name, {}).command}"
                    " config merge.conflictStyle diff3"
                ],
            )
        found = self._both(index) if side is Side.BOTH else side
        if found is None:
            raise UsageError(
                f"{self.title(index)}: both sides cannot be in one file",
                hints=["take one of them, or edit it"],
            )
        return found

    def can_keep_both(self, index: int) -> bool:
        """Return whether ``Side.BOTH`` is to be had of conflict ``index``."""
        return self._both(index) is not None

    def _both(self, index: int) -> Resolution | None:
        return keep_both(self.resolved, index) or self.settled_by(index, "union", is_offer=True)

    def _fits(self, index: int, pattern: PathPattern) -> bool:
        return pattern.fits(()) or any(map(pattern.fits, self.key_paths(index)))
