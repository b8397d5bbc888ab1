"""The tokens of TOML 1.0 as regular expressions, and the scalars they stand for."""

from __future__ import annotations

from sessionctl.core.regex.lazy_pattern import late, ready

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from datetime import date, datetime, time
    from typing import Any, NoReturn, TypeVar

    Moment = TypeVar("Moment", datetime, time)

# Comments and strings hold every character but control characters; tab is fine.
COMMENT = r"#[^\x00-\x08\x0a-\x1f\x7f]*+"
END_OF_LINE = rf"[ \t]*+(?:{COMMENT})?(?:\r?\n|\Z)"
BASIC = r'"([^"\\\x00-\x08\x0a-\x1f\x7f]*+)"(?!")'
LITERAL = r"'([^'\x00-\x08\x0a-\x1f\x7f]*+)'(?!')"
INTEGER = r"([+-]?(?:0|[1-9](?:_?[0-9])*+))"
WORD = r"([A-Za-z0-9_+.:-]++(?: [0-9][0-9:.Zz+-]*+)?)"

# One statement in one match, blank lines and comments before it included. What does not
# fit (other values, quoted and dotted keys) goes to the parser's careful path.
_MICRO = 6
_HEADER_KEY = r"([A-Za-z0-9_-]++(?:\.[A-Za-z0-9_-]++)*+)"
STATEMENT = ready(
    rf"(?:[ \t]*+(?:{COMMENT})?\r?\n)*+[ \t]*+(?:"
    r"([A-Za-z0-9_-]++)[ \t]*+=[ \t]*+"
    rf"(?:{BASIC}|{LITERAL}|{INTEGER}(?=[\s#]|\Z)|(true|false)(?=[\s#]|\Z)){END_OF_LINE}"
    rf"|\[{_HEADER_KEY}\]{END_OF_LINE}"
    rf"|\[\[{_HEADER_KEY}\]\]{END_OF_LINE})"
)
GROUP_BASIC, GROUP_LITERAL, GROUP_INTEGER, GROUP_BOOLEAN = 2, 3, 4, 5
GROUP_TABLE, GROUP_ARRAY_TABLE = 6, 7

BLANK_LINES = ready(rf"(?:[ \t]*+(?:{COMMENT})?\r?\n)*+[ \t]*+")
REST_OF_LINE = ready(END_OF_LINE)
SPACES = ready(r"[ \t]*+")
# White space, line ends and comments between the elements of an array.
FILLER = ready(rf"(?:[ \t]++|\r?\n|{COMMENT}(?=\r?\n))*+")
ELEMENT = late(rf"(?:{BASIC}|{LITERAL}|{INTEGER}(?=[\s,\]#]))[ \t]*+")
KEY_PART = late(rf"([A-Za-z0-9_-]++)|{BASIC}|{LITERAL}")
# The key of most statements, with the equals sign and the spaces around it.
BARE_KEY_EQUALS = ready(r"([A-Za-z0-9_-]++)[ \t]*+=[ \t]*+")
WORD_VALUE = late(WORD)

BASIC_BODY = late(r'(?:[^"\\\x00-\x08\x0a-\x1f\x7f]++|\\[^\x00-\x08\x0a-\x1f\x7f])*+')
MULTILINE_BASIC_BODY = late(
    r'(?:[^"\\\x00-\x08\x0b-\x1f\x7f]++|\r\n|\\(?:[^\x00-\x08\x0b-\x1f\x7f]|\r\n)|"(?!""))*+'
)
MULTILINE_LITERAL_BODY = late(r"(?:[^'\x00-\x08\x0b-\x1f\x7f]++|\r\n|'(?!''))*+")
QUOTES_AT_END = {'"': late('"{3,5}'), "'": late("'{3,5}")}
ESCAPE = late(
    r'\\(?:(["\\bfnrt])|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|([ \t]*(?:\r?\n)[ \t\r\n]*)|)'
)
ESCAPED = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", '"': '"', "\\": "\\"}

NUMBER = late(
    r"(?P<hex>0x[0-9A-Fa-f](?:_?[0-9A-Fa-f])*)"
    r"|(?P<octal>0o[0-7](?:_?[0-7])*)"
    r"|(?P<binary>0b[01](?:_?[01])*)"
    r"|(?P<whole>[+-]?(?:0|[1-9](?:_?[0-9])*))"
    r"(?P<fraction>(?:\.[0-9](?:_?[0-9])*)?(?:[eE][+-]?[0-9](?:_?[0-9])*)?)"
    r"|(?P<special>[+-]?(?:inf|nan))"
)
_TIME = r"([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9])(?:\.([0-9]+))?"
LOCAL_TIME = late(_TIME)
DATE_TIME = late(
    r"([0-9]{4})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    rf"(?:[Tt ]{_TIME}(?:([Zz])|([+-])([01][0-9]|2[0-3]):([0-5][0-9]))?)?"
)
TIME_WITHOUT_SECONDS = late(
    r"(?:[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ])?[0-9]{2}:[0-9]{2}(?:[Zz]|[+-][0-9]{2}:[0-9]{2})?"
)


class NotAScalarError(ValueError):
    """A word is not a TOML number, boolean or date; the argument says why."""


def read_word(word: str) -> int | float | bool | datetime | date | time:
    """Return the number, boolean, date or time that ``word`` spells.

    Raises:
      NotAScalarError: it spells none; the message says what is wrong with it.
    """
    if word == "true":
        return True
    if word == "false":
        return False
    number = NUMBER.fullmatch(word)
    if number is not None:
        return _number(number)
    moment = DATE_TIME.fullmatch(word)
    if moment is not None:
        return _date_time(moment)
    clock = LOCAL_TIME.fullmatch(word)
    if clock is not None:
        hour, minute, second, fraction = clock.groups()
        micro = _microseconds(fraction)
        whole: time = moment_types().time(int(hour), int(minute), int(second), micro)
        return _fine(whole, fraction)
    _explain(word)


_MOST_BITS = 13_288  # of an integer of 4000 digits


def _number(match: re.Match[str]) -> int | float:
    text = match[0]
    if match["special"]:
        return float(text)
    if match["fraction"]:
        return float(text)
    # Python refuses to read, and to print, 4300 digits; nobody's integer is that long.
    if len(text) <= 4000:
        number = int(text, 0) if text[:2] in ("0x", "0o", "0b") else int(text)
        if number.bit_length() < _MOST_BITS or number < 10**4000:
            return number
    raise NotAScalarError("the integer has more than 4000 digits")


def _date_time(match: re.Match[str]) -> datetime | date:
    moments = moment_types()
    year, month, day, hour, minute, second, fraction, zulu, sign, off_h, off_m = match.groups()
    try:
        if hour is None:
            day_alone: date = moments.date(int(year), int(month), int(day))
            return day_alone
        zone = None
        if zulu:
            zone = moments.UTC
        elif sign:
            offset = moments.timedelta(hours=int(off_h), minutes=int(off_m))
            zone = moments.timezone(-offset if sign == "-" else offset)
        micro = _microseconds(fraction)
        whole: datetime = moments.datetime(
            int(year), int(month), int(day), int(hour), int(minute), int(second), micro, zone
        )
        return _fine(whole, fraction)
    except ValueError as error:
        raise NotAScalarError(f"there is no such date: {error}") from error


def moment_types() -> Any:
    """Return the classes of ``datetime``; that module of Python 3.11 has all twice, and is slow."""
    try:
        import _datetime  # type: ignore[import-not-found]
    except ImportError:  # another interpreter than CPython
        import datetime

        return datetime
    return _datetime


def _fine(moment: Moment, fraction: str | None) -> Moment:
    """Return ``moment`` with the digits that are below a microsecond, if there are any."""
    if not fraction or len(fraction) <= _MICRO:
        return moment
    from sessionctl.core.toml.parse.fine_moment import with_digits

    return with_digits(moment, fraction)


def _microseconds(fraction: str | None) -> int:
    return int(fraction.ljust(_MICRO, "0")[:_MICRO]) if fraction else 0


def _explain(word: str) -> NoReturn:
    lower = word.lower()
    if lower in ("true", "false", "nan", "inf", "+nan", "-nan", "+inf", "-inf"):
        raise NotAScalarError(f"{word} is written in lower case: {lower}")
    if TIME_WITHOUT_SECONDS.fullmatch(word):
        raise NotAScalarError("a time without seconds is TOML 1.1; TOML 1.0 needs hh:mm:ss")
    if word[0].isdigit() or word[0] in "+-.":
        if "__" in word or word.endswith("_") or "_." in word or "._" in word:
            raise NotAScalarError("an underscore in a number must be between two digits")
        if len(word.lstrip("+-")) > 1 and word.lstrip("+-").isdigit():
            raise NotAScalarError("a number does not start with a zero")
        raise NotAScalarError("this is not a number, a date or a time")
    # The word is not repeated: it may be a password whose quotes were forgotten.
    raise NotAScalarError("this is not a value; a string needs quotes")
