"""Array text: the elements of an array with what surrounds them, and how they are joined."""

from __future__ import annotations

import re
from collections import Counter

from sessionctl.core.toml.parse.inline_value import read_array

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessionctl.core.merge.value.fragment import Fragment

_SAME_LINE_COMMENT = re.compile(r"[ \t]*#[^\n]*")


class Element:
    """An element with what surrounds it in the text.

    ``lead`` is the text between the previous element (and its comma) and this one,
    ``between`` what stands before its comma, ``trail`` a comment behind the comma.
    """

    __slots__ = ("between", "fragment", "lead", "trail")

    def __init__(self, lead: str, fragment: Fragment, between: str, trail: str) -> None:
        self.lead = lead
        self.fragment = fragment
        self.between = between
        self.trail = trail

    @property
    def comments(self) -> tuple[str, ...]:
        """The comments of the element, stripped: above it, before its comma, behind that."""
        lines = [*self.lead.split("\n"), *self.between.split("\n"), self.trail]
        return tuple(line.strip() for line in lines if line.lstrip().startswith("#"))

    def without(self, comments: Counter[str]) -> Element:
        """Return the element without ``comments``, as often as they are counted."""
        left = Counter(comments)
        lead, between, trail = (
            _without(text, left) for text in (self.lead, self.between, self.trail)
        )
        return Element(lead, self.fragment, between, trail)

    @property
    def needs_line(self) -> bool:
        """Whether a comment above the element or behind its comma needs the end of a line."""
        return "#" in self.lead or bool(self.trail)


def merge_surroundings(before: Element | None, one: Element, two: Element) -> Element:
    """Return the element whose comments stay; where both sides changed them, with both."""
    old = before.comments if before else ()
    mine, other = one.comments, two.comments
    if other in (mine, old):
        return one
    if mine == old:
        return two
    # What theirs took out goes if ours only wrote another comment beside it.
    if Counter(mine) > Counter(old):
        one = one.without(Counter(old) - Counter(other))
    new = [comment for comment in other if comment not in mine and comment not in old]
    above, newline, indent = one.lead.rpartition("\n")
    lead = "".join(f"\n{indent}{comment}" for comment in new) + (newline or "\n") + indent
    return Element(above + lead, one.fragment, one.between, one.trail)


def strings_of(elements: Sequence[Element]) -> list[str] | None:
    """Return the values of ``elements`` when all are strings."""
    values = [element.fragment.value for element in elements]
    strings = [value for value in values if isinstance(value, str)]
    return strings if len(strings) == len(values) else None


class ArrayText:
    """An array cut into its elements.

    ``head`` is a comment beside the opening bracket, which is about the array; ``tail`` the text
    before the closing one.
    """

    __slots__ = ("_own", "elements", "has_trailing_comma", "head", "tail")

    def __init__(self, fragment: Fragment) -> None:
        source = fragment.source
        array = read_array(source, fragment.span)
        values = fragment.value
        assert isinstance(values, list)
        beside = _SAME_LINE_COMMENT.match(source, array.span.start + 1, array.span.end - 1)
        self.head = beside[0] if beside else ""
        position = array.span.start + 1 + len(self.head)
        self.elements: list[Element] = []
        for index, span in enumerate(array.items):
            lead = source[position : span.start]
            end = span.end
            between = ""
            if index < len(array.commas):
                between = source[span.end : array.commas[index]]
                end = array.commas[index] + 1
            comment = _SAME_LINE_COMMENT.match(source, end, array.span.end - 1)
            trail = comment[0] if comment else ""
            position = end + len(trail)
            inner = fragment.inner(span, values[index])
            self.elements.append(Element(lead, inner, between, trail))
        self._own = set(map(id, self.elements))
        self.tail = source[position : array.span.end - 1]
        self.has_trailing_comma = bool(array.items) and len(array.commas) == len(array.items)

    def owns(self, element: Element) -> bool:
        """Return whether ``element`` is one of these, and not only like one."""
        return id(element) in self._own

    @property
    def is_multiline(self) -> bool:
        """Return whether elements stand on lines of their own."""
        return any("\n" in element.lead for element in self.elements) or "\n" in self.tail

    @property
    def tail_comments(self) -> list[str]:
        """The comments behind the last element, stripped."""
        return [line.strip() for line in self.tail.split("\n") if line.strip().startswith("#")]


class Slot:
    """One element of the result: its text and the version whose surroundings it keeps."""

    __slots__ = ("element", "text")

    def __init__(self, element: Element, text: str) -> None:
        self.element = element
        self.text = text


def join_elements(
    old: ArrayText | None,
    mine: ArrayText,
    other: ArrayText,
    slots: list[Slot],
    homeless: list[str],
) -> str:
    """Return the array; ``homeless`` are comments that go behind the last element."""
    style, beside = _layout(old, mine, other)
    known = {*style.tail_comments, *(old.tail_comments if old else ())}
    # A comment of an element that one side removed, and of another one since, is there once.
    known.update(comment for slot in slots for comment in slot.element.comments)
    new = [line for line in beside.tail_comments if line not in known]
    head = _head(old, mine, other)
    has_comments = any(slot.element.needs_line for slot in slots) or bool(new or homeless or head)
    lead = _usual_lead(style, is_multiline=style.is_multiline or has_comments)
    parts: list[str] = []
    for index, slot in enumerate(slots):
        is_last = index + 1 == len(slots)
        element = slot.element
        comma = "," if not is_last or style.has_trailing_comma else ""
        # Blanks before a comma are layout; a comment there is not.
        between = element.between if comma and "#" in element.between else ""
        before = _lead(style, element, lead, is_first=index == 0)
        # What is behind a comment would be part of it.
        if index == 0 and head and not before.lstrip(" \t\r").startswith("\n"):
            before = lead + before.lstrip(" \t")
        parts.append(before)
        parts.append(slot.text + between + comma + element.trail)
    # What the other side took out there does not stay.
    gone = Counter(old.tail_comments if old else ()) - Counter(beside.tail_comments)
    tail = _tail(_without(style.tail, gone), [*new, *homeless], lead)
    # The closing bracket behind a comment would be part of the comment.
    beside_last = slots[-1].element.trail if slots else head
    if beside_last and not tail.lstrip(" \t\r").startswith("\n"):
        tail = "\n" + tail
    return "[" + head + "".join(parts) + tail + "]"


def _layout(
    old: ArrayText | None, mine: ArrayText, other: ArrayText
) -> tuple[ArrayText, ArrayText]:
    """Return the version that gives its layout, and the other one.

    That is ours, unless ours has nothing to show, or theirs alone wrapped the array over lines
    (an_array_wrapped_by_one_side_takes_the_element_of_the_other).
    """
    is_respelled = old is not None and other.is_multiline and not mine.is_multiline
    if (not mine.elements and other.elements) or (
        is_respelled and old is not None and not old.is_multiline
    ):
        return other, mine
    return mine, other


def _without(text: str, comments: Counter[str]) -> str:
    """Return the lines of ``text`` that are none of ``comments``, which are counted down."""
    kept = []
    for line in text.split("\n"):
        if comments[line.strip()] > 0:
            comments[line.strip()] -= 1
        else:
            kept.append(line)
    return "\n".join(kept)


def _head(old: ArrayText | None, mine: ArrayText, other: ArrayText) -> str:
    """Return the comment beside the opening bracket; what it takes the place of is homeless."""
    before = old.head.strip() if old else ""
    return other.head if mine.head.strip() == before else mine.head


def _usual_lead(style: ArrayText, *, is_multiline: bool) -> str:
    for element in reversed(style.elements):
        if "\n" in element.lead:
            return "\n" + element.lead.rpartition("\n")[2]
    return "\n    " if is_multiline else ""


def _lead(style: ArrayText, element: Element, usual: str, *, is_first: bool) -> str:
    if style.owns(element):
        if is_first and not usual and not style.elements[0].lead.strip(" \t"):
            return style.elements[0].lead
        if not is_first and element is style.elements[0] and not usual:
            return style.elements[1].lead if len(style.elements) > 1 else " "
        return element.lead
    if not usual:
        if is_first:
            return style.elements[0].lead if style.elements else ""
        return style.elements[1].lead if len(style.elements) > 1 else " "
    comments = [line.strip() for line in element.lead.split("\n") if line.strip().startswith("#")]
    return "".join(f"{usual}{line}" for line in comments) + usual


def _tail(tail: str, new: list[str], lead: str) -> str:
    if lead and "\n" not in tail:
        tail = "\n" + tail.lstrip(" \t")
    if new:
        body, _, last = tail.rpartition("\n")
        tail = body + "".join(f"{lead}{line}" for line in new) + "\n" + last
    return tail
