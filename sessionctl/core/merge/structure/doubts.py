"""Doubts: where moves of the two sides leave open what belongs where."""

from __future__ import annotations

from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.merge.structure.skeleton import Ident


class Doubts(NamedTuple):
    """Where nothing is decided though it could be.

    ``contested`` is what one side moved, and the other deleted or moved elsewhere: whoever
    has it there has it against the other. ``unsure`` are tables that may be another one on
    each side, such as numbered ones: changes of both are not mixed. ``mixed`` are those whose
    names both sides gave to each other: what one side has under a name says nothing of the other's.
    """

    contested: frozenset[tuple[str, ...]] = frozenset()
    unsure: frozenset[tuple[str, ...]] = frozenset()
    mixed: frozenset[tuple[str, ...]] = frozenset()

    def is_contested(self, ident: Ident) -> bool:
        """Return whether ``ident`` lies in something contested, or has some in it."""
        return any(path[: len(ident)] == ident[: len(path)] for path in self.contested)


NO_DOUBTS = Doubts()
