"""Words and names that a shell and tmux take as they stand."""

from __future__ import annotations

import re

_PLAIN = re.compile(r"[A-Za-z0-9_./@:,+-][A-Za-z0-9_./@:,+=-]*")
_HASH = re.compile(r"#(?!\[)")
_UNTYPED = re.compile(r"[^ -~\x80-\U0010ffff]|[\x7f-\x9f]")


def shell_word(word: str) -> str | None:
    """Return ``word`` as one word of a POSIX shell; None for one that is no text.

    Control characters, which a line editor would act on, are spelled for printf.
    """
    if _PLAIN.fullmatch(word):
        return word
    if any("\ud800" <= character <= "\udfff" or character == "\0" for character in word):
        return None
    if not _UNTYPED.search(word):
        return in_quotes(word)
    body = word.rstrip("\n")
    ends = word[len(body) :]  # "$(...)" takes line ends away
    spelled = f"\"$(printf '{''.join(map(_printf, body))}')\"" if body else ""
    return spelled + (in_quotes(ends) if ends else "")


def in_quotes(word: str) -> str:
    """Return ``word`` in single quotes, whatever is in it."""
    return "'" + word.replace("'", "'\\''") + "'"


def tmux_name(name: str) -> str:
    """Return a name or directory as tmux takes it where it expands formats.

    The text ``##[`` cannot be had before tmux 3.6.
    """
    return _HASH.sub("##", name)


def tmux_argument(text: str) -> str:
    """Return an argument for tmux, whose last ``;`` would end the command."""
    return f"{text[:-1]}\\;" if text.endswith(";") else text


def _printf(character: str) -> str:
    if character == "%":
        return "%%"
    is_odd = character in "\\'!" or _UNTYPED.match(character)
    return "".join(f"\\{byte:03o}" for byte in character.encode()) if is_odd else character
