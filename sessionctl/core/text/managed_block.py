"""Managed block: our lines inside a file that is otherwise the user's.

The begin line keeps what taking the block out again needs to know, so that installing
and uninstalling leave the file byte for byte as it was.
"""

from __future__ import annotations

from sessionctl.core.regex.lazy_pattern import MULTILINE, late
from sessionctl.core.text.source import Source
from sessionctl.errors import DocumentError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Sequence

BEGIN = "# >>> sessionctl >>>"
END = "# <<< sessionctl <<<"
NEW_FILE = " [new file]"
END_ADDED = " [line end added before]"

_BEGIN = late(rf"^{BEGIN}([^\r\n]*)(\r?\n|\Z)", MULTILINE)
_END = late(rf"^{END}[^\r\n]*(?:\r?\n|\Z)", MULTILINE)


class ManagedBlock:
    """Where a block stands in a text: its lines, their end, what its begin line notes."""

    __slots__ = ("end", "lines", "newline", "note", "start")

    def __init__(self, begin: re.Match[str], end: re.Match[str]) -> None:
        self.start = begin.start()
        self.end = end.end()
        self.note = begin[1].rstrip()
        self.newline = begin[2]
        self.lines = begin.string[begin.end() : end.start()].splitlines()


def find_block(text: str, name: str) -> ManagedBlock | None:
    """Return the block of ``text``, or None; ``name`` stands in messages.

    Raises:
      DocumentError: a begin line without an end line, an end without a begin, or two
        blocks; the message carries the place.
    """
    begins, ends = list(_BEGIN.finditer(text)), list(_END.finditer(text))
    if not begins and not ends:
        return None
    if not begins:
        raise _broken(text, name, ends[0].start(), f"'{END}' without '{BEGIN}' above it")
    if not ends or ends[0].start() < begins[0].start():
        raise _broken(text, name, begins[0].start(), f"'{BEGIN}' without '{END}' below it")
    second = [*begins[1:], *ends[1:]]
    if second:
        raise _broken(text, name, second[0].start(), "a second block of sessionctl")
    return ManagedBlock(begins[0], ends[0])


def put_block(text: str | None, lines: Sequence[str], name: str) -> str:
    """Return ``text`` with a block of ``lines``: in place of the old one, else at the end.

    None stands for a file that is not there yet. Raises as ``find_block`` does.
    """
    if text is None:
        return _render(lines, NEW_FILE, "\n")
    block = find_block(text, name)
    if block is not None:
        if block.lines == list(lines):
            return text
        new = _render(lines, block.note, block.newline)
        return text[: block.start] + new + text[block.end :]
    newline = "\r\n" if "\r\n" in text else "\n"
    if text and not text.endswith("\n"):
        return text + newline + _render(lines, END_ADDED, newline)
    return text + _render(lines, "", newline)


def take_block(text: str, name: str) -> str | None:
    """Return ``text`` without its block, as it was before; None when the file goes too.

    Raises as ``find_block`` does.
    """
    block = find_block(text, name)
    if block is None:
        return text
    before, after = text[: block.start], text[block.end :]
    if block.note == END_ADDED and not after:
        before = before.removesuffix(block.newline)
    if block.note == NEW_FILE and not before + after:
        return None
    return before + after


def _render(lines: Sequence[str], note: str, newline: str) -> str:
    return "".join(line + newline for line in (BEGIN + note, *lines, END))


def _broken(text: str, name: str, offset: int, what: str) -> DocumentError:
    line, column = Source(text).place(offset)
    return DocumentError(
        f"{name}:{line}:{column}: {what}",
        hints=["edit the file so that one whole block, or none, is left"],
    )
