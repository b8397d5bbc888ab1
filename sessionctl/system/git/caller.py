"""Git caller: the git command that started this process, as Linux tells it.

Git before 2.44 does not tell a merge driver what it merges; the command line does.
"""

from __future__ import annotations

# pathlib costs more start-up than git's merge driver may spend: plain os calls here.
# ruff: noqa: PTH119, PTH123
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

STASHED = "Stashed changes"
"""What git itself calls that side of a stash."""

_GENERATIONS = 5
_WITH_VALUE = frozenset({"-C", "-c", "--git-dir", "--work-tree", "--namespace", "--config-env"})
_PICK_WITH_VALUE = frozenset(
    {"-m", "--mainline", "-X", "--strategy-option", "--strategy", "--cleanup"}
)


def incoming_name(process: str = "") -> str:
    """Return what the git command that runs us merges in, "" where that is not known.

    ``process`` is the number of the git, where the shell that it started says it.
    """
    return name_of(git_command(process))


def name_of(words: Sequence[str]) -> str:
    """Return what a git command line (behind ``git``) merges in: a commit as it was typed."""
    command, arguments = _split(words, _WITH_VALUE)
    if command == "stash":
        return STASHED
    if command not in ("cherry-pick", "revert"):
        return ""
    revision, others = _split(arguments, _PICK_WITH_VALUE)
    # Of several commits git keeps a list, which tells the one it is at.
    if not revision or _split(others, _PICK_WITH_VALUE)[0] or ".." in revision:
        return ""
    return f"parent of {revision}" if command == "revert" else revision


def git_command(process: str = "") -> list[str]:
    """Return the command line of the git above this process, behind its name; [] for none."""
    is_number = process.isascii() and process.isdigit() and int(process) > 1
    pid = int(process) if is_number else os.getppid()
    try:
        for _ in range(_GENERATIONS):
            with open(f"/proc/{pid}/cmdline", "rb") as stream:
                name, *words = os.fsdecode(stream.read()).split("\0")[:-1] or [""]
            if os.path.basename(name) == "git":
                return words
            with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as stream:
                pid = int(stream.read().rpartition(")")[2].split()[1])
    except (OSError, ValueError, IndexError):
        pass
    return []


def _split(words: Sequence[str], with_value: frozenset[str]) -> tuple[str, Sequence[str]]:
    """Return the first word that is no option, and those behind it."""
    at = 0
    while at < len(words) and words[at].startswith("-"):
        at += 2 if words[at] in with_value else 1
    return (words[at], words[at + 1 :]) if at < len(words) else ("", ())
