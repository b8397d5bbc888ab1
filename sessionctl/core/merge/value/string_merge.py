"""The merge of strings by the lines of their value, whichever quotes they are written in."""

from __future__ import annotations

from sessionctl.core.text.alignment import hunks, merge_chunks
from sessionctl.core.toml.write.value_writer import ValueStyle, render_string
from sessionctl.core.values import is_armored

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessionctl.core.merge.value.fragment import Fragment

_LONG_QUOTES = ('"""', "'''")


def merge_strings(
    base: Fragment | None, ours: Fragment, theirs: Fragment, *, keeps_both: bool = False
) -> str | None:
    """Merge strings by the lines of their value; None when both changed the same line.

    With ``keeps_both``, lines that both changed stand in both versions, ours first. The
    result is spelled as ours is, over several lines when one side is.
    """
    before = str(base.value) if base is not None else ""
    mine, other = str(ours.value), str(theirs.value)
    # Lines of two keys, certificates or ciphertexts make neither.
    if "\n" not in mine or "\n" not in other or is_armored(mine) or is_armored(other):
        return None
    text = merge_string_lines(before, mine, other, keeps_both=keeps_both)
    if text is None:
        return None
    # One line with \n in it and several lines are spellings of one text; whoever wrote it over
    # lines wants to read it so (a_text_is_merged_by_lines_whatever_its_quotes).
    shape = ours if ours.text[:3] in _LONG_QUOTES else theirs
    style = ValueStyle(quote=ours.text[0])
    if shape.text[:3] in _LONG_QUOTES:
        opens_line = shape.text[3:4] in ("\r", "\n")
        style = style._replace(long_quote=shape.text[:3], opens_line=opens_line)
    return render_string(text, style)


def merge_string_lines(base: str, ours: str, theirs: str, *, keeps_both: bool = True) -> str | None:
    """Merge lines; what both sides changed stands in both versions, or there is no result."""
    texts, end = (base, ours, theirs), ""
    if keeps_both:
        # The end of a last line is none itself: between the lines of both it would be an empty one.
        end = _merged_end(*(text.endswith("\n") for text in texts))
        texts = (base.removesuffix("\n"), ours.removesuffix("\n"), theirs.removesuffix("\n"))
    # Not with their ends: the last line has none, and may not stay the last one.
    old, one, two = (text.split("\n") for text in texts)
    merged: list[str] = []
    for chunk in merge_chunks(old, one, two):
        mine, other = one[chunk.ours], two[chunk.theirs]
        if chunk.changed != "conflict":
            merged += other if chunk.changed == "theirs" else mine
        elif keeps_both:
            merged += _lines_of_both(mine, other)
        else:
            return None
    return "\n".join(merged) + end


def _merged_end(base: bool, ours: bool, theirs: bool) -> str:  # noqa: FBT001 - three alike
    """Return how a text ends; where the sides differ, one of them changed it."""
    return "\n" if (ours if ours == theirs else not base) else ""


def _lines_of_both(ours: Sequence[str], theirs: Sequence[str]) -> list[str]:
    """Return all lines of two texts, those they share once, ours before theirs."""
    merged: list[str] = []
    position = 0
    for hunk in hunks(ours, theirs):
        merged += [*ours[position : hunk.b], *theirs[hunk.c : hunk.d]]
        position = hunk.b
    return [*merged, *ours[position:]]
