"""Lines of configuration files that have no sign between a name and its value.

``enable secret X`` of a switch, ``password X`` of a mail program, ``ada * X *`` of PPP,
``: PSK "X"`` of IPsec, ``https://place ada X`` of davfs.
"""

from __future__ import annotations

from sessionctl.core.regex.lazy_pattern import VERBOSE, late
from sessionctl.core.scan.finding import TEXT, SecretPart
from sessionctl.core.scan.rules.key_names import secret_kind
from sessionctl.core.scan.rules.plausibility import (
    has_password_shape,
    is_placeholder,
    is_strong,
    looks_chosen,
    names_a_place,
)
from sessionctl.core.scan.rules.prose import SAID_OF_THEM

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

# A name, what its value is written in, the value, what follows.
_NAMED = late(
    r"""(?mi)(?:^[ \t]*(?:[#;!>-]+[ \t]*)?|[;"'][ \t]{1,4})
      (?P<lead>(?:[\w./:@*-]{1,64}[ \t]+){0,9}?)
      (?P<noun>(?:[a-z0-9]+-){0,4}(?:pass(?:word|wd|phrase)?|secret|psk(?:secret)?|key|key-string
        |shared-key|community|authtoken|rootpw|md5|pin)(?:-value)?|\w*(?<=[a-z])(?:Password|Passwd|Secret))
      [ \t]+(?P<form>(?:(?:[05789]|clear(?:text)?|plain(?:-?text)?(?:-password)?|ascii(?:-text)?
        |simple|cipher|irreversible-cipher|encrypted|hex|enc|md5|sha|--plaintext)[ \t]+){0,2})
      (?P<quote>["']?)(?P<secret>[^\s"']{3,128})(?P=quote)(?P<rest>[^\n;"']*)""",
    VERBOSE,
)
_NOUN_ENDS = (
    "pass ", "word ", "wd ", "phrase ", "secret ", "psk ", "key ", "string ", "community ",
    "token ", "rootpw ", "md5 ", "pin ",
)  # fmt: skip
# What such lines begin with, in the languages of routers, switches and installers.
_VERBS = frozenset(
    """aaa add bgp community create crypto d-i domain enable global group interface ip ipsec ipv6
    isis key key-string line local-user neighbor ntp ospf password ppp pre-shared-key profile
    radius radius-server rootpw secret security set sip snmp snmp-agent snmp-server standby super
    tacacs tacacs-server tunnel-group user username vrrp wireless wlan wpa wpa-psk xauth
    authentication vpdn l2tp peer switchport ssid rip eigrp hsrp mpls ldp login""".split()
)
_NO_VALUES = frozenset(
    """address agent authentication chain change config-key encryption exchange export file for
    generate hash history import key length manager map min-length minimum only prompt public
    recovery reset ring rotation rsa rules store timeout type version zeroize pub add list show
    auth-priv auth priv read-only ro rw enable disable md5 sha aes required force policy""".split()
)
_SENTENCE = late(
    r"(?i)\b(?:the|an?|is|are|was|will|should|must|can|not|in|to|from|of|with|every|this|your|our"
    r"|when|before|after|it|via|please|die|der|das|le|la|les|el|und|et)\b|[.!?,;]\s|\w\s*\("
)
_PPP = late(
    r"""(?m)^[ \t]*["']?[A-Za-z][\w.@\\-]*["']?[ \t]+(?P<place>\*|[\w.-]+)[ \t]+
      ["']?(?P<secret>[^\s"'*]{4,64})["']?[ \t]*(?P<address>\*|[0-9.]{7,15})?[ \t]*$""",
    VERBOSE,
)
_IPSEC = late(
    r""":[ \t]*(?:PSK|EAP|XAUTH|NTLM|PIN)[ \t]+(?:%\w+[ \t]+)?"""
    r"""["']?(?P<secret>[^\s"'%][^\s"']{2,127})"""
)
_IPSEC_KIND = late("PSK|EAP|XAUTH|NTLM|PIN")
_DAV = late(
    r"""(?m)^[ \t]*["']?(?:https?://|//)[^\s"']+["']?[ \t]+["']?[\w.@+\\-]{1,64}["']?
      [ \t]+["']?(?P<secret>[^\s"']{4,128})["']?[ \t]*$""",
    VERBOSE,
)
_THREE_WORDS = late(r"""(?:https?:)?/\S+\s+\S+\s+(?:\S+|"[^"]+")""")
_POSTFIX = late(
    r"(?m)^[ \t]*\[?[\w-]+(?:\.[\w-]+)+\]?(?::[0-9]{2,5})?[ \t]+[\w.@+-]{1,64}:"
    r"(?P<secret>[^\s:/][^\s:]{3,127})[ \t]*$"
)
_PROXY = late(
    r"(?m)^[ \t]*(?:socks[45]|https?|raw)[ \t]+[\w.-]+[ \t]+[0-9]{2,5}[ \t]+[\w.@-]+[ \t]+"
    r"(?P<secret>\S{3,64})[ \t]*$"
)
# Whose it is, and the password: "Root on nas: Kupfer+Draht1", root / Kupfer+Draht1.
_OWNED = late(
    r"(?i)\b(?:root|admin(?:istrator)?|superuser)\b[^\n:/]{0,24}(?: ?: | / | (?:->|→) )"
    r"(?:[\w.@-]{2,40} / )?"
    r"(?P<secret>[^\s\"'`]{6,64})(?=[\s\"'`,;.]|\Z)"
)
_OWNER = late("[Rr]oot|ROOT|[Aa]dmin|[Ss]uperuser")
# root:X, alone in its line
_COLON = late(r"(?m)^[ \t]*[A-Za-z][\w.@-]{0,63}:(?P<secret>[^\s:/][^\s:]{4,63})[ \t]*$")
_FEWEST_LINES = 3
_MOST_WORDS = 4
_LONGEST_NAME = 8


def config_parts(text: str) -> Iterator[SecretPart]:
    """Yield the passwords in the lines of ``text`` that name them without a sign."""
    lower = text.lower().replace("\t", " ")
    if any(noun in lower for noun in _NOUN_ENDS):
        is_config = _is_config(text)
        for match in _NAMED.finditer(text):
            if _is_named(match, is_config=is_config):
                yield _part(match)
    for pattern in _patterns(text):
        for match in pattern.finditer(text):
            if _is_meant(match["secret"]) and _is_one(pattern, match):
                yield _part(match)


def _is_one(pattern: re.Pattern[str], match: re.Match[str]) -> bool:
    if pattern is _DAV and _is_table(match.string):
        return True
    if pattern is _OWNED:
        return _is_odd(match["secret"])
    if pattern is _COLON:
        secret = match["secret"]
        is_long = not secret.isalnum() or len(secret) > _LONGEST_NAME
        return is_long and has_password_shape(secret) and not names_a_place(match[0].strip())
    if pattern is _PPP and "*" not in (match["place"], match["address"]):
        return False
    return pattern in (_IPSEC, _PROXY) or _is_odd(match["secret"])


def _patterns(text: str) -> Iterator[re.Pattern[str]]:
    may_fit = {
        _PPP: "*" in text,
        _IPSEC: ": " in text and _IPSEC_KIND.search(text) is not None,
        _DAV: "//" in text,
        _POSTFIX: "]:" in text or ("@" in text and ":" in text),
        _PROXY: "socks" in text or "http" in text,
        _COLON: ":" in text and (" " not in text or "\n" in text),
        _OWNED: (": " in text or " / " in text or " -> " in text or "→" in text)
        and _OWNER.search(text) is not None,
    }
    yield from (pattern for pattern, may in may_fit.items() if may)


def _is_config(text: str) -> bool:
    """Return whether most lines of ``text`` are short and no sentences."""
    lines = [line for line in text.split("\n") if line.strip()]
    short = sum(
        len(line.split()) <= _MOST_WORDS and _SENTENCE.search(line) is None for line in lines
    )
    return len(lines) >= _FEWEST_LINES and short * 3 >= len(lines) * 2


def _is_table(text: str) -> bool:
    """Return whether every line of ``text`` that is no comment has three words."""
    lines = [line for line in text.split("\n") if line.strip() and line.lstrip()[0] != "#"]
    return "\n" in text.strip() and all(_THREE_WORDS.fullmatch(line.strip()) for line in lines)


def _is_named(match: re.Match[str], *, is_config: bool) -> bool:
    secret, lead = match["secret"], match["lead"].lower().split()
    lower = secret.lower()
    if not _is_meant(secret) or lower in _NO_VALUES or lower in SAID_OF_THEM:
        return False
    if secret_kind(secret) or secret.endswith((":", ",", "?")) or secret[0] in "=:-$<{([|&>/":
        return False
    if _SENTENCE.search(match["rest"]) or _SENTENCE.search(match["lead"]):
        return False
    is_key = match["noun"].lower().endswith(("key", "md5"))
    if is_key and secret.isdigit():
        return False
    words = [*lead, match["noun"].lower()]
    if words == ["rootpw"]:
        return True
    # `wpa-psk ascii 0 X`: a command that is no word of any sentence, and how its value is written.
    is_formed = "-" in words[0] and bool(match["form"])
    if words[0] in _VERBS and (len(words) > 1 or is_config or is_formed or _is_odd(secret)):
        return len(match["rest"].split()) <= _MOST_WORDS and (
            bool(lead) or not match["rest"].strip()
        )
    if match["rest"].strip():
        return False
    return is_config and not is_key and len(words) <= 2


def _is_odd(secret: str) -> bool:
    return is_strong(secret) or has_password_shape(secret) or looks_chosen(secret)


def _is_meant(secret: str) -> bool:
    return not (is_placeholder(secret) or names_a_place(secret))


def _part(match: re.Match[str]) -> SecretPart:
    return SecretPart(TEXT, "a password", *match.span("secret"))
