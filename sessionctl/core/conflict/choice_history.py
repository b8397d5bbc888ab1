"""Choice history: what was chosen for the conflicts of a text, with undo and redo; a value."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from sessionctl.core.conflict.marked_text import MarkedText

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from sessionctl.core.conflict.marked_text import MarkedConflict, Resolution

    Choices = Mapping[int, Resolution]


@dataclass(frozen=True, slots=True)
class ChoiceHistory:
    """The choices that stand, those before them, and those that were taken back.

    Each is a mapping from the index of a conflict to what was chosen for it.
    """

    now: Choices = field(default_factory=dict)
    past: tuple[Choices, ...] = ()
    future: tuple[Choices, ...] = ()

    def with_choices(self, choices: Choices) -> ChoiceHistory:
        """Return the history with ``choices`` made too, as one step; the same if that is none."""
        after = {**self.now, **choices}
        if after == self.now:
            return self
        return ChoiceHistory(dict(sorted(after.items())), (*self.past, self.now))

    def without(self, indexes: frozenset[int]) -> ChoiceHistory:
        """Return the history with these conflicts open again, as one step."""
        kept = {index: choice for index, choice in self.now.items() if index not in indexes}
        return self if kept == self.now else ChoiceHistory(kept, (*self.past, self.now))

    def undo(self) -> ChoiceHistory:
        """Return the history one step back; the same at its beginning."""
        if not self.past:
            return self
        return ChoiceHistory(self.past[-1], self.past[:-1], (self.now, *self.future))

    def redo(self) -> ChoiceHistory:
        """Return the history with the last undo taken back; the same where there is none."""
        if not self.future:
            return self
        return ChoiceHistory(self.future[0], (*self.past, self.now), self.future[1:])

    def moved(self, places: Mapping[int, int]) -> ChoiceHistory:
        """Return the history for another text; ``places`` has the new index of each conflict.

        Choices for conflicts that are not there any more are dropped.
        """

        def there(choices: Choices) -> Choices:
            found = {places[index]: one for index, one in choices.items() if index in places}
            return dict(sorted(found.items()))

        past, future = tuple(map(there, self.past)), tuple(map(there, self.future))
        return ChoiceHistory(there(self.now), past, future)


def same_conflicts(before: MarkedText, after: MarkedText) -> dict[int, int]:
    """Return which conflicts of ``before`` are in ``after`` too: their sides are the same.

    Of several that are alike the first is the first, and so on.
    """
    places: dict[tuple[str | None, str, str], list[int]] = defaultdict(list)
    for index, conflict in enumerate(after.conflicts):
        places[_sides(conflict)].append(index)
    found: dict[int, int] = {}
    for index, conflict in enumerate(before.conflicts):
        left = places[_sides(conflict)]
        if left:
            found[index] = left.pop(0)
    return found


def _sides(conflict: MarkedConflict) -> tuple[str | None, str, str]:
    return conflict.base, conflict.ours, conflict.theirs
