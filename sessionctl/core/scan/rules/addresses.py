"""Secrets in addresses: ``scheme://user:PASSWORD@host`` and ``?token=SECRET``."""

from __future__ import annotations

from sessionctl.core.regex.lazy_pattern import late
from sessionctl.core.scan.finding import ADDRESS, SecretPart
from sessionctl.core.scan.rules.key_names import LOOSE, secret_kind
from sessionctl.core.scan.rules.plausibility import is_strong

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

# What cannot stand in an address, written as it may be in a text or a comment.
_END = late(r"""[\s"'<>`|\\]""")
_PORT = late(r"[0-9]{0,5}(?=[/?#,]|\Z)")
_PAIR = late(r"[?&;#]([A-Za-z0-9_.%-]{1,64})=([^&;#]*)")
_QUERY_KEYS = frozenset(
    {"appid", "auth", "code", "key", "sig", "signature", "sas", "x-amz-signature"}
)
_WEB = ("http", "https", "git+http", "git+https", "sparse+https")
_STREAMS = ("rtmp", "rtmps")
_PUBLIC_KEY = late(r"[0-9a-f]{32}")
_MOST = 4096


def address_parts(text: str) -> Iterator[SecretPart]:
    """Yield the passwords in the addresses of ``text``, and the secrets in their queries."""
    start = text.find("://")
    while start >= 0:
        begin = start + 3
        following = text.find("://", begin)
        most = min(begin + _MOST, following if following >= 0 else len(text))
        end = _END.search(text, begin, most)
        stop = end.start() if end else most
        yield from _userinfo(text, start, stop)
        if _scheme(text, start) in _STREAMS:
            last = text.rfind("/", begin, stop) + 1
            if last and is_strong(text[last:stop]):
                yield SecretPart(ADDRESS, "a stream key", last, stop)
        for match in _PAIR.finditer(text, begin, stop):
            if _is_secret_pair(match[1], match[2]):
                yield SecretPart(ADDRESS, "a secret", match.start(2), match.end(2))
        start = following


def _userinfo(text: str, mark: int, stop: int) -> Iterator[SecretPart]:
    begin = mark + 3
    slash = min((at for c in "/?#" if (at := text.find(c, begin, stop)) >= 0), default=stop)
    at = text.rfind("@", begin, slash)
    colon = text.find(":", begin, slash if at < 0 else at)
    if at < 0 and colon >= 0 and text[begin] != "[" and not _PORT.match(text, colon + 1, stop):
        # "user:pa/ss@host": a password with a slash in it that was not escaped.
        at = text.rfind("@", colon, stop)
    if at < 0:
        return
    if colon >= 0:
        if at > colon + 1:
            yield SecretPart(ADDRESS, "a password", colon + 1, at)
    elif _is_token(text[begin:at]) and _scheme(text, mark) in _WEB:
        yield SecretPart(ADDRESS, "a token", begin, at)


def _is_token(user: str) -> bool:
    # 32 hexadecimal digits alone are the public half of an error tracker's address.
    return is_strong(user) and _PUBLIC_KEY.fullmatch(user) is None


def _is_secret_pair(key: str, value: str) -> bool:
    kind = secret_kind(key)
    if kind and kind != LOOSE:
        return bool(value)
    return (kind == LOOSE or key.lower() in _QUERY_KEYS) and is_strong(value)


def _scheme(text: str, mark: int) -> str:
    start = mark
    while (
        start > 0 and mark - start < 20 and (text[start - 1].isalnum() or text[start - 1] in "+-.")
    ):
        start -= 1
    return text[start:mark].lower()
