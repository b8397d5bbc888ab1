"""Shell lines: an argv as one types it, so that just these arguments reach the program.

What cannot be typed into any shell (control characters, bytes that are not UTF-8, very long
words) goes through a script of its own, which the line runs.
"""

from __future__ import annotations

import re

from sessionctl.core.session.risk import risk_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

# Narrower than what a POSIX shell leaves alone: zsh expands ``=`` and ``~`` at the start of a
# word and ``^`` within, fish takes ``%`` for a process.
_PLAIN = re.compile(r"[A-Za-z0-9_./@:,+-][A-Za-z0-9_./@:,+=-]*")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_POSIX = frozenset({"ash", "bash", "dash", "ksh", "ksh93", "mksh", "oksh", "sh", "yash", "zsh"})
_FISH = "fish"
_LONGEST_LINE = 1000


def typed_line(argv: Sequence[str], shell: str) -> str | None:
    """Return the line that runs ``argv`` when it is typed into ``shell``; None for a script.

    The line begins with a space, which keeps it out of the history, and ``command`` passes
    over aliases and functions: they were applied before the arguments were captured.

    Args:
      argv: the program and its arguments.
      shell: the name of the shell, such as "zsh".
    """
    if shell not in _POSIX and shell != _FISH:
        return None
    if not argv[0] or argv[0].startswith("-"):
        return None
    words = [_word(word, is_fish=shell == _FISH) for word in argv]
    if None in words:
        return None
    line = " ".join(word for word in words if word is not None)
    if len(line) > _LONGEST_LINE:
        return None
    return f" {line}" if "/" in argv[0] else f" command {line}"


def shell_lines(text: str) -> tuple[str, ...]:
    """Return the lines of a shell text that are not blank."""
    return tuple(line for line in text.replace("\r\n", "\n").split("\n") if line.strip())


def up_to_risk(lines: Sequence[str]) -> tuple[str, ...]:
    """Return ``lines`` to the first that can do harm, which is typed and not entered.

    Those behind it cannot be typed: it would have to be entered first.
    """
    risky = (number for number, line in enumerate(lines) if risk_of(line))
    # Only together they can: so nothing is entered.
    return tuple(lines[: next(risky, 0) + 1])


def acts_on_terminal(text: str) -> bool:
    """Return whether ``text`` has control characters, which a shell takes for keys.

    One of them is Enter, and one ends what was pasted in brackets.
    """
    return any(_CONTROL.search(line) for line in shell_lines(text))


def script_text(argv: Sequence[str], path: str) -> str:
    """Return the text of a script at ``path`` for sh that becomes ``argv`` and removes itself."""
    words = " ".join(_in_quotes(word) for word in argv)
    return f"rm -f -- {_in_quotes(path)}\nexec {words}\n"


def script_line(path: str) -> str:
    """Return the line that runs the script at ``path``, from whatever shell."""
    return f" sh {_word(path, is_fish=False) or _in_quotes(path)}"


def shell_command(argv: Sequence[str]) -> str:
    """Return ``argv`` as a command for ``sh -c`` that the program replaces."""
    return f"exec {' '.join(map(_in_quotes, argv))}"


def _word(word: str, *, is_fish: bool) -> str | None:
    if _PLAIN.fullmatch(word):
        return word
    if not word.isprintable():
        return None
    if is_fish and "\\" in word:
        return None  # within single quotes fish takes \\ and \' for escapes
    return _in_quotes(word)


def _in_quotes(word: str) -> str:
    return "'" + word.replace("'", "'\"'\"'") + "'"
