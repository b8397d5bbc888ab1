"""Secrets among the arguments of commands: ``--password=X``, ``-u user:X``, ``mysql -pX``."""

from __future__ import annotations

from sessionctl.core.regex.lazy_pattern import DOTALL, IGNORECASE, VERBOSE, late
from sessionctl.core.scan.finding import ARGUMENT, SecretPart
from sessionctl.core.scan.rules.commands.argument_places import placed_parts
from sessionctl.core.scan.rules.commands.operands import operand_parts
from sessionctl.core.scan.rules.commands.pipes import expected_parts, piped_parts
from sessionctl.core.scan.rules.commands.programs import (
    ATTACHED,
    COOKIE,
    LOGIN_WORDS,
    NEXT,
    PERCENT,
    SEARCHING,
    USER,
    is_granted,
    names_a_program,
    roles_of,
)
from sessionctl.core.scan.rules.cookies import pair_parts
from sessionctl.core.scan.rules.key_names import LOOSE, PASSWORD, TOKEN, is_key_option, secret_kind
from sessionctl.core.scan.rules.plausibility import (
    has_user_and_password,
    is_placeholder,
    is_plausible,
    is_strong,
    looks_chosen,
    names_a_place,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterator, Sequence

    Word = tuple[str, int, int]  # what the program gets, and where it stands

_WORD = late(
    r"""(?:[^\s"'\\;|&<>()]++ | "(?:[^"\\]++|\\.)*+" | '[^']*+' | \\. | ["'\\])++ | [;|&<>()]""",
    VERBOSE | DOTALL,
)
_LONG = late(r"--?([A-Za-z][A-Za-z0-9_.-]{1,63})(=?)")
_IN_NEXT = frozenset({NEXT, USER, PERCENT, COOKIE})
_SEPARATORS = frozenset(";|&<>()")
# One of these stands in every line that is worth to be split into its words.
_SIGNS = tuple(
    """add auth change config key license login net obscure pass put register reset set update
    using write | /p: /pw: /rp <<<""".split()
)
_OPTION = late(r"(?:^|\s)-")
_WINDOWS = late(r"/(?:p|pass|password|pw|rp):(?=.)", IGNORECASE)
_CLUSTER = late(r"-[A-Za-z0-9#]{2,8}")
_SINGLE = frozenset({"password", "passwd", "passphrase", "pwd"})
_NAMED_ITEMS = late(r"(?:^|,)(?:id|src|source|target|type|name|env)=")
_MOST_WORDS = 4096
_SHORTEST_NUMBER = 4
_WRAPPERS = frozenset("sudo doas env time watch xargs nohup nice command exec".split())


def command_parts(text: str, *, is_strict: bool = False) -> Iterator[SecretPart]:
    """Yield the secrets among the arguments of the shell commands in ``text``."""
    if _may_be_command(text):
        yield from _parts(_split(text), is_strict=is_strict)
    if "send" in text:
        yield from expected_parts(text)


def argument_parts(
    arguments: Sequence[object], *, is_strict: bool = False
) -> Iterator[tuple[int, SecretPart]]:
    """Yield the secrets among the arguments of one command, each with its index."""
    words: list[Word] = []
    offset = 0
    offsets = []
    for argument in arguments:
        word = argument if isinstance(argument, str) else ""
        offsets.append(offset)
        words.append((word, offset, offset + len(word)))
        offset += len(word) + 1
    index = 0
    for part in sorted(_parts(words, is_strict=is_strict), key=lambda part: part.start):
        while index + 1 < len(offsets) and offsets[index + 1] <= part.start:
            index += 1
        start = offsets[index]
        yield index, part._replace(start=part.start - start, end=part.end - start)


def _may_be_command(text: str) -> bool:
    return (
        any(sign in text for sign in _SIGNS)
        or _OPTION.search(text) is not None
        or names_a_program(text)
        or is_granted(text)
    )


def _parts(
    words: Sequence[Word], *, is_strict: bool, outer: dict[str, str] | None = None
) -> Iterator[SecretPart]:
    """Yield the secrets of ``words``; ``outer`` are the options around a word that is a line."""
    words = words[:_MOST_WORDS]
    options = outer or {}
    login: dict[str, str] = {}
    is_openssl = is_search = False
    is_first = True
    for index, (word, start, end) in enumerate(words):
        following = words[index + 1] if index + 1 < len(words) else ("", end, end)
        if word in _SEPARATORS:
            options, login, is_openssl, is_search, is_first = {}, {}, False, False, True
            continue
        if " " in word and outer is None and _may_be_command(word):  # sh -c "..."
            for part in _parts(_split(word), is_strict=is_strict, outer=options):
                yield part._replace(start=start + part.start, end=start + part.end)
        if not word.startswith("-"):
            program = word.rpartition("/")[2]
            if is_first and "=" not in word:
                is_search, is_first = program in SEARCHING, program in _WRAPPERS
            roles = roles_of(program)
            options, login = roles.options or options, roles.login or login
            is_openssl = is_openssl or program == "openssl"
            if word in LOGIN_WORDS and login:
                options = {**options, **login}
            yield from _of_word(words, index, is_openssl=is_openssl)
        elif not is_search:
            yield from _of_option(word, start, end, following, options, is_strict=is_strict)
    yield from piped_parts(words)
    yield from placed_parts(words)
    yield from operand_parts(words)


def _of_option(
    word: str, start: int, end: int, following: Word, options: dict[str, str], *, is_strict: bool
) -> Iterator[SecretPart]:
    name, equals, value = word.partition("=")
    where = options.get(name) or options.get(word)
    if where is not None and where != ATTACHED:
        found = (value, start + len(name) + 1, end) if equals else following
        yield from _valued(where, found)
        return
    if options and len(word) > 2 and word[1] != "-":
        attached = _attached(word, start, end, options)
        if attached is not None:
            yield from _valued(*attached)
            return
        last = options.get(f"-{word[-1]}")
        if last in _IN_NEXT and _CLUSTER.fullmatch(word) and not _has_words(options):
            yield from _valued(last, following)  # curl -su user:X
    long = _LONG.match(word)
    if long is not None and not word.startswith(("--ask-", "--no-", "-no-", "--prompt-")):
        yield from _of_long(word, long, start, end, following, is_strict=is_strict)


def _attached(word: str, start: int, end: int, options: dict[str, str]) -> tuple[str, Word] | None:
    """Return what is attached to an option of one letter, and where: ``-pX``, ``rar -hpX``."""
    if options.get(word[:3]) == ATTACHED and len(word) > 3:
        return ATTACHED, (word[3:], start + 3, end)
    where = options.get(word[:2])
    if where is None or _has_words(options):
        return None
    return where, (word[2:], start + 2, end)


def _has_words(options: dict[str, str]) -> bool:
    """Return whether there are long options behind one dash: "-key FILE" is not "-k" and "ey"."""
    return any(len(option) > 3 and option[1] != "-" for option in options)


def _of_long(
    word: str, long: re.Match[str], start: int, end: int, following: Word, *, is_strict: bool
) -> Iterator[SecretPart]:
    """Yield the secret of an option that its name gives away: ``--db-password X``."""
    kind = secret_kind(long[1]) or (LOOSE if is_key_option(long[1]) else "")
    if not kind:
        return
    if long[2]:
        given = (word[long.end() :], start + long.end(), end)
    elif long.end() == len(word) and (following[0][:1] != "-" or is_strong(following[0])):
        # "-Password" is of PowerShell; of other single dashes many mean something else.
        is_long = word.startswith("--") or word[1].isupper() or long[1] in _SINGLE
        given, kind = following, (kind if is_long else LOOSE)
    else:
        return
    if given[0].isdigit() and long[1].endswith(("seed", "salt")):
        return  # --seed 1234 is of random numbers
    if not secret_kind(long[1]) and not is_strong(given[0]):
        return  # --key NAME
    if kind == LOOSE and word.startswith("--") and long[1] in ("pass", "pw"):
        kind = LOOSE if given[0].isdigit() and len(given[0]) < _SHORTEST_NUMBER else PASSWORD
    is_name = secret_kind(given[0]) in (PASSWORD, TOKEN) or _NAMED_ITEMS.search(given[0])
    if kind == TOKEN and is_name:
        return  # the name of one: --secret=db-token, --secret id=npm
    is_one = is_plausible(given[0], kind, is_strict=is_strict and bool(long[2]))
    is_chosen = looks_chosen(given[0]) and not names_a_place(given[0])
    if is_one or (kind == TOKEN and is_strict and is_chosen):
        what = "a password" if kind == PASSWORD else "a secret"
        yield SecretPart(ARGUMENT, what, given[1], given[2])


def _valued(where: str, found: Word) -> Iterator[SecretPart]:
    word, start, end = found
    if where in (NEXT, ATTACHED):
        start, word = (start + 5, word[5:]) if word.startswith("pass:") else (start, word)
        if word and word[0] not in "-<" and not (is_placeholder(word) or names_a_place(word)):
            yield SecretPart(ARGUMENT, "a password", start, end)
        return
    if where == COOKIE:
        for part in pair_parts(word) if "=" in word else ():
            yield part._replace(start=start + part.start, end=start + part.end)
        return
    sign = "%" if where == PERCENT else "," if "," in word and ":" not in word else ":"
    user, found_sign, password = word.partition(sign)
    if where == USER and not password and is_strong(user):  # a token takes the place of both
        yield SecretPart(ARGUMENT, "a token", end - len(word), end - len(found_sign))
        return
    is_password = has_user_and_password(word) if sign == ":" else not is_placeholder(password)
    if found_sign and is_password and not is_placeholder(password):
        yield SecretPart(ARGUMENT, "a password", end - len(word) + len(user) + 1, end)


def _of_word(words: Sequence[Word], index: int, *, is_openssl: bool) -> Iterator[SecretPart]:
    """Yield the secret of a word that is no option: ``pass:X``, ``/p:X``, ``set token X``."""
    word, start, end = words[index]
    if is_openssl and word.startswith("pass:") and not is_placeholder(word[5:]):
        yield SecretPart(ARGUMENT, "a password", start + 5, end)
    elif (given := _WINDOWS.match(word)) and not is_placeholder(word[given.end() :]):
        yield SecretPart(ARGUMENT, "a password", start + given.end(), end)
    elif index and words[index - 1][0] in ("password", "login"):
        if is_strong(word) and "=" not in word:
            yield SecretPart(ARGUMENT, "a secret", start, end)


def _split(text: str) -> list[Word]:
    """Return the words of a shell line; quotes around all of a word are not part of it."""
    words = []
    for match in _WORD.finditer(text):
        start, end = match.span()
        quote = match[0][0]
        if quote in "\"'" and len(match[0]) > 1 and match[0].find(quote, 1) == len(match[0]) - 1:
            start, end = start + 1, end - 1
        words.append((text[start:end], start, end))
    return words
