"""Character classes as ECMA-262 has them, as ranges of code points."""

from __future__ import annotations

from itertools import groupby

from sessionctl.core.memory import remembered
from sessionctl.core.named_tuple import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeVar

    Kind = TypeVar("Kind")
    from collections.abc import Callable, Iterable


_LAST = 0x10FFFF
_GENERAL = ("general_category=", "gc=")
_LONG_NAMES = {
    "letter": "L", "casedletter": "LC", "uppercaseletter": "Lu", "lowercaseletter": "Ll",
    "titlecaseletter": "Lt", "modifierletter": "Lm", "otherletter": "Lo",
    "mark": "M", "combiningmark": "M", "nonspacingmark": "Mn", "spacingmark": "Mc",
    "enclosingmark": "Me", "number": "N", "decimalnumber": "Nd", "digit": "Nd",
    "letternumber": "Nl", "othernumber": "No", "punctuation": "P", "punct": "P",
    "connectorpunctuation": "Pc", "dashpunctuation": "Pd", "openpunctuation": "Ps",
    "closepunctuation": "Pe", "initialpunctuation": "Pi", "finalpunctuation": "Pf",
    "otherpunctuation": "Po", "symbol": "S", "mathsymbol": "Sm", "currencysymbol": "Sc",
    "modifiersymbol": "Sk", "othersymbol": "So", "separator": "Z", "spaceseparator": "Zs",
    "lineseparator": "Zl", "paragraphseparator": "Zp", "other": "C", "control": "Cc",
    "cntrl": "Cc", "format": "Cf", "surrogate": "Cs", "privateuse": "Co", "unassigned": "Cn",
}  # fmt: skip
_SHORT_NAMES = frozenset({*_LONG_NAMES.values()})


class CharacterClass(NamedTuple):
    """A set of characters: the first and the last code point of each range."""

    ranges: tuple[tuple[int, int], ...]

    @property
    def single(self) -> int | None:
        """The one character of the class; None: it has another number of them."""
        if len(self.ranges) == 1 and self.ranges[0][0] == self.ranges[0][1]:
            return self.ranges[0][0]
        return None

    def joined(self, other: CharacterClass) -> CharacterClass:
        """Return the characters of both."""
        found: list[tuple[int, int]] = []
        for start, end in sorted((*self.ranges, *other.ranges)):
            if found and start <= found[-1][1] + 1:
                found[-1] = (found[-1][0], max(end, found[-1][1]))
            else:
                found.append((start, end))
        return CharacterClass(tuple(found))

    def inverted(self) -> CharacterClass:
        """Return all other characters."""
        found = []
        position = 0
        for start, end in self.ranges:
            if start > position:
                found.append((position, start - 1))
            position = end + 1
        if position <= _LAST:
            found.append((position, _LAST))
        return CharacterClass(tuple(found))

    def written(self) -> str:
        """Return the class as a regular expression of Python."""
        if not self.ranges:
            return rf"[^\x00-{_escaped(_LAST)}]"
        # Python takes milliseconds to compile a range up to the last character of all.
        others = self.inverted().ranges if self.ranges[-1][1] == _LAST else ()
        if others:
            return f"[^{''.join(map(_written, others))}]"
        return f"[{''.join(map(_written, self.ranges))}]"


def _written(span: tuple[int, int]) -> str:
    start, end = span
    if start == end:
        return _escaped(start)
    return f"{_escaped(start)}{'-' if end > start + 1 else ''}{_escaped(end)}"


def _escaped(point: int) -> str:
    if point < 128:
        return chr(point) if chr(point).isalnum() else f"\\x{point:02x}"
    return f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"


ANY = CharacterClass(((0, _LAST),))
DIGITS = CharacterClass(((48, 57),))
WORDS = CharacterClass(((48, 57), (65, 90), (95, 95), (97, 122)))
LINE_ENDS = CharacterClass(((10, 10), (13, 13), (0x2028, 0x2029)))
SPACES = CharacterClass((
    (9, 13), (32, 32), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029),
    (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000), (0xFEFF, 0xFEFF),
))  # fmt: skip


@remembered(64)
def property_class(name: str) -> CharacterClass | None:
    r"""Return the characters of ``\p{name}``: general categories and what Python knows besides.

    None for others: scripts, and properties of Unicode that are in no table here.
    """
    lower = name.lower()
    if lower == "any":
        return ANY
    if lower == "ascii":
        return CharacterClass(((0, 127),))
    if lower in ("lowercase", "lower"):
        return _where(str.islower)
    if lower in ("uppercase", "upper"):
        return _where(str.isupper)
    prefix = next((prefix for prefix in _GENERAL if lower.startswith(prefix)), "")
    bare = name[len(prefix) :]
    category = _LONG_NAMES.get(bare.lower().replace("_", ""), bare)
    if category == "LC":
        return _of_categories(("Lu", "Ll", "Lt"))
    return _of_categories((category,)) if category in _SHORT_NAMES else None


def _of_categories(categories: tuple[str, ...]) -> CharacterClass:
    found = CharacterClass(())
    spans = (span for category, span in _spans() if category.startswith(categories))
    return found._replace(ranges=tuple(spans)).joined(found)


@remembered(1)
def _spans() -> list[tuple[str, tuple[int, int]]]:
    """Return each run of characters of one category."""
    from unicodedata import category

    return _runs(map(category, map(chr, range(_LAST + 1))))


def _where(is_wanted: Callable[[str], bool]) -> CharacterClass:
    runs = _runs(map(is_wanted, map(chr, range(_LAST + 1))))
    return CharacterClass(tuple(span for is_in, span in runs if is_in))


def _runs(kinds: Iterable[Kind]) -> list[tuple[Kind, tuple[int, int]]]:
    found: list[tuple[Kind, tuple[int, int]]] = []
    start = 0
    for kind, same in groupby(kinds):
        end = start + sum(1 for _ in same)
        found.append((kind, (start, end - 1)))
        start = end
    return found
