"""The formats that strings are held to; the others only describe."""

from __future__ import annotations

from sessionctl.core.regex.lazy_pattern import late

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

MOMENT_FORMATS = {
    "datetime": frozenset({"date-time", "date-time-local", "partial-date-time"}),
    "date": frozenset({"date", "date-local", "full-date"}),
    "time": frozenset({"time", "time-local", "partial-time"}),
}
"""The formats that TOML's own dates and times satisfy, by the type's name."""


def is_checked(name: object) -> bool:
    """Return whether a string is held to the format ``name``."""
    return str(name) in _CHECKS


def has_format(name: object, text: str) -> bool:
    """Return whether ``text`` has the format ``name``; an unknown format holds for any text."""
    check = _CHECKS.get(str(name))
    if check is None:
        return True
    try:
        return check(text)
    except ValueError:
        return False


def _is_date(text: str) -> bool:
    from datetime import date

    return _DATE.fullmatch(text) is not None and bool(date.fromisoformat(text))


def _is_time(text: str) -> bool:
    match = _CLOCK.fullmatch(text)
    if match is None:
        return False
    hour, minute, second = map(int, match.group(1, 2, 3))
    hours, minutes = int(match[5] or 0), int(match[6] or 0)
    if max(hour, hours) > 23 or max(minute, minutes) > 59:
        return False
    # A leap second is a time too: the last one of a day of UTC.
    offset = hours * 60 + minutes if match[4] == "+" else -hours * 60 - minutes
    return second < 60 or (second == 60 and (hour * 60 + minute - offset) % 1440 == 1439)


def _is_date_time(text: str) -> bool:
    return len(text) > 10 and text[10] in "Tt" and _is_date(text[:10]) and _is_time(text[11:])


def _is_ip(version: int) -> Callable[[str], bool]:
    def check(text: str) -> bool:
        import ipaddress

        return ipaddress.ip_address(text).version == version and "%" not in text

    return check


def _is_host(text: str) -> bool:
    labels = text.split(".")
    return len(text) < 254 and all(_LABEL.fullmatch(label) for label in labels)


def _is_email(text: str) -> bool:
    local, _, domain = text.rpartition("@")
    if _LOCAL_PART.fullmatch(local) is None or len(local) > 64:
        return False
    if domain[:1] == "[" and domain[-1:] == "]":
        address = domain[1:-1]
        if address[:5].lower() == "ipv6:":
            return _is_ip(6)(address[5:])
        return _is_ip(4)(address)
    return _is_host(domain)


def _is_uri(text: str) -> bool:
    match = _SCHEME_COLON.match(text)
    return match is not None and _is_behind_scheme(text[match.end() :])


def _is_uri_reference(text: str) -> bool:
    if _is_uri(text):
        return True
    first = _FIRST_END.split(text, maxsplit=1)[0]
    return ":" not in first and _is_behind_scheme(text)


def _is_behind_scheme(text: str) -> bool:
    rest, has_fragment, fragment = text.partition("#")
    if has_fragment and _URI_END.fullmatch(fragment) is None:
        return False
    path, has_query, query = rest.partition("?")
    if has_query and _URI_END.fullmatch(query) is None:
        return False
    if path.startswith("//"):
        authority, slash, path = path[2:].partition("/")
        path = slash + path
        if not _is_authority(authority):
            return False
    return _URI_PATH.fullmatch(path) is not None


def _is_authority(text: str) -> bool:
    match = _AUTHORITY.fullmatch(text)
    if match is None:
        return False
    return match[1] is None or match[1][:1] in "vV" or _is_ip(6)(match[1])


def _is_regex(text: str) -> bool:
    from sessionctl.core.schema.check.pattern import InvalidPatternError, compiled

    try:
        compiled(text)
    except InvalidPatternError:
        return False
    except ValueError:  # it is one, but beyond what can be searched for here
        return True
    return True


def _matches(pattern: str) -> Callable[[str], bool]:
    expression = late(pattern)
    return lambda text: expression.fullmatch(text) is not None


_DATE = late(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CLOCK = late(r"([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.[0-9]+)?(?:[zZ]|([+-])([0-9]{2}):([0-9]{2}))")
_LABEL = late(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]++"
_LOCAL_PART = late(
    rf"{_ATOM}(?:\.{_ATOM})*+|\"(?:[^\"\\\x00-\x1f\x7f-\U0010ffff]|\\[\x20-\x7e])*+\""
)
_URI_CHARACTER = r"[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2}"
_SCHEME_COLON = late(r"[A-Za-z][A-Za-z0-9+.-]*:")
_FIRST_END = late("[/?#]")
_URI_END = late(rf"(?:{_URI_CHARACTER}|[:@/?])*+")
_URI_PATH = late(rf"(?:{_URI_CHARACTER}|[:@/])*+")
_AUTHORITY = late(
    rf"(?:(?:{_URI_CHARACTER}|:)*+@)?(?:\[([^\[\]]*)\]|((?:{_URI_CHARACTER})*+))(?::[0-9]*)?"
)
_POINTER = r"(?:/(?:[^~/]|~[01])*+)*+"
_TIME = r"(?:[0-9]+H(?:[0-9]+M(?:[0-9]+S)?)?|[0-9]+M(?:[0-9]+S)?|[0-9]+S)"
_DAYS = r"(?:[0-9]+Y(?:[0-9]+M(?:[0-9]+D)?)?|[0-9]+M(?:[0-9]+D)?|[0-9]+D)"

_CHECKS: dict[str, Callable[[str], bool]] = {
    "date": _is_date,
    "date-time": _is_date_time,
    "duration": _matches(rf"P(?:[0-9]+W|{_DAYS}(?:T{_TIME})?|T{_TIME})"),
    "email": _is_email,
    "hostname": _is_host,
    "ipv4": _is_ip(4),
    "ipv6": _is_ip(6),
    "json-pointer": _matches(_POINTER),
    "regex": _is_regex,
    "relative-json-pointer": _matches(rf"(?:0|[1-9][0-9]*)(?:#|{_POINTER})"),
    "time": _is_time,
    "uri": _is_uri,
    "uri-reference": _is_uri_reference,
    "uuid": _matches(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"),
}
