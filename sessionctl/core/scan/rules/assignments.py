"""Secrets in running text: ``NAME=VALUE``, ``name: value``, headers, "the password is"."""

from __future__ import annotations

from bisect import bisect_right

from sessionctl.core.regex.lazy_pattern import IGNORECASE, VERBOSE, late
from sessionctl.core.scan.finding import TEXT, SecretPart
from sessionctl.core.scan.rules.commands.programs import searched_spans
from sessionctl.core.scan.rules.key_names import LOOSE, PASSWORD, TOKEN, secret_kind
from sessionctl.core.scan.rules.plausibility import (
    is_placeholder,
    is_plausible,
    is_strong,
    looks_chosen,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

_NAMED = late(
    r"""(?<![\w.$])([^\W\d][\w.-]{0,63}(?:[ ][Pp]ass(?:word|phrase|code)|[ ][Kk]ey)?)["']?\]?"""
    r"""([ \t]{0,4}(?:=>|:=|:{1,2}|={1,2})[ \t]{0,4})(?![:=])"""
)
_VALUE = late(
    r""""(?:[^"\\\n]|\\.)*+"? | '[^'\n]*+'? | <[^\s<>]*+> | \$\([^()\n]*\)?[^\s"']*+ | `[^`\n]*`?
      | [^\s"'`<>=:][^\s"'`<>]*+""",
    VERBOSE,
)
# What a session has in place of a value; only of plain words it is certain that they are a name.
_REFERENCE = late(
    r"""\{[ \t]{0,4}secret[ \t]{0,4}=[ \t]{0,4}(["'])
      [A-Za-z_-]{1,40}(?:\.[A-Za-z_-]{1,40}){0,4}\1[ \t]{0,4}\}""",
    VERBOSE,
)
# A semicolon or an ampersand ends a value only where the next NAME= stands behind it.
_NEXT_PAIR = late(r"[;&,](?=[A-Za-z_][\w .-]{0,30}[:=])|[;,)\]}]+\Z")
_SCHEME = late(r"bearer|basic|token|digest|oauth", IGNORECASE)
_CREDENTIALS = late(
    r"\b(bearer|basic|token|oauth)[ \t]{1,4}([A-Za-z0-9._~+/=-]{12,4096})", IGNORECASE
)
_TOLD = late(
    r"\b(?:password|passwd|passphrase|pwd|pw|token|secret|api[ _-]key)"
    r"(?:[ \t]+(?:is|was)|[ \t]*[:=]+)[ \t]*[\"'`]?([^\s\"'`]{4,200})",
    IGNORECASE,
)
_GIVES_ANOTHER = late(r"[A-Za-z_][\w.-]*=[^=]")
# In a call: define('DB_PASSWORD', 'X'), setenv("TOKEN", "X").
_CALLED = late(
    r"""[(,]\s{0,4}(["'])(?P<name>[A-Za-z_][\w.-]{1,63})\1\s{0,4},\s{0,4}(["'])(?P<secret>[^"'\n]{3,400})\3"""
)
# The one argument of what hashes or sets a password, the last of what makes a user.
_OF_CALL = late(
    r"""(?i)\b(?![\w.]*(?:get|read|ask|prompt|env|input|label|find|has(?!h)|check|require|forgot|valid))
      [\w.]*(?:passw\w*|(?:bcrypt|argon2)[\w.]*)\(\s?(["'])(?P<secret>[^"'\n]{4,200})\1\s?[,)]""",
    VERBOSE,
)
_LAST_OF_CALL = late(
    r"""(?i)(?:create_?(?:super_?)?user|create_?admin|add_?user|login|authenticate|credentials?|\bauth\s?=\s?)
      \((?:\s?["'][^"'\n]{1,80}["']\s?,){1,3}\s?(["'])(?P<secret>[^"'\n]{4,200})\1\s?\)""",
    VERBOSE,
)
# The third of what connects to a database.
_THIRD_OF_CALL = late(
    r"""(?i)\b(?:PDO|mysqli(?:_connect)?|getConnection)\((?:\s?["'][^"'\n]{0,200}["']\s?,){2}
      \s?(["'])(?P<secret>[^"'\n]{3,200})\1""",
    VERBOSE,
)
# What stands behind a name in a program: a call, a member, an element.
_CODE = late(
    r"(?:await |new |&|\*)?"
    r"(?:[A-Za-z_][\w.]*(?:\(.*|\[.*|<.*)|[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+)[;,)]*"
)
_LONG_WORD = late(r"[A-Za-z]{16,64}")
_NAME_OF_ONE = late(r"[a-z]{1,16}(?:[-_/][a-z]{1,16})+(?![\w-])")
_DIGIT = late(r"[0-9]")
_REST = late(r"[^\r\n]*")
_ENDS_HERE = late(r"""[ \t"'`]*(?:[,;)\]}#|&\n]|\Z|--)""")


def assignment_parts(
    text: str, *, is_strict: bool = False, is_wide: bool = False
) -> Iterator[SecretPart]:
    """Yield the values that ``text`` gives to names of secrets; it may be of any language.

    ``is_strict`` and ``is_wide`` are as for ``candidates``.
    """
    searched = None
    for kind, named, value in _named_values(text):
        if not is_wide and searched is None:
            searched = searched_spans(text)
        if searched and _is_within(searched, named.start()):
            continue
        is_tight = named[2] == "="
        is_beside_user = value[0][0] in "\"'" and "user" in text.lower()
        is_short = kind == LOOSE and named[1].lower() in ("pass", "pw")
        is_said = value[0][0] not in "\"'" and looks_chosen(value[0])
        if is_short and ((is_strict and (is_tight or is_beside_user)) or is_said):
            kind = PASSWORD
        if is_wide and kind != LOOSE:
            start, end, _ = _extent(value)
            if value[0][0] not in "\"'" and not is_tight:
                end = _REST.match(text, end).end()  # type: ignore[union-attr]
            yield SecretPart(TEXT, "a secret", start, end)
        else:
            yield from _assigned(kind, value, is_tight=is_tight, is_strict=is_strict)
    has_call = "(" in text and ("'" in text or '"' in text)
    for match in _CALLED.finditer(text) if has_call else ():
        kind = secret_kind(match["name"].rpartition(".")[2])
        if kind and is_plausible(match["secret"], kind, is_strict=match["name"].isupper()):
            yield SecretPart(TEXT, "a secret", *match.span("secret"))
    for pattern in (_OF_CALL, _LAST_OF_CALL, _THIRD_OF_CALL) if has_call else ():
        for match in pattern.finditer(text):
            if is_plausible(match["secret"], PASSWORD, is_strict=False):
                yield SecretPart(TEXT, "a password", *match.span("secret"))
    yield from _header_parts(text)


def _named_values(text: str) -> Iterator[tuple[str, re.Match[str], re.Match[str]]]:
    """Yield the kind, the name and the value of each ``NAME=VALUE`` that may be a secret."""
    position = 0
    while (named := _NAMED.search(text, position)) is not None:
        position = named.end()
        name = named[1]
        last = name.rpartition(".")[2]
        kind = secret_kind(last or name)
        if not kind and last == "key":  # spark.hadoop.fs.s3a.secret.key
            kind = secret_kind("_".join(name.split(".")[-2:]))
        if not kind or _names_one(text, named) or _is_code(named):
            continue
        reference = _REFERENCE.match(text, position)
        if reference is not None:
            position = reference.end()
            continue
        value = _VALUE.match(text, position)
        if value is None or _SCHEME.fullmatch(value[0]):
            continue  # "Authorization: Bearer ..." has a rule of its own
        pair = None if value[0][0] in "\"'" else _NEXT_PAIR.search(value[0])
        position = max(value.start() + pair.start() if pair else value.end(), position)
        yield kind, named, value


def _header_parts(text: str) -> Iterator[SecretPart]:
    lower = text.lower()
    has_scheme = any(scheme in lower for scheme in ("bearer", "basic", "token", "oauth"))
    for match in _CREDENTIALS.finditer(text) if has_scheme else ():
        if _GIVES_ANOTHER.match(match[2]):
            continue
        if is_strong(match[2]) or (match[1].lower() == "basic" and _is_basic(match[2])):
            yield SecretPart(TEXT, "a token", *match.span(2))
    if "cookie" in lower:
        from sessionctl.core.scan.rules.cookies import cookie_parts

        yield from cookie_parts(text)
    for match in _TOLD.finditer(text) if _DIGIT.search(text) else ():
        pair = _NEXT_PAIR.search(match[1])
        said = match[1][: pair.start() if pair else None].rstrip(".,;)")
        if is_strong(said) and not _GIVES_ANOTHER.match(said):
            yield SecretPart(TEXT, "a secret", match.start(1), match.start(1) + len(said))


def _is_basic(word: str) -> bool:
    from sessionctl.core.scan.rules.encoded import holds_user_and_password

    return holds_user_and_password(word)


def _is_within(spans: list[tuple[int, int]], position: int) -> bool:
    index = bisect_right(spans, (position, len(spans) and spans[-1][1])) - 1
    return index >= 0 and position < spans[index][1]


def _is_code(named: re.Match[str]) -> bool:
    """Return whether this is a path of names, ``auth::token``, or a comparison."""
    is_path = named[2] == ":" and named.start() > 0 and named.string[named.start() - 1] == ":"
    return is_path or named[2].strip() in ("::", "==")


def _names_one(text: str, named: re.Match[str]) -> bool:
    """Return whether this names a secret: ``{ secret = "NAME" }``, ``--secret=db-password``."""
    if named[1] != "secret" or "=" not in named[2]:
        return False
    name = _NAME_OF_ONE.match(text, named.end())
    if name is not None and secret_kind(name[0]) in (PASSWORD, TOKEN):
        return True
    return text[max(0, named.start() - 20) : named.start()].rstrip(" \t\"'").endswith("{")


def _assigned(
    kind: str, match: re.Match[str], *, is_tight: bool, is_strict: bool
) -> Iterator[SecretPart]:
    start, end, ends_here = _extent(match)
    if kind == PASSWORD and not (is_tight or ends_here):
        kind = LOOSE  # "password: see the vault"
    value = match.string[start:end]
    if not is_tight and _CODE.fullmatch(value) and match[0][0] not in "\"'":
        return
    if is_plausible(value, kind, is_strict=is_strict and is_tight) or (
        is_tight and kind == TOKEN and _LONG_WORD.fullmatch(value)
    ):
        yield SecretPart(TEXT, "a password" if kind == PASSWORD else "a secret", start, end)


def _extent(match: re.Match[str]) -> tuple[int, int, bool]:
    """Return where a value begins and ends without its quotes; and whether no prose follows."""
    start, end = match.span()
    quote = match[0][0]
    if quote in "\"'":
        is_closed = end - start > 1 and match[0][-1] == quote
        return start + 1, end - is_closed, True
    is_whole = quote in "{[(" or is_placeholder(match[0])
    cut = None if is_whole else _NEXT_PAIR.search(match[0])
    if cut is not None:
        return start, start + cut.start(), True
    return start, end, _ENDS_HERE.match(match.string, end) is not None
