"""Fragment: the source text of one value and what it means."""

from __future__ import annotations

from sessionctl.core.problem import Span
from sessionctl.core.toml.parse.inline_value import comments_in
from sessionctl.core.values import same_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.values import Value


class Fragment:
    """A value as it stands in a text: ``text[start:end]`` reads ``value``."""

    __slots__ = ("source", "span", "value")

    def __init__(self, source: str, span: Span, value: Value) -> None:
        self.source = source
        self.span = span
        self.value = value

    @property
    def text(self) -> str:
        """The source text of the value."""
        return self.source[self.span.start : self.span.end]

    @property
    def has_comments(self) -> bool:
        """Whether there may be comments inside the value."""
        return isinstance(self.value, list | dict) and "#" in self.text

    def has_comments_beyond(self, before: Fragment) -> bool:
        """Return whether a comment inside the value is not in ``before``."""
        if not self.has_comments:
            return False
        known = set(comments_in(before.source, before.span)) if before.has_comments else set()
        return not known.issuperset(comments_in(self.source, self.span))

    def inner(self, span: Span, value: Value) -> Fragment:
        """Return the fragment of a value inside this one."""
        return Fragment(self.source, span, value)


def choose(base: Fragment | None, ours: Fragment, theirs: Fragment) -> Fragment | None:
    """Return the side that stands when at most one changed; None when both did.

    A side that changed only the spelling of a value gives way to one that changed it.
    """
    if ours.text == theirs.text:
        return ours
    if base is not None:
        if ours.text == base.text:
            return theirs
        if theirs.text == base.text:
            return ours
        # Of arrays both the new elements and the new layout are kept, by merging them.
        is_array = isinstance(ours.value, list) and isinstance(theirs.value, list)
        # Comments are kept by merging as well: taking one side whole would drop those of the other.
        if not is_array and not ours.has_comments and not theirs.has_comments:
            if same_value(ours.value, base.value):
                # Spelled anew by both, it stands as ours has it.
                return ours if same_value(theirs.value, base.value) else theirs
            if same_value(theirs.value, base.value):
                return ours
    if same_value(ours.value, theirs.value) and not theirs.has_comments:
        # Theirs may have taken a comment out, while ours only laid the value out anew.
        may_be_gone = base is not None and base.has_comments and same_value(base.value, ours.value)
        return None if may_be_gone else ours
    return None
