"""Secrets that a program takes at a place among its words: ``htpasswd -b FILE USER X``."""

from __future__ import annotations

from sessionctl.core.scan.finding import ARGUMENT, SecretPart
from sessionctl.core.scan.rules.commands.programs import (
    LOGIN_FIRST,
    PASSWORD_FILES,
    PLACES,
    WORDS_BEFORE,
)
from sessionctl.core.scan.rules.plausibility import has_user_and_password, is_placeholder
from sessionctl.core.text.lazy_pattern import late

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    Word = tuple[str, int, int]

_LOGIN = late(r"[\w.$#-]{1,64}/([^@/\s]{3,128})(?:@\S*)?")
_ENDS = frozenset(";|&<>()")


def placed_parts(words: Sequence[Word]) -> Iterator[SecretPart]:
    """Yield the words that are a password because of where they stand."""
    for index, (word, _, _) in enumerate(words):
        program = word.rpartition("/")[2]
        if program in PASSWORD_FILES:
            yield from _password_file(_arguments(words, index))
        elif program == "net" and _names(words, index + 1) == "use":
            yield from _net_use(_arguments(words, index))
        elif program in PLACES:
            plain = _plain(_arguments(words, index))
            for behind, place in PLACES[program]:
                yield from _at(plain, place, behind)
        elif program in LOGIN_FIRST:
            yield from _logins(_plain(_arguments(words, index)))
        if program in WORDS_BEFORE:
            for one, following in zip(
                _arguments(words, index), _arguments(words, index)[1:], strict=False
            ):
                if one[0] in WORDS_BEFORE[program]:
                    yield from _meant(following)


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
    return [word for word in arguments if not word[0].startswith("-")]


def _password_file(arguments: Sequence[Word]) -> Iterator[SecretPart]:
    letters = "".join(word[1:] for word, _, _ in arguments if word[:1] == "-" and word[:2] != "--")
    if "b" in letters:
        plain = [word for word in _plain(arguments) if not word[0].isdigit() or "C" not in letters]
        yield from _at(plain, 2 if "n" in letters else 3, "")


def _at(plain: Sequence[Word], place: int, behind: str) -> Iterator[SecretPart]:
    if behind:
        at = next((i for i, (word, _, _) in enumerate(plain) if word == behind), None)
        if at is None:
            return
        place += at + 1
    if len(plain) >= place:
        yield from _meant(plain[place - 1])


def _net_use(arguments: Sequence[Word]) -> Iterator[SecretPart]:
    is_user = any(word.lower().startswith("/user:") for word, _, _ in arguments)
    for word in arguments[1:] if is_user else ():
        if not (word[0].startswith(("/", "\\", "-")) or word[0].endswith(":") or word[0] == "*"):
            yield from _meant(word)


def _logins(plain: Sequence[Word]) -> Iterator[SecretPart]:
    for word, start, _ in plain:
        login = _LOGIN.fullmatch(word)
        if login is not None and not is_placeholder(login[1]) and not login[1].startswith("$"):
            yield SecretPart(ARGUMENT, "a password", start + login.start(1), start + login.end(1))


def _stands_elsewhere(word: str) -> bool:
    return word.startswith(("-", "$", "/", "~/", "./", "@", "http:", "https:"))


def _meant(found: Word) -> Iterator[SecretPart]:
    word, start, end = found
    if "=" in word and word.partition("=")[0].isidentifier():
        return  # "login username=ada" has rules of its own
    if ":" in word and has_user_and_password(word):
        start += word.index(":") + 1
    if len(word) > 2 and not (_stands_elsewhere(word) or is_placeholder(word)):
        yield SecretPart(ARGUMENT, "a password", start, end)
