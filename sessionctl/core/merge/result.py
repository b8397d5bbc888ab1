"""Result: the merged text, what was decided, and what is left to decide."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.core.conflict.conflict import Conflict
from sessionctl.core.toml.parse.parser import parse_value
from sessionctl.errors import ParseError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessionctl.core.diff.change import Change
    from sessionctl.core.keypath import KeyPath
    from sessionctl.core.toml.parse.statement import ParseMemory


class ValueDecision(NamedTuple):
    """What a policy decided: the value at ``path``, by ``way``, as ``rule`` says.

    ``rule`` is the word of the policy, or "x-merge" where the schema has it.
    """

    path: KeyPath
    way: str
    rule: str


class FollowedRelease(NamedTuple):
    """A version in what one side added that follows the release of the other side."""

    path: KeyPath
    before: str
    after: str
    side: str
    """Who added it: "ours" or "theirs"."""

    @property
    def reason(self) -> str:
        """What is followed, one word."""
        return "release"


class FollowedMove(NamedTuple):
    """A change of one side at what the other side moved or renamed."""

    path: KeyPath
    before: str
    """The key path that it had."""
    after: str
    side: str
    """Who changed it: "ours" or "theirs"."""

    @property
    def reason(self) -> str:
        """What is followed, one word."""
        return "move"


class MergeResult(NamedTuple):
    """The merged text and what could not be decided.

    ``method`` tells how it was found: "same" (at most one side changed), "lines",
    "structure" or "text" (an input is not TOML). ``before`` is the text of ours.
    ``followed`` are the versions of one side that follow a release of the other, and its
    changes at what the other moved.
    ``decisions`` are the conflicts that a policy or the schema resolved.
    """

    text: str
    conflicts: tuple[Conflict, ...] = ()
    method: str = "same"
    before: str = ""
    followed: tuple[FollowedRelease | FollowedMove, ...] = ()
    decisions: tuple[ValueDecision, ...] = ()

    @property
    def is_clean(self) -> bool:
        """Whether nothing is left to decide."""
        return not self.conflicts

    @property
    def changes(self) -> tuple[Change, ...]:
        """What the merge brought to ours, conflicts left as ours has them.

        Empty when the texts are not TOML.
        """
        from sessionctl.core.diff.comparison import diff

        try:
            return diff(self.before, self.resolved("ours").text).changes
        except ParseError:
            return ()

    def resolved(self, side: str, memory: ParseMemory | None = None) -> MergeResult:
        """Return the result with each conflict resolved by ``side``, ours or theirs.

        A conflict stays when the text would not be TOML without it; where the inputs are
        not TOML every conflict is resolved.
        """
        if not self.conflicts:
            return self
        text = self.taken([side] * len(self.conflicts))
        if self.method == "text" or _is_toml(text, memory):
            return self._replace(text=text, conflicts=())
        return self

    def taken(self, sides: Sequence[str]) -> str:
        """Return the text with each conflict replaced by what its side has there.

        ``sides`` holds "ours", "theirs" or "base" for each conflict. The text need not be
        TOML, nor valid.
        """
        parts: list[str] = []
        position = 0
        for conflict, side in zip(self.conflicts, sides, strict=True):
            chosen = {"ours": conflict.ours, "theirs": conflict.theirs}.get(side, conflict.base)
            parts += [self.text[position : conflict.span.start], chosen or ""]
            if chosen and not chosen.endswith("\n") and conflict.span.end < len(self.text):
                marker = self.text[conflict.span.start : conflict.span.end]
                parts.append("\r\n" if marker.endswith("\r\n") else "\n")
            position = conflict.span.end
        parts.append(self.text[position:])
        return "".join(parts)


def _is_toml(text: str, memory: ParseMemory | None) -> bool:
    try:
        parse_value(text, memory)
    except ParseError:
        return False
    return True
