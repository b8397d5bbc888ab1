"""Command text: words quoted so that tmux reads exactly them, and tmux's own quoting read back.

Texts of the system may hold bytes that are not UTF-8, as lone surrogates.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_PLAIN = re.compile(r"[A-Za-z0-9_./=+,:@-]+")
_SAFE = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./=+,:@%- ")
_ESCAPED = {byte: f"\\{byte:03o}" for byte in range(256)}
_ESCAPED |= {byte: chr(byte) for byte in _SAFE}

_NAMED = {"a": 7, "b": 8, "e": 27, "f": 12, "n": 10, "r": 13, "s": 32, "t": 9, "v": 11}
_VIS = re.compile(rb"\\([0-7]{3}|[\\abfnrtv$])")
_FORMAT_SIGN = re.compile(r"#(?!#*\[)")


def quote(word: str) -> str:
    r"""Return ``word`` as tmux reads it in a file or from a control client.

    Bytes that could mean anything to tmux's parser are octal (``\ooo``) in double quotes:
    the one form that keeps control characters, line ends and bytes that are not UTF-8.
    """
    if _PLAIN.fullmatch(word):
        return word
    data = word.encode(errors="surrogateescape")
    return f'"{"".join(map(_ESCAPED.__getitem__, data))}"'


def command_line(words: Iterable[str]) -> str:
    """Return a command and its arguments as one line for tmux."""
    return " ".join(map(quote, words))


def readable_line(words: Iterable[str]) -> str:
    """Return a command and its arguments as a line of a configuration file that people read."""
    return " ".join(map(_readable, words))


def _readable(word: str) -> str:
    is_simple = word.isprintable() and word.isascii() and "'" not in word
    if _PLAIN.fullmatch(word) or not is_simple:
        return quote(word)
    return f"'{word}'"


def split_words(text: str) -> list[str]:
    r"""Return the words of ``text`` as tmux's parser splits them.

    It is meant for what tmux prints (``pane_start_command``, the values of options); a
    variable is not expanded.
    """
    words: list[str] = []
    data = text.encode(errors="surrogateescape")
    position, end = 0, len(data)
    while position < end:
        if data[position] in b" \t":
            position += 1
            continue
        word, position = _word(data, position)
        words.append(word.decode(errors="surrogateescape"))
    return words


def unescape_name(text: str) -> str:
    r"""Return the name that tmux shows as ``text``: it stores names with vis(3) applied.

    tmux prints a backslash as ``\\``, control characters as ``\t``, ``\n``, ``\a`` or
    ``\ooo``, and before 3.6 a ``$`` in front of a letter as ``\$``. What ``new-window -n``
    was given it stores as it is: so another backslash stands for itself.
    """
    if "\\" not in text:
        return text
    data = text.encode(errors="surrogateescape")
    return _VIS.sub(_unescaped, data).decode(errors="surrogateescape")


def escape_format(text: str, *, is_exact: bool = False) -> str:
    """Return ``text`` so that tmux, which expands it as a format, gets just it.

    Without that a name or a directory could run a program: ``#(...)`` does. ``##`` stands
    for ``#``; signs before ``[`` tmux leaves all as they are. From tmux 3.6 on (``is_exact``)
    what has several of them before it is given with ``#{l:...}``.
    """
    if "#" not in text:
        return text
    if is_exact and "##[" in text:
        escaped = re.sub(r"([#,}])", r"#\1", text)
        return f"#{{l:{escaped}}}"
    return _FORMAT_SIGN.sub("##", text)


def _unescaped(match: re.Match[bytes]) -> bytes:
    found = match[1]
    if len(found) == 3:
        return bytes([int(found, 8) & 0xFF])
    letter = found.decode("latin-1")
    return bytes([_NAMED[letter]]) if letter in "abfnrtv" else found


def _word(data: bytes, position: int) -> tuple[bytes, int]:
    """Read one word at ``position``; return it and where it ends."""
    word = bytearray()
    quote_sign = 0
    end = len(data)
    while position < end:
        byte = data[position]
        if quote_sign == 0 and byte in b" \t":
            break
        position += 1
        if byte == quote_sign:
            quote_sign = 0
        elif quote_sign == 0 and byte in b"'\"":
            quote_sign = byte
        elif byte == 0x5C and quote_sign != 0x27 and position < end:
            found, position = _escape(data, position)
            word += found
        else:
            word.append(byte)
    return bytes(word), position


def _escape(data: bytes, position: int) -> tuple[bytes, int]:
    """Read what stands behind a backslash; return what it means and where it ends."""
    octal = re.compile(rb"[0-7]{3}").match(data, position)
    if octal is not None:
        return bytes([int(octal[0], 8) & 0xFF]), octal.end()
    letter = chr(data[position])
    if letter in "uU":
        code = re.compile(rb"[0-9a-fA-F]{4}" if letter == "u" else rb"[0-9a-fA-F]{8}")
        found = code.match(data, position + 1)
        if found is not None:
            return chr(int(found[0], 16)).encode(errors="surrogatepass"), found.end()
    if letter in _NAMED:
        return bytes([_NAMED[letter]]), position + 1
    return data[position : position + 1], position + 1
