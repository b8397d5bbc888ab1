"""Splices: the places where an edit replaces text, everything else staying as it is."""

from __future__ import annotations

from sessionctl.core.named_tuple import NamedTuple
from sessionctl.core.toml.parse.comments import blank_after, blank_before
from sessionctl.core.toml.write.neighbour_style import newline_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


class Splice(NamedTuple):
    """The text from ``start`` to ``end`` becomes ``text``."""

    start: int
    end: int
    text: str


class CannotPlaceError(Exception):
    """A layout does not fit here; another one may. Never leaves the edit modules."""


def spliced(text: str, splices: Iterable[Splice]) -> str:
    """Return ``text`` with every splice done.

    Raises:
      CannotPlaceError: two of them overlap.
    """
    parts: list[str] = []
    position = 0
    for splice in sorted(splices):
        if splice.start < position:
            raise CannotPlaceError("two splices overlap")
        parts += text[position : splice.start], splice.text
        position = splice.end
    return "".join(parts) + text[position:]


def cut_lines(text: str, start: int, end: int) -> Splice:
    """Return the splice that takes whole lines out, and blank lines that would double.

    Where blank lines stand on both sides the longer run stays; at the ends of the text
    no conflicts left over. A text without a final newline stays without.
    """
    above, below = blank_before(text, start), blank_after(text, end)
    first = 1 if text.startswith("\ufeff") else 0
    # The line before becomes the last one: its line end goes, as the text had none at its end.
    if end == len(text) and not text.endswith("\n"):
        above = len(text[:above].rstrip("\r\n"))
        return Splice(max(above, first), end, "")
    if below == len(text):
        return Splice(above, end, "")
    if above == first:
        return Splice(start, below, "")
    if start - above >= below - end:
        return Splice(start, below, "")
    return Splice(above, end, "")


def put_lines(
    text: str, offset: int, lines: str, *, blank: int = 0, follows: bool = False
) -> Splice:
    """Return the splice that puts whole lines in at a line start or the end of the text.

    ``blank`` lines part them from what is around; with ``follows`` only from what is
    below. A comment directly above is always parted: it would come to belong to them.
    A text without a final newline stays without.
    """
    newline = newline_at(text, offset)
    first = 1 if text.startswith("\ufeff") else 0
    before = ""
    if offset > first:
        ends_line = text[offset - 1] == "\n"
        above = text[:offset].rstrip("\r\n").rpartition("\n")[2].lstrip(" \t\ufeff")
        # What goes above its neighbour (follows) has the gap of that neighbour above it already.
        wanted = 0 if follows else blank
        if above.startswith("#"):
            wanted = max(wanted, 1)
        there = text.count("\n", blank_before(text, offset), offset) if ends_line else 0
        before = newline * max(0, wanted - there) + ("" if ends_line else newline)
        if not ends_line:
            return Splice(offset, offset, before + lines.rstrip("\r\n"))
    after = ""
    if offset < len(text) and blank_after(text, offset) == offset:
        after = newline * blank
    return Splice(offset, offset, before + lines + after)
