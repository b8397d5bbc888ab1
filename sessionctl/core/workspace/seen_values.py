"""Seen values: what a save masks at one place, and so at every other."""

from __future__ import annotations

from bisect import bisect_right

from sessionctl.core.regex.lazy_pattern import late
from sessionctl.core.scan.known_values import KnownValues
from sessionctl.core.scan.rules.plausibility import is_placeholder
from sessionctl.core.text.mask import MASK

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Iterator

_COLOUR = late(r"\x1b\[[0-9;:]*m")
_COLOUR_OR_END = late(r"\x1b\[[0-9;:]*m|\n")
_QUOTES = "\"'\\"
_SHORTEST = 6
_SHORTEST_WORD = 4
_LONGEST_WORD = 12
# Bad passwords that are names and words of every day: a screen is full of them.
_EVERYDAY = frozenset(
    {
        "admin", "default", "demo", "guest", "local", "localhost", "login", "main", "mysql", "pass",
        "password", "postgres", "redis", "root", "secret", "server", "test", "token", "user",
        "username",
    }
)  # fmt: skip


class SeenValues:
    """Values that were masked; ``mask`` returns a text of a terminal without them.

    ``known`` are those that no other text holds by chance: they are masked wherever they
    stand, also where colours or the end of a line part them, and as addresses and base64 spell
    them. Plain words and numbers are masked where they stand alone, and what is
    as short as ``1`` or as common as ``true`` only where it was seen.
    """

    def __init__(self, values: Iterable[str]) -> None:
        """Take ``values`` as they were found: with quotes of a shell, or without."""
        plain = {_one_line(form) for value in values if MASK not in value for form in _read(value)}
        strong = {value for value in plain if _is_distinct(value)}
        self.known = KnownValues(strong)
        self._words = sorted(value for value in plain - strong if _is_word(value))

    def __bool__(self) -> bool:
        return bool(self.known or self._words)

    def mask(self, text: str) -> str:
        """Return ``text`` with the values in it masked; its colours and its lines stay."""
        found = [*self._parted(text), *self._alone(text)]
        pieces: list[str] = []
        position = 0
        for start, end in sorted(found):
            if end <= position:
                continue
            kept = "".join(match[0] for match in _COLOUR_OR_END.finditer(text, start, end))
            pieces += (text[position : max(start, position)], MASK, kept)
            position = end
        return "".join([*pieces, text[position:]])

    def _parted(self, text: str) -> Iterator[tuple[int, int]]:
        if self.known:
            flat = _FlatText(text, _COLOUR_OR_END)
            for part in self.known.parts(flat.text):
                yield flat.span(part.start, part.end)

    def _alone(self, text: str) -> Iterator[tuple[int, int]]:
        if not self._words:
            return
        flat = _FlatText(text, _COLOUR)
        for word in self._words:
            start = flat.text.find(word)
            while start >= 0:
                end = start + len(word)
                if not (_is_inside(flat.text, start - 1) or _is_inside(flat.text, end)):
                    yield flat.span(start, end)
                start = flat.text.find(word, end)


class _FlatText:
    """A text without some stretches, and where the rest of it was."""

    def __init__(self, text: str, left_out: re.Pattern[str]) -> None:
        pieces: list[str] = []
        self._flat, self._whole = [0], [0]
        position = flat = 0
        for match in left_out.finditer(text):
            pieces.append(text[position : match.start()])
            flat += match.start() - position
            position = match.end()
            self._flat.append(flat)
            self._whole.append(position)
        self.text = "".join([*pieces, text[position:]])

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where ``text[start:end]`` is in the whole text."""
        return self._place(start), self._place(end - 1) + 1

    def _place(self, offset: int) -> int:
        index = bisect_right(self._flat, offset) - 1
        return self._whole[index] + offset - self._flat[index]


def _read(value: str) -> Iterator[str]:
    """Yield ``value`` as it is written, and as a shell reads it."""
    value = value.strip()
    yield value
    if any(quote in value for quote in _QUOTES):
        import shlex

        yield value.strip(_QUOTES)
        try:
            words = shlex.split(value)
        except ValueError:
            return
        if len(words) == 1:
            yield words[0]


def _one_line(value: str) -> str:
    return value.replace("\r", "").replace("\n", "")


def _is_distinct(value: str) -> bool:
    if len(value) < _SHORTEST or is_placeholder(value):
        return False
    is_plain = value.isalpha() or value.isdigit()
    return len(value) >= _LONGEST_WORD or not is_plain


def _is_word(value: str) -> bool:
    is_common = value.lower() in _EVERYDAY or is_placeholder(value)
    return len(value) >= _SHORTEST_WORD and not is_common


def _is_inside(text: str, offset: int) -> bool:
    """Return whether a word goes on at ``offset``."""
    return 0 <= offset < len(text) and (text[offset].isalnum() or text[offset] == "_")
