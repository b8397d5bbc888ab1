"""Mutations: a text changed a little, as typing, copying and broken programs change it."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

_PIECES = (
    "=", " = ", ".", ",", "#", "# note\n", "[", "]", "[[", "]]", "{", "}", '"', "'", '"""', "'''",
    "\n", "\r\n", "\r", "\t", " ", "\\", "\\u00e9", "\\U0001F600", "\\x", "\ufeff", "\u2028", "\0",
    "\x1b", "\u00e9", "\u0301", "\u7a93", "0", "-", "+", "_", "e", "1e3", "0x", "1_000", "inf",
    "-nan", "true", "1979-05-27T07:32:00Z", "1979-05-27", "07:32:00", "07:32", "a", "name", "id",
    "a.b", '"a.b"', "''", '""', "[a]\n", "[[a]]\n", "[a.b]\n", "a = 1\n", "a.b = 1\n", "a = []\n",
    "a = {}\n", "a = [1, 2]\n", "a = { b = 1 }\n", 'name = "x"\n', "<<<<<<< ours\n", "=======\n",
    ">>>>>>> theirs\n", "||||||| base\n", "9223372036854775807", "9" * 40,
)  # fmt: skip


def mutate(rng: Random, text: str, other: str) -> str:
    """Return ``text`` changed in one place; ``other`` gives pieces of its own."""
    return rng.choice(_MUTATIONS)(rng, text, other)


def _place(rng: Random, text: str) -> int:
    return rng.randint(0, len(text))


def _insert(rng: Random, text: str, other: str) -> str:
    at = _place(rng, text)
    return text[:at] + rng.choice(_PIECES) + text[at:]


def _replace(rng: Random, text: str, other: str) -> str:
    at = _place(rng, text)
    return text[:at] + rng.choice(_PIECES) + text[at + rng.choice((1, 1, 2, 5)) :]


def _delete(rng: Random, text: str, other: str) -> str:
    at = _place(rng, text)
    return text[:at] + text[at + rng.choice((1, 1, 3, 10, 40)) :]


def _copy(rng: Random, text: str, other: str) -> str:
    start, at = _place(rng, other), _place(rng, text)
    return text[:at] + other[start : start + rng.choice((1, 5, 30))] + text[at:]


def _cut(rng: Random, text: str, other: str) -> str:
    at = _place(rng, text)
    return text[:at] if rng.random() < 0.5 else text[at:]


def _lines(change: Callable[[Random, list[str], list[str]], None]) -> Callable[..., str]:
    def mutation(rng: Random, text: str, other: str) -> str:
        lines = text.splitlines(keepends=True) or [""]
        change(rng, lines, other.splitlines(keepends=True) or [""])
        return "".join(lines)

    return mutation


def _delete_line(rng: Random, lines: list[str], others: list[str]) -> None:
    del lines[rng.randrange(len(lines))]


def _double_line(rng: Random, lines: list[str], others: list[str]) -> None:
    at = rng.randrange(len(lines))
    lines.insert(rng.randint(0, len(lines)), lines[at])


def _move_lines(rng: Random, lines: list[str], others: list[str]) -> None:
    at, size = rng.randrange(len(lines)), rng.choice((1, 1, 2, 4))
    moved = lines[at : at + size]
    del lines[at : at + size]
    to = rng.randint(0, len(lines))
    lines[to:to] = moved


def _take_lines(rng: Random, lines: list[str], others: list[str]) -> None:
    at, to = rng.randrange(len(others)), rng.randint(0, len(lines))
    lines[to:to] = others[at : at + rng.choice((1, 1, 2, 4))]


def _indent_line(rng: Random, lines: list[str], others: list[str]) -> None:
    at = rng.randrange(len(lines))
    lines[at] = rng.choice(("  ", "\t", "# ")) + lines[at]


def _blank_line(rng: Random, lines: list[str], others: list[str]) -> None:
    lines.insert(rng.randint(0, len(lines)), rng.choice(("\n", "\n", "\r\n", "# a\n", "  \n")))


def _change_number(rng: Random, text: str, other: str) -> str:
    digits = [at for at, letter in enumerate(text) if letter.isdigit()]
    if not digits:
        return text
    at = rng.choice(digits)
    return f"{text[:at]}{rng.randint(0, 99)}{text[at + 1 :]}"


def _change_line_ends(rng: Random, text: str, other: str) -> str:
    return text.replace("\r\n", "\n") if "\r\n" in text else text.replace("\n", "\r\n")


def _repeat(rng: Random, text: str, other: str) -> str:
    at, size = _place(rng, text), rng.choice((1, 2, 10))
    return text[:at] + text[at : at + size] * rng.choice((2, 3, 200)) + text[at + size :]


_MUTATIONS = (
    _insert, _insert, _replace, _replace, _delete, _delete, _copy, _cut,
    *map(_lines, (_delete_line, _double_line, _move_lines, _take_lines, _indent_line, _blank_line)),
    *map(_lines, (_delete_line, _move_lines, _take_lines, _blank_line)),
    _change_number, _change_number, _change_number, _change_line_ends, _repeat,
)  # fmt: skip
