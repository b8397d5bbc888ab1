"""Check: one thing to look at, and what was found there; values."""

from __future__ import annotations

from sessionctl.core.frozen_class import dataclass
from sessionctl.core.text.shellwords import editor_words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sessionctl.services.doctor.setup import Setup

GIT, REPOSITORY, FILES = "git", "repository", "files"
"""What a check may need: the program git, a repository, tracked session files in it."""
INSTALL, HOOK = "install", "hook"
"""The remedies: the plans of ``git install`` and of ``git install --hook``."""
INSTALL_COMMAND = "sessionctl git install"
HOOK_COMMAND = "sessionctl git install --hook"

_RANK = ("note", "warning", "error")


class SkipCheck(Exception):  # noqa: N818 - not an error: there is nothing to look at
    """Raised by a check where it has nothing to look at; the text is the reason."""


@dataclass(frozen=True, slots=True)
class CheckFault:
    """One thing that is wrong.

    ``place`` is a path, ``path:line:col`` or a key of git's configuration; ``fix`` a
    command to type, "" where nothing is to be done; ``remedy`` the plan that does it, ""
    where only the user can; ``severity`` is "error", "warning" or "note" (worth knowing,
    nothing is wrong).
    """

    message: str
    fix: str = ""
    place: str = ""
    severity: str = "error"
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to look at: ``title`` says how it should be."""

    id: str
    title: str
    look: Callable[[Setup], Iterable[CheckFault]]
    needs: str = ""


@dataclass(frozen=True, slots=True)
class CheckFinding:
    """What a check found; ``skipped`` is why it was not made, "" when it was."""

    check: Check
    faults: tuple[CheckFault, ...] = ()
    skipped: str = ""

    @property
    def status(self) -> str:
        """One of "ok", "note", "warning", "error", "skipped"."""
        if self.skipped:
            return "skipped"
        return max((fault.severity for fault in self.faults), key=_RANK.index, default="ok")


def edit(path: str, line: int = 0) -> str:
    """Return the command that opens ``path`` at ``line`` in the user's editor."""
    return editor_words(path, line)
