"""Secrets named by another word: ``set DB_PASSWORD X``, ``secret put --value X``, ``-u A -p X``."""

from __future__ import annotations

from itertools import pairwise

from sessionctl.core.regex.lazy_pattern import late
from sessionctl.core.scan.finding import ARGUMENT, SecretPart
from sessionctl.core.scan.rules.commands.programs import (
    ATTACHED,
    OTHERWISE,
    SEARCHING,
    roles_of,
)
from sessionctl.core.scan.rules.key_names import LOOSE, PASSWORD, TOKEN, secret_kind
from sessionctl.core.scan.rules.plausibility import (
    has_password_shape,
    is_placeholder,
    is_plausible,
    is_strong,
    looks_chosen,
    names_a_place,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    Word = tuple[str, int, int]

_ENDS = frozenset(";|&<>()")
# Behind these stand a name and its value.
_SETTING = frozenset("set setenv set-env setx put add config update write modify".split())
# These set a variable, also as the first word of a line.
_SHELL_SETTING = frozenset({"setx", "setenv"})
_CHANGES = frozenset("add change reset set update user".split())
_STORES = frozenset(
    "secret secrets keyvault secretsmanager ssm credential credentials vault".split()
)
_STORING = frozenset("set create put add update write new save".split())
_VALUES = frozenset(
    """--value --body --data --content --secret-string --secret-value --plaintext --text
    --secret-content -b""".split()
)
# Words of sentences, which no command has before the word that sets something.
_PROSE = frozenset(
    """a again also always and before but can could dont don't first fixme how i if in is it just
    later may must need never next not note now of on or please remember should so than that the
    then they this to todo via we when will with would you""".split()
)
_USERS = frozenset({"-u", "-U", "-l", "-n", "--user", "--username"})
_OTHER_USERS = frozenset({"-l", "-n"})  # or a language, a number, a name
_PASSES = frozenset({"-p", "-P", "-pw"})
_OFTEN = frozenset({"-p", "-P", "-k", "-K", "-w", "-W", "-pw", "-pass", "--code", "-c", "-s", "-a"})
# Behind these, and behind an option of one letter, a word that only a program makes is a token.
_GRANTS = frozenset(
    """activate apikey api-key auth authenticate authorize authtoken connect join key license link
    login redeem register signin token unlock set-token set-key add-key""".split()
)
_GIVEN = late(r"(?![0-9a-f]*\Z)[A-Za-z0-9]{16,100}")
_TOKEN = late(r"(?=[^a-z]*[a-z])(?=[^A-Z]*[A-Z])(?=[^0-9]*[0-9])[A-Za-z0-9]{20,100}")
_PLACE = late(
    r"@(?:[0-9]{1,3}(?:\.[0-9]{1,3}){3}|localhost|[\w-]+(?:\.[\w-]+)*\.[a-z]{2,12})(?::[0-9]+)?"
)
_WINDOWS_USERS = frozenset({"/u", "/U", "/user", "/USER"})
_WINDOWS_PASSES = frozenset({"/p", "/P", "/pass", "/password", "/PASSWORD"})
_MAILS = frozenset({"-e", "-m", "--email", "--mail"})
_BOTH = late(
    r"(?:[\w.-]{1,64}/)?[\w.+@-]{1,64}:(?P<secret>(?=[^@\s]*[^\d@\s])[^@\s/:][^@\s:]{3,127})"
    r"(?:@[\w.:/-]+)?"
)
# What is no password behind "-p": numbers, ports, lists of both, a place, the kind of a machine.
_NO_PASSWORD = late(
    r"[0-9.,:/-]+(?:/(?:tcp|udp))?|\S*[/\\]\S*|\S+:[0-9]+|(?:\S+=\S*)"
    r"|dev|devel|development|test|testing|stage|staging|prod|production|live|local|default|main"
)
_TAIL = late(r"[./:@\]\[]+")
_PIECES = late(r"[:_-]|(?<=[a-z])(?=[A-Z])")
_PIN = late(r"[0-9]{4,8}")
_STRUCTURED = late(r"[a-z0-9][A-Z]|[_./:-]|\A[A-Z][A-Z0-9]+\Z")
_SHORTEST = 3
_MOST_OPERANDS = 12
# The name of a password that stands in no sentence: plaintext-password, sasl_password.
_OF_SYSTEM = late(r"[a-z.]+[a-z][-_](?:password|passwd|secret|key|token)")


def operand_parts(words: Sequence[Word]) -> Iterator[SecretPart]:
    """Yield the secrets among ``words`` that are named by another word of their command."""
    for command in _commands(words):
        first = next((word for word, _, _ in command if "=" not in word), "")
        if first.rpartition("/")[2] in SEARCHING:
            continue
        yield from _set(command)
        yield from _stored(command)
        yield from _changed(command)
        yield from _beside_user(command)
        yield from _by_shape(command)


def _commands(words: Sequence[Word]) -> Iterator[Sequence[Word]]:
    start = 0
    for index in range(len(words) + 1):
        if index == len(words) or words[index][0] in _ENDS:
            if index - start > 1:
                yield words[start:index]
            start = index + 1


def _set(command: Sequence[Word]) -> Iterator[SecretPart]:
    """Yield what ``set NAME VALUE`` sets, where the name is that of a secret."""
    for index, (word, _, _) in enumerate(command[: min(len(command) - 2, _words_before(command))]):
        verb = word.rpartition(":")[2].lstrip("/")
        if verb not in _SETTING:
            continue
        is_first = index == 0 and verb not in _SHELL_SETTING and word[0] != "/"
        if is_first and not command[1][0].startswith("-"):
            if not any(_OF_SYSTEM.fullmatch(one[0]) for one in command[1:-1]):
                continue  # "set PASSWORD first" is a sentence
        operands = [one for one in command[index + 1 :] if one[0][:1] != "-"][:_MOST_OPERANDS]
        for place, (name, value) in enumerate(pairwise(operands)):
            if name[0].startswith("http-basic") and place + 2 < len(operands):
                yield from _meant(operands[place + 2], PASSWORD, is_sure=True)
            kind = secret_kind(_TAIL.split(name[0].rstrip("]"))[-1]) or secret_kind(name[0])
            if kind and "=" not in name[0]:
                is_last = place + 2 == len(operands)
                is_sure = is_last and _STRUCTURED.search(name[0]) is not None
                yield from _meant(value, kind, is_sure=is_sure)
        return


def _words_before(command: Sequence[Word]) -> int:
    """Return how many words stand before one that only sentences have, that one included."""
    for index, (word, _, _) in enumerate(command):
        if word.lower() in _PROSE or word[:1].isupper():
            return index + 1
    return len(command)


def _meant(found: Word, kind: str, *, is_sure: bool) -> Iterator[SecretPart]:
    word, start, end = found
    if len(word) < _SHORTEST or word.lower() in _PROSE or word.startswith(("$", "-", "@")):
        return
    if secret_kind(word) in (PASSWORD, TOKEN) or names_a_place(word):
        return
    is_one = is_plausible(word, kind, is_strict=False) if is_sure else _is_chosen(word)
    if is_one or (is_sure and kind != LOOSE and word.isalpha() and not is_placeholder(word)):
        yield SecretPart(ARGUMENT, "a secret", start, end)


def _is_chosen(word: str) -> bool:
    return is_strong(word) or (looks_chosen(word) and not is_placeholder(word))


def _stored(command: Sequence[Word]) -> Iterator[SecretPart]:
    """Yield the value that a store of secrets is given: ``secret set NAME --body X``."""
    plain = [word.lower() for word, _, _ in command if word[:1] != "-"]
    pieces = {piece for word in plain[:_MOST_OPERANDS] for piece in _PIECES.split(word)}
    if pieces.isdisjoint(_STORES) or pieces.isdisjoint(_STORING):
        return
    if "ssm" in pieces and "securestring" not in pieces:
        return
    for (word, start, end), following in pairwise([*command, ("", 0, 0)]):
        name, equals, value = word.partition("=")
        if name in _VALUES:
            found = (value, start + len(name) + 1, end) if equals else following
            is_one = len(found[0]) >= _SHORTEST and found[0][0] not in "-@$"
            if is_one and not (is_placeholder(found[0]) or names_a_place(found[0])):
                yield SecretPart(ARGUMENT, "a secret", found[1], found[2])


def _changed(command: Sequence[Word]) -> Iterator[SecretPart]:
    """Yield the last word behind ``change_password USER`` and the like."""
    for index, (word, _, _) in enumerate(command[: _words_before(command)]):
        pieces = [piece.lower() for piece in _PIECES.split(word)]
        if len(pieces) < 2 or word[:1] == "-" or _CHANGES.isdisjoint(pieces):
            continue
        if not index or not secret_kind(word):
            continue
        operands = [one for one in command[index + 1 :] if one[0][:1] != "-"]
        if operands and pieces[-1] == "pin" and _PIN.fullmatch(operands[-1][0]):
            yield SecretPart(ARGUMENT, "a number", *operands[-1][1:])
        elif operands and secret_kind(word) in (PASSWORD, TOKEN):
            yield from _meant(operands[-1], PASSWORD, is_sure=len(operands) == 2)
        return


def _beside_user(command: Sequence[Word]) -> Iterator[SecretPart]:
    """Yield what stands behind ``-p`` where ``-u`` names somebody."""
    if _uses_otherwise(command):
        return
    pairs = list(pairwise(command))
    for one, (word, start, _) in pairs:
        both = _BOTH.fullmatch(word) if one[0] in _USERS else None
        if both is not None and not is_placeholder(both["secret"]) and "://" not in word:
            yield SecretPart(ARGUMENT, "a password", start + both.start(1), start + both.end(1))
    has_user = any(
        (one[0].partition("=")[0] in _USERS and ("=" in one[0] or following[0][:1] not in "-$"))
        or (one[0] in _MAILS and "@" in following[0])
        for one, following in pairs
    )
    for one, (word, start, end) in pairs if has_user else ():
        if one[0] in _PASSES and len(word) >= _SHORTEST and word[0] not in "-$@":
            if not (_NO_PASSWORD.fullmatch(word) or is_placeholder(word) or names_a_place(word)):
                yield SecretPart(ARGUMENT, "a password", start, end)


def _by_shape(command: Sequence[Word]) -> Iterator[SecretPart]:
    """Yield what looks like a password behind an option that is often one: ``-p Tr0ub4dor&3``.

    For programs that nobody has written down; ``user:X`` may stand behind any option.
    """
    has_user = not _WINDOWS_USERS.isdisjoint([word for word, _, _ in command])
    for (option, _, _), (word, begin, end) in pairwise(command):
        start = begin
        if has_user and option in _WINDOWS_PASSES:
            is_one = word[:1] not in "/*" and len(word) > 2
        elif ":" in word and (option[:1] == "-" or "@" in word):
            start, end = _behind_colon(command, word, start, is_option=option[:1] == "-")
            is_one = end > start
        elif option in _OFTEN:
            is_one = has_password_shape(word)
        elif option in _GRANTS or (option[:1] == "-" and len(option) == 2):
            form = _GIVEN if option in _GRANTS else _TOKEN
            is_one = form.fullmatch(word) is not None and is_strong(word)
        elif option == "/d" and secret_kind(command_value(command, "/v")) in (PASSWORD, TOKEN):
            is_one = len(word) >= _SHORTEST
        else:
            continue
        elsewhere = is_placeholder(word[start - begin : end - begin]) or names_a_place(word)
        if is_one and not (elsewhere or _uses_otherwise(command)):
            yield SecretPart(ARGUMENT, "a password", start, end)


def command_value(command: Sequence[Word], option: str) -> str:
    """Return what stands behind ``option``, or ""."""
    return next((word[0] for one, word in pairwise(command) if one[0].lower() == option), "")


def _behind_colon(
    command: Sequence[Word], word: str, start: int, *, is_option: bool
) -> tuple[int, int]:
    """Return where the password of ``user:X`` or ``domain/user:X@place`` is, if it is one."""
    both = _BOTH.fullmatch(word)
    if both is None:
        return 0, 0
    is_target = word[both.end("secret") :].startswith("@")
    is_script = is_target and "/" in word and command[0][0].endswith(".py")
    is_sure = is_script or (is_option and _PLACE.fullmatch(word, both.end("secret")) is not None)
    if is_sure or ((is_option or is_target) and has_password_shape(both["secret"])):
        return start + both.start("secret"), start + both.end("secret")
    return 0, 0


def _uses_otherwise(command: Sequence[Word]) -> bool:
    return any(
        word.rpartition("/")[2] in OTHERWISE or roles_of(word).options.get("-p") == ATTACHED
        for word, _, _ in command[:4]
    )
