"""Secrets that are fed to programs: ``echo X | sudo -S``, ``chpasswd <<< user:X``, ``send "X"``."""

from __future__ import annotations

from itertools import takewhile

from sessionctl.core.regex.lazy_pattern import late
from sessionctl.core.scan.finding import ARGUMENT, SecretPart
from sessionctl.core.scan.rules.commands.programs import USER_READERS, roles_of
from sessionctl.core.scan.rules.key_names import is_key_option, secret_kind
from sessionctl.core.scan.rules.plausibility import is_placeholder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    Word = tuple[str, int, int]

_ECHOES = frozenset({"echo", "printf", "yes", "print"})
_ENDS = frozenset(";|&<>()")
_PROMPT = late(r"(?i)pass\\?\s?(?:word|phrase|code)|assword|\bpin\b|kennwort|passwor")
_SEND = late(r"""\bsend(?:_user)?\s+(?:-[-a-z]*\s+)*\\?["'{]?(?P<secret>[^\s"'{}\\][^"'{}\\\n]*)""")
# Options that say that a password is read: --password-stdin, --stdin-pass.
_FROM_INPUT = late(
    r"-{0,2}[\w-]{0,40}(?:pass|pw|token|secret|key|pin|auth)[\w-]{0,20}[-_](?:stdin|fd(?:=0)?)"
    r"|--?stdin-?(?:pass|pw|token|secret|key)\w{0,20}"
)
_INPUTS = ("stdin", "fd", "fd=0", "pass", "password", "token", "secret", "key", "pw")
_ASKING = frozenset("login unlock luksOpen luksFormat luksAddKey signin".split())
_SHORTEST = 3


def piped_parts(words: Sequence[Word]) -> Iterator[SecretPart]:
    """Yield the secrets that commands in ``words`` get on their input."""
    fed: list[Word] = []
    last, is_known = "", False
    start = 0
    for index in range(len(words) + 1):
        if index < len(words) and words[index][0] not in _ENDS:
            continue
        segment = words[start:index]
        start = index + 1
        sign = words[index][0] if index < len(words) else ""
        reader = _reader(segment) if segment and (fed or sign == "<") else ""
        if reader and fed:
            yield from _given(fed, reader)
        if segment:
            last, is_known = segment[-1][0], bool(reader)
        if sign == "<" and last and words[index + 1 : index + 2] and words[index + 1][0] == "(":
            yield from _substituted(words[index + 2 :], last, is_known=is_known)
        if sign == "<" and reader and _is_here_string(words, index):
            yield from _given(words[index + 3 : index + 4], reader)
        if sign != "<":
            fed = _echoed(segment) if sign == "|" else []


def expected_parts(text: str) -> Iterator[SecretPart]:
    """Yield what a script of ``expect`` sends after it was asked for a password."""
    prompt = _PROMPT.search(text)
    if prompt is None:
        return
    for match in _SEND.finditer(text, prompt.end()):
        if not _stands_for(match["secret"]) and len(match["secret"]) >= _SHORTEST:
            yield SecretPart(ARGUMENT, "a password", *match.span("secret"))


def _is_here_string(words: Sequence[Word], index: int) -> bool:
    return [word for word, _, _ in words[index : index + 3]] == ["<", "<", "<"]


def _reader(segment: Sequence[Word]) -> str:
    """Return the program of ``segment`` that reads a password from its input, or ""."""
    plain = [word.rpartition("/")[2] for word, _, _ in segment]
    for name in plain:
        readers = roles_of(name).readers
        if readers and ("" in readers or not set(readers).isdisjoint(plain)):
            return name
        if name in _ASKING or (name.endswith(_INPUTS) and _FROM_INPUT.fullmatch(name)):
            return name
        if name == "sudo" and any(_has_letter(word, "S") for word in plain):
            return name
    return ""


def _substituted(words: Sequence[Word], before: str, *, is_known: bool) -> Iterator[SecretPart]:
    """Yield what ``<(echo X)`` gives in place of a file with a secret."""
    inside = list(takewhile(lambda word: word[0] not in _ENDS, words))
    said = _echoed(inside)
    if len(said) == 1 and (is_known or secret_kind(before) or is_key_option(before)):
        yield from _given(said, "")


def _has_letter(word: str, letter: str) -> bool:
    return word.startswith("-") and not word.startswith("--") and letter in word


def _echoed(segment: Sequence[Word]) -> list[Word]:
    """Return the words that ``echo`` or ``printf`` writes."""
    if not segment or segment[0][0].rpartition("/")[2] not in _ECHOES:
        return []
    said = [word for word in segment[1:] if not (len(word[0]) < 4 and word[0].startswith("-"))]
    if segment[0][0].endswith("printf") and len(said) > 1:
        said = said[1:]
    return said


def _given(words: Sequence[Word], reader: str) -> Iterator[SecretPart]:
    for word, start, end in words:
        if reader in USER_READERS:
            user, colon, _ = word.partition(":")
            start += len(user) + 1 if colon else 0
        end -= len(word) - len(word.rstrip("\\n")) if word.endswith("\\n") else 0
        secret = word[len(word) - (end - start) :]
        if end - start >= _SHORTEST and not _stands_for(secret):
            yield SecretPart(ARGUMENT, "a password", start, end)


def _stands_for(word: str) -> bool:
    return word.startswith(("$", "`", "{", "<", "%")) or is_placeholder(word)
