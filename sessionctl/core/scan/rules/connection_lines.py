"""Lines that programs keep their passwords in: ``.netrc``, ``.pgpass``, DSNs without a scheme."""

from __future__ import annotations

from sessionctl.core.regex.lazy_pattern import VERBOSE, late
from sessionctl.core.scan.finding import TEXT, SecretPart
from sessionctl.core.scan.rules.key_names import LOOSE, secret_kind
from sessionctl.core.scan.rules.plausibility import is_placeholder, names_a_place

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

_NETRC = late(
    r"(?:\bmachine\s+\S+|\bdefault)(?:\s+(?:login|account|user)\s+\S+)*\s+(?:password|passwd)\s+"
    r"""(?P<secret>"[^"\n]+"|\S+)"""
)
_PGPASS = late(
    r"(?m)^[ \t#]*(?:[\w.*-]+|\[[0-9a-f:]+\]|/[\w./-]+):(?:[1-9][0-9]{2,4}|\*):[^\s:]+:[^\s:]+:"
    r"(?P<secret>(?:[^\s:\\]|\\.)+)[ \t]*$"
)
# user:password@tcp(host:3306)/name, as Go's drivers take it, and user:password@host:1521/name
_DSN = late(
    r"""(?<![\w:/@.])[A-Za-z_][\w.-]{0,63}:(?P<secret>[^\s:@/"'(][^\s@"']{0,199})@
      (?: (?:tcp6?|udp|unix|cloudsql)?\([^()\s]*\)
        | (?!sha256:)[A-Za-z0-9][\w.-]{0,252}:[0-9]{2,5}(?![\w:])
        | (?:localhost|[A-Za-z0-9][\w-]*(?:\.[\w-]+)*\.[a-z]{2,12}|[0-9]{1,3}(?:\.[0-9]{1,3}){3})
          /[\w-]+
      )""",
    VERBOSE,
)
# jdbc:oracle:thin:user/password@host, and what SQL*Plus takes
_ORACLE = late(
    r"""(?: jdbc:oracle:\w+: | (?:sqlplus|sqlldr|expdp|impdp|sql)\ (?:-\w+\ )* )
      [A-Za-z_][\w.$#]*/(?P<secret>[^\s@/"']+)@""",
    VERBOSE,
)
_SQL = late(
    r"""(?i)\b(?: identified\s{1,4}(?:with\s{1,4}\w+\s{1,4})?(?:by|as)
        | (?:old_|new_)?password\s?\(\s{0,4} | requirepass\s{1,4} | masterauth\s{1,4}
        | password
          (?:\s{1,4}for\s{1,4}\S+)?(?:\s{1,4}|\s{0,4}=\s{0,4}) )
      \s{0,4}=?\s{0,4}(?:password\s?\(\s?)?
      (?P<quote>['"])(?P<secret>(?:(?!(?P=quote))[^\n])+)(?P=quote)""",
    VERBOSE,
)
# pass "X" of fetchmail; data=X of QEMU; the command that only says it
_QUOTED = late(
    r"""(?i)(?<![\w-])(?:pass|passwd|passphrase|psk)\s{1,4}(["'])(?P<secret>[^"'\n]{3,128})\1"""
)
_QEMU = late(r"\bsecret,(?:[\w.-]{1,40}=[^,\s\"']{0,200},){0,6}data=(?P<secret>[^,\s\"']{3,200})")
_SAID = late(
    r"""(?i)pass[\w-]{0,24}["']?[\s:=,]{1,4}["']?(?:echo|printf)\s(?:-n\s)?["'\\]{0,2}(?P<secret>[^\s"'$`\\]{3,128})"""
)
_TAGGED = late(r"<auth-user-pass>\s+[^\s<]+\s+(?P<secret>[^\s<]+)\s+</auth-user-pass>")
_NESTED = late(r"(?i)<\w{0,40}Password>\s{0,40}<Value>(?P<secret>[^<\n]{3,200})</Value>")
# The key of 32 bytes, whatever it is the key of.
_KEY = late(
    r"""(?i)(?<![\w-])(?:[a-z]+[_-])?key["']?\s{0,4}[:=]\s{0,4}["']?(?P<secret>[A-Za-z0-9+/]{43}=|[0-9a-f]{64})(?![\w=])"""
)
# create secret s (type s3, key_id 'x', secret 'X'), with its words in capitals
_NAMED_SQL = late(
    r"\b(?:SECRET|SECRET_KEY|SESSION_TOKEN|PASSPHRASE)\s{1,4}'(?P<secret>[^'\n]{3,400})'"
)
_REDIS = late(
    r"(?mi)^[ \t]*(?:auth(?:[ \t]+[a-z][\w-]*)?|config[ \t]+set[ \t]+(?:requirepass|masterauth)"
    r"|requirepass|masterauth)[ \t]+(?P<secret>\S+)[ \t]*$"
)
_NICK = late(r"(?mi)^[ \t]*/?(?:msg[ \t]+nickserv[ \t]+)?identify[ \t]+(?P<secret>\S{4,})[ \t]*$")
# stats auth ada:X of HAProxy
_AUTH = late(
    r"(?mi)^[ \t]*(?:stats|http|basic|proxy)[ _-]auth[ \t]+[\w.@-]{1,64}:(?P<secret>\S{3,128})"
)
_WIFI = late(r"(?i)\bwifi:(?:[a-z]:(?:[^;\\]|\\.)*;)*?p:(?P<secret>(?:[^;\\]|\\.)+);")
_ELEMENT = late(r"(?i)<(?P<name>[a-z][\w.:-]{1,60})>(?P<secret>[^<>\n]{3,200})</(?P=name)>")
_ATTRIBUTES = late(
    r"""(?i)\b(?:key|name|id|parameter)=\\?["'](?P<name>[\w.:-]{2,60})\\?["'][^<>]{0,80}?
      \bvalue=\\?["'](?P<secret>[^"'<>\n\\]{3,400})\\?["']""",
    VERBOSE,
)
_SQL_WORDS = ("identified", "password", "requirepass", "masterauth")
_SQL_NAMES = ("SECRET", "SESSION_TOKEN", "PASSPHRASE")
_COLONS_OF_PGPASS = 4
_KEY_LENGTH = 47
_WORDS_OF_REDIS = frozenset(["login", "logout", "help", "plain", "none", "required", "method"])


def line_parts(text: str) -> Iterator[SecretPart]:
    """Yield the passwords in the lines of ``text`` that are of a known kind."""
    for pattern in _patterns(text):
        parts = _matches(pattern, text)
        if pattern is _REDIS:
            parts = (part for part in parts if not _is_command_word(text, part))
        yield from parts
    if "<" in text or "value=" in text:
        for pattern in (_ELEMENT, _ATTRIBUTES):
            for match in pattern.finditer(text):
                kind = secret_kind(match["name"])
                if kind and kind != LOOSE and _is_meant(match["secret"]):
                    yield _part(match)


def _patterns(text: str) -> Iterator[re.Pattern[str]]:
    """Yield the patterns that may fit; most texts need few, and each takes time to make."""
    lower = text.lower()
    has_quote = "'" in text or '"' in text
    may_fit = {
        _DSN: "@" in text and ":" in text,
        _ORACLE: "@" in text and "/" in text,
        _PGPASS: text.count(":") >= _COLONS_OF_PGPASS,
        _WIFI: "wifi:" in lower,
        _NETRC: "pass" in text and ("machine" in text or "default" in text),
        _SQL: has_quote and any(word in lower for word in _SQL_WORDS),
        _NAMED_SQL: has_quote and any(word in text for word in _SQL_NAMES),
        _QUOTED: has_quote and ("pass" in lower or "psk" in lower),
        _QEMU: "secret," in text,
        _SAID: "echo" in text or "printf" in text,
        _TAGGED: "<auth-user-pass>" in text,
        _NESTED: "password>" in lower,
        _KEY: len(text) > _KEY_LENGTH and "key" in lower and "pub" not in lower,
        _REDIS: "auth" in lower or "requirepass" in lower,
        _AUTH: "auth" in lower and ":" in text,
        _NICK: "identify" in lower,
    }
    yield from (pattern for pattern, may in may_fit.items() if may)


def _matches(pattern: re.Pattern[str], text: str) -> Iterator[SecretPart]:
    for match in pattern.finditer(text):
        if _is_meant(match["secret"]):
            yield _part(match)


def _is_meant(secret: str) -> bool:
    return not (is_placeholder(secret) or names_a_place(secret) or secret.startswith("$"))


def _is_command_word(text: str, part: SecretPart) -> bool:
    word = text[part.start : part.end].lower()
    return word in _WORDS_OF_REDIS or word.startswith("-")


def _part(match: re.Match[str]) -> SecretPart:
    start, end = match.span("secret")
    if match["secret"][0] == match["secret"][-1] == '"' and end - start > 2:
        start, end = start + 1, end - 1
    return SecretPart(TEXT, "a password", start, end)
