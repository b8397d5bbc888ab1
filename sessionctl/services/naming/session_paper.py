"""Session paper: a file that belongs to a session, where it is, and what it will be called."""

from __future__ import annotations

# Links are looked at as they are: plain os calls here.
# ruff: noqa: PTH114, PTH115, PTH117, PTH118, PTH119, PTH120
import os
from typing import NamedTuple

from sessionctl.core.filename import (
    SESSION_SUFFIX,
    is_session_name,
    is_sidecar_name,
    session_name,
    sidecar_name,
)
from sessionctl.core.text.shellwords import path_word
from sessionctl.core.text.source import visible
from sessionctl.errors import EditError, FileError, UsageError
from sessionctl.services.documents.session_creation import check_name
from sessionctl.services.secrets.access.secret_place import list_hint
from sessionctl.system.files.text import read_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class SessionPaper(NamedTuple):
    """One file, the session or its sidecar: ``old`` and ``new`` as they are called.

    ``real_old`` is the file itself and ``real_new`` what it will be; where ``old`` is a link,
    ``link`` is what the new link holds, else "". A link to a file of another name is renamed
    alone: then ``real_new`` is ``real_old``.
    """

    old: str
    new: str
    real_old: str
    real_new: str
    link: str = ""

    @classmethod
    def of(cls, old: str, new: str) -> SessionPaper:
        """Return the paper of the file ``old`` that will be called ``new``."""
        real_old = os.path.realpath(old)
        folder = os.path.realpath(os.path.dirname(new) or ".")
        if not os.path.islink(old):
            return cls(old, new, real_old, os.path.join(folder, os.path.basename(new)))
        own = os.path.join(os.path.realpath(os.path.dirname(old) or "."), os.path.basename(old))
        if own == real_old or os.path.basename(real_old) != os.path.basename(old):
            target = real_old
        else:
            target = os.path.join(os.path.dirname(real_old), os.path.basename(new))
        is_absolute = os.path.isabs(os.readlink(old))
        link = target if is_absolute else os.path.relpath(target, folder)
        return cls(old, new, real_old, target, link)

    @property
    def moves_file(self) -> bool:
        """Whether the file itself gets another name."""
        return self.real_old != self.real_new


def check_session_file(path: str, command: str) -> None:
    """Refuse a file that is no session: ``command`` acts on these alone.

    Raises:
      UsageError: its name does not end in ``.session.toml``.
    """
    if is_session_name(os.path.basename(path)):
        return
    own = (
        session_name(path) if is_sidecar_name(os.path.basename(path)) else f"{path}{SESSION_SUFFIX}"
    )
    hint = list_hint(path)
    if os.path.lexists(own):
        hint = f"did you mean {path_word(own)}?"
    raise UsageError(
        f"{visible(path)}: {command} takes session files only, and those end in {SESSION_SUFFIX}",
        hints=[hint],
    )


def new_path(old: str, word: str, home: str = "") -> str:
    """Return the path that ``word`` gives the session file ``old``: a name, or a path.

    A directory takes it under the name that it has; a name stays in the directory of ``old``.
    A ``~/`` that the shell left, because it was quoted, is ``home``; a directory that is really
    called so is returned as ``./~/``.

    Raises:
      UsageError: it cannot name a session.
      FileError: there is no such directory.
    """
    path = _new_path(old, f"{home}{word[1:]}" if home and _is_home(word) else word)
    folder = os.path.dirname(path)
    if folder and not os.path.isdir(folder):  # noqa: PTH112
        is_other = os.path.lexists(folder)
        what = "it is not a directory" if is_other else "there is no such directory"
        word = path_word(folder)
        step = (
            f"see where it leads: ls -ld {word}"
            if is_other
            else f"create it first: mkdir -p {word}"
        )
        raise FileError(f"{visible(folder)}: {what}; nothing was changed", hints=[step])
    return f"./{path}" if path.startswith("~") else path


def _is_home(word: str) -> bool:
    return word == "~" or word.startswith("~/")


def _new_path(old: str, word: str) -> str:
    base = os.path.basename(old)
    if word.endswith("/") or os.path.isdir(word):  # noqa: PTH112
        return os.path.join(word, base)
    folder, name = os.path.split(word)
    stem = name.removesuffix(SESSION_SUFFIX)
    if name.endswith(".toml") and stem == name:
        raise UsageError(
            f"{word}: a session file is called NAME{SESSION_SUFFIX}",
            hints=["choose another name"],
        )
    check_name(stem, "the new name")
    at = folder if folder else os.path.dirname(old)
    return os.path.join(at, f"{stem}{SESSION_SUFFIX}")


def papers_of(old: str, new: str) -> list[SessionPaper]:
    """Return what belongs to the session ``old``: its file, and its sidecar where there is one."""
    found = [SessionPaper.of(old, new)]
    sidecar = sidecar_name(old)
    if sidecar != old and os.path.lexists(sidecar):
        found.append(SessionPaper.of(sidecar, sidecar_name(new)))
    return found


def check_free(path: str, left: Mapping[str, str]) -> None:
    """Refuse the path of a session where one is, or where the secrets of one are.

    ``left`` are the texts of files that may be there: one that was cut short made them.

    Raises:
      EditError: something else is there.
    """
    for taken in (path, sidecar_name(path)):
        if not os.path.lexists(taken):
            continue
        if taken in left and os.path.isfile(taken) and read_text(taken) == left[taken]:  # noqa: PTH113
            continue
        raise EditError(
            f"{taken}: there is already a file; nothing was changed",
            hints=["choose another name, or move that one away"],
        )
