"""Versions: which of two values is the higher, where that can be told for certain.

Both PEP 440 and Semantic Versioning are read. Where they disagree (``1.0-1`` comes before
``1.0`` in one and after it in the other) nothing is told.
"""

from __future__ import annotations

import re
from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessionctl.core.values import Value

# Patterns are compiled when they are first used: git's merge driver has no time to spare.
_LONGEST = 200
_VERSION = (
    r"[vV]?(?:[0-9]{1,9}!)?[0-9]{1,18}(?:\.[0-9]{1,18})*(?:\.[*xX])*"
    r"(?:[-_.]?[A-Za-z][A-Za-z0-9._-]*|-[0-9][A-Za-z0-9._-]*)?(?:\+[A-Za-z0-9._-]+)?"
)
_CLAUSE = rf"(?:===|==|~=|!=|<=|>=|[=<>^~])?\s*{_VERSION}"
# What may stand before the version: "requests[x]", "org/tool@", "nightly-", "group:name:".
_REQUIREMENT = (
    rf"(?P<subject>@?[A-Za-z][^\s<>=!~^;,|*()]*?)??(?P<gap>\s*@\s*|[:-]|\s*)(?P<open>\(?)"
    rf"\s*(?P<clauses>{_CLAUSE}(?:\s*,\s*{_CLAUSE})*)\s*(?P<close>\)?)"
)
_PARTS = (
    r"(?P<operator>[=<>^~!]*)\s*(?P<v>[vV]?)(?:(?P<epoch>[0-9]+)!)?"
    r"(?P<release>[0-9]+(?:\.[0-9]+)*)(?P<wild>(?:\.[*xX])*)(?P<stage>[^+]*)(?:\+.+)?"
)
_DATE = r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
_DATE_TIME = (
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?"
    r"(?:[Zz]|[+-][0-9]{2}:[0-9]{2})?"
)
_DAY = r"(?:19|20)[0-9]{6}"
_TOKEN = r"[A-Za-z]+|[0-9]+"
_MOST_BARE_DIGITS = 6
_SEMVER_NUMBERS = 3
_OCTETS = 4

_WORDS = {
    "a": "alpha", "b": "beta", "c": "rc", "preview": "pre", "m": "milestone",
    "rev": "post", "r": "post",
}  # fmt: skip
_LADDER = ("alpha", "beta", "rc")
_BEFORE = frozenset({*_LADDER, "pre", "dev", "milestone", "snapshot", "nightly", "canary"})


class _Version(NamedTuple):
    """A version; ``stage`` are the words, in lower case, and the numbers behind the release.

    ``wild`` is the ``.*`` at its end; of a date it is "date".
    """

    epoch: int
    release: tuple[int, ...]
    wild: str
    stage: tuple[str | int, ...]

    @property
    def is_before(self) -> bool:
        """Whether it comes before the release of its numbers."""
        return self.stage[:1] != () and (self.stage[0] in _BEFORE or self.stage[-1] == "snapshot")

    @property
    def is_known(self) -> bool:
        """Whether it is certain on which side of the release it comes."""
        return not self.stage or self.is_before or self.stage[0] == "post"

    @property
    def is_variant(self) -> bool:
        """Whether the words may name a variant, as in "3.11-slim", rather than a stage."""
        return not self.is_known and isinstance(self.stage[0], str)


class _Reading(NamedTuple):
    """A text as versions; ``shape`` is what must be alike to compare two of them."""

    shape: tuple[str, ...]
    versions: tuple[_Version, ...]


def order(one: Value, two: Value) -> int:
    """Return 1 when ``one`` is the higher, -1 when ``two`` is, 0 when that cannot be told.

    Numbers, dates and times compare with their like. Strings compare when both are
    versions, requirements (``>=1.2,<2``, ``tool@v2``, ``x[y]~=1.0; MARKER``) or dates, of
    one shape: the same subject, the same operators, and all versions that differ do so
    in the same direction. Equal versions in two spellings give 0.
    """
    if type(one) is not type(two) or isinstance(one, bool):
        return 0
    if isinstance(one, str):
        return _order_of_texts(one, str(two))
    if isinstance(one, list | dict):
        return 0
    return _sign(one, two)


def read_moment(value: Value) -> Value | None:
    """Return ``value`` as a date, time or date-time; None for any other value.

    A string is one when it is written as TOML and RFC 3339 write dates and date-times.
    """
    if hasattr(value, "isoformat"):
        return value
    text = value.strip() if isinstance(value, str) else ""
    is_date = re.fullmatch(_DATE, text)
    if not is_date and not re.fullmatch(_DATE_TIME, text):
        return None
    from datetime import date, datetime

    try:
        return (date if is_date else datetime).fromisoformat(text.upper())
    except ValueError:
        return None


def order_of_moments(one: Value, two: Value) -> int:
    """Return 1 when ``one`` is the later moment, -1 when ``two`` is, 0 when that is not certain."""
    return _sign(read_moment(one), read_moment(two))


def _order_of_texts(one: str, two: str) -> int:
    if read_moment(one) is not None:
        return order_of_moments(one, two)
    mine, other = _read(one.strip()), _read(two.strip())
    if mine is None or other is None or mine.shape != other.shape:
        return 0
    found = [_compare(*pair) for pair in zip(mine.versions, other.versions, strict=True)]
    signs = {sign for sign in found if sign}
    return signs.pop() if len(signs) == 1 and None not in found else 0


def _sign(one: object, two: object) -> int:
    try:
        return int(one > two) - int(one < two)  # type: ignore[operator]
    except TypeError:  # a time that knows its offset and one that does not, a date and a time
        return 0


# -- reading -------------------------------------------------------------------------


def _read(text: str) -> _Reading | None:
    if len(text) > _LONGEST or "://" in text:
        return None
    needed, _, marker = text.partition(";")
    match = re.fullmatch(_REQUIREMENT, needed.strip())
    if match is None or len(match["open"]) != len(match["close"]):
        return None
    subject = (match["subject"] or "").lower().replace("_", "-")
    gap = match["gap"].strip()
    if gap and not subject:
        return None
    found = [re.fullmatch(_PARTS, clause.strip()) for clause in match["clauses"].split(",")]
    clauses = sorted((clause for clause in found if clause), key=lambda clause: clause["operator"])
    versions = tuple(version for version in map(_version, clauses) if version is not None)
    operators = [clause["operator"] for clause in clauses]
    if len(versions) != len(found) or "!=" in operators:
        return None
    if not any(operators) and not _is_plain(match["clauses"], subject, match["gap"]):
        return None
    letters = [clause["v"].lower() for clause in clauses]
    shape = (subject, gap, *operators, *letters, " ".join(marker.split()))
    return _Reading(shape, versions)


def _is_plain(text: str, subject: str, gap: str) -> bool:
    """Return whether a text without an operator is a version, not a port, address or hash."""
    if re.fullmatch(_DATE, text) or re.fullmatch(_DAY, text):
        return not subject or gap != ""
    numbers = text.split(".")
    if len(numbers) == _OCTETS and all(n.isdigit() and int(n) < 256 for n in numbers):
        return False
    if subject and gap.strip() != "@":
        return gap != "" and len(numbers) > 1
    is_short = text.isdigit() and len(text) <= _MOST_BARE_DIGITS
    return len(numbers) > 1 or text[0] in "vV" or is_short


def _version(match: re.Match[str]) -> _Version | None:
    date = re.fullmatch(_DATE, match[0])
    if date is not None:
        return _Version(0, (int(date[1]), int(date[2]), int(date[3])), "date", ())
    stage = tuple(map(_token, re.findall(_TOKEN, match["stage"])))
    release = tuple(map(int, match["release"].split(".")))
    wild = match["wild"].lower().replace("x", "*")
    found = _Version(int(match["epoch"] or 0), release, wild, stage)
    if match["stage"][:1].isalpha():
        # Sizes and hashes are not versions: 1.5G, 12345b67.
        is_hash = len(release) == 1 and not match["operator"]
        return None if is_hash or not found.is_known else found
    return found


def _token(word: str) -> str | int:
    return int(word) if word.isdigit() else _WORDS.get(word.lower(), word.lower())


# -- comparing -----------------------------------------------------------------------


def _compare(one: _Version, two: _Version) -> int | None:
    """Return the sign of the difference, None where there is no order."""
    if one.wild != two.wild:
        return None
    if one.epoch != two.epoch:
        return _sign(one.epoch, two.epoch)
    size = max(len(one.release), len(two.release))
    if one.wild:
        shared = min(len(one.release), len(two.release))
        if one.release[:shared] == two.release[:shared] and one.release != two.release:
            return None  # 1.* holds 1.2.*
    mine, other = (v.release + (0,) * (size - len(v.release)) for v in (one, two))
    if mine == other:
        return _compare_stages(one, two)
    # Behind three numbers any word is a stage, by Semantic Versioning.
    is_apart = any(v.is_variant and len(v.release) != _SEMVER_NUMBERS for v in (one, two))
    return None if is_apart and one.stage != two.stage else _sign(mine, other)


def _compare_stages(one: _Version, two: _Version) -> int | None:
    if one.stage == two.stage:
        return 0
    places = [(0 if not v.stage else -1 if v.is_before else 1) for v in (one, two)]
    if places[0] != places[1]:
        return _sign(*places) if one.is_known and two.is_known else None
    first, second = one.stage[0], two.stage[0]
    if first == second or (isinstance(first, int) and isinstance(second, int)):
        return _compare_tokens(one.stage, two.stage)
    if first in _LADDER and second in _LADDER:
        return _sign(_LADDER.index(str(first)), _LADDER.index(str(second)))
    # Before "alpha" for one rule, behind it for the other; before "rc" for both.
    return {("dev", "rc"): -1, ("rc", "dev"): 1}.get((str(first), str(second)))


def _compare_tokens(one: Sequence[str | int], two: Sequence[str | int]) -> int | None:
    for mine, other in zip(one, two, strict=False):
        if mine != other:
            return _sign(mine, other) if type(mine) is type(other) is int else None
    longer, sign = (one, 1) if len(one) > len(two) else (two, -1)
    following = longer[min(len(one), len(two))]
    if following == "dev":
        return -sign
    return sign if following == "post" or isinstance(following, int) else None
