"""Secrets that a program takes at a place among its words: ``htpasswd -b FILE USER X``."""

from __future__ import annotations

from itertools import pairwise

from sessionctl.core.regex.lazy_pattern import late
from sessionctl.core.scan.finding import ARGUMENT, SecretPart
from sessionctl.core.scan.rules.commands.programs import PASSWORD_FILES, USER, roles_of
from sessionctl.core.scan.rules.plausibility import has_user_and_password, is_placeholder

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterator, Sequence

    Word = tuple[str, int, int]

_LOGIN = late(r"[\w.$#-]{1,64}/([^@/\s]{3,128})(?:@\S*)?")
_TARGET = late(
    r"(?:[^\s/:@]{1,64}/)?[^\s/:@]{1,64}:([^\s]{3,128})@[^\s@]+"
    r"|[^\s/:@]{1,64}/[^\s/:@]{1,64}:([^\s@]{3,128})"
)
_FEWEST = 3
_ENDS = frozenset(";|&<>()")


def placed_parts(words: Sequence[Word]) -> Iterator[SecretPart]:
    """Yield the words that are a password because of where they stand."""
    for index, (word, _, _) in enumerate(words):
        program = word.rpartition("/")[2]
        if program in PASSWORD_FILES:
            yield from _password_file(_arguments(words, index))
        elif program == "net" and _names(words, index + 1) == "use":
            yield from _net_use(_arguments(words, index))
        roles = roles_of(program)
        if not (roles.places or roles.before or roles.has_login or roles.has_target):
            continue
        arguments = _arguments(words, index)
        for behind, place in roles.places:
            yield from _at(arguments, place, behind)
        if roles.has_login:
            yield from _logins(_plain(arguments), _LOGIN)
        if roles.has_target:
            yield from _logins(_plain(arguments), _TARGET)
        for argument in arguments if roles.before else ():
            yield from _inside(argument, roles.before)
        for one, following in pairwise(arguments) if roles.before else ():
            where = roles.before.get(one[0])
            if where is not None and (where != USER or ":" in following[0]):
                yield from _meant(following)


def _inside(found: Word, names: dict[str, str]) -> Iterator[SecretPart]:
    """Yield the secrets of ``name=X,name=X``."""
    word, start, _ = found
    for piece in word.split(","):
        name, equals, value = piece.partition("=")
        begin = start + len(name) + 1
        where = names.get(name + equals) if equals else None
        if where is not None and (where != USER or ":" in value):
            yield from _meant((value, begin, begin + len(value)))
        start += len(piece) + 1


def _arguments(words: Sequence[Word], index: int) -> list[Word]:
    found = []
    for word in words[index + 1 :]:
        if word[0] in _ENDS:
            break
        found.append(word)
    return found


def _names(words: Sequence[Word], index: int) -> str:
    return words[index][0] if index < len(words) else ""


def _plain(arguments: Sequence[Word]) -> list[Word]:
    """Return those that are no options, and not what a long option takes."""
    return [
        word
        for before, word in pairwise((("", 0, 0), *arguments))
        if not word[0].startswith("-") and (before[0][:2] != "--" or "=" in before[0])
    ]


def _password_file(arguments: Sequence[Word]) -> Iterator[SecretPart]:
    letters = "".join(word[1:] for word, _, _ in arguments if word[:1] == "-" and word[:2] != "--")
    if "b" in letters:
        plain = [word for word in _plain(arguments) if not word[0].isdigit() or "C" not in letters]
        yield from _at(plain, 2 if "n" in letters else 3, "")


def _at(arguments: Sequence[Word], place: int, behind: str) -> Iterator[SecretPart]:
    if behind:
        at = next((i for i, (word, _, _) in enumerate(arguments) if word == behind), None)
        if at is None:
            return
        arguments = arguments[at + 1 :]
    plain = _plain(arguments)
    if len(plain) >= (place or _FEWEST):
        yield from _meant(plain[place - 1])


def _net_use(arguments: Sequence[Word]) -> Iterator[SecretPart]:
    is_user = any(word.lower().startswith("/user:") for word, _, _ in arguments)
    for word in arguments[1:] if is_user else ():
        if not (word[0].startswith(("/", "\\", "-")) or word[0].endswith(":") or word[0] == "*"):
            yield from _meant(word)


def _logins(plain: Sequence[Word], form: re.Pattern[str]) -> Iterator[SecretPart]:
    for word, start, _ in plain:
        login = form.fullmatch(word)
        if login is not None:
            begin, end = login.span(login.lastindex or 0)
            if not (is_placeholder(word[begin:end]) or word[begin] == "$"):
                yield SecretPart(ARGUMENT, "a password", start + begin, start + end)


def _stands_elsewhere(word: str) -> bool:
    return word.startswith(("-", "+", "$", "/", "~/", "./", "@", "http:", "https:"))


def _meant(found: Word) -> Iterator[SecretPart]:
    word, start, end = found
    if "=" in word and word.partition("=")[0].isidentifier():
        return  # "login username=ada" has rules of its own
    if ":" in word and has_user_and_password(word):
        start += word.index(":") + 1
    if len(word) > 2 and not (_stands_elsewhere(word) or is_placeholder(word)):
        yield SecretPart(ARGUMENT, "a password", start, end)
