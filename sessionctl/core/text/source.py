"""Source: a named text with line numbers, and the excerpt that points at a place."""

from __future__ import annotations

from _bisect import bisect_right

from sessionctl.core.problem import Span
from sessionctl.core.regex.lazy_pattern import late

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re

_LINE_END = late(r"\n")
# What steers a terminal or the direction of a text, and what has no width at all: soft and
# joining marks, fillers, tags. Two texts that differ in one of these only look the same.
_CONTROLS = (
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_CONTROL = late(_CONTROLS)
_CONTROL_IN_LINE = late(_CONTROLS.replace("\x0a-", "\x0b-", 1))
_MAX_EXCERPT = 166
_MIN_EXCERPT = 20
_TAB = 8
_MOST_LOOKED_AT = 100_000


class Source:
    """A text and the name it goes by in messages.

    Lines and columns count from 1; a column counts code points, as editors do.
    """

    __slots__ = ("_starts", "name", "text")

    def __init__(self, text: str, name: str = "<string>") -> None:
        self.text = text
        self.name = name
        self._starts: list[int] | None = None

    def _line_starts(self) -> list[int]:
        if self._starts is None:
            self._starts = [0, *(match.end() for match in _LINE_END.finditer(self.text))]
        return self._starts

    def place(self, offset: int) -> tuple[int, int]:
        """Return the line and column of ``offset``; the end of the text is a place too."""
        starts = self._line_starts()
        line = bisect_right(starts, offset)
        column = offset - starts[line - 1] + 1
        if line == 1 and self.text.startswith("\ufeff") and column > 1:
            column -= 1
        return line, column

    def line_start(self, number: int) -> int:
        """Return where line ``number`` begins; of a line outside of the text, its nearer end."""
        starts = self._line_starts()
        return len(self.text) if number > len(starts) else starts[max(0, number - 1)]

    def line(self, number: int) -> str:
        """Return line ``number`` without its line end."""
        starts = self._line_starts()
        end = starts[number] if number < len(starts) else len(self.text)
        return self.text[starts[number - 1] : end].rstrip("\r\n").removeprefix("\ufeff")

    def excerpt(self, span: Span, width: int = 0) -> list[str]:
        """Return the lines that show ``span``: a rule, the source line, the caret.

        Control characters are shown as visible stand-ins. A line of more than ``width``
        cells (0: of a length that fits nowhere) is cut around the place.
        """
        number, column = self.place(span.start)
        text = self.line(number)
        gutter = " " * len(str(number))
        room = max(_MIN_EXCERPT, width - len(gutter) - len(" | ")) if width else _MAX_EXCERPT
        end = column - 1 + max(1, min(span.end - span.start, len(text) - column + 1))
        first, last = _window(text, column - 1, end, room)
        lead = ("..." if first else "") + visible(text[first : column - 1])
        marked = visible(text[column - 1 : min(end, last)])
        rest = visible(text[min(end, last) : last]) + ("..." if last < len(text) else "")
        pad = "".join("\t" if c == "\t" else " " * cell_width(c) for c in lead)
        carets = "^" * max(1, sum(map(cell_width, marked)))
        return [
            f"{gutter} |",
            f"{number} | {lead}{marked}{rest}",
            f"{gutter} | {pad}{carets}",
        ]


def _window(text: str, start: int, end: int, room: int) -> tuple[int, int]:
    """Return from where to where of ``text`` to show, in ``room`` cells, dots included."""
    if len(text) <= room and sum(map(_shown_width, text)) <= room:
        return 0, len(text)
    room -= 2 * len("...")
    sizes = [_shown_width(character) for character in text[:_MOST_LOOKED_AT]]
    if start >= len(sizes):  # far out: every character counts as one cell
        return max(0, start - room // 2), min(len(text), start + room // 2)
    first, used = start, 0
    wanted = room - min(room // 2, sum(sizes[start:end]))
    while first and used + sizes[first - 1] <= wanted // 2 + wanted % 2:
        first -= 1
        used += sizes[first]
    last = start
    while last < len(sizes) and used + sizes[last] <= room:
        used += sizes[last]
        last += 1
    while first and used + sizes[first - 1] <= room:  # the end came early
        first -= 1
        used += sizes[first]
    return first, last


def visible(text: str) -> str:
    """Return ``text`` with every character that would steer a terminal made visible."""
    if text.isascii() and text.isprintable():
        return text
    return _CONTROL.sub(_stand_in, text)


def visible_lines(text: str) -> str:
    """Return ``text`` with each of its lines as ``visible`` shows it."""
    return _CONTROL_IN_LINE.sub(_stand_in, text)


def _stand_in(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _shown_width(character: str) -> int:
    """Return how many cells a character takes at most where it is shown in an excerpt."""
    return _TAB if character == "\t" else sum(map(cell_width, visible(character)))


def cell_width(character: str) -> int:
    """Return how many terminal cells ``character`` takes: 0, 1 or 2."""
    if character < "\u0300":
        return 1
    import unicodedata

    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
